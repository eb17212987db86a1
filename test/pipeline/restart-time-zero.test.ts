import { expect, it } from 'vitest';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import { bgp } from './configs.ts';

// `bgp graceful-restart restart-time 0` beside long-lived graceful restart; seen on FRR 8.4.4.

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

it('has routes be long-lived ones at once', () => {
  const both = ' bgp graceful-restart\n bgp long-lived-graceful-restart stale-time 20\n';
  expect(keptWith(`${both} bgp graceful-restart restart-time 0`)).toEqual([[], ['65535:6'], null]);
  expect(keptWith(both)).toEqual([[], [], []]);
});

it('and without long-lived ones nothing is kept', () => {
  expect(keptWith(' bgp graceful-restart\n bgp graceful-restart restart-time 0')).toEqual([[], null, null]);
});
