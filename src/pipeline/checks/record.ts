import { type HostRoutes, snapshotOf } from '../../simulator/checks/declared/snapshot.ts';
import type { SimulationState } from '../../simulator/state.ts';

const HEAD = `# What held when this was written (fabricgen check --record): every session, every route in the kernels, who reaches whom.
# Every entry is an ordinary check: give it a name, loosen it, throw it away.
checks:
`;

/**
 * Today's state as the text of a checks.yml that passes: sessions, routes per host, reachability between the networks of the hosts.
 * `groups`: names for sets of hosts, preferred to lists. The same state gives the same text.
 */
export function recordChecks(
  state: SimulationState,
  hosts: readonly string[],
  groups: ReadonlyMap<string, readonly string[]>,
): string {
  const { down, routes, reach } = snapshotOf(state, hosts);
  const known = new Map([...groups].map(([name, members]) => [[...members].sort().join(' '), name]));
  const words = (names: readonly string[]) => {
    const group = known.get([...names].sort().join(' '));
    return group === undefined ? flow(names) : scalar(group);
  };
  const downNames = down.map(({ host, peer }) => `${host}-${peer}`);
  const parts = [
    downNames.length === 0
      ? '  - sessions: { up: all }\n'
      : `  - sessions:\n      up: all\n      down: ${flow(downNames)}\n`,
    ...reach.map(({ from, to }) => `  - reachable:\n      from: ${words(from)}\n      to: ${words(to)}\n`),
    ...routes.map(routesText),
  ];
  return HEAD + parts.join('');
}

function routesText({ host, installs, via }: HostRoutes): string {
  const exact = installs ? '      exact: true\n' : '';
  const rows = via.map(({ prefix, hops }) => {
    const [only = ''] = hops;
    return `        ${scalar(prefix.text)}: ${hops.length === 1 ? scalar(only) : flow(hops)}\n`;
  });
  const table = rows.length > 0 ? `      via:\n${rows.join('')}` : '      via: {}\n';
  return `  - routes:\n      host: ${scalar(host)}\n${exact}${table}`;
}

const WIDTH = 120;

/** `[a, b]`, broken where it is long. */
function flow(items: readonly string[]): string {
  const lines: string[] = [''];
  items.forEach((item, index) => {
    const text = `${scalar(item)}${index < items.length - 1 ? ',' : ''}`;
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + text.length > WIDTH) lines.push(text);
    else lines[lines.length - 1] = line === '' ? text : `${line} ${text}`;
  });
  return lines.length === 1 ? `[${lines[0]}]` : `[\n          ${lines.join('\n          ')}\n        ]`;
}

/** Quoted where YAML 1.1 might read something else than the text. */
function scalar(text: string): string {
  if (/^\d+(?:\.\d+){3}(?:\/\d+)?$/.test(text)) return text;
  return /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(text) && !AMBIGUOUS.test(text) ? text : JSON.stringify(text);
}

const AMBIGUOUS =
  /^(?:[-+]?[0-9][0-9_.]*(?:e[-+]?[0-9]+)?|0[xob][0-9a-f_]+|y|n|yes|no|on|off|true|false|null|\d{4}-\d{1,2}-\d{1,2}.*)$/i;
