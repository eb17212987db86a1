import { expect, it } from 'vitest';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import { bgp } from './configs.ts';

// Seen on FRR 8.4.4.

const topology = `hosts:
  r: { daemon: frr, version: "8.4", interfaces: { e0: { addresses: [10.0.0.1/24], link: l } } }
  p: { daemon: frr, version: "8.4", interfaces: { e0: { addresses: [10.0.0.2/24], link: l } } }
events:
  - { start: [r, p], delay: 12, record: up }
  - { kill: [p], delay: 5, record: killed }
  - { kill: [p], delay: 40, record: later }
`;

/** Communities of what r keeps of p at each moment; null: nothing. */
function keptWith(options: string): readonly (readonly string[] | null)[] {
  const long = ' bgp graceful-restart\n bgp long-lived-graceful-restart stale-time 20';
  const conf = (text: string) => ({ path: 'frr.conf', text: `frr version 8.4\n${text}\n` });
  const p = bgp(2, { '10.0.0.1': 1 }, ' network 10.9.0.0/24', ` no bgp network import-check\n${options}`);
  const { result } = simulateConfigs(
    { path: 'topology.yml', text: topology },
    {
      shown: 'configs',
      hosts: new Map([
        ['r', new Map([['frr.conf', conf(bgp(1, { '10.0.0.2': 2 }, '', long))]])],
        ['p', new Map([['frr.conf', conf(p)]])],
      ]),
    },
  );
  return Object.values(result.phases ?? {}).map(
    ({ hosts }) => hosts.r?.bgp['10.9.0.0/24']?.[0]?.communities ?? null,
  );
}

it('a restart time of 0 has routes be long-lived ones at once', () => {
  const both = ' bgp graceful-restart\n bgp long-lived-graceful-restart stale-time 20\n';
  expect(keptWith(`${both} bgp graceful-restart restart-time 0`)).toEqual([[], ['65535:6'], null]);
  expect(keptWith(both)).toEqual([[], [], []]);
});

it('and without long-lived ones nothing is kept', () => {
  expect(keptWith(' bgp graceful-restart\n bgp graceful-restart restart-time 0')).toEqual([[], null, null]);
});

// Seen on 8.4.4: a call that is refused leaves the helper waiting for a call of the peer's, which none comes from behind a listen range.
it('who keeps routes for a peer calls it once', () => {
  const restarting = `hosts:
  r: { daemon: frr, version: "8.4", interfaces: { e0: { addresses: [10.0.0.1/24], link: l } } }
  p: { daemon: frr, version: "8.4", interfaces: { e0: { addresses: [10.0.0.2/24], link: l } } }
events:
  - { start: [r, p], delay: 12, record: up }
  - { kill: [p], delay: 12 }
  - { start: [p], delay: 30, record: again }
`;
  const state = (own: string, options: string) => {
    const conf = (text: string) => ({ path: 'frr.conf', text: `frr version 8.4\n${text}\n` });
    const r =
      'router bgp 1\n no bgp ebgp-requires-policy\n neighbor 10.0.0.2 remote-as 2\n neighbor 10.0.0.2 timers connect 2';
    const p = `router bgp 2\n no bgp ebgp-requires-policy\n${options}\n neighbor G peer-group\n neighbor G remote-as 1\n${own}\n`;
    const { result } = simulateConfigs(
      { path: 'topology.yml', text: restarting },
      {
        shown: 'configs',
        hosts: new Map([
          ['r', new Map([['frr.conf', conf(r)]])],
          ['p', new Map([['frr.conf', conf(p)]])],
        ]),
      },
    );
    return Object.values(result.phases ?? {}).map(({ hosts }) => hosts.r?.sessions[0]?.state);
  };
  const [range, named] = [' bgp listen range 10.0.0.0/24 peer-group G', ' neighbor 10.0.0.1 peer-group G'];
  expect(state(range, ' bgp graceful-restart')).toEqual(['Established', 'Active']);
  expect(state(named, ' bgp graceful-restart')).toEqual(['Established', 'Established']);
  expect(state(range, '')).toEqual(['Established', 'Established']);
});
