import { bitsOf, type Prefix } from '../base/ip.ts';
import { announcedTo } from '../bgp/announce.ts';
import { holdsAs } from '../bgp/as-path.ts';
import { type Path, pathWith } from '../bgp/attributes.ts';
import type { Standing } from '../bgp/change.ts';
import { egressPath } from '../bgp/egress.ts';
import { leadsToPeer, loopsToPeer, named, suppression } from '../bgp/export.ts';
import { expectedFirstAs, loopAs, refusal } from '../bgp/import.ts';
import type { Peer } from '../bgp/peer.ts';
import type { Policy } from '../bgp/policy/types.ts';
import { type Candidate, SECOND } from '../bgp/rib/candidate.ts';
import { better, decide, updateMovesToEnd } from '../bgp/rib/decide.ts';
import type { Router } from '../bgp/router.ts';
import { clearLanes, createLanes, type LanesByNode, tellLanes } from './add-path.ts';
import { hashesAlike } from './alike.ts';
import { sayChange } from './changes.ts';
import { conditionally } from './conditional.ts';
import type { Met } from './dependencies.ts';
import { createQueue, type EventQueue } from './event-queue.ts';
import {
  type ExportGroup,
  exportGroups,
  forgetLead,
  knownLead,
  noteLead,
  SUPPRESSED,
} from './export-groups.ts';
import { notInstalled } from './fib.ts';
import { type Flat, forgetFlat } from './flat/layout.ts';
import { type NextHops, type ResolvedNextHop, resolveNextHop } from './next-hops.ts';
import { createOutcomes, forgetOutcomes, type Outcomes } from './outcomes.ts';
import {
  exportedAnswer,
  exportedId,
  forgetAnswers,
  importClass,
  importedAnswer,
  importedId,
  type PeerClass,
  type PeerClasses,
} from './peer-classes.ts';
import { resolveInTable } from './table/resolve.ts';
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
  /** All classes of its peers. */
  readonly classes: PeerClasses;
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
  /** By slot: the best path that what was sent was made from, where the daemon suppresses what looks alike. */
  readonly toldFrom: Int32Array;
  /** By slot: both ends are up, what is sent arrives. */
  readonly open: Uint8Array;
  /** What all of `open` holds; null once single slots were opened. */
  openness: 0 | 1 | null;
  /** Slots with something in `received`, `sent` or `inList`, for clearing up. */
  readonly noted: number[];
  readonly isNoted: Uint8Array;
  /** Per slot: the AS whose presence is all that refuses an ordinary path there, see `loopAs`; 0: more is asked. */
  readonly loopAs: Uint32Array;
  /** And the first AS an ordinary path has to have there; 0: any. */
  readonly firstAs: Uint32Array;
  /** Per router: says its best path to all alike, as the updates of RFC 4271 do; no habit of its own. */
  readonly plainTeller: Uint8Array;
  /** Per slot: `invalid` and `igpMetric` of the candidate are those of the peer's own address, the same for every prefix. */
  readonly judged: Uint8Array;
  /** Per router: a best path can be told from the best before (see `better`), as long as all MEDs are the same. */
  readonly ordered: Uint8Array;
  /** Per router: they are. */
  readonly sameMed: Uint8Array;
  /** Per router: an aggregate with summary-only keeps the prefix from all its peers. */
  readonly summarised: Uint8Array;
  /** Paths of `default-originate` by router, while the prefix is the default route; the caller fills it. */
  readonly defaults: Map<number, ReadonlyMap<Policy | null, Path>>;
  /** Conditions of `advertise-map` that are met, by router; and slots that have their fill. Both for the prefix it holds. */
  met: Met;
  full: readonly number[];
  /** Per slot: the resolution of the peer's own address. */
  readonly ownResolution: (ResolvedNextHop | null)[];
  readonly outcomes: Outcomes;
  readonly queue: EventQueue;
  readonly lanes: LanesByNode;
  /** More paths were to be told over one session than are followed. */
  lanesShort: boolean;
  /** The same in numbers only (`flat/`), made when first asked for; 'never': not for this network. */
  flat: Flat | 'never' | null;
  prefix: Prefix;
  isHostRoute: boolean;
  arrivals: number;
  events: number;
  /** A next hop was, or could have been, resolved by a BGP route. */
  throughBgp: boolean;
  /** Groups that were told something, for clearing up. */
  readonly told: ExportGroup[];
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
    classes,
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
    toldFrom: new Int32Array(slots),
    openness: 0,
    noted: [],
    isNoted: new Uint8Array(slots),
    loopAs: Uint32Array.from(peers, (peer, slot) => loopAs(routerAt(topology, owner[slot]), peer)),
    firstAs: Uint32Array.from(peers, (peer, slot) => expectedFirstAs(routerAt(topology, owner[slot]), peer)),
    plainTeller: Uint8Array.from(routers, (router) => (router && isPlainTeller(router) ? 1 : 0)),
    judged: new Uint8Array(slots),
    ordered: Uint8Array.from(routers, (router, node) =>
      router && isOrdered(topology, router, node) ? 1 : 0,
    ),
    sameMed: new Uint8Array(routers.length),
    summarised: new Uint8Array(routers.length),
    defaults: new Map(),
    met: new Map(),
    full: [],
    ownResolution: peers.map(() => null),
    outcomes: createOutcomes(topology),
    queue: createQueue(),
    lanes: createLanes(topology, groups),
    lanesShort: false,
    flat: null,
    prefix,
    isHostRoute: false,
    arrivals: 0,
    events: 0,
    throughBgp: false,
    told: [],
    touched: [],
    isTouched: new Uint8Array(routers.length),
  };
}

/** Peers without an address (unnumbered) tie with all others in the last step, which then orders nothing. */
function isOrdered({ peers, slotStart, lanes }: Topology, { process }: Router, node: number): boolean {
  // Paths of one peer tie as well, and whoever sends several looks at all of them.
  if (!process.orders || lanes.size > 0) return false;
  for (let slot = slotStart[node] ?? 0; slot < (slotStart[node + 1] ?? 0); slot++)
    if (!peers[slot]?.address) return false;
  return true;
}

function isPlainTeller({ bgp, config }: Router): boolean {
  const { saysChangesOnly, originatesOnly } = config.profile.quirks;
  return !saysChangesOnly && !originatesOnly && !bgp.suppressFibPending;
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

/** Time passes: what arrives from now on is younger for daemons that count seconds. */
export function nextSecond(engine: Engine): void {
  engine.arrivals = (Math.floor(engine.arrivals / SECOND) + 1) * SECOND;
}

/** Forgets the prefix before and begins with this one, with all sessions open or none. */
export function beginPrefix(engine: Engine, prefix: Prefix, open: 0 | 1 = 0): void {
  for (const node of engine.touched) {
    const list = engine.lists[node];
    if (list) for (const candidate of list) candidate.selected = false;
    if (list) list.length = 0;
    engine.best[node] = null;
    engine.bestPath[node] = 0;
    engine.isTouched[node] = 0;
    engine.sameMed[node] = 0;
  }
  engine.touched.length = 0;
  for (const group of engine.told) {
    group.sent = 0;
    group.from = null;
  }
  engine.told.length = 0;
  for (const slot of engine.noted)
    engine.received[slot] = engine.sent[slot] = engine.inList[slot] = engine.isNoted[slot] = 0;
  engine.noted.length = 0;
  if (engine.topology.lanes.size > 0) clearLanes(engine);
  engine.summarised.fill(0);
  engine.defaults.clear();
  engine.queue.head = engine.queue.tail = 0;
  openAll(engine, open);
  engine.prefix = prefix;
  engine.isHostRoute = prefix.length === bitsOf(prefix.family);
  engine.arrivals = 0;
  engine.events = 0;
  engine.throughBgp = false;
}

function openAll(engine: Engine, open: 0 | 1): void {
  if (engine.openness !== open) engine.open.fill(open);
  engine.openness = open;
}

/** Something is written for the slot: it will be cleared before the next prefix. */
export function noteSlot(engine: Engine, slot: number): void {
  if (engine.isNoted[slot] === 1) return;
  engine.isNoted[slot] = 1;
  engine.noted.push(slot);
}

/** Empties everything that refers to a path, so that the paths can be forgotten. */
export function clearEngine(engine: Engine, attributesToo: boolean): void {
  beginPrefix(engine, engine.prefix);
  for (const peerClass of engine.classes.values()) forgetAnswers(peerClass, attributesToo);
  if (engine.flat && engine.flat !== 'never') forgetFlat(engine.flat, attributesToo);
  if (!attributesToo) return;
  for (const groups of engine.groups) for (const group of groups) forgetLead(group);
  forgetOutcomes(engine.outcomes);
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
  noteSlot(engine, slot);
  const node = engine.topology.owner[slot] ?? 0;
  const router = routerAt(engine.topology, node);
  const candidate = engine.candidates[slot];
  const list = engine.lists[node];
  if (!candidate || !list) return;
  const path = imported(engine, slot, router);
  const present = engine.inList[slot] === 1;
  if (path === null) {
    if (!present || keepsEarlier(engine, slot, router)) return;
    list.splice(list.indexOf(candidate), 1);
    engine.inList[slot] = 0;
    candidate.selected = false;
  } else {
    if (present && candidate.path === path) return;
    place(engine, node, router, candidate, list, path);
  }
  if (!decideQuickly(engine, node, router, candidate, path)) redecide(engine, node);
}

/** Puts a learned path into the table of its router. */
function place(
  engine: Engine,
  node: number,
  router: Router,
  candidate: SlotCandidate,
  list: SlotCandidate[],
  path: Path,
): void {
  const { slot } = candidate;
  const present = engine.inList[slot] === 1;
  candidate.path = path;
  if (engine.judged[slot] !== 1 || !staysJudged(engine, path)) judgeNextHop(engine, node, router, candidate);
  if (present && !updateMovesToEnd(router.config.profile.decision)) return;
  if (present) list.splice(list.indexOf(candidate), 1);
  candidate.arrival = ++engine.arrivals;
  list.push(candidate);
  engine.inList[slot] = 1;
  if (present) return;
  candidate.selected = false;
  touch(engine, node);
}

/**
 * What follows where one candidate came, changed or went (`path` null) and the best one is another: it stays, or the challenger
 * takes its place. False where the whole list has to be looked at.
 */
function decideQuickly(
  engine: Engine,
  node: number,
  router: Router,
  challenger: SlotCandidate,
  path: Path | null,
): boolean {
  const before = engine.best[node] ?? null;
  if (before === null || before === challenger || engine.ordered[node] === 0 || engine.sameMed[node] === 0)
    return false;
  if (path === null) return true;
  if (path.med !== before.path.med) return false;
  const best = better(router.process, challenger, before);
  if (best !== before) choose(engine, node, router, best);
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
  if (!wire || !peer || !peerClass) return null;
  const asn = engine.loopAs[slot] ?? 0;
  if (asn === 0 || wire.nextHop !== null || wire.asPath.rest === null) {
    if (refusal(router, peer, wire) !== null) return null;
    return engine.paths[importedId(peerClass, router, peer, engine.prefix, wire)] ?? null;
  }
  if (holdsAs(wire.asPath, asn)) return null;
  const first = engine.firstAs[slot] ?? 0;
  if (first !== 0 && first !== wire.asPath.neighborAs) return null;
  return engine.paths[importedAnswer(peerClass, router, peer, engine.prefix, wire)] ?? null;
}
/** Looks up the next hop of a candidate: usable or not, and how far. */
export function judgeNextHop(engine: Engine, node: number, router: Router, candidate: SlotCandidate): void {
  const { slot, path } = candidate;
  const resolved = resolutionOf(engine, node, router, candidate);
  if (router.config.table) {
    candidate.unresolved = resolved?.problem ?? null;
    candidate.hops = resolved?.hops ?? [];
    candidate.igpMetric = resolved?.metric ?? 0;
    if (resolved?.throughBgp) engine.throughBgp = true;
    return;
  }
  if (slot >= 0)
    engine.judged[slot] = staysJudged(engine, path) && resolved === engine.ownResolution[slot] ? 1 : 0;
  candidate.invalid = resolved?.problem ?? null;
  candidate.igpMetric = resolved?.metric ?? 0;
  if (resolved?.throughBgp) engine.throughBgp = true;
  const address = candidate.path.nextHop ?? candidate.peer?.nextHop;
  // A host route cannot lead to its own next hop, unless a client of this reflector says so (bgp_nht).
  if (
    engine.isHostRoute &&
    address?.value === engine.prefix.value &&
    address.family === engine.prefix.family &&
    router.config.profile.quirks.tracksNextHops &&
    !candidate.peer?.options.routeReflectorClient
  ) {
    candidate.invalid = 'the route is its own next hop';
  }
}

/** Does the judgement of a path hang on its peer alone? */
function staysJudged({ isHostRoute }: Engine, { nextHop, destination }: Path): boolean {
  return nextHop === null && !isHostRoute && (destination ?? null) === null;
}

/** null: an unnumbered neighbour's link-local address, which needs no route. */
export function resolutionOf(
  engine: Engine,
  node: number,
  router: Router,
  candidate: SlotCandidate,
): ResolvedNextHop | null {
  const { path, peer, slot } = candidate;
  if (router.config.table) return peer ? resolveInTable(engine.nextHops, node, router, peer, path) : null;
  const own = path.nextHop === null;
  const known = own ? engine.ownResolution[slot] : null;
  if (known) return known;
  const address = path.nextHop ?? peer?.nextHop ?? null;
  if (address === null) return null;
  if (peer?.interface && (peer.viaLinkLocal || isOwnRoute(peer, path))) return onLink(peer, peer.interface);
  const resolved = resolveNextHop(engine.nextHops, node, router, peer, address, engine.prefix);
  if (own && !resolved.throughBgp) engine.ownResolution[slot] = resolved;
  return resolved;
}

/** An internal peer's own IPv6 route whose next hop is somebody else: the link-local address that came along is the peer's. */
function isOwnRoute({ ownViaLinkLocal }: Peer, { nextHop, asPath, originatorId }: Path): boolean {
  return ownViaLinkLocal === true && nextHop !== null && asPath.count === 0 && originatorId === null;
}

/** Straight to the neighbour; its own address stands for the link-local one. */
function onLink({ nextHop }: Peer, name: string): ResolvedNextHop {
  const gateway = nextHop?.family === 6 ? nextHop : null;
  return { problem: null, metric: 0, hops: [{ interface: name, gateway }], throughBgp: false };
}

/** Decision over the whole list, and where it changed, export. */
export function redecide(engine: Engine, node: number): void {
  const router = routerAt(engine.topology, node);
  const list = engine.lists[node] ?? [];
  const best = decide(router.process, list);
  engine.sameMed[node] = best !== null && haveMed(list, best.path.med) ? 1 : 0;
  const id = best?.path.id ?? 0;
  if (best !== (engine.best[node] ?? null) || id !== engine.bestPath[node])
    choose(engine, node, router, best);
  if (engine.lanes[node]) tellLanes(engine, node);
}

function haveMed(list: readonly SlotCandidate[], med: number | null): boolean {
  for (let i = 0; i < list.length; i++) if (list[i]?.path.med !== med) return false;
  return true;
}

/** Makes a candidate the best one and tells the neighbours. */
function choose(engine: Engine, node: number, router: Router, best: SlotCandidate | null): void {
  const before = engine.best[node] ?? null;
  const saysChangesOnly = engine.plainTeller[node] === 0 && router.config.profile.quirks.saysChangesOnly;
  const stood =
    saysChangesOnly && before ? standing(before.peer, engine.paths[engine.bestPath[node] ?? 0]) : null;
  if (before) before.selected = false;
  if (best) best.selected = true;
  engine.best[node] = best;
  engine.bestPath[node] = best?.path.id ?? 0;
  if (saysChangesOnly) sayChange(engine, router, node, best, stood);
  else tellGroups(engine, router, node, best);
}

function tellGroups(engine: Engine, router: Router, node: number, best: Candidate | null): void {
  const groups = engine.groups[node] ?? [];
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i];
    if (group) tellGroup(engine, router, node, group, best);
  }
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
  if (engine.lanes[node]) tellLanes(engine, node);
}

/** The group is told something: what it was told will be cleared before the next prefix. */
export function noteTold(engine: Engine, group: ExportGroup): void {
  if (group.sent === 0) engine.told.push(group);
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
  noteTold(engine, group);
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
  if (engine.open[slot] === 0 || (engine.topology.lanes.size > 0 && engine.topology.lanes.has(slot))) return;
  let wire = groupsWire;
  if (wire !== 0 && group.looksAtPeer && best) {
    const peer = engine.topology.peers[slot];
    // What `default-originate` sends comes from nobody, whatever default route the table has.
    const own = engine.prefix.length === 0 && peer?.options.defaultOriginate;
    if (
      peer &&
      !own &&
      (loopsToPeer(router, peer, best) !== null || leadsToPeer(router, peer, engine.paths[wire]))
    )
      wire = 0;
  }
  if (engine.full.length > 0 && engine.full.includes(slot)) wire = 0;
  if (engine.sent[slot] === wire) return;
  if (group.suppressesAlike && best) {
    if (hashesAlike(engine, slot, wire, best.path)) return;
    engine.toldFrom[slot] = best.path.id;
  }
  engine.sent[slot] = wire;
  noteSlot(engine, slot);
  engine.queue.push(engine.topology.reverse[slot] ?? 0, wire);
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
  if (engine.plainTeller[node] === 0 && router.config.profile.quirks.originatesOnly)
    return announcedTo(router, peer, engine.prefix)?.id ?? 0;
  // `default-originate` stands instead of whatever default route the table has.
  if (engine.prefix.length === 0 && peer.options.defaultOriginate) {
    const path = engine.defaults.get(node)?.get(peer.options.defaultOriginate.policy);
    return path ? egressPath({ router, peer, from: null, keepsNextHop: false }, path).id : 0;
  }
  if (best === null || (engine.plainTeller[node] === 0 && waitsForKernel(engine, node, router, best)))
    return 0;
  if (engine.summarised[node] === 1) {
    const lead = group.unsuppressed && offered(engine, router, group, best);
    return lead && group.unsuppressed ? exportedId(group.unsuppressed, engine.prefix, best.peer, lead) : 0;
  }
  if (group.conditional) {
    const told = conditionally(engine.met, node, router, group, engine.prefix, best);
    if (told === 'withheld') return 0;
    const lead = told && offered(engine, router, group, told);
    if (told) return lead === null ? 0 : exportedId(group.conditional, engine.prefix, best.peer, lead);
  }
  const known = knownLead(group, best.peer, best.path);
  if (known === SUPPRESSED) return 0;
  const { path, peer: from } = best;
  if (known >= 0) {
    const lead = known === path.attributes ? path : pathWith(router.context.store, path.asPath, known);
    return exportedAnswer(group.class, engine.prefix, from, lead, group.leadKind);
  }
  const lead = offered(engine, router, group, best);
  return lead === null ? 0 : exportedId(group.class, engine.prefix, from, lead);
}

/** `bgp suppress-fib-pending`: what zebra never installs, having a better route or a policy against it, is never told. */
function waitsForKernel(
  { nextHops, prefix }: Engine,
  node: number,
  router: Router,
  best: Candidate,
): boolean {
  if (!router.bgp.suppressFibPending || best.peer === null) return false;
  const why = notInstalled(router, best, prefix, nextHops.tables[node]?.routes.get(prefix.text));
  return why !== null && (why.kind === 'distance' || why.kind === 'policy');
}

/** The path on its way to a group, before policy; null: none of its peers is told. */
function offered({ topology }: Engine, router: Router, group: ExportGroup, best: Candidate): Path | null {
  const { path, peer: from } = best;
  const { peer } = group;
  // Told back to the peer it came from, a path gets the next hop that the rest of the group is told.
  const standing = peer === from ? (topology.peers[group.slots[1] ?? -1] ?? peer) : peer;
  const lead = suppression(router, peer, best) === null ? named(router, standing, best) : null;
  noteLead(group, router, from, path, lead);
  return lead;
}
