import type { Diagnostic } from '../../base/diagnostic.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { SimulationState } from '../state.ts';
import { nameOf, someNames } from './names.ts';

type Direction = 'in' | 'out';

/** External sessions that are up and let nothing through for lack of a policy (RFC 8212): one finding for each host and direction. */
export function checkMissingPolicies(state: SimulationState): readonly Diagnostic[] {
  const mute = new Map<string, Mute>();
  const { ends, routers } = state;
  for (let place = 0; place < ends.length; place++) {
    // A large fabric has a million ends: none is made for routers that ask for no policy.
    if (!routers[ends.nodeOf(place)]?.bgp.ebgpRequiresPolicy) continue;
    const end = ends.at(place);
    if (end?.state !== 'Established' || end.type !== 'ebgp' || end.peerNode === null) continue;
    for (const direction of directionsWithout(end.config, end.families)) {
      const key = `${end.node} ${direction}`;
      const one = mute.get(key) ?? { node: end.node, direction, peers: new Set(), configs: [] };
      one.peers.add(end.peerNode);
      one.configs.push(end.config);
      mute.set(key, one);
    }
  }
  return [...mute.values()].map((one) => finding(state, one));
}

interface Mute {
  readonly node: number;
  readonly direction: Direction;
  readonly peers: Set<number>;
  readonly configs: PeerConfig[];
}

/** Nothing passes in a direction where no family of the session has a policy for it. */
function directionsWithout(
  { families }: PeerConfig,
  carried: readonly (keyof PeerConfig['families'])[],
): readonly Direction[] {
  const lacks = (chain: 'importPolicy' | 'exportPolicy') =>
    carried.length > 0 && carried.every((family) => (families[family]?.[chain].length ?? 0) === 0);
  return [
    ...(lacks('importPolicy') ? (['in'] as const) : []),
    ...(lacks('exportPolicy') ? (['out'] as const) : []),
  ];
}

function finding(state: SimulationState, { node, direction, peers, configs }: Mute): Diagnostic {
  const host = nameOf(state, node);
  const far = someNames(state, [...peers]);
  const places = new Map(
    configs.flatMap(({ source }) => (source ? [[`${source.file} ${source.line}`, source] as const] : [])),
  );
  return {
    rule: 'ebgp-without-policy',
    severity: 'warning',
    message:
      direction === 'in'
        ? `${host} takes nothing from ${far}: an eBGP session without import policy (RFC 8212)`
        : `${host} sends nothing to ${far}: an eBGP session without export policy (RFC 8212)`,
    ranges: [...places.values()],
    host,
    found: `no policy ${direction === 'in' ? 'inbound' : 'outbound'}`,
    expected: 'a route-map, prefix-list, filter-list or distribute-list',
    fix: `give the neighbors a route-map ${direction}, or write no bgp ebgp-requires-policy`,
  };
}
