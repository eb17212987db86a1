import { expect, it } from 'vitest';
import { loadedKey } from '../../src/pipeline/topology/configs.ts';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import type { ConfigFile } from '../../src/targets/target.ts';

const topology = (daemon: string) => `hosts:
  r: { daemon: ${daemon}, interfaces: { e0: { addresses: [10.0.0.1/24], link: l } } }
  f: { daemon: frr, version: "8.4", interfaces: { e0: { addresses: [10.0.0.2/24], link: l } } }
events:
  - { start: [r, f], delay: 20 }
  - { files: { host: r, from: broken }, delay: 10 }
`;
const frr = 'router bgp 65002\n no bgp ebgp-requires-policy\n neighbor 10.0.0.1 remote-as 65001\n';

const gobgp = `[global.config]
as = 65001
router-id = "10.0.0.1"
[[neighbors]]
[neighbors.config]
neighbor-address = "10.0.0.2"
peer-as = 65002
`;
const bird = `router id 10.0.0.1;
protocol device { }
protocol bgp p { local as 65001; neighbor 10.0.0.2 as 65002; ipv4 { import all; export all; }; }
`;
const exabgp = `neighbor 10.0.0.2 {
  router-id 10.0.0.1;
  local-address 10.0.0.1;
  local-as 65001;
  peer-as 65002;
}
`;

const files = (name: string, text: string, path = `configs/r/${name}`) =>
  new Map<string, ConfigFile>([[name, { path, text }]]);

// As the daemons were seen to: birdc configure, SIGHUP and SIGUSR1 leave everything as it was.
it.each([
  ['bird', 'bird.conf', bird, bird.replace('import all', 'import filter nowhere')],
  ['gobgp', 'gobgp.toml', gobgp, `${gobgp}descripton = "x"\n`],
  ['exabgp', 'exabgp.conf', exabgp, exabgp.replace('peer-as', 'holdtime 30;\n  peer-as')],
])('%s goes on as before where it cannot read new files', (daemon, name, text, broken) => {
  const { result } = simulateConfigs(
    { path: 'topology.yml', text: topology(daemon) },
    {
      shown: 'configs',
      hosts: new Map([
        ['r', files(name, text)],
        ['f', files('frr.conf', frr)],
      ]),
      loaded: new Map([[loadedKey({ host: 'r', from: 'broken' }), files(name, broken, `broken/r/${name}`)]]),
    },
  );
  expect(result.hosts['r']?.sessions[0]?.state).toBe('Established');
  const errors = result.findings.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ message, ranges: [at] }) => [at?.file, message])).toEqual([
    [`broken/r/${name}`, expect.stringContaining('keeps the files of before')],
  ]);
});

const other = `${frr} no bgp network import-check\n network 10.66.0.0/16\n`;
const unknownLine = `${other} neighbor 10.0.0.1 descripton x\n`;

function reloaded(text: string, events: string) {
  const wired = topology('bird').replace('{ host: r, from: broken }', '{ host: f, from: broken }');
  const { result } = simulateConfigs(
    { path: 'topology.yml', text: `${wired}${events}` },
    {
      shown: 'configs',
      hosts: new Map([
        ['r', files('bird.conf', bird)],
        ['f', files('frr.conf', frr)],
      ]),
      loaded: new Map([
        [loadedKey({ host: 'f', from: 'broken' }), files('frr.conf', text, 'broken/f/frr.conf')],
      ]),
    },
  );
  return result;
}
const seenBy = ({ hosts }: ReturnType<typeof reloaded>) => Object.keys(hosts['r']?.bgp ?? {});

// frr-reload.py 8.4.4: "vtysh failed to process new configuration", and nothing is loaded; a start skips the line.
it('FRR loads nothing of files with a line that vtysh does not know, and reads the rest when it starts', () => {
  expect(seenBy(reloaded(other, ''))).toEqual(['10.66.0.0/16']);
  const kept = reloaded(unknownLine, '');
  expect(seenBy(kept)).toEqual([]);
  expect(kept.findings.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('keeps the files of before'),
  );
  expect(
    seenBy(reloaded(unknownLine, '  - { kill: [f], delay: 5 }\n  - { start: [f], delay: 30 }\n')),
  ).toEqual(['10.66.0.0/16']);
});
