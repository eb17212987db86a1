import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { departures } from '../../../src/lab/compare/at-rest.ts';
import { simulateFolder } from '../../../src/lab/compare/simulated.ts';
import type { FabricTables, HostTables, TablePath } from '../../../src/lab/tables.ts';

const scenarios = 'test/scenarios';

/** Folders whose tables were recorded at rest, without events before. */
const folders = readdirSync(scenarios).filter((name) => {
  const topology = join(scenarios, name, 'topology.yml');
  return (
    existsSync(join(scenarios, name, 'expected.json')) && !/^events:/m.test(readFileSync(topology, 'utf8'))
  );
});

function recorded(name: string): FabricTables {
  const read = JSON.parse(readFileSync(join(scenarios, name, 'expected.json'), 'utf8'));
  return read.hosts ?? read;
}

describe('tables at rest', () => {
  it.each(folders)('%s: each recorded table follows from those of its neighbors', (name) => {
    expect(departures(simulateFolder(join(scenarios, name), {}), recorded(name))).toEqual([]);
  });

  it('names the router whose choice does not follow, with the step, and what follows from it apart', () => {
    const tables = structuredClone(recorded(TRIANGLE)) as unknown as Writable;
    const chosen = Object.entries(tables).flatMap(([host, { bgp }]) =>
      Object.entries(bgp).map(([prefix, paths]) => ({ host, prefix, paths })),
    );
    const [one] = chosen.filter(
      ({ paths }) => new Set(paths.map(({ asPath }) => asPath.split(' ').length)).size > 1,
    );
    if (!one) throw new Error('no choice by the length of AS_PATHs');
    for (const path of one.paths) path.best = !path.best;
    const found = departures(simulateFolder(join(scenarios, TRIANGLE), {}), tables);
    const [first] = found.filter(({ root, text }) => root && text.includes(' by '));
    expect(first).toMatchObject({ host: one.host, prefix: one.prefix });
    expect(first?.text).toContain('by as-path-length');
    expect(found.every(({ prefix }) => prefix === one.prefix)).toBe(true);
  });

  it('names the router that has a path nobody told it', () => {
    const tables = structuredClone(recorded(TRIANGLE)) as unknown as Writable;
    const [host, { bgp }] = Object.entries(tables)[0] ?? ['', { bgp: {} as Writable[string]['bgp'] }];
    const [prefix, paths] = Object.entries(bgp).find(([, [path]]) => path?.from !== '') ?? ['', []];
    for (const path of paths) path.med = 77;
    const found = departures(simulateFolder(join(scenarios, TRIANGLE), {}), tables);
    expect(found.filter(({ root }) => root)[0]).toMatchObject({ host, prefix });
    expect(found[0]?.text).toContain('med 77');
  });
});

const TRIANGLE = 'ebgp-triangle';

/** Tables to spoil. */
type Writable = Record<string, Omit<HostTables, 'bgp'> & { bgp: Record<string, WritablePath[]> }>;
type WritablePath = { -readonly [Key in keyof TablePath]: TablePath[Key] };
