import { type SimulatedConfigs, simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import type { PathResult } from '../../src/simulator/result/result.ts';
import type { SimulationOptions } from '../../src/simulator/simulate.ts';
import type { ConfigFile } from '../../src/targets/target.ts';

/** Host → the lines of its frr.conf behind the head. */
export type Confs = Readonly<Record<string, string>>;

/** Simulates FRR 8.4 hosts: interfaces as `eth0 10.0.0.1/24 lan`, several with commas. */
export function simulateFrr(
  interfaces: Confs,
  confs: Confs,
  routes: Confs = {},
  options: SimulationOptions = {},
): SimulatedConfigs {
  const hosts = Object.entries(interfaces).map(([name, list]) => {
    const wires = list.split(',').map((one) => {
      const [device, ...words] = one.trim().split(' ');
      const link = words.at(-1);
      const addresses = words.slice(0, -1).map((address) => `"${address}"`);
      return `      ${device}: { addresses: [${addresses.join(', ')}], link: ${link} }\n`;
    });
    const kernel = routes[name] ? `    routes: ["${routes[name]}"]\n` : '';
    return `  ${name}:\n    daemon: frr\n    version: "8.4"\n    interfaces:\n${wires.join('')}${kernel}`;
  });
  const files = Object.entries(confs).map(([name, text]): [string, Map<string, ConfigFile>] => {
    const whole = `frr version 8.4\nfrr defaults traditional\n${text}\n`;
    return [name, new Map([['frr.conf', { path: `${name}/frr.conf`, text: whole }]])];
  });
  const topology = { path: 'topology.yml', text: `hosts:\n${hosts.join('')}` };
  return simulateConfigs(topology, { shown: 'configs', hosts: new Map(files) }, options);
}

/** The paths of a host for a prefix, best first. */
export function pathsOf({ result }: SimulatedConfigs, host: string, prefix: string): readonly PathResult[] {
  return result.hosts[host]?.bgp[prefix] ?? [];
}

/** `router bgp` of one host without the defaults that get in the way of small tests. */
export function bgp(
  asn: number,
  neighbors: Readonly<Record<string, number>>,
  family: string,
  more = '',
): string {
  const peers = Object.entries(neighbors).map(
    ([address, remote]) => ` neighbor ${address} remote-as ${remote}\n`,
  );
  return [
    `router bgp ${asn}`,
    ' no bgp ebgp-requires-policy',
    ...(more === '' ? [] : [more]),
    `${peers.join('')} address-family ipv4 unicast`,
    family,
    ' exit-address-family',
  ].join('\n');
}
