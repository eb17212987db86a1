import { type HostTables, sortedPaths, sortedRecord, type TablePath } from '../tables.ts';

/** The BGP sessions of `show protocols all`, and the neighbour of each by the name of its protocol. */
export function birdSessions(text: string): {
  readonly sessions: HostTables['sessions'];
  readonly neighbors: ReadonlyMap<string, string>;
} {
  const neighbors = new Map<string, string>();
  const sessions: { peer: string; state: string }[] = [];
  let name = '';
  let state = '';
  for (const line of text.split('\n')) {
    const head = /^(\S+)\s+(\S+)\s+(?:\S+)\s+(?:up|down|start|stop|flush)\b/.exec(line);
    if (head) {
      name = head[2] === 'BGP' ? (head[1] ?? '') : '';
      state = '';
    }
    if (name === '') continue;
    state = /^ {2}BGP state:\s+(\S+)/.exec(line)?.[1] ?? state;
    const peer = /^ {4}Neighbor address:\s+([0-9a-fA-F.:]+)/.exec(line)?.[1];
    if (peer === undefined) continue;
    neighbors.set(name, peer);
    sessions.push({ peer, state: state === 'Established' ? state : 'down' });
  }
  return { sessions: sessions.sort((a, b) => (a.peer < b.peer ? -1 : 1)), neighbors };
}

/** The tables of `show route all`, routes of all protocols. */
export function birdRoutes(text: string, neighbors: ReadonlyMap<string, string>): HostTables['bgp'] {
  const found = new Map<string, TablePath[]>();
  let prefix = '';
  let lines: string[] = [];
  const finish = () => {
    if (lines.length === 0) return;
    found.set(prefix, [...(found.get(prefix) ?? []), observed(lines, prefix, neighbors)]);
    lines = [];
  };
  for (const line of text.split('\n')) {
    const head = /^(\S+)?\s+(?:unicast|blackhole|unreachable|prohibited)\s+\[/.exec(line);
    if (head) {
      finish();
      prefix = head[1] ?? prefix;
      lines = [line];
    } else if (line.startsWith('\t') && lines.length > 0) lines.push(line);
  }
  finish();
  return sortedRecord([...found].map(([one, paths]) => [one, sortedPaths(paths)]));
}

const origins: Readonly<Record<string, string>> = { IGP: 'igp', EGP: 'egp', Incomplete: 'incomplete' };

function observed(
  lines: readonly string[],
  prefix: string,
  neighbors: ReadonlyMap<string, string>,
): TablePath {
  const [head = ''] = lines;
  const attribute = (name: string) =>
    lines.find((line) => line.startsWith(`\tBGP.${name}: `))?.slice(`\tBGP.${name}: `.length);
  const number = (name: string) => {
    const value = attribute(name);
    return value === undefined ? null : Number(value);
  };
  const protocol = /\[(\S+) /.exec(head)?.[1] ?? '';
  const via = lines.map((line) => /^\tvia ([0-9a-fA-F.:]+) on/.exec(line)?.[1]).find((one) => one) ?? '';
  const from = neighbors.get(protocol) ?? '';
  const unspecified = prefix.includes(':') ? '::' : '0.0.0.0';
  const originatorId = attribute('originator_id');
  const clusterList = attribute('cluster_list');
  const unreachable = /^\S*\s+unreachable\s/.test(head) && from !== '';
  return {
    best: / \* \(/.test(head),
    multipath: false,
    valid: !unreachable,
    nextHop: from === '' ? via || unspecified : (attribute('next_hop')?.split(' ')[0] ?? unspecified),
    // BIRD prints sets with blanks.
    asPath: (attribute('as_path') ?? '').replace(/\{[^}]*\}/g, (set) => set.replaceAll(' ', ',')),
    localPref: number('local_pref'),
    med: number('med'),
    origin: origins[attribute('origin') ?? ''] ?? null,
    communities: [...(attribute('community') ?? '').matchAll(/\((\d+),(\d+)\)/g)].map(
      ([, high, low]) => `${high}:${low}`,
    ),
    from,
    ...(originatorId ? { originatorId } : {}),
    ...(clusterList ? { clusterList: clusterList.split(' ') } : {}),
  };
}
