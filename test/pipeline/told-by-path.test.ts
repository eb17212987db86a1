import { expect, it } from 'vitest';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import { bgp } from './configs.ts';

// What FRR 8.4.4 tells a peer that takes one path where its file has it send several; held against the daemon.

const topology = `hosts:
  r: { daemon: frr, version: "8.4", interfaces: { e0: { addresses: [10.0.0.1/24], link: l0 }, e1: { addresses: [10.0.1.1/24], link: l1 }, e2: { addresses: [10.0.2.1/24], link: l2 } } }
  p: { daemon: frr, version: "8.4", interfaces: { e0: { addresses: [10.0.1.2/24], link: l1 } } }
  q: { daemon: frr, version: "8.4", interfaces: { e0: { addresses: [10.0.2.2/24], link: l2 } } }
  g: { daemon: gobgp, interfaces: { e0: { addresses: [10.0.0.2/24], link: l0 } } }
events:
  - { start: [r, q, g], delay: 12, record: first }
  - { start: [p], delay: 12, record: better }
  - { link_down: l1, delay: 12, record: cut }
  - { link_down: l2, delay: 12, record: gone }
  - { link_up: l2, delay: 150, record: again }
`;
const gobgp = `[global.config]
as = 4
router-id = "10.0.0.2"
[[neighbors]]
[neighbors.config]
neighbor-address = "10.0.0.1"
peer-as = 1
`;

/** The AS_PATH that g has at each moment. */
function heard(option: string): readonly (string | undefined)[] {
  const announce = ' network 10.9.0.0/24';
  const frr = (text: string) => `frr version 8.4\nip route 10.9.0.0/24 Null0\n${text}\n`;
  const r = bgp(
    1,
    { '10.0.0.2': 4, '10.0.1.2': 2, '10.0.2.2': 3 },
    `  neighbor 10.0.1.2 weight 10\n${option}`,
  );
  const files: readonly (readonly [host: string, name: string, text: string])[] = [
    ['r', 'frr.conf', `frr version 8.4\n${r}\n`],
    ['p', 'frr.conf', frr(bgp(2, { '10.0.1.1': 1 }, announce))],
    ['q', 'frr.conf', frr(bgp(3, { '10.0.2.1': 1 }, announce))],
    ['g', 'gobgp.toml', gobgp],
  ];
  const hosts = files.map(
    ([host, name, text]) => [host, new Map([[name, { path: `${host}/${name}`, text }]])] as const,
  );
  const { result } = simulateConfigs(
    { path: 'topology.yml', text: topology },
    { shown: 'configs', hosts: new Map(hosts) },
  );
  return Object.values(result.phases ?? {}).map(({ hosts: at }) => at.g?.bgp['10.9.0.0/24']?.[0]?.asPath);
}

it('a path that is best again is not told again, and the peer keeps the one that is gone', () => {
  for (const option of ['addpath-tx-all-paths', 'addpath-tx-bestpath-per-AS'])
    expect(heard(`  neighbor 10.0.0.2 ${option}`)).toEqual(['1 3', '1 2', '1 2', undefined, '1 3']);
});

it('without that line it is told', () => {
  expect(heard('')).toEqual(['1 3', '1 2', '1 3', undefined, '1 3']);
});
