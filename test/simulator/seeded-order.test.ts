import { expect, it } from 'vitest';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import { folderOf, type Hosts } from '../semantics/support/fabric.ts';

/** Two announcers of one prefix; r1 keeps whichever it heard first. */
const speaker = (asn: number, neighbors: readonly string[], more = '') =>
  `frr version 8.4\nfrr defaults traditional\nrouter bgp ${asn}\n no bgp ebgp-requires-policy\n no bgp network import-check\n${neighbors.join('\n')}\n${more}\n`;
const network = ' address-family ipv4 unicast\n  network 10.1.0.0/24\n exit-address-family';
const fabric: Hosts = {
  r1: {
    daemon: 'frr-8.4',
    wires: 'eth0 10.0.2.1/30 a, eth1 10.0.3.1/30 b',
    text: speaker(1, [' neighbor 10.0.2.2 remote-as 2', ' neighbor 10.0.3.2 remote-as 3']),
  },
  r2: {
    daemon: 'frr-8.4',
    wires: 'eth0 10.0.2.2/30 a',
    text: speaker(2, [' neighbor 10.0.2.1 remote-as 1'], network),
  },
  r3: {
    daemon: 'frr-8.4',
    wires: 'eth0 10.0.3.2/30 b',
    text: speaker(3, [' neighbor 10.0.3.1 remote-as 1'], network),
  },
};

function bestAt(seed: number, upAt?: ReadonlyMap<string, number>): string | undefined {
  const { topology, configs } = folderOf(fabric);
  const options = { seed, ...(upAt ? { upAt } : {}) };
  const run = simulateConfigs(topology, { shown: 'configs', hosts: configs }, options);
  return run.result.hosts['r1']?.bgp['10.1.0.0/24']?.find(({ best }) => best)?.from;
}

it('a seed gives the same order every time, and other seeds give others', () => {
  const seeds = Array.from({ length: 12 }, (_, seed) => seed);
  const first = seeds.map((seed) => bestAt(seed));
  expect(seeds.map((seed) => bestAt(seed))).toEqual(first);
  expect(new Set(first)).toEqual(new Set(['10.0.2.2', '10.0.3.2']));
});

it.each(['10.0.2.2', '10.0.3.2'])(
  'the session with %s came up first, and is heard first in every order',
  (early) => {
    const upAt = new Map(['10.0.2.2', '10.0.3.2'].map((peer) => [`r1 ${peer}`, peer === early ? 100 : 160]));
    const seen = Array.from({ length: 12 }, (_, seed) => bestAt(seed, upAt));
    expect(new Set(seen)).toEqual(new Set([early]));
  },
);

it('sessions that came up within the same second are heard in either order', () => {
  const upAt = new Map(['10.0.2.2', '10.0.3.2'].map((peer) => [`r1 ${peer}`, 100.5]));
  const seen = Array.from({ length: 24 }, (_, seed) => bestAt(seed, upAt));
  expect(new Set(seen)).toEqual(new Set(['10.0.2.2', '10.0.3.2']));
});
