import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulateScenario } from '../../src/lab/compare/simulated.ts';
import { eventsOf } from '../../src/lab/play.ts';
import { hostResults } from '../../src/simulator/result/hosts.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import type { SimulationState } from '../../src/simulator/state.ts';
import { advance } from '../../src/simulator/timeline/advance.ts';
import { runTimeline } from '../../src/simulator/timeline/timeline.ts';

/**
 * What these show hangs on who dials or speaks first, which both tests below change on purpose: in `mixed-start` and `kube-nodes`
 * FRR speaks a second after the others, in `listen-range-early` what was said too early is heard the second time. In `bird-gateways`
 * the older of two paths is best, and says whether both may lead through other routes; in `published-metallb` the older two of three are used.
 * Of those that GoBGP's route server may tell its clients the first is the oldest. In `bird-session-knobs` paths that are best by age or not are compared in turn. In `confederation-gobgp-own-member` GoBGP keeps what FRR had said before a path with its AS in it, or FRR had not spoken yet.
 * In `confederation-returns` and `exabgp-several-addresses` BIRD, which goes on calling every few seconds, has its session with GoBGP before FRR, which does not.
 */
const byWhoIsFirst = new Set([
  'mixed-start',
  'kube-nodes',
  'listen-range-early',
  'bird-gateways',
  'bird-session-knobs',
  'published-metallb',
  'confederation-gobgp-own-member',
  'gobgp-route-server',
  'gobgp-route-server-second',
  'confederation-returns',
  'exabgp-several-addresses',
]);

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter(({ name }) => !byWhoIsFirst.has(name))
  .map(({ name }) => join(import.meta.dirname, name))
  .filter((folder) => existsSync(join(folder, 'topology.yml')) && !eventsOf(folder));

/** Tables without the counters and reasons of sessions; those who dial sooner are heard sooner, which only the order of paths shows. */
function tables(state: SimulationState) {
  return Object.entries(hostResults(state)).map(([host, { sessions, bgp, fib }]) => ({
    host,
    sessions: sessions.map((one) => [one.peer, one.state]),
    bgp: Object.entries(bgp).map(([prefix, paths]) => [
      prefix,
      // One neighbour may have sent several (RFC 7911).
      paths.toSorted((a, b) => (JSON.stringify([a.from, a]) < JSON.stringify([b.from, b]) ? -1 : 1)),
    ]),
    fib,
  }));
}

function linksOf(state: SimulationState): readonly string[] {
  return [
    ...new Set(state.network.nodes.flatMap(({ interfaces }) => interfaces.flatMap(({ link }) => link ?? []))),
  ];
}

describe.each(folders)('%s', (folder) => {
  const { state } = simulateScenario(folder);
  if (!state) throw new Error(folder);

  it('routers started by events end as routers started in that order', () => {
    const names = state.network.nodes.map(({ name }) => name);
    for (const order of [names, names.toReversed()]) {
      const events = order.map((host) => ({
        change: { kind: 'start' as const, hosts: [host] },
        delay: 100,
        record: null,
      }));
      const timeline = runTimeline(state.network, events);
      expect(tables(timeline.state)).toEqual(tables(simulate(state.network, { startOrder: order })));
    }
  });

  it('a link that comes back after a while brings sessions and kernel routes back, and the state of before is as it was', () => {
    const before = tables(state);
    for (const link of linksOf(state)) {
      // Hold times and the groups that zebra keeps are over by then (see events-nexthop-groups).
      const back = advance(advance(state, { kind: 'link-down', link }, 1000), { kind: 'link-up', link });
      const kernel = (list: typeof before) =>
        list.map(({ host, sessions, fib }) => ({ host, sessions, fib }));
      expect(kernel(tables(back))).toEqual(kernel(before));
    }
    expect(tables(state)).toEqual(before);
  });
});
