import type { Router } from '../../bgp/router.ts';
import { hostOf, sessionSlots } from '../table/beside.ts';
import { isServerClient } from './server-table.ts';
import type { Topology } from './topology.ts';

/** More paths than this are not followed over one session; the outcome then says so. */
export const MOST_LANES = 64;
/** Networks, redistribution and an aggregate of its own. */
const OWN_PATHS = 4;

type Bare = Omit<Topology, 'lanes' | 'leftLanes' | 'copies'>;

/**
 * Adds the slots for what comes beside the first path. A client of a route server has one lane, since what it is told is chosen
 * for it, and so has a peer that is told the next path where its policy refuses the first; over the others as many paths can come as the
 * sender has sources. `left`: how many an end without its peer had.
 */
export function withLanes(topology: Bare, left: (slot: number) => number): Omit<Topology, 'copies'> {
  const { peers, reverse, owner, routers } = topology;
  const isClient = (slot: number) => {
    const [router, peer] = [routers[owner[slot] ?? -1], peers.at(slot)];
    return router && peer ? isServerClient(router, peer) : false;
  };
  const senders = peers
    .slotsWhere(
      ({ options }) =>
        options.addPathSend !== 'none' || options.routeServerClient || options.secondaryRoute === true,
    )
    .filter((slot) => isClient(slot) || takesSeveral(topology, slot) || hearsSecond(topology, slot));
  const leftBehind = reverse.includes(-1)
    ? [...reverse.keys()].filter((slot) => reverse[slot] === -1 && left(slot) > 1)
    : [];
  if (senders.length + leftBehind.length === 0)
    return { ...topology, lanes: new Map(), leftLanes: new Map() };
  const sources = sourcesOf(topology, senders);
  const lanes = new Map<number, Int32Array>();
  const extra: number[] = [];
  const lanesAt = (far: number, count: number) =>
    Int32Array.from({ length: count }, (_, lane) => (lane === 0 ? far : peers.length + extra.push(far) - 1));
  for (const slot of senders) {
    const count = takesSeveral(topology, slot) ? Math.min(MOST_LANES, sources[owner[slot] ?? 0] ?? 1) : 1;
    lanes.set(slot, lanesAt(reverse[slot] ?? 0, count));
  }
  const leftLanes = new Map(leftBehind.map((slot) => [slot, lanesAt(slot, left(slot))]));
  const also = (values: Int32Array) => Int32Array.from([...values, ...extra.map((far) => values[far] ?? 0)]);
  return {
    ...topology,
    owner: also(owner),
    reverse: also(reverse),
    peers: peers.withExtra(extra),
    sessions: also(topology.sessions),
    lanes,
    leftLanes,
  };
}

/** Do several paths for one prefix go over this session? */
export function takesSeveral({ peers, reverse }: Pick<Topology, 'peers' | 'reverse'>, slot: number): boolean {
  const sends = peers.at(slot)?.options.addPathSend ?? 'none';
  return sends !== 'none' && peers.at(reverse[slot] ?? -1)?.options.addPathReceive === true;
}

/** Is the peer at the slot told the first path that its policy lets pass? */
export function hearsSecond({ peers }: Pick<Topology, 'peers'>, slot: number): boolean {
  return peers.at(slot)?.options.secondaryRoute === true;
}

/** So many paths of its own a router has for one prefix at most: what its commands say beside each other counts as well. */
function ownPathsOf(router: Router | null): number {
  const counts = new Map<string, number>();
  for (const one of router?.bgp.originations ?? [])
    if (one.kind === 'announce') counts.set(one.prefix.text, (counts.get(one.prefix.text) ?? 0) + 1);
  return [...counts.values()].reduce((most, count) => Math.max(most, count), OWN_PATHS);
}

/** How many paths for one prefix a router may have; what comes over several lanes may be passed on over as many. */
function sourcesOf(
  { routers, slotStart, owner, reverse, beside }: Bare,
  senders: readonly number[],
): readonly number[] {
  const slots = (node: number) => (slotStart[node + 1] ?? 0) - (slotStart[node] ?? 0);
  // Pipes may bring what comes into the other tables.
  const others = (node: number) =>
    beside.tables.length === 0
      ? slots(node)
      : sessionSlots({ beside, slotStart }, hostOf({ beside }, node)).length;
  let sources = routers.map((router, node) => others(node) + ownPathsOf(router));
  for (let round = 0; round < 3; round++) {
    const next = [...sources];
    for (const slot of senders) {
      const to = owner[reverse[slot] ?? 0] ?? 0;
      next[to] = Math.min(MOST_LANES, (next[to] ?? 0) + (sources[owner[slot] ?? 0] ?? 0));
    }
    sources = next;
  }
  return sources;
}
