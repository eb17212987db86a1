import { bitsOf, type Prefix } from '../base/ip.ts';
import { announcedTo } from '../bgp/announce.ts';
import type { Path } from '../bgp/attributes.ts';
import type { Standing } from '../bgp/change.ts';
import { egressPath } from '../bgp/egress.ts';
import { loopsToPeer, named, suppression } from '../bgp/export.ts';
import { refusal } from '../bgp/import.ts';
import type { Peer } from '../bgp/peer.ts';
import type { Policy } from '../bgp/policy/types.ts';
import type { Candidate } from '../bgp/rib/candidate.ts';
import { decide, updateMovesToEnd } from '../bgp/rib/decide.ts';
import type { Router } from '../bgp/router.ts';
import { sayChange } from './changes.ts';
import { createQueue, type EventQueue } from './event-queue.ts';
import { type ExportGroup, exportGroups } from './export-groups.ts';
import { type NextHops, type ResolvedNextHop, resolveNextHop } from './next-hops.ts';
import { exportedId, importClass, importedId, type PeerClass, type PeerClasses } from './peer-classes.ts';
import type { Topology } from './topology.ts';
import { type SharedAs, sharedAs } from './update-groups.ts';

/** A candidate that knows its session slot; local ones have -1. */
export interface SlotCandidate extends Candidate {
  readonly slot: number;
}

/**
 * Converges one prefix at a time over arrays that are used again for the next. An event is one path number (0: withdrawn)
 * for one session slot; events are delivered first in, first out.
 */
export interface Engine {
  readonly topology: Topology;
  readonly nextHops: NextHops;
  readonly paths: readonly (Path | undefined)[];
  readonly groups: readonly (readonly ExportGroup[])[];
  readonly importClasses: readonly PeerClass[];
  readonly sharedAs: readonly SharedAs[];
  /** What this slot's peer sent last, and what was last sent to it, as path numbers. */
  readonly received: Int32Array;
  readonly sent: Int32Array;
  readonly inList: Uint8Array;
  /** One per slot, changed in place. */
  readonly candidates: readonly SlotCandidate[];
  /** Per router, in order of arrival. */
  readonly lists: readonly SlotCandidate[][];
  readonly best: (SlotCandidate | null)[];
  readonly bestPath: Int32Array;
  /** By slot: both ends are up, what is sent arrives. */
  readonly open: Uint8Array;
  /** Per router: an aggregate with summary-only keeps the prefix from all its peers. */
  readonly summarised: Uint8Array;
  /** Paths of `default-originate` by router, while the prefix is the default route; the caller fills it. */
  readonly defaults: Map<number, ReadonlyMap<Policy | null, Path>>;
  /** Per slot: the resolution of the peer's own address. */
  readonly ownResolution: (ResolvedNextHop | null)[];
  readonly queue: EventQueue;
  prefix: Prefix;
  arrivals: number;
  events: number;
  /** A next hop was, or could have been, resolved by a BGP route. */
  throughBgp: boolean;
  /** Routers that hold something of this prefix, for clearing up. */
  readonly touched: number[];
  readonly isTouched: Uint8Array;
}

export function createEngine(
  topology: Topology,
  nextHops: NextHops,
  paths: readonly (Path | undefined)[],
  classes: PeerClasses,
  prefix: Prefix,
): Engine {
  const { routers, peers, owner } = topology;
  const slots = peers.length;
  const groups = routers.map((router, index) =>
    router ? exportGroups(classes, topology, router, index) : [],
  );
  return {
    topology,
    nextHops,
    paths,
    groups,
    sharedAs: sharedAs(classes, topology, groups),
    importClasses: peers.map((peer, slot) => importClass(classes, routerAt(topology, owner[slot]), peer)),
    received: new Int32Array(slots),
    sent: new Int32Array(slots),
    inList: new Uint8Array(slots),
    candidates: peers.map((peer, slot) => newCandidate(slot, peer, noPath)),
    lists: routers.map(() => []),
    best: routers.map(() => null),
    bestPath: new Int32Array(routers.length),
    open: new Uint8Array(slots),
    summarised: new Uint8Array(routers.length),
    defaults: new Map(),
    ownResolution: peers.map(() => null),
    queue: createQueue(),
    prefix,
    arrivals: 0,
    events: 0,
    throughBgp: false,
    touched: [],
    isTouched: new Uint8Array(routers.length),
  };
}

/** Stands in a slot's candidate until something arrives; never looked at. */
const noPath = { id: 0 } as Path;

export function routerAt(topology: Topology, node: number | undefined): Router {
  const router = topology.routers[node ?? -1];
  if (!router) throw new Error(`no router at node ${node}`);
  return router;
}

function newCandidate(slot: number, peer: Candidate['peer'], path: Path): SlotCandidate {
  return { slot, path, peer, invalid: null, igpMetric: 0, selected: false, arrival: 0 };
}

/** Forgets the prefix before and begins with this one; no router is up yet. */
export function beginPrefix(engine: Engine, prefix: Prefix): void {
  for (const node of engine.touched) {
    const list = engine.lists[node];
    if (list) for (const candidate of list) candidate.selected = false;
    if (list) list.length = 0;
    engine.best[node] = null;
    engine.bestPath[node] = 0;
    engine.isTouched[node] = 0;
    for (const group of engine.groups[node] ?? []) {
      group.sent = 0;
      group.from = null;
    }
  }
  engine.touched.length = 0;
  engine.received.fill(0);
  engine.sent.fill(0);
  engine.inList.fill(0);
  engine.open.fill(0);
  engine.summarised.fill(0);
  engine.defaults.clear();
  engine.queue.head = engine.queue.tail = 0;
  engine.prefix = prefix;
  engine.arrivals = 0;
  engine.events = 0;
  engine.throughBgp = false;
}

/** Empties everything that refers to a path, so that the paths can be forgotten. */
export function clearEngine(engine: Engine): void {
  beginPrefix(engine, engine.prefix);
  for (const candidate of engine.candidates) candidate.path = noPath;
  for (const { answers } of engine.importClasses) answers.known.clear();
  for (const groups of engine.groups) for (const group of groups) group.class.answers.known.clear();
}

/** Puts a path of the router's own into its table; the caller lets it decide afterwards. */
export function addLocal(
  engine: Engine,
  node: number,
  path: Path,
  invalid: string | null = null,
): SlotCandidate {
  const candidate = newCandidate(-1, null, path);
  candidate.invalid = invalid;
  candidate.arrival = ++engine.arrivals;
  engine.lists[node]?.push(candidate);
  touch(engine, node);
  return candidate;
}

export function touch(engine: Engine, node: number): void {
  if (engine.isTouched[node] === 1) return;
  engine.isTouched[node] = 1;
  engine.touched.push(node);
}

/** Delivers the event at the head of the queue. */
export function deliver(engine: Engine, slot: number, id: number): void {
  engine.events++;
  engine.received[slot] = id;
  const node = engine.topology.owner[slot] ?? 0;
  if (placeReceived(engine, slot, node)) redecide(engine, node);
}

/** Import of what the slot received; true where the table changed. */
function placeReceived(engine: Engine, slot: number, node: number): boolean {
  const candidate = engine.candidates[slot];
  const list = engine.lists[node];
  if (!candidate || !list) return false;
  const router = routerAt(engine.topology, node);
  const path = imported(engine, slot, router);
  const present = engine.inList[slot] === 1;
  if (path === null) {
    if (!present || keepsEarlier(engine, slot, router)) return false;
    list.splice(list.indexOf(candidate), 1);
    engine.inList[slot] = 0;
    candidate.selected = false;
    return true;
  }
  if (present && candidate.path === path) return false;
  candidate.path = path;
  judgeNextHop(engine, node, router, candidate);
  if (present && !updateMovesToEnd(router.config.profile.decision)) return true;
  if (present) list.splice(list.indexOf(candidate), 1);
  candidate.arrival = ++engine.arrivals;
  list.push(candidate);
  engine.inList[slot] = 1;
  if (!present) touch(engine, node);
  return true;
}

/** Was the path refused in a way that leaves the one before in the table? */
function keepsEarlier(engine: Engine, slot: number, router: Router): boolean {
  if (!router.config.profile.quirks.loopKeepsEarlierPath) return false;
  const wire = engine.paths[engine.received[slot] ?? 0];
  const peer = engine.topology.peers[slot];
  return wire !== undefined && peer !== undefined && refusal(router, peer, wire) !== null;
}

/** What the import makes of the path a slot received; null: refused, or nothing. */
export function imported(engine: Engine, slot: number, router: Router): Path | null {
  const wire = engine.paths[engine.received[slot] ?? 0];
  const peer = engine.topology.peers[slot];
  const peerClass = engine.importClasses[slot];
  if (!wire || !peer || !peerClass || refusal(router, peer, wire) !== null) return null;
  return engine.paths[importedId(peerClass, router, peer, engine.prefix, wire)] ?? null;
}

/** Looks up the next hop of a candidate: usable or not, and how far. */
export function judgeNextHop(engine: Engine, node: number, router: Router, candidate: SlotCandidate): void {
  const resolved = resolutionOf(engine, node, router, candidate);
  candidate.invalid = resolved?.problem ?? null;
  candidate.igpMetric = resolved?.metric ?? 0;
  if (resolved?.throughBgp) engine.throughBgp = true;
  const address = candidate.path.nextHop ?? candidate.peer?.nextHop;
  // A host route cannot lead to its own next hop, unless a client of this reflector says so (bgp_nht).
  if (
    engine.prefix.length === bitsOf(engine.prefix.family) &&
    address?.value === engine.prefix.value &&
    address.family === engine.prefix.family &&
    router.config.profile.quirks.tracksNextHops &&
    !candidate.peer?.options.routeReflectorClient
  ) {
    candidate.invalid = 'the route is its own next hop';
  }
}

/** null: an unnumbered neighbour's link-local address, which needs no route. */
export function resolutionOf(
  engine: Engine,
  node: number,
  router: Router,
  candidate: SlotCandidate,
): ResolvedNextHop | null {
  const { path, peer, slot } = candidate;
  const own = path.nextHop === null;
  const known = own ? engine.ownResolution[slot] : null;
  if (known) return known;
  const address = path.nextHop ?? peer?.nextHop ?? null;
  if (address === null) return null;
  if (peer?.viaLinkLocal && peer.interface) return onLink(peer, peer.interface);
  const resolved = resolveNextHop(engine.nextHops, node, router, peer, address, engine.prefix.text);
  if (own && !resolved.throughBgp) engine.ownResolution[slot] = resolved;
  return resolved;
}

/** Straight to the neighbour; its own address stands for the link-local one. */
function onLink({ nextHop }: Peer, name: string): ResolvedNextHop {
  const gateway = nextHop?.family === 6 ? nextHop : null;
  return { problem: null, metric: 0, hops: [{ interface: name, gateway }], throughBgp: false };
}

/** Decision, and where it changed, export. */
export function redecide(engine: Engine, node: number): void {
  const router = routerAt(engine.topology, node);
  const list = engine.lists[node] ?? [];
  const before = engine.best[node] ?? null;
  const best = decide(router.process, list);
  const id = best?.path.id ?? 0;
  if (best === before && id === engine.bestPath[node]) return;
  const stood = before && standing(before.peer, engine.paths[engine.bestPath[node] ?? 0]);
  if (before) before.selected = false;
  if (best) best.selected = true;
  engine.best[node] = best;
  engine.bestPath[node] = id;
  if (router.config.profile.quirks.saysChangesOnly) sayChange(engine, router, node, best, stood);
  else for (const group of engine.groups[node] ?? []) tellGroup(engine, router, node, group, best);
}

function standing(peer: Peer | null, path: Path | undefined): Standing | null {
  return path ? { peer, path } : null;
}

/** Tells all peers of a router what they have to know now; used where something else than the best path changed. */
export function tellAll(engine: Engine, node: number): void {
  touch(engine, node);
  const router = routerAt(engine.topology, node);
  for (const group of engine.groups[node] ?? [])
    tellGroup(engine, router, node, group, engine.best[node] ?? null);
}

function tellGroup(
  engine: Engine,
  router: Router,
  node: number,
  group: ExportGroup,
  best: Candidate | null,
): void {
  const wire = groupWire(engine, router, node, group, best);
  const from = best?.peer ?? null;
  if (wire === group.sent && (wire === 0 || !group.looksAtPeer || from === group.from)) return;
  group.sent = wire;
  group.from = from;
  const { slots } = group;
  for (let i = 0; i < slots.length; i++) tellSlot(engine, router, group, slots[i] ?? 0, best, wire);
}

/** Sends to one slot what its group is told, or nothing where the rules about the single peer say so. */
export function tellSlot(
  engine: Engine,
  router: Router,
  group: ExportGroup,
  slot: number,
  best: Candidate | null,
  groupsWire: number,
): void {
  const other = engine.topology.reverse[slot] ?? 0;
  if (engine.open[slot] === 0) return;
  let wire = groupsWire;
  const peer = engine.topology.peers[slot];
  if (wire !== 0 && group.looksAtPeer && best && peer && loopsToPeer(router, peer, best) !== null) wire = 0;
  if (engine.sent[slot] === wire) return;
  engine.sent[slot] = wire;
  engine.queue.push(other, wire);
}

/** What a group is told of a best path, as a number; 0: nothing. */
export function groupWire(
  engine: Engine,
  router: Router,
  node: number,
  group: ExportGroup,
  best: Candidate | null,
): number {
  const { peer } = group;
  if (router.config.profile.quirks.originatesOnly) return announcedTo(router, peer, engine.prefix)?.id ?? 0;
  // `default-originate` stands instead of whatever default route the table has.
  if (engine.prefix.length === 0 && peer.options.defaultOriginate) {
    const path = engine.defaults.get(node)?.get(peer.options.defaultOriginate.policy);
    return path ? egressPath({ router, peer, from: null, keepsNextHop: false }, path).id : 0;
  }
  if (best === null || engine.summarised[node] === 1 || suppression(router, peer, best) !== null) return 0;
  // Told back to the peer it came from, a path gets the next hop that the rest of the group is told.
  const standing = peer === best.peer ? (engine.topology.peers[group.slots[1] ?? -1] ?? peer) : peer;
  return exportedId(group.class, engine.prefix, best.peer, named(router, standing, best));
}
