import type { HostResult, PathResult, SimulationResult, UnmodelledLine } from '../simulator/result/result.ts';
import { plain, type Style } from './style.ts';
import { formatTable } from './table.ts';

/** The tables of every host, as an operator knows them from `show bgp summary`, `show bgp` and `ip route`. */
export function formatTables(
  result: Pick<SimulationResult, 'hosts'>,
  hosts: readonly string[],
  style: Style = plain,
): string {
  return hosts
    .flatMap((name) => {
      const host = result.hosts[name];
      return host ? [formatHost(name, host, style)] : [];
    })
    .join('\n');
}

/** The tables that events recorded, each phase under its name; empty without events. */
export function formatPhases(
  { phases = {} }: SimulationResult,
  hosts: readonly string[],
  style: Style = plain,
): string {
  return Object.entries(phases)
    .map(([name, phase]) => `${style.strong(`phase ${name}`)}\n\n${formatTables(phase, hosts, style)}`)
    .join('\n');
}

function formatHost(name: string, host: HostResult, style: Style): string {
  const parts = [sessionsOf(host), routesOf(host), kernelOf(host)].filter((part) => part !== '');
  if (parts.length === 0) parts.push('  no BGP\n');
  return `${style.strong(name)}\n${parts.join('\n')}`;
}

function sessionsOf(host: HostResult): string {
  if (host.sessions.length === 0) return '';
  const rows = host.sessions.map((session) => [
    session.peer,
    session.host || '?',
    String(session.remoteAs),
    session.state,
    session.families.map((family) => family.replace('-unicast', '')).join('+'),
    `${session.prefixesAccepted}/${session.prefixesReceived}`,
    session.reason,
  ]);
  return formatTable(['Neighbor', 'Host', 'AS', 'State', 'Family', 'Acc/Rcv', ''], rows, '  ');
}

/** A table per family: addresses of IPv6 would push the columns of IPv4 off the screen. */
function routesOf(host: HostResult): string {
  const entries = Object.entries(host.bgp);
  const isIpv6 = ([prefix]: (typeof entries)[number]) => prefix.includes(':');
  return [entries.filter((entry) => !isIpv6(entry)), entries.filter(isIpv6)]
    .map(routeTable)
    .filter((table) => table !== '')
    .join('\n');
}

function routeTable(entries: readonly (readonly [string, readonly PathResult[]])[]): string {
  const rows = entries.flatMap(([prefix, paths]) =>
    paths.map((path, index) => routeRow(index === 0 ? prefix : '', path)),
  );
  if (rows.length === 0) return '';
  const head = ['   Network', 'Next Hop', 'Metric', 'LocPrf', 'Weight', 'Path', 'Why'];
  return formatTable(head, rows, '  ');
}

const originCodes = { igp: 'i', egp: 'e', incomplete: '?' } as const;

function routeRow(prefix: string, path: PathResult): readonly string[] {
  const status = `${path.valid ? '*' : ' '}${path.best ? '>' : path.multipath ? '=' : ' '}`;
  return [
    `${status} ${prefix}`,
    path.nextHop,
    numberText(path.med),
    numberText(path.localPref),
    numberText(path.weight),
    `${path.asPath} ${path.origin ? originCodes[path.origin] : ''}`.trim(),
    path.reason,
  ];
}

function numberText(value: number | null): string {
  return value === null ? '' : String(value);
}

function kernelOf(host: HostResult): string {
  const rows = Object.entries(host.fib).map(([prefix, nextHops]) => [
    prefix,
    nextHops.length === 0 ? 'blackhole' : `via ${nextHops.join(', ')}`,
  ]);
  return rows.length === 0 ? '' : formatTable(['Kernel route', ''], rows, '  ');
}

/** One line that says how it ended: counts of hosts, sessions and prefixes, and the verdict. */
export function formatVerdict({ outcome, summary }: SimulationResult, style: Style = plain): string {
  const { hosts, established, sessionEnds, prefixes } = summary;
  const colour = { pass: style.good, fail: style.error, inconclusive: style.warning }[outcome];
  const sessions = `${established} of ${sessionEnds} session ends established`;
  const counts = [plural(hosts, 'host', 'hosts'), sessions, plural(prefixes, 'prefix', 'prefixes')];
  return `${colour(outcome.toUpperCase())}  ${counts.join(', ')}\n`;
}

/** Lines that were read but not modelled, with what they would change (rule 4 of the design). */
export function formatUnmodelled(result: SimulationResult, style: Style = plain): string {
  const printed = new Map<string, number>();
  const key = ({ file, effect }: UnmodelledLine) => `${file}: ${effect}`;
  const lines = result.unmodelled
    .filter((line) => {
      const count = (printed.get(key(line)) ?? 0) + 1;
      printed.set(key(line), count);
      return count <= MOST_ALIKE;
    })
    .map((line) => {
      const mark = line.matters ? style.warning('not modelled') : style.dim('without effect on the tables');
      return `${style.strong(`${line.file}:${line.line}`)} ${mark}: ${line.text}\n  ${line.effect}\n`;
    });
  const more = [...printed].filter(([, all]) => all > MOST_ALIKE);
  return [...lines, ...more.map(([name, all]) => `and ${all - MOST_ALIKE} more in ${name}\n`)].join('');
}

/** Of lines of one file with one effect so many are printed; JSON has all. */
const MOST_ALIKE = 50;

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
