import { familyOf } from '../../base/family.ts';
import type { Address } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import { kernelPolicyOf } from '../../bgp/config.ts';
import { distanceOf } from '../../bgp/distance.ts';
import type { Peer } from '../../bgp/peer.ts';
import { evaluateChain } from '../../bgp/policy/evaluate.ts';
import type { Policy } from '../../bgp/policy/types.ts';
import { multipathSet } from '../../bgp/rib/multipath.ts';
import type { TableRoute } from '../../bgp/rib/route-pool.ts';
import type { HostView } from '../host-state.ts';
import type { Tables } from '../tables/tables.ts';
import type { Hop, NextHops } from './next-hops.ts';

/** FRR: a route of this distance never goes into the kernel. */
const NEVER = 255;

/** The next hop of a path; null: made here. */
export function nextHopOf(path: Path, peer: Peer | null): Address | null {
  return path.nextHop ?? peer?.nextHop ?? null;
}

/**
 * The ways the kernel should have for a destination: those of the best path and of all that are used together with it, sorted, each once. Empty: no route, because there
 * is no path, because it was made here, or because the host has a route of its own, which is always nearer.
 */
export function wantedHops(
  tables: Tables,
  place: number,
  host: HostView,
  nextHops: NextHops,
): readonly Hop[] {
  const { table, router } = tables;
  table.removeGoneAt(place);
  if (table.bestPath(place) === 0) return [];
  const candidates = table.candidates(place);
  const best = candidates.find(({ selected }) => selected);
  if (!best || best.peer === null) return [];
  const prefix = table.index.prefixAt(place);
  const present = host.routes.routes.get(prefix.text);
  if (present && present.kind !== 'static') return [];
  if (distanceOf(router, best, prefix) >= NEVER || refusedByPolicy(tables, best, place)) return [];
  const nameOf = ({ path, peer }: TableRoute) => nextHopOf(path, peer)?.text ?? peer?.name ?? '';
  const used = multipathSet(router.process, familyOf(prefix.family), candidates, best, nameOf);
  const hops = new Map<string, Hop>();
  for (const route of used) {
    const { path, peer } = route;
    if (refusedByTableMap(tables, route, place)) continue;
    const nextHop = nextHopOf(path, peer);
    const hop = nextHop && nextHops(nextHop, peer?.interface ?? null);
    if (hop && typeof hop !== 'string') hops.set(`${hop.gateway.text}%${hop.interface}`, hop);
  }
  return [...hops].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, hop]) => hop);
}

/** `ip protocol bgp route-map` of FRR: what may go into the kernel. */
function refusedByPolicy(
  { router, table }: Pick<Tables, 'router' | 'table'>,
  route: TableRoute,
  place: number,
): boolean {
  const policy = kernelPolicyOf(router.config, table.index.prefixAt(place).family);
  return policy !== null && refuses(policy, { router, table }, route, place);
}

/** `table-map` of FRR: asked of each path that is used. */
function refusedByTableMap(
  { router, table }: Pick<Tables, 'router' | 'table'>,
  route: TableRoute,
  place: number,
): boolean {
  const policy = router.bgp.tablePolicies?.[familyOf(table.index.prefixAt(place).family)];
  return policy !== undefined && refuses(policy, { router, table }, route, place);
}

function refuses(
  policy: Policy,
  { router, table }: Pick<Tables, 'router' | 'table'>,
  { path, peer }: TableRoute,
  place: number,
): boolean {
  const prefix = table.index.prefixAt(place);
  const { store, tables } = router.context;
  const ownNextHop = peer?.nextHop ?? null;
  const subject = { prefix, peer, ownNextHop, learnedFrom: peer, localAs: router.bgp.asn };
  return evaluateChain([policy], path, subject, store, tables).verdict === 'reject';
}
