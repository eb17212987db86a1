import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { LabPlan } from '../../src/lab/plan/plan.ts';
import { dockerChanges } from '../../src/lab/rollout/docker-changes.ts';
import { actionsOf } from '../../src/lab/rollout/merged.ts';

const work = mkdtempSync(join(tmpdir(), 'fabricgen-rollout-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

type Entry = Pick<LabPlan['hosts'][number], 'daemon' | 'restarts'> & { readonly text: string };

/** A plan of hosts with one file each, and what stands in their daemon.json. */
function plan(name: string, hosts: Readonly<Record<string, Entry>>, docker: object = {}): LabPlan {
  const folder = join(work, name);
  for (const host of Object.keys(hosts)) {
    mkdirSync(join(folder, 'configs', host), { recursive: true });
    writeFileSync(join(folder, 'configs', host, 'daemon.json'), JSON.stringify(docker));
  }
  const entries = Object.entries(hosts).map(([host, { text, ...one }]) => ({
    ...{ name: host, version: '8.4', interfaces: [], kernelRoutes: [] },
    ...one,
    files: new Map([['frr.conf', text]]),
  }));
  return { folder, hosts: entries, events: null };
}

const old = plan('old', {
  a: { daemon: 'frr', text: '1' },
  b: { daemon: 'frr', text: '1', restarts: true },
  c: { daemon: 'frr', text: '1', restarts: true },
  d: { daemon: 'frr', text: '1' },
});
const next = plan('next', {
  a: { daemon: 'frr', text: '2' },
  b: { daemon: 'frr', text: '2', restarts: true },
  c: { daemon: 'frr', text: '1', restarts: true },
  e: { daemon: 'frr', text: '1' },
});

it('what is new starts first, what goes stops last; Quagga is restarted where that is asked for', () => {
  expect([...actionsOf(old, next, true)]).toEqual([
    ['e', 'started'],
    ['a', 'reloaded'],
    ['b', 'restarted'],
    ['d', 'stopped'],
    ['c', 'unchanged'],
  ]);
  expect(actionsOf(old, next).get('b')).toBe('reloaded');
});

it.each([
  [
    { 'ip-masq': false },
    { 'ip-masq': true },
    ['a: daemon.json changes (ip-masq): systemctl restart docker, which is not tried here'],
  ],
  [
    { labels: ['x'] },
    { labels: ['y'] },
    ['a: daemon.json changes (labels): systemctl reload docker, which is not tried here'],
  ],
  [{ mtu: 1500 }, { mtu: 1500 }, []],
])('daemon.json from %j to %j', (before, after, said) => {
  const hosts = { a: { daemon: 'frr', text: '1' } } as const;
  expect(dockerChanges(plan('was', hosts, before), plan('is', hosts, after))).toEqual(said);
});
