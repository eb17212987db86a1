import type { Prefix } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import type { Policy } from '../../bgp/policy/types.ts';
import { type Candidate, SECOND } from '../../bgp/rib/candidate.ts';
import type { Router } from '../../bgp/router.ts';
import type { EventQueue } from '../compact/event-queue.ts';
import type { SparseList } from '../compact/sparse-list.ts';
import type { Met } from '../dependencies.ts';
import type { Flat } from '../flat/layout.ts';
import type { NextHops, ResolvedNextHop } from '../kernel/next-hops.ts';
import type { ExportGroup } from '../peers/export-groups.ts';
import type { PeerClass, PeerClasses } from '../peers/peer-classes.ts';
import type { SharedAs } from '../peers/update-groups.ts';
import type { LanesByNode } from './add-path.ts';
import type { Damping } from './flaps.ts';
import type { Outcomes } from './outcomes.ts';
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
  /** By slot: what was told of each path, see `told-by-path.ts`. */
  readonly toldByPath: Map<number, Map<string, number>>;
  /** Nodes that waited for the kernel before the present moment, see `keepsSilent`. */
  readonly waiting: Set<number>;
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

/** The classes of what slots import: most kinds of peers have one for all of them. */
export interface ImportClasses {
  readonly byKind: readonly (PeerClass | undefined)[];
  readonly bySlot: SparseList<PeerClass>;
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

/** Something is written for the slot: it will be cleared before the next prefix. */
export function noteSlot(engine: Engine, slot: number): void {
  if (engine.isNoted[slot] === 1) return;
  engine.isNoted[slot] = 1;
  engine.noted.push(slot);
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
