import { type Choice, selectHosts } from '../../../src/inventory/pattern.ts';
import type { ChecksFile, FabricOptions } from '../../../src/pipeline/simulate.ts';
import { simulateConfigs } from '../../../src/pipeline/topology/simulate-configs.ts';
import type { ConfigFile } from '../../../src/targets/target.ts';

/**
 * A small fabric with everything checks ask for:
 *
 *     a ── s1 ── b        a, b, c: hosts with a network of their own, AS 65001 to 65003
 *      \── s2 ──/         s1, s2: spines, AS 65100
 *           └── c         c hangs on s2 alone, announces 10.99.0.1/32 as b does, and keeps a session with nobody
 */
const hosts: Readonly<Record<string, { readonly wires: readonly string[]; readonly conf: string }>> = {
  a: {
    wires: ['eth0 10.0.1.1/31 a-s1', 'eth1 10.0.2.1/31 a-s2', 'lan 172.16.1.1/24'],
    conf: bgp(65001, { '10.0.1.0': 65100, '10.0.2.0': 65100 }, ['172.16.1.0/24'], ' maximum-paths 2\n'),
  },
  b: {
    wires: ['eth0 10.0.3.1/31 b-s1', 'eth1 10.0.4.1/31 b-s2', 'lan 172.16.2.1/24', 'lo 10.99.0.1/32'],
    conf: bgp(
      65002,
      { '10.0.3.0': 65100, '10.0.4.0': 65100 },
      ['172.16.2.0/24', '10.99.0.1/32'],
      ' maximum-paths 2\n',
    ),
  },
  c: {
    wires: ['eth0 10.0.5.1/31 c-s2', 'lan 172.16.3.1/24', 'lo 10.99.0.1/32'],
    conf: bgp(65003, { '10.0.5.0': 65100 }, ['172.16.3.0/24', '10.99.0.1/32']),
  },
  s1: {
    wires: ['eth0 10.0.1.0/31 a-s1', 'eth1 10.0.3.0/31 b-s1'],
    conf: bgp(65100, { '10.0.1.1': 65001, '10.0.3.1': 65002 }, []),
  },
  s2: {
    wires: ['eth0 10.0.2.0/31 a-s2', 'eth1 10.0.4.0/31 b-s2', 'eth2 10.0.5.0/31 c-s2'],
    conf: bgp(65100, { '10.0.2.1': 65001, '10.0.4.1': 65002, '10.0.5.1': 65003 }, []),
  },
};

function bgp(
  asn: number,
  neighbors: Readonly<Record<string, number>>,
  networks: readonly string[],
  more = '',
): string {
  const peers = Object.entries(neighbors).map(([peer, remote]) => ` neighbor ${peer} remote-as ${remote}\n`);
  const own = networks.map((network) => `  network ${network}\n`);
  return `router bgp ${asn}\n no bgp ebgp-requires-policy\n no bgp network import-check\n${peers.join('')} address-family ipv4 unicast\n${more}${own.join('')} exit-address-family\n`;
}

export const patterns = (names: readonly string[]) => {
  const choice: Choice = {
    hosts: new Map(names.map((name) => [name, null])),
    groups: new Map([
      ['all', { hosts: names, children: [] }],
      ['spines', { hosts: names.filter((name) => name.startsWith('s')), children: [] }],
    ]),
  };
  return (pattern: string) => {
    const { hosts: chosen, diagnostics } = selectHosts(choice, pattern);
    const [fault] = diagnostics;
    return {
      hosts: chosen,
      fault: fault ? { message: fault.message, ...(fault.fix ? { fix: fault.fix } : {}) } : null,
    };
  };
};

export function checksFile(text: string): ChecksFile {
  return { path: 'checks.yml', text, select: patterns };
}

/** Simulates the fabric, with the text of a checks.yml and the configuration of a host changed where asked. */
export function simulateWith(
  checks: string | null,
  options: FabricOptions = {},
  changed: Readonly<Record<string, (conf: string) => string>> = {},
) {
  const entries = Object.entries(hosts);
  const topology = entries.map(([name, { wires }]) => {
    const interfaces = wires.map((wire) => {
      const [device, address, link] = wire.split(' ');
      return `      ${device}: { addresses: [${address}]${link ? `, link: ${link}` : ''} }\n`;
    });
    return `  ${name}:\n    daemon: frr\n    interfaces:\n${interfaces.join('')}`;
  });
  const files = entries.map(([name, { conf }]): [string, Map<string, ConfigFile>] => {
    const text = `frr version 8.4\nfrr defaults traditional\nhostname ${name}\n${(changed[name] ?? ((same) => same))(conf)}`;
    return [name, new Map([['frr.conf', { path: `configs/${name}/frr.conf`, text }]])];
  });
  return simulateConfigs(
    { path: 'topology.yml', text: `hosts:\n${topology.join('')}` },
    { shown: 'configs', hosts: new Map(files) },
    { ...options, ...(checks === null ? {} : { checks: checksFile(checks) }) },
    () => [],
  );
}

/** The outcome of the only declared check, as `ok` or the messages of its findings. */
export function verdict(
  check: string,
  changed?: Parameters<typeof simulateWith>[2],
): string | readonly string[] {
  const { result } = simulateWith(`checks:\n  - ${check}\n`, {}, changed);
  const [only] = result.checks.filter(({ kind }) => kind !== 'always-on');
  if (!only) return result.findings.map(({ message }) => message);
  return only.passed ? 'ok' : only.findings.map(({ message }) => message);
}
