import { bitsOf, type Prefix } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import { expectedFirstAs, loopAs } from '../../bgp/import.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { Policy } from '../../bgp/policy/types.ts';
import { type Candidate, SECOND } from '../../bgp/rib/candidate.ts';
import type { Router } from '../../bgp/router.ts';
import { isOdd } from '../../bgp/unicast-networks.ts';
import { createQueue, type EventQueue } from '../compact/event-queue.ts';
import { SparseList } from '../compact/sparse-list.ts';
import type { Met } from '../dependencies.ts';
import { type Flat, forgetFlat } from '../flat/layout.ts';
import type { NextHops, ResolvedNextHop } from '../kernel/next-hops.ts';
import { type ExportGroup, exportGroups, forgetLead } from '../peers/export-groups.ts';
import {
  forgetAnswers,
  importClass,
  importsAlike,
  type PeerClass,
  type PeerClasses,
} from '../peers/peer-classes.ts';
import { type SharedAs, sharedAs } from '../peers/update-groups.ts';
import { clearLanes, createLanes, type LanesByNode } from './add-path.ts';
import type { Damping } from './flaps.ts';
import { createOutcomes, forgetOutcomes, type Outcomes } from './outcomes.ts';
import type { Topology } from './topology.ts';

/** A candidate that knows its session slot; local ones have -1. */
export interface SlotCandidate extends Candidate {
  readonly slot: number;
}

/** The path a node is to choose of those it has; null: none of them. */
export type Choice = (node: number, list: readonly SlotCandidate[]) => SlotCandidate | null;

/**
 * Converges one prefix at a time over arrays that are used again for the next. An event is one path number (0: withdrawn)
 * for one session slot; events are delivered first in, first out.
 */
export interface Engine {
  readonly topology: Topology;
  readonly nextHops: NextHops;
  readonly paths: readonly (Path | undefined)[];
  readonly groups: readonly (readonly ExportGroup[])[];
  readonly importClasses: ImportClasses;
  /** All classes of its peers. */
  readonly classes: PeerClasses;
  /** One class for each `Answers` of them, when there were so many. */
  answering: { readonly of: number; readonly classes: readonly PeerClass[] };
  readonly sharedAs: readonly SharedAs[];
  /** What this slot's peer sent last, and what was last sent to it, as path numbers. */
  readonly received: Int32Array;
  readonly sent: Int32Array;
  readonly inList: Uint8Array;
  /** One per slot, changed in place, made when it is first asked for (`candidateOf`). */
  readonly candidates: SparseList<SlotCandidate>;
  /** Per router, in order of arrival. */
  readonly lists: readonly SlotCandidate[][];
  readonly best: (SlotCandidate | null)[];
  readonly bestPath: Int32Array;
  /** By slot: the best path that what was sent was made from, where the daemon suppresses what looks alike. */
  readonly toldFrom: Int32Array;
  /** Per router: what it chose counts as selected from the next round on (`together.ts`). */
  readonly gathers: Uint8Array;
  /** Messages go round by round; else whatever is chosen is selected at once. */
  inRounds: boolean;
  /** Routers whose choice of this round is not the one that counts as selected. */
  readonly unsettled: number[];
  readonly isUnsettled: Uint8Array;
  /** By slot: what its update group was told, where the peer joined it later and had been told something else (see company.ts). */
  readonly missed: Map<number, number>;
  /** Routers that count the flaps of paths; null: none does; undefined: nobody has asked yet. */
  damping: Damping | null | undefined;
  /** Slots that are told for the first time and are company to nobody else yet; null: all that are up are. */
  joining: ReadonlySet<number> | null;
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
  /** What a router is made to choose among its paths, see `chosen.ts`; null: it decides. */
  choice: Choice | null;
  prefix: Prefix;
  isHostRoute: boolean;
  /** May some router take no routes to the prefix? */
  isOdd: boolean;
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
  const { routers, peers } = topology;
  const slots = peers.length;
  const groups = routers.map((router, index) =>
    router ? exportGroups(classes, topology, router, index) : [],
  );
  let [loops, firsts]: (Uint32Array | null)[] = [null, null];
  return {
    topology,
    nextHops,
    paths,
    groups,
    classes,
    answering: { of: 0, classes: [] },
    sharedAs: sharedAs(topology, groups),
    importClasses: importClasses(classes, topology),
    received: new Int32Array(slots),
    sent: new Int32Array(slots),
    inList: new Uint8Array(slots),
    candidates: new SparseList(),
    lists: routers.map(() => []),
    best: routers.map(() => null),
    bestPath: new Int32Array(routers.length),
    open: new Uint8Array(slots),
    toldFrom: new Int32Array(slots),
    gathers: Uint8Array.from(routers, (router) =>
      router?.config.profile.quirks.decidesTogether === true ? 1 : 0,
    ),
    inRounds: false,
    unsettled: [],
    isUnsettled: new Uint8Array(routers.length),
    missed: new Map(),
    damping: undefined,
    joining: null,
    openness: 0,
    noted: [],
    isNoted: new Uint8Array(slots),
    // Nobody asks for these two where all prefixes converge in numbers.
    get loopAs() {
      loops ??= bySlot(topology, loopAs);
      return loops;
    },
    get firstAs() {
      firsts ??= bySlot(topology, expectedFirstAs);
      return firsts;
    },
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
    ownResolution: new Array(slots).fill(null),
    outcomes: createOutcomes(topology),
    queue: createQueue(),
    lanes: createLanes(topology, groups),
    lanesShort: false,
    flat: null,
    choice: null,
    prefix,
    isHostRoute: false,
    isOdd: false,
    arrivals: 0,
    events: 0,
    throughBgp: false,
    told: [],
    touched: [],
    isTouched: new Uint8Array(routers.length),
  };
}

/** Peers without an address (unnumbered) tie with all others in the last step, which then orders nothing. */
function isOrdered({ peers, slotStart, lanes }: Topology, { bgp, process }: Router, node: number): boolean {
  // Paths of one peer tie as well, and whoever sends several looks at all of them.
  if (!process.orders || bgp.decision.mergesMultipath || bgp.dampening || lanes.size > 0) return false;
  for (let slot = slotStart[node] ?? 0; slot < (slotStart[node + 1] ?? 0); slot++)
    if (!peers.example(peers.kindOf(slot)).address) return false;
  return true;
}

/** A number per slot that is the same for all peers of a kind. */
function bySlot(topology: Topology, numberOf: (router: Router, peer: Peer) => number): Uint32Array {
  const { peers } = topology;
  const known = byKind(topology, numberOf);
  return new Uint32Array(peers.length).map((_, slot) => known[peers.kindOf(slot)] ?? 0);
}

/** A number per kind of peers. */
export function byKind(
  { peers, owner, routers }: Topology,
  numberOf: (router: Router, peer: Peer) => number,
): Uint32Array {
  return new Uint32Array(peers.kinds).map((_, kind) => {
    const router = routers[owner[peers.firstOf(kind)] ?? -1];
    return router ? numberOf(router, peers.example(kind)) : 0;
  });
}

/** The classes of what slots import: most kinds of peers have one for all of them. */
interface ImportClasses {
  readonly byKind: readonly (PeerClass | undefined)[];
  readonly bySlot: SparseList<PeerClass>;
}

function importClasses(classes: PeerClasses, topology: Topology): ImportClasses {
  const { peers, owner } = topology;
  const byKind: (PeerClass | undefined)[] = new Array(peers.kinds).fill(undefined);
  const bySlot = new SparseList<PeerClass>();
  for (let slot = 0; slot < peers.length; slot++) {
    const kind = peers.kindOf(slot);
    if (byKind[kind]) continue;
    const router = routerAt(topology, owner[slot]);
    const made = importClass(classes, router, peers.at(slot) ?? peers.example(kind));
    if (importsAlike(router, made.peer)) byKind[kind] = made;
    else bySlot.set(slot, made);
  }
  return { byKind, bySlot };
}

/** The class of what a slot imports. */
export function importClassOf({ importClasses, topology }: Engine, slot: number): PeerClass | undefined {
  return importClasses.byKind[topology.peers.kindOf(slot)] ?? importClasses.bySlot.get(slot);
}

/** The candidate of a slot. */
export function candidateOf({ candidates, topology }: Engine, slot: number): SlotCandidate {
  let candidate = candidates.get(slot);
  if (!candidate) {
    candidate = newCandidate(slot, topology.peers.at(slot) ?? null, noPath);
    candidates.set(slot, candidate);
  }
  return candidate;
}

function isPlainTeller({ bgp, config }: Router): boolean {
  const { saysChangesOnly, originatesOnly } = config.profile.quirks;
  return !saysChangesOnly && !originatesOnly && !bgp.suppressFibPending && !bgp.decision.mergesMultipath;
}

/** Stands in a slot's candidate until something arrives; never looked at. */
const noPath = { id: 0 } as Path;

export function routerAt(topology: Topology, node: number | undefined): Router {
  const router = topology.routers[node ?? -1];
  if (!router) throw new Error(`no router at node ${node}`);
  return router;
}

/** One shape for all of them, also those that another engine makes. */
export function newCandidate(slot: number, peer: Candidate['peer'], path: Path): SlotCandidate {
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
  engine.missed.clear();
  engine.damping?.flaps.clear();
  engine.damping?.counted.clear();
  engine.inRounds = false;
  for (const node of engine.unsettled) engine.isUnsettled[node] = 0;
  engine.unsettled.length = 0;
  if (engine.topology.lanes.size > 0) clearLanes(engine);
  engine.summarised.fill(0);
  engine.defaults.clear();
  engine.choice = null;
  engine.queue.head = engine.queue.tail = 0;
  openAll(engine, open);
  engine.prefix = prefix;
  engine.isHostRoute = prefix.length === bitsOf(prefix.family);
  engine.isOdd = isOdd(prefix);
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

/** One class for all that share their answers: few of very many. */
function answering(engine: Engine): readonly PeerClass[] {
  if (engine.answering.of !== engine.classes.size) {
    const byAnswers = new Map([...engine.classes.values()].map((one) => [one.answers, one]));
    engine.answering = { of: engine.classes.size, classes: [...byAnswers.values()] };
  }
  return engine.answering.classes;
}

/** Empties everything that refers to a path, so that the paths can be forgotten. */
export function clearEngine(engine: Engine, attributesToo: boolean): void {
  beginPrefix(engine, engine.prefix);
  for (const peerClass of answering(engine)) forgetAnswers(peerClass, attributesToo);
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
