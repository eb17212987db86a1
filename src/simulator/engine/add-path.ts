import { announcedPaths } from '../../bgp/announce.ts';
import { egressPath } from '../../bgp/egress.ts';
import type { Peer } from '../../bgp/peer.ts';
import { better, groupWinners, sortedList } from '../../bgp/rib/decide.ts';
import type { Router } from '../../bgp/router.ts';
import { loopsToPeer, unfitNextHop } from '../../bgp/suppression.ts';
import { hiddenBehindDefault } from '../../bgp/zero-networks.ts';
import type { ExportGroup } from '../peers/export-groups.ts';
import { type Engine, noteSlot, routerAt, type SlotCandidate } from './engine.ts';
import { keepsSilent } from './fib-pending.ts';
import { hearsSecond, MOST_LANES, takesSeveral } from './lanes.ts';
import { isServerClient, pathsForClient } from './server-table.ts';
import { groupWire } from './tell.ts';
import type { Topology } from './topology.ts';

/**
 * A session over which several paths of one prefix go (RFC 7911). Each path has a lane to a slot of its own at the other end, as it has
 * an identifier on the wire, and keeps it for as long as it is told.
 */
export interface Lanes {
  readonly slot: number;
  readonly node: number;
  readonly group: ExportGroup;
  /** Slots at the other end, that of the session first. */
  readonly targets: Int32Array;
  readonly holders: (SlotCandidate | null)[];
  readonly sent: Int32Array;
}

/** The lanes of each router that sends several paths; null: it does not. */
export type LanesByNode = readonly (readonly Lanes[] | null)[];

export function createLanes(topology: Topology, groups: readonly (readonly ExportGroup[])[]): LanesByNode {
  if (topology.lanes.size === 0) return topology.routers.map(() => null);
  return topology.routers.map((_router, node) => {
    const lanes = (groups[node] ?? []).flatMap((group) =>
      [...group.slots].flatMap((slot) => {
        const targets = topology.lanes.get(slot);
        return targets ? [lanesTo(slot, node, group, targets)] : [];
      }),
    );
    return lanes.length === 0 ? null : lanes;
  });
}

function lanesTo(slot: number, node: number, group: ExportGroup, targets: Int32Array): Lanes {
  return {
    ...{ slot, node, group, targets },
    holders: Array.from(targets, () => null),
    sent: new Int32Array(targets.length),
  };
}

/** Before a prefix: nothing was told. */
export function clearLanes({ lanes }: Engine): void {
  for (const own of lanes) {
    for (const { holders, sent } of own ?? []) {
      holders.fill(null);
      sent.fill(0);
    }
  }
}

/** Tells every neighbour that takes several paths what has changed among them. */
export function tellLanes(engine: Engine, node: number): void {
  if (keepsSilent(engine, node, routerAt(engine.topology, node))) return;
  for (const lanes of engine.lanes[node] ?? []) if (engine.open[lanes.slot] === 1) tellOne(engine, lanes);
}

function tellOne(engine: Engine, lanes: Lanes): void {
  const { holders, targets } = lanes;
  const wanted = wantedPaths(engine, lanes);
  holders.forEach((holder, lane) => {
    if (holder && !wanted.has(holder)) {
      holders[lane] = null;
      say(engine, lanes, lane, 0);
    }
  });
  for (const [candidate, wire] of wanted) {
    const held = holders.indexOf(candidate);
    const lane = held >= 0 ? held : holders.indexOf(null);
    if (lane < 0 || lane >= targets.length) {
      engine.lanesShort = true;
      continue;
    }
    holders[lane] = candidate;
    say(engine, lanes, lane, wire);
  }
}

function say(engine: Engine, { slot, sent, targets }: Lanes, lane: number, wire: number): void {
  if (sent[lane] === wire) return;
  sent[lane] = wire;
  noteSlot(engine, slot);
  if (lane === 0) engine.sent[slot] = wire;
  engine.queue.push(targets[lane] ?? 0, wire);
}

/** What the neighbour is to know, in the order in which it is said, with the path as sent. */
function wantedPaths(engine: Engine, lanes: Lanes): ReadonlyMap<SlotCandidate, number> {
  const { node, group, slot } = lanes;
  const router = routerAt(engine.topology, node);
  const peer = engine.topology.peers.at(slot) ?? group.peer;
  const best = engine.best[node] ?? null;
  if (engine.prefix.length === 0 && peer.options.defaultOriginate)
    return defaultPath(engine, node, group, router);
  if (hiddenBehindDefault(router, peer, engine.prefix)) return new Map();
  const list = engine.lists[node] ?? [];
  if (router.config.profile.quirks.originatesOnly) return ownPaths(engine, router, peer);
  if (isServerClient(router, peer)) return forClient(engine, lanes, router, peer);
  if (hearsSecond(engine.topology, slot) && !takesSeveral(engine.topology, slot))
    return firstThatPasses(engine, lanes, router, peer);
  const chosen = peer.options.addPathSend === 'all' ? list : groupWinners(router.process, list);
  const wanted = new Map<SlotCandidate, number>();
  for (const candidate of saidInOrder(router, list, best)) {
    if (candidate.invalid !== null || (candidate !== best && !chosen.includes(candidate))) continue;
    const wire =
      loopsToPeer(router, peer, candidate) === null ? groupWire(engine, router, node, group, candidate) : 0;
    if (wire !== 0 && unfitNextHop(router, peer, engine.paths[wire]) === null) wanted.set(candidate, wire);
  }
  return wanted;
}

/** Newest first as FRR walks its list. BIRD's is its table: sorted, or each path that beats the first in front of it and every other at the end (`rte_recalculate`). */
function saidInOrder(
  { process, config }: Router,
  list: readonly SlotCandidate[],
  best: SlotCandidate | null,
): readonly SlotCandidate[] {
  if (!config.profile.quirks.saysBestFirst || !best) return list.toReversed();
  if (process.profile.evaluation === 'sorted-insert') return sortedList(process, list);
  const table: SlotCandidate[] = [];
  for (const candidate of list) {
    const [first] = table;
    if (first && better(process, candidate, first) === candidate) table.unshift(candidate);
    else table.push(candidate);
  }
  return [best, ...table.filter((candidate) => candidate !== best)];
}

/** What the policy for a client leaves of the first path for it; of the first that it lets pass; of all of them. */
function forClient(
  engine: Engine,
  { node, group, slot }: Lanes,
  router: Router,
  peer: Peer,
): ReadonlyMap<SlotCandidate, number> {
  const several = takesSeveral(engine.topology, slot);
  const wanted = new Map<SlotCandidate, number>();
  for (const candidate of pathsForClient(router, peer, engine.lists[node] ?? [], several)) {
    const isOwn = loopsToPeer(router, peer, candidate) !== null;
    const wire = isOwn ? 0 : groupWire(engine, router, node, group, candidate);
    if (wire !== 0) wanted.set(candidate, wire);
    if (!several && (wire !== 0 || peer.options.secondaryRoute !== true)) break;
  }
  return wanted;
}

/** The first path in order that is not the peer's own and that its policy lets pass (BIRD `rt_notify_accepted`). */
function firstThatPasses(
  engine: Engine,
  { node, group }: Lanes,
  router: Router,
  peer: Peer,
): ReadonlyMap<SlotCandidate, number> {
  for (const candidate of sortedList(router.process, engine.lists[node] ?? [])) {
    if (loopsToPeer(router, peer, candidate) !== null) continue;
    const wire = groupWire(engine, router, node, group, candidate);
    if (wire === 0) continue;
    return unfitNextHop(router, peer, engine.paths[wire]) !== null ? new Map() : new Map([[candidate, wire]]);
  }
  return new Map();
}

/** What a router that passes nothing on has for this peer: each path stands for itself, in no table. */
function ownPaths({ prefix }: Engine, router: Router, peer: Peer): ReadonlyMap<SlotCandidate, number> {
  const paths = announcedPaths(router, peer, prefix);
  return new Map(paths.map((path, lane) => [announcedHolders[lane] ?? defaultHolder, path.id]));
}

const announcedHolders = Array.from({ length: MOST_LANES }, () => ({ slot: -1 }) as SlotCandidate);

/** Stands for the path of `default-originate`, which is in no table. */
const defaultHolder = { slot: -1 } as SlotCandidate;

function defaultPath(
  engine: Engine,
  node: number,
  { peer }: ExportGroup,
  router: Router,
): ReadonlyMap<SlotCandidate, number> {
  const path = engine.defaults.get(node)?.get(peer.options.defaultOriginate?.policy ?? null);
  if (!path) return new Map();
  return new Map([[defaultHolder, egressPath({ router, peer, from: null, keepsNextHop: false }, path).id]]);
}
