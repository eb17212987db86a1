import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import type { SimulationState } from '../../src/simulator/state.ts';
import type { ConfigFile } from '../../src/targets/target.ts';

/** One FRR router: its links as `interface: [link, addresses]` (blanks between several), further addresses, kernel routes and the lines of frr.conf. */
export interface TestRouter {
  readonly links: Readonly<Record<string, readonly [string, string]>>;
  readonly lo?: string;
  readonly routes?: readonly string[];
  readonly conf: string;
  /** daemon.json; makes the host one with Docker. */
  readonly docker?: string;
}

/** Simulates routers given as text, as `simulate --configs` would from a folder called `net`. */
export function fabricOf(routers: Readonly<Record<string, TestRouter>>): SimulationState {
  const hosts = Object.entries(routers).map(([name, { links, lo, routes = [] }]) => {
    const interfaces = Object.entries(links).map(
      ([one, [link, address]]) =>
        `${one}: { addresses: [${address.split(' ').map(quoted).join(', ')}], link: ${link} }`,
    );
    if (lo) interfaces.push(`lo: { addresses: [${quoted(lo)}] }`);
    const daemon = routers[name]?.conf === '' ? 'none' : 'frr';
    return `  ${name}:\n    daemon: ${daemon}\n    interfaces: { ${interfaces.join(', ')} }\n    routes: [${routes.map(quoted).join(', ')}]`;
  });
  const folders = Object.entries(routers).map(([name, { conf, docker }]) => {
    const files = new Map<string, ConfigFile>();
    const put = (file: string, text: string) =>
      files.set(file, { path: `net/configs/${name}/${file}`, text });
    if (conf !== '') put('frr.conf', conf);
    if (docker) put('daemon.json', docker);
    return [name, files] as const;
  });
  const { state, result } = simulateConfigs(
    { path: 'net/topology.yml', text: `hosts:\n${hosts.join('\n')}\n` },
    { shown: 'net/configs', hosts: new Map(folders) },
    {},
    () => [],
  );
  if (!state) throw new Error(JSON.stringify(result.findings));
  return state;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** `router bgp` without the eBGP policy rule; `neighbors` as `address remote-as`. */
export function bgp(
  asn: number,
  id: string,
  neighbors: readonly string[],
  lines: readonly string[] = [],
): string {
  return [
    `router bgp ${asn}`,
    ` bgp router-id ${id}`,
    ' no bgp ebgp-requires-policy',
    ...neighbors.map((one) => ` neighbor ${one.replace(' ', ' remote-as ')}`),
    ...lines.map((line) => ` ${line}`),
    'exit',
    '',
  ].join('\n');
}
