import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { simulateFolder } from '../../../src/lab/compare/simulated.ts';
import { minimised } from '../../../src/lab/fuzz/minimise.ts';
import { addRandomEvents } from '../../../src/lab/fuzz/random-events.ts';
import { makeRandom } from '../../../src/lab/fuzz/random-run.ts';
import { readPlan } from '../../../src/lab/plan/plan.ts';
import type { TopologyEvent } from '../../../src/pipeline/topology/events.ts';

const work = mkdtempSync(join(tmpdir(), 'fabricgen-events-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function drawn(seed: number, name: string): string {
  const folder = makeRandom(seed, join(work, name), { least: 3, most: 5 });
  addRandomEvents(seed, folder);
  return folder;
}

function textOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => `${path.slice(folder.length)}\n${readFileSync(path, 'utf8')}`)
    .join('\n');
}

const seeds = [1401, 1402, 2401, 2402, 3401, 3402, 9401, 9402, 20401, 20402];

describe.each(seeds)('the events of seed %i', (seed) => {
  const folder = drawn(seed, String(seed));

  it('are the same each time', () => {
    expect(textOf(drawn(seed, `${seed}-again`))).toBe(textOf(folder));
  });

  it('make sense one after the other', () => {
    const { hosts, events } = readPlan(folder);
    const after = new Running();
    for (const event of events ?? []) expect(after.makesSense(event)).toBe(true);
    expect([...after.started].sort()).toEqual(hosts.map(({ name }) => name).sort());
  });

  it('are simulated, with files that the readers know', () => {
    const { result } = simulateFolder(folder, {});
    expect(result.unmodelled.filter(({ matters }) => matters)).toEqual([]);
    expect(result.findings.filter(({ rule }) => rule === 'config-unrecognised')).toEqual([]);
    const recorded = (readPlan(folder).events ?? []).flatMap(({ record }) => record ?? []);
    expect(Object.keys(result.phases ?? {})).toEqual(recorded);
    expect(recorded[0]).toBe('begin');
  });
});

/** What runs and is up, event by event. */
class Running {
  readonly started = new Set<string>();
  readonly #running = new Set<string>();
  readonly #down = new Set<string>();

  makesSense({ change }: TopologyEvent): boolean {
    switch (change?.kind) {
      case 'start':
        return change.hosts.every((host) => this.#starts(host));
      case 'stop':
      case 'kill':
        return change.hosts.every((host) => this.#running.delete(host));
      case 'files':
        return this.#running.has(change.host);
      case 'link-down':
        return this.#fails(change.link);
      case 'interface-down':
        return this.#fails(`${change.host} ${change.interface}`);
      case 'link-up':
        return this.#down.delete(change.link);
      case 'interface-up':
        return this.#down.delete(`${change.host} ${change.interface}`);
      default:
        return false;
    }
  }

  #starts(host: string): boolean {
    this.started.add(host);
    return !this.#running.has(host) && this.#running.add(host).has(host);
  }

  #fails(what: string): boolean {
    return !this.#down.has(what) && this.#down.add(what).has(what);
  }
}

it('are of every kind, and change the files of every daemon that loads some', () => {
  const folders = [...Array(40).keys()].map((index) => drawn(20_500 + index, `kinds-${index}`));
  const kinds = new Set(folders.flatMap((folder) => (readPlan(folder).events ?? []).map(kindOf)));
  expect([...kinds].sort()).toEqual([
    'files',
    'interface-down',
    'interface-up',
    'kill',
    'link-down',
    'link-up',
    'start',
    'stop',
  ]);
  const told = folders.map((folder) => readFileSync(join(folder, 'changes.txt'), 'utf8')).join('');
  const daemons = new Set([...told.matchAll(/^f\d+: r\d+ \((.*)\)$/gm)].map(([, daemon]) => daemon));
  expect([...daemons].sort()).toEqual(['bird', 'frr', 'gobgp']);
});

function kindOf({ change }: TopologyEvent): string {
  return change?.kind ?? 'nothing';
}

it('go one by one where a difference does not hang on them, and with the host they are about', async () => {
  const folder = drawn(2401, 'smaller');
  const [last] = (readPlan(folder).events ?? []).toReversed();
  const shown = async (smaller: string) =>
    (readPlan(smaller).events ?? []).some(({ record }) => record === last?.record);
  const smallest = await minimised(folder, join(work, 'smaller-tries'), 60, shown);
  expect(readPlan(smallest).events).toMatchObject([{ change: last?.change, record: last?.record }]);
  expect(readdirSync(join(smallest, 'configs'))).toHaveLength(2);
});
