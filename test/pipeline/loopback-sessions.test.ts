import { describe, expect, it } from 'vitest';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import type { ConfigFile } from '../../src/targets/target.ts';

/** Two leaves with a session between their loopbacks, over two spines that they know by interface alone. */
const topology = `
hosts:
  leaf1: { daemon: frr, interfaces: { u1: { link: a }, u2: { link: b }, lo: { addresses: [10.255.0.1/32] } } }
  leaf2: { daemon: frr, interfaces: { u1: { link: c }, u2: { link: d }, lo: { addresses: [10.255.0.2/32] } } }
  spine1: { daemon: frr, interfaces: { u1: { link: a }, u2: { link: c } } }
  spine2: { daemon: frr, interfaces: { u1: { link: b }, u2: { link: d } } }
events:
  - { start: [leaf1, leaf2, spine1, spine2], delay: 16, record: first }
  - { link_down: a, delay: 6, record: one_way_less }
  - { link_up: a, delay: 12, record: again }
`;

const spine = (id: number) => `router bgp 65200
 bgp router-id 10.255.1.${id}
 neighbor u1 interface remote-as external
 neighbor u2 interface remote-as external
`;

const leaf = (own: number, other: number) => `router bgp 6510${own}
 bgp router-id 10.255.0.${own}
 bgp bestpath as-path multipath-relax
 neighbor u1 interface remote-as external
 neighbor u2 interface remote-as external
 neighbor 10.255.0.${other} remote-as 6510${other}
 neighbor 10.255.0.${other} ebgp-multihop 4
 neighbor 10.255.0.${other} update-source ${own === 1 ? 'lo' : '10.255.0.2'}
 address-family ipv4 unicast
  network 10.255.0.${own}/32
`;

function frr(text: string): Map<string, ConfigFile> {
  const whole = `frr version 8.4\nfrr defaults datacenter\n${text}`;
  return new Map([['frr.conf', { path: 'frr.conf', text: whole }]]);
}

// Seen on FRR 8.4: it comes up, and its connection outlasts the moment in which one of the two ways ends nowhere.
describe('a session between loopbacks over unnumbered links', () => {
  const { result } = simulateConfigs(
    { path: 'topology.yml', text: topology },
    {
      shown: 'configs',
      hosts: new Map([
        ['leaf1', frr(leaf(1, 2))],
        ['leaf2', frr(leaf(2, 1))],
        ['spine1', frr(spine(1))],
        ['spine2', frr(spine(2))],
      ]),
    },
  );

  it.each(['first', 'one_way_less', 'again'])('is up: %s', (phase) => {
    const sessions = ['leaf1', 'leaf2'].map((host) =>
      result.phases?.[phase]?.hosts[host]?.sessions.find(({ peer }) => peer.startsWith('10.255.')),
    );
    expect(sessions.map((one) => one?.state)).toEqual(['Established', 'Established']);
  });
});
