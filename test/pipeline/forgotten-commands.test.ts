import { expect, it } from 'vitest';
import { loadedKey } from '../../src/pipeline/topology/configs.ts';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import type { ConfigFile } from '../../src/targets/target.ts';
import { bgp } from './configs.ts';

// Policies that commands made, and files with other policies; seen on GoBGP 3.10.

const topology = `hosts:
  h: { daemon: gobgp, interfaces: { e0: { addresses: [10.0.0.1/24], link: l } } }
  x: { daemon: frr, version: "8.4", interfaces: { e0: { addresses: [10.0.0.2/24], link: l } } }
events:
  - { start: [h, x], delay: 15, record: base }
  - { files: { host: h, from: same }, delay: 10, record: same }
  - { files: { host: h, from: other }, delay: 10, record: other }
  - { files: { host: h, from: again }, delay: 10, record: again }
`;
const toml = `[global.config]
as = 1
router-id = "10.0.0.1"
[[neighbors]]
[neighbors.config]
neighbor-address = "10.0.0.2"
peer-as = 2
`;
const sets = `[[defined-sets.prefix-sets]]
prefix-set-name = "F"
[[defined-sets.prefix-sets.prefix-list]]
ip-prefix = "10.8.0.0/24"
`;
const commands = `gobgp policy prefix add P 10.9.1.0/24
gobgp policy statement S add condition prefix P
gobgp policy statement S add action reject
gobgp policy add A S
gobgp glob pol import add A
gobgp global rib add 10.7.0.0/24
`;

const files = (texts: Readonly<Record<string, string>>): ReadonlyMap<string, ConfigFile> =>
  new Map(Object.entries(texts).map(([name, text]) => [name, { path: `h/${name}`, text }]));

it('are forgotten, but not the routes that commands made', () => {
  const x = bgp(
    2,
    { '10.0.0.1': 1 },
    ' network 10.9.1.0/24\n network 10.9.2.0/24',
    ' no bgp network import-check',
  );
  const { result } = simulateConfigs(
    { path: 'topology.yml', text: topology },
    {
      shown: 'configs',
      hosts: new Map([
        ['h', files({ 'gobgp.toml': toml, 'gobgp-cli.txt': commands })],
        ['x', files({ 'frr.conf': `frr version 8.4\n${x}\n` })],
      ]),
      loaded: new Map([
        [loadedKey({ host: 'h', from: 'same' }), files({ 'gobgp.toml': `${toml}# the same\n` })],
        [loadedKey({ host: 'h', from: 'other' }), files({ 'gobgp.toml': `${toml}${sets}` })],
        [
          loadedKey({ host: 'h', from: 'again' }),
          files({ 'gobgp-cli.txt': `${commands}gobgp neighbor all softresetin\n` }),
        ],
      ]),
    },
  );
  const own = '10.7.0.0/24';
  const tables = Object.values(result.phases ?? {}).map(({ hosts }) => Object.keys(hosts.h?.bgp ?? {}));
  expect(tables).toEqual([
    [own, '10.9.2.0/24'],
    [own, '10.9.2.0/24'],
    [own, '10.9.1.0/24', '10.9.2.0/24'],
    [own, '10.9.2.0/24'],
  ]);
});
