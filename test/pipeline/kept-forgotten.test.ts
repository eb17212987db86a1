import { expect, it } from 'vitest';
import { loadedKey } from '../../src/pipeline/topology/configs.ts';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import type { ConfigFile } from '../../src/targets/target.ts';

// What a helper keeps of a peer that was killed (RFC 4724), and other files while it does. As FRR 8.4.4, GoBGP 3.10 and BIRD 2.0.12 were seen to.

const topology = (daemon: string) => `hosts:
  gone: { daemon: frr, interfaces: { e0: { addresses: [10.5.0.1/24], link: l } } }
  helper: { daemon: ${daemon}, interfaces: { e0: { addresses: [10.5.0.2/24], link: l } } }
events:
  - { kill: [gone], delay: 5, record: killed }
  - { files: { host: helper, from: other }, delay: 5, record: loaded }
`;

const gone = `ip route 10.90.0.0/16 blackhole
router bgp 65001
 bgp graceful-restart
 no bgp ebgp-requires-policy
 neighbor 10.5.0.2 remote-as 65002
 address-family ipv4 unicast
  network 10.90.0.0/16
 exit-address-family
`;

const frr = (...neighbor: readonly string[]) =>
  ['router bgp 65002', ' bgp router-id 10.5.0.2', ' no bgp ebgp-requires-policy', ...neighbor, ''].join('\n');
const known = ' neighbor 10.5.0.1 remote-as 65001';
const bird = (protocol: string) => `router id 10.5.0.2;\nprotocol device { }\n${protocol}`;
const session = (options: string) =>
  `protocol bgp k { local as 65002; neighbor 10.5.0.1 as 65001; ${options} ipv4 { import all; export none; }; }\n`;
const gobgp = (neighbors: string) => `[global.config]\n  as = 65002\n  router-id = "10.5.0.2"\n${neighbors}`;
const neighbor = (option: string) => `[[neighbors]]
  [neighbors.config]
    neighbor-address = "10.5.0.1"
    peer-as = 65001
${option}  [neighbors.graceful-restart.config]
    enabled = true
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv4-unicast"
    [neighbors.afi-safis.mp-graceful-restart.config]
      enabled = true
`;

const files = (name: string, text: string, path = `configs/helper/${name}`) =>
  new Map<string, ConfigFile>([[name, { path, text }]]);

it.each([
  ['bird', 'bird.conf', 'a decision of its own', bird(session('med metric;')), bird(session('')), 0],
  ['bird', 'bird.conf', 'the protocol gone', bird(session('')), bird(''), 0],
  ['bird', 'bird.conf', 'the protocol disabled', bird(session('')), bird(session('disabled;')), 0],
  ['bird', 'bird.conf', 'a description', bird(session('')), bird(session('description "x";')), 1],
  [
    'gobgp',
    'gobgp.toml',
    'a description',
    gobgp(neighbor('')),
    gobgp(neighbor('    description = "x"\n')),
    0,
  ],
  ['gobgp', 'gobgp.toml', 'the neighbor gone', gobgp(neighbor('')), gobgp(''), 0],
  ['frr', 'frr.conf', 'the neighbor gone', frr(known), frr(), 0],
  ['frr', 'frr.conf', 'a shutdown', frr(known), frr(known, ' neighbor 10.5.0.1 shutdown'), 0],
  ['frr', 'frr.conf', 'several hops', frr(known), frr(known, ' neighbor 10.5.0.1 ebgp-multihop 3'), 1],
])('%s (%s) that loads %s keeps the routes, or not', (daemon, name, _, before, after, left) => {
  const { result } = simulateConfigs(
    { path: 'topology.yml', text: topology(daemon) },
    {
      shown: 'configs',
      hosts: new Map([
        ['gone', files('frr.conf', gone)],
        ['helper', files(name, before)],
      ]),
      loaded: new Map([[loadedKey({ host: 'helper', from: 'other' }), files(name, after, `other/${name}`)]]),
    },
  );
  const paths = (phase: string) => result.phases?.[phase]?.hosts['helper']?.bgp['10.90.0.0/16'] ?? [];
  expect(paths('killed')).toHaveLength(1);
  expect(paths('loaded')).toHaveLength(left);
});
