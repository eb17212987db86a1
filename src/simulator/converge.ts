import type { Prefix } from '../base/ip.ts';
import type { Path } from '../bgp/attributes.ts';
import type { Defaults } from './dependencies.ts';
import {
  addLocal,
  beginPrefix,
  deliver,
  type Engine,
  groupWire,
  redecide,
  routerAt,
  tellAll,
  tellSlot,
} from './engine.ts';

/** What each router makes itself for one prefix, by node. */
export type Origins = ReadonlyMap<number, readonly Path[]>;

/** What lies on a prefix beside its origins. */
export interface Circumstances {
  readonly origins: Origins;
  /** `network` statements without a route behind them: in the table, and unusable. */
  readonly idle: ReadonlyMap<number, readonly { readonly path: Path; readonly why: string }[]>;
  /** Routers whose summary-only aggregate covers the prefix. */
  readonly summarisedAt: readonly number[];
  /** For the default route: what `default-originate` sends, by node. */
  readonly defaults: Defaults;
}

/**
 * In which order things happen. 'together': every router is up and announces in the order of `nodes`. 'one-by-one': each
 * router starts, and everything settles, before the next one starts.
 */
export interface StartOrder {
  readonly mode: 'together' | 'one-by-one';
  readonly nodes: readonly number[];
}

/** null: settled. Otherwise the routers that went on changing their minds. */
export type Oscillation = { readonly nodes: readonly number[]; readonly repeats: boolean } | null;

/** Runs one prefix to its end; the engine then holds the tables of this prefix. */
export function convergePrefix(
  engine: Engine,
  prefix: Prefix,
  { origins, idle, summarisedAt, defaults }: Circumstances,
  order: StartOrder,
): Oscillation {
  beginPrefix(engine, prefix);
  for (const node of summarisedAt) engine.summarised[node] = 1;
  for (const [node, paths] of defaults) engine.defaults.set(node, paths);
  for (const [node, made] of idle) for (const { path, why } of made) addLocal(engine, node, path, why);
  if (order.mode === 'together') {
    engine.up.fill(1);
    const starting = order.nodes.filter((node) => origins.has(node));
    for (const node of starting) for (const path of origins.get(node) ?? []) addLocal(engine, node, path);
    for (const node of starting) redecide(engine, node);
    for (const node of defaults.keys()) tellAll(engine, node);
    return drain(engine);
  }
  for (const node of order.nodes) {
    startRouter(engine, node, origins.get(node) ?? []);
    const oscillation = drain(engine);
    if (oscillation) return oscillation;
  }
  return null;
}

/** The router comes up: its neighbours tell it what they have, and it announces its own. */
function startRouter(engine: Engine, node: number, paths: readonly Path[]): void {
  const { slotStart, reverse, owner } = engine.topology;
  engine.up[node] = 1;
  for (let slot = slotStart[node] ?? 0; slot < (slotStart[node + 1] ?? 0); slot++) {
    const far = reverse[slot] ?? 0;
    const neighbor = owner[far] ?? 0;
    const best = engine.best[neighbor] ?? null;
    const group = engine.groups[neighbor]?.find(({ slots }) => slots.includes(far));
    if (engine.up[neighbor] === 0 || !group) continue;
    const router = routerAt(engine.topology, neighbor);
    tellSlot(engine, router, group, far, best, groupWire(engine, router, neighbor, group, best));
  }
  for (const path of paths) addLocal(engine, node, path);
  if (paths.length > 0) redecide(engine, node);
  if (engine.defaults.has(node)) tellAll(engine, node);
}

/** Deliveries per slot after which a prefix is taken to go round in circles; ordinary ones need fewer than ten. */
const EVENTS_PER_SLOT = 50;
const EVENTS_AT_LEAST = 5000;
const ROUNDS_WATCHED = 500;
/** Where every answer makes more than one new question the rounds grow without end. */
const ROUND_AT_MOST = 20_000;

function drain(engine: Engine): Oscillation {
  const { queue } = engine;
  const limit = engine.events + Math.max(EVENTS_AT_LEAST, EVENTS_PER_SLOT * engine.topology.peers.length);
  while (queue.head !== queue.tail) {
    if (engine.events >= limit) return watchCycle(engine);
    deliverNext(engine);
  }
  return null;
}

function deliverNext(engine: Engine): void {
  const { queue } = engine;
  const at = queue.head++ & (queue.slots.length - 1);
  deliver(engine, queue.slots[at] ?? 0, queue.paths[at] ?? 0);
}

/** Delivers round by round until a state comes back; remembers who changed on the way. */
function watchCycle(engine: Engine): Oscillation {
  const { queue } = engine;
  const seen = new Set<string>();
  const changing = new Set<number>();
  for (let round = 0; round < ROUNDS_WATCHED && queue.tail - queue.head < ROUND_AT_MOST; round++) {
    const state = stateKey(engine);
    if (seen.has(state)) return { nodes: [...changing].sort((a, b) => a - b), repeats: true };
    seen.add(state);
    const before = engine.bestPath.slice();
    for (let waiting = queue.tail - queue.head; waiting > 0; waiting--) deliverNext(engine);
    before.forEach((path, node) => {
      if (path !== engine.bestPath[node]) changing.add(node);
    });
    if (queue.head === queue.tail) return null;
  }
  return { nodes: [...changing].sort((a, b) => a - b), repeats: false };
}

/** Everything that decides what comes next: what is best where, what was received, what is under way. */
function stateKey({ bestPath, received, queue }: Engine): string {
  const mask = queue.slots.length - 1;
  const waiting: number[] = [];
  for (let i = queue.head; i < queue.tail; i++)
    waiting.push(queue.slots[i & mask] ?? 0, queue.paths[i & mask] ?? 0);
  return `${bestPath.join()};${received.join()};${waiting.join()}`;
}
