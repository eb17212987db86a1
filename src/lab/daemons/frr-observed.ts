import { parseAddress } from '../../base/ip.ts';
import { communityText, parseCommunity } from '../../bgp/communities.ts';
import { type HostTables, sortedPaths, sortedRecord, type TablePath } from '../tables.ts';
import type { Frr } from './frr.ts';

interface Summary {
  readonly [family: string]: { readonly peers?: Record<string, { readonly state: string }> } | undefined;
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
/** What bgpd says of itself, both unicast families. */
export function frrTables(frr: Frr): Omit<HostTables, 'kernel'> {
  const sessions = new Map<string, string>();
  const summary = frr.json<Summary>('show bgp summary');
  for (const family of Object.values(summary))
    for (const [peer, { state }] of Object.entries(family?.peers ?? {})) sessions.set(peer, state);
  const bgp = ['ipv4', 'ipv6'].flatMap((family) => {
    const { routes = {} } = JSON.parse(frr.vtysh(`show bgp ${family} unicast json detail`)) as {
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
