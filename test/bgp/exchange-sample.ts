import { asPathText } from '../../src/bgp/as-path.ts';
import { asSequence, internAsPath } from '../../src/bgp/as-path-table.ts';
import { emptyPath, type Path, type PathData } from '../../src/bgp/attributes.ts';
import { communityText, parseCommunity } from '../../src/bgp/communities.ts';
import type { BgpConfig } from '../../src/bgp/config.ts';
import { internPath } from '../../src/bgp/path-store.ts';
import type { Peer, PeerType } from '../../src/bgp/peer.ts';
import type { PeerConfig } from '../../src/bgp/peer-config.ts';
import type { PeerFamilyConfig } from '../../src/bgp/peer-family-config.ts';
import type { Policy } from '../../src/bgp/policy/types.ts';
import type { RouterProfile } from '../../src/bgp/profile.ts';
import { createRouter, createRouterContext, type Router } from '../../src/bgp/router.ts';
import { address, bgpConfig, familyConfig, peerConfig, prefix, routerConfig } from './fixtures.ts';

/** For the tables of import and export: one router, AS 65000, router id 9.9.9.9, at 10.0.0.254, its peers and what they send. */
export const OWN_ID = 0x09090909;
export const target = prefix('192.0.2.0/24');

export function router(profile: RouterProfile, bgp: Partial<BgpConfig> = {}): Router {
  const config = bgpConfig(65000, '9.9.9.9', bgp);
  return createRouter(
    routerConfig('r', config, { profile }),
    config,
    OWN_ID,
    new Set(['10.0.0.254']),
    createRouterContext(),
  );
}

export interface PeerShape {
  readonly type?: PeerType;
  readonly as?: number;
  readonly from?: string;
  readonly options?: Partial<PeerFamilyConfig>;
  readonly config?: Partial<PeerConfig>;
  readonly networks?: readonly string[];
}

export function peer({
  type = 'ebgp',
  as = type === 'ibgp' ? 65000 : 65001,
  from = '10.0.0.1',
  options = {},
  config = {},
  networks = [],
}: PeerShape = {}): Peer {
  return {
    config: peerConfig(from, as, config),
    family: 'ipv4-unicast',
    options: familyConfig(options),
    type,
    remoteAs: as,
    address: address(from),
    localAddress: address('10.0.0.254'),
    nextHop: address(from),
    ownNextHop: address('10.0.0.254'),
    routerId: 7,
    interface: 'eth0',
    sharedNetworks: networks.map(prefix),
    name: from,
  };
}

export interface Route extends Partial<Omit<PathData, 'asPath' | 'communities'>> {
  readonly as?: readonly number[];
  readonly set?: readonly number[];
  readonly confed?: readonly number[];
  readonly communities?: readonly string[];
}

export function route(
  { context: { store } }: Router,
  { as = [], set, confed, communities = [], ...data }: Route,
): Path {
  const asPath = confed
    ? internAsPath(store.asPaths, [{ kind: 'confed-sequence', asns: confed }])
    : set
      ? internAsPath(store.asPaths, [
          { kind: 'sequence', asns: as },
          { kind: 'set', asns: set },
        ])
      : asSequence(store.asPaths, as);
  const values = communities.map(parseCommunity).filter((value) => value !== null);
  return internPath(store, {
    ...emptyPath(store),
    ...data,
    asPath,
    communities: values.sort((a, b) => a - b),
  });
}

/** What matters of a path, in the words of the tables; `refused` where there is none. */
export function shown(path: Path | null, refused: string) {
  if (path === null) return { refused };
  const { asPath, nextHop, med, localPref, communities, originatorId, clusterList, weight } = path;
  return {
    asPath: asPathText(asPath.segments),
    nextHop: nextHop?.text ?? 'self',
    med,
    localPref,
    communities: communities.map(communityText),
    originatorId,
    clusterList,
    weight,
  };
}

export type Outcome = Partial<ReturnType<typeof shown>> | { readonly refused: string };

export const acceptAll: Policy = { name: 'all', statements: [], otherwise: 'accept', source: null };

export const confederation = { identifier: 65000, members: [65100, 65200] };
