import type { PathStore } from '../../bgp/path-store.ts';
import type { RouterContext } from '../../bgp/router.ts';
import type { NodeSet } from '../compact/node-set.ts';
import type { Engine, SlotCandidate } from '../engine/engine.ts';
import type { ExportGroup } from '../peers/export-groups.ts';
import type { BestPlan } from './best-table.ts';
import {
  FOR_GOOD,
  G,
  GROUP_CELLS,
  N,
  NODE_CELLS,
  ONE_BY_ONE,
  S,
  SLOT_CELLS,
  SPARES_SOURCE,
  TOLD,
} from './cells.ts';
import { type Classes, forgetClasses } from './classes.ts';
import type { Numbers } from './numbers.ts';
import type { Restored, Told } from './restore.ts';
import type { Slab } from './slab.ts';
import type { Twins } from './twins.ts';

/**
 * The engine's tables as numbers only: what every delivery looks at lies in one line of the processor's cache per slot and one per
 * router. Paths are pairs of numbers, AS_PATH and attributes (plus one; 0: no path); a `Path` is made only where a policy asks.
 * `Engine` is the reference: it says the same, prefix by prefix, and holds the tables that are shown.
 */
export interface Flat {
  readonly engine: Engine;
  readonly context: RouterContext;
  readonly store: PathStore;
  /** Session slots; behind them lie the routers' own paths of the prefix at hand. */
  readonly slots: number;
  /** `SLOT_CELLS` numbers per slot, see `S`. */
  cells: Int32Array;
  /** `NODE_CELLS` numbers per router, see `N`. */
  readonly nodes: Int32Array;
  /** `GROUP_CELLS` numbers per export group, see `G`. */
  readonly groups: Int32Array;
  readonly exportGroups: readonly ExportGroup[];
  /** By place of a group: the slots told, and those at the other end. */
  readonly tellers: Int32Array;
  readonly hearers: Int32Array;
  /** By slot: its place among the tellers. */
  readonly placeOf: Int32Array;
  /** (source slot, group of its router) → what the group is told, see `LEAD_CELLS` and `answers.ts`. */
  readonly leads: Int32Array;
  /** For groups whose peers are told one by one: what each was told and from which path, four numbers per slot. */
  readonly told: Int32Array;
  readonly numbers: Numbers;
  readonly classes: Classes;
  /** Next hops of all sessions: a host route for one of these is judged by the engine. */
  nextHops: ReadonlySet<string> | null;
  /** By router: the place that counts as selected; else -1. As the engine's `selected`, see `together.ts`. */
  readonly selected: Int32Array;
  /** Routers whose choice of this round is not that, and how many. */
  readonly unsettled: Int32Array;
  unsettledCount: number;
  /** By router: 1 where it is one of these. */
  readonly isUnsettled: Uint8Array;
  /** By place behind the slots: the routers' own paths of the prefix. */
  readonly locals: SlotCandidate[];
  /** By router: 1 where the next hops of its peers have been looked up. */
  readonly asked: Uint8Array;
  /** The routers that the prefix has reached, in that order, and how many. */
  readonly touched: Int32Array;
  reached: number;
  /** Four numbers per event: the places of the first hearer and behind the last one, AS_PATH and attributes. */
  queue: Int32Array;
  head: number;
  tail: number;
  /** Number of the prefix at hand: what a router holds from another is void. */
  epoch: number;
  /** Arrivals rise from prefix to prefix; those above `base` are of this one. */
  arrivals: number;
  base: number;
  events: number;
  /** One bit per slot: it holds a path. */
  readonly holding: Uint32Array;
  /** Every path that was taken was judged by its next hop once and for all, or has another one than its sender. */
  judgedOnce: boolean;
  /** The routers that took a path with another next hop. */
  readonly foreign: NodeSet;
  /** No router asks when a path came: what comes later may be compared with what is there. */
  readonly ageless: boolean;
  /** How settled prefixes are kept; null: they are not. */
  plan: BestPlan | null;
  /** Where the tables that are kept come from. */
  readonly fibs: Slab<Uint32Array>;
  readonly holdings: Slab<Uint32Array>;
  /** By router: what it installs after a failure, where the prefix at hand has reached it. */
  readonly installed: Uint32Array;
  /** Something was or was not told for what had been told before: the best paths do not say it all. */
  storied: boolean;
  /** The settled tables that are gone on from; null: the prefix begins from nothing. */
  restored: Restored | null;
  was: Told | null;
  /** Something came up that only the engine knows. */
  failed: boolean;
  /** Routers that do as one; undefined: nobody has looked for them, null: there are none. */
  allTwins: Twins | null | undefined;
  /** The same, or null where each router is to do for itself about the prefix at hand. */
  twins: Twins | null;
  /** Groups of theirs of which each router does for itself about it. */
  alone: readonly number[];
  /** What came up was that these groups of theirs do not do as one. */
  strays: readonly number[];
  /** An answer of more than one number: the AS_PATH. */
  asPath: number;
}

/** The prefix at hand is another. */
export function beginFlat(flat: Flat): void {
  flat.epoch++;
  if (flat.arrivals > 1 << 29) {
    flat.arrivals = 0;
    for (let c = S.arrival; c < flat.cells.length; c += SLOT_CELLS) flat.cells[c] = 0;
  }
  flat.base = flat.arrivals;
  flat.reached = 0;
  flat.locals.length = 0;
  flat.head = flat.tail = 0;
  for (let i = 0; i < flat.unsettledCount; i++) flat.isUnsettled[flat.unsettled[i] ?? 0] = 0;
  flat.unsettledCount = 0;
  flat.events = 0;
  flat.failed = false;
  flat.holding.fill(0);
  flat.judgedOnce = true;
  flat.foreign.fill(0);
  flat.storied = false;
  flat.restored = null;
  flat.twins = null;
  flat.alone = flat.strays = noGroups;
}

const noGroups: readonly number[] = [];

/** The first thing that reaches a router: it holds nothing yet. */
export function beginNode(flat: Flat, node: number): void {
  const { nodes } = flat;
  const n = node * NODE_CELLS;
  const flags = nodes[n + N.flags] ?? 0;
  nodes[n + N.epoch] = flat.epoch;
  nodes[n + N.head] = -1;
  nodes[n + N.tail] = -1;
  nodes[n + N.count] = 0;
  nodes[n + N.best] = -1;
  flat.selected[node] = -1;
  nodes[n + N.bestAsPath] = 0;
  nodes[n + N.bestAttributes] = 0;
  nodes[n + N.flags] = flags & FOR_GOOD;
  nodes[n + N.matches] = 0;
  flat.touched[flat.reached++] = node;
  if ((flags & TOLD) !== 0) forgetTold(flat, n);
}

/** What the groups of a router (at `n`) were told in the prefix before is void. Most routers tell nobody about most prefixes. */
function forgetTold(flat: Flat, n: number): void {
  const { nodes, groups } = flat;
  for (let group = nodes[n + N.groupStart] ?? 0; group < (nodes[n + N.groupEnd] ?? 0); group++) {
    const g = group * GROUP_CELLS;
    groups[g + G.sent] = 0;
    groups[g + G.had] = 0;
    groups[g + G.told] = 0;
    groups[g + G.from] = -2;
    if (((groups[g + G.flags] ?? 0) & (ONE_BY_ONE | SPARES_SOURCE)) !== ONE_BY_ONE) continue;
    for (let at = groups[g + G.start] ?? 0; at < (groups[g + G.end] ?? 0); at++) {
      const t = 4 * (flat.tellers[at] ?? 0);
      flat.told.fill(0, t, t + 4);
    }
  }
}

/** Room behind the slots for a router's own path; the answer is its place. */
export function localPlace(flat: Flat, node: number, candidate: SlotCandidate): number {
  const place = flat.slots + flat.locals.length;
  flat.locals.push(candidate);
  if ((place + 1) * SLOT_CELLS > flat.cells.length) {
    const cells = new Int32Array(flat.cells.length + 64 * SLOT_CELLS);
    cells.set(flat.cells);
    flat.cells = cells;
  }
  flat.cells[place * SLOT_CELLS + S.owner] = node;
  return place;
}

/** What the hearers from place `start` to before `end` will be told. */
export function push(flat: Flat, start: number, end: number, asPath: number, attributes: number): void {
  if (start === end) return;
  const { queue } = flat;
  const at = flat.tail % queue.length;
  queue[at] = start;
  queue[at + 1] = end;
  queue[at + 2] = asPath;
  queue[at + 3] = attributes;
  flat.tail += 4;
  if (flat.tail - flat.head === queue.length) growQueue(flat);
}

function growQueue(flat: Flat): void {
  const { queue, head } = flat;
  const longer = new Int32Array(queue.length * 2);
  const from = head % queue.length;
  longer.set(queue.subarray(from));
  longer.set(queue.subarray(0, from), queue.length - from);
  flat.queue = longer;
  flat.head = 0;
  flat.tail = queue.length;
}

/** Numbers of paths are about to stand for others, those of attributes only if `attributesToo`. */
export function forgetFlat(flat: Flat, attributesToo: boolean): void {
  forgetClasses(flat.classes, attributesToo);
  for (let g = G.pathIn; g < flat.groups.length; g += GROUP_CELLS) flat.groups[g] = -1;
  flat.allTwins?.setOfAsPath.fill(0);
  if (!attributesToo) return;
  flat.numbers.flags.fill(0);
  flat.leads.fill(0);
  for (let c = S.quiet; c < flat.cells.length; c += SLOT_CELLS) flat.cells[c] = 0;
  for (let n = N.choiceCount; n < flat.nodes.length; n += NODE_CELLS) flat.nodes[n] = 0;
}
