import { parseAddress } from '../../base/ip.ts';
import { communityText, parseCommunity } from '../../bgp/communities.ts';
import { type HostTables, sortedPaths, sortedRecord, type TablePath } from '../tables.ts';

interface Summary {
  readonly [family: string]:
    | { readonly tableVersion?: number; readonly peers?: Record<string, SummaryPeer> }
    | undefined;
}

interface SummaryPeer {
  readonly state: string;
  readonly tableVersion?: number;
  readonly inq?: number;
  readonly outq?: number;
}

interface DetailPath {
  readonly valid?: boolean;
  readonly bestpath?: { readonly overall?: boolean };
  readonly multipath?: boolean;
  readonly aspath?: { readonly string: string };
  readonly origin: string;
  readonly metric?: number;
  readonly locPrf?: number;
  readonly community?: { readonly string: string };
  readonly originatorId?: string;
  readonly clusterList?: { readonly list: readonly string[] };
  readonly peer: { readonly peerId: string };
  readonly nexthops?: readonly { readonly ip: string; readonly scope?: string; readonly used?: boolean }[];
}

const origins: Readonly<Record<string, string>> = { IGP: 'igp', EGP: 'egp', incomplete: 'incomplete' };

/** Asks bgpd one thing. */
export type AskBgpd = (command: string) => Promise<string>;

/** What bgpd says of itself, both unicast families. */
export async function frrTables(ask: AskBgpd): Promise<Omit<HostTables, 'kernel'>> {
  const sessions = new Map<string, string>();
  const summary = JSON.parse(await ask('show bgp summary json')) as Summary;
  for (const family of Object.values(summary))
    for (const [peer, { state }] of Object.entries(family?.peers ?? {})) sessions.set(peer, state);
  const answers = await Promise.all(
    ['ipv4', 'ipv6'].map((family) => ask(`show bgp ${family} unicast json detail`)),
  );
  const bgp = answers.flatMap((answer) => {
    const { routes = {} } = JSON.parse(answer) as {
      routes?: Record<string, readonly (DetailPath | { readonly prefix: string })[]>;
    };
    return Object.entries(routes).map(([prefix, [, ...paths]]): [string, readonly TablePath[]] => [
      prefix,
      sortedPaths(paths.flatMap((path) => ('peer' in path ? [observed(path)] : []))),
    ]);
  });
  return {
    sessions: [...sessions]
      .map(([peer, state]) => ({
        peer: peer.replace(/^\*/, ''),
        state: state === 'Established' ? state : 'down',
      }))
      .sort((a, b) => (a.peer < b.peer ? -1 : 1)),
    bgp: sortedRecord(bgp),
  };
}

/** Version of each table, and of each session its state, how far the peer has been told, and what waits to be read or sent. */
export async function frrVersion(ask: AskBgpd): Promise<string> {
  const summary = JSON.parse(await ask('show bgp summary json')) as Summary;
  const families = Object.entries(summary).map(([family, one]) => [
    family,
    one?.tableVersion,
    ...Object.entries(one?.peers ?? {}).map(([peer, { state, tableVersion, inq, outq }]) => [
      ...[peer, state, tableVersion, inq, outq],
    ]),
  ]);
  return JSON.stringify(families);
}

function observed(path: DetailPath): TablePath {
  const hop =
    path.nexthops?.find(({ scope }) => scope === 'global') ??
    path.nexthops?.find(({ used }) => used) ??
    path.nexthops?.[0];
  return {
    best: path.bestpath?.overall === true,
    multipath: path.multipath === true,
    valid: path.valid === true,
    // FRR writes mapped addresses in hexadecimal.
    nextHop: parseAddress(hop?.ip ?? '')?.text ?? '',
    asPath: path.aspath?.string === 'Local' ? '' : (path.aspath?.string ?? ''),
    localPref: path.locPrf ?? null,
    med: path.metric ?? null,
    origin: origins[path.origin] ?? path.origin,
    communities: (path.community?.string ?? '')
      .split(' ')
      .filter((one) => one !== '')
      .map(communityNumbers),
    from:
      /^[0-9a-f]*[.:]/.test(path.peer.peerId) && !/^(?:0\.0\.0\.0|::)$/.test(path.peer.peerId)
        ? path.peer.peerId
        : '',
    ...(path.originatorId ? { originatorId: path.originatorId } : {}),
    ...(path.clusterList ? { clusterList: path.clusterList.list } : {}),
  };
}

/** FRR prints names for the well-known ones. */
function communityNumbers(text: string): string {
  const value = parseCommunity(text);
  return value === null ? text : communityText(value);
}
