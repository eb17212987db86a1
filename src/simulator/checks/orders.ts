import { familyNames } from '../../base/family.ts';
import { convergePrefix, type StartOrder } from '../engine/converge.ts';
import { hopNames, installedHops, usedPaths } from '../kernel/fib.ts';
import { holdPrefix } from '../result/hosts.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';

/** An order in which the fabric may come up, with the words that say which. */
export interface NamedOrder {
  readonly name: string;
  readonly order: StartOrder;
}

/** What differs under another order: at which nodes, and at the first of them what instead of what. */
export interface Difference {
  readonly nodes: readonly number[];
  readonly usual: readonly string[];
  readonly other: readonly string[];
  readonly order: NamedOrder;
}

/** Orders that turn up most of what age decides: from behind, and one after another both ways. */
function fewOrders({ order: { nodes } }: SimulationState): readonly NamedOrder[] {
  const reversed = nodes.toReversed();
  return [
    { name: 'all together, from the last to the first', order: { mode: 'together', nodes: reversed } },
    { name: 'one after another, from the last to the first', order: { mode: 'one-by-one', nodes: reversed } },
    { name: 'one after another, in the usual order', order: { mode: 'one-by-one', nodes } },
  ];
}

/** The few, `count` rotations at most (each router is the first once) and `count` drawn from the seeds 1 to `count`. */
export function manyOrders(state: SimulationState, count: number): readonly NamedOrder[] {
  const { nodes } = state.order;
  const name = (node: number | undefined) => state.network.nodes[node ?? -1]?.name ?? '';
  const rotations = nodes.slice(1, count + 1).map((node, index): NamedOrder => {
    const at = index + 1;
    const rotated = [...nodes.slice(at), ...nodes.slice(0, at)];
    return {
      name: `one after another, ${name(node)} first`,
      order: { mode: 'one-by-one', nodes: rotated },
    };
  });
  const drawn = Array.from({ length: count }, (_, index): NamedOrder => {
    const seed = index + 1;
    return { name: `drawn from seed ${seed}`, order: { mode: 'seeded', nodes, seed } };
  });
  return [...fewOrders(state), ...rotations, ...drawn];
}

/** The first order under which the prefix ends otherwise; null: none of them. `tables`: paths count even where no kernel route differs. */
export function firstDifference(
  state: SimulationState,
  familyState: FamilyState,
  kept: PrefixState,
  orders: readonly NamedOrder[],
  tables: boolean,
): Difference | null {
  const { engine } = familyState;
  const usual = tables ? usualPaths(state, familyState, kept) : null;
  for (const order of orders) {
    if (convergePrefix(engine, kept.prefix, kept, order.order)) continue;
    const difference = differenceNow(state, familyState, kept, null, order, usual);
    if (difference) return difference;
  }
  return null;
}

/**
 * What the engine holds now against what is kept: at the `asked` nodes first (null: at all), and where one differs at all. `usual`: the
 * paths of routers that install nothing, where those count too.
 */
export function differenceNow(
  state: SimulationState,
  familyState: FamilyState,
  kept: PrefixState,
  asked: readonly number[] | null,
  order: NamedOrder,
  usual: readonly string[] | null = null,
): Difference | null {
  const differs = (node: number) => {
    const router = state.routers[node];
    if (!router) return false;
    if (installedNow(state, familyState, kept, node) !== kept.fib.at(node)) return true;
    return usual !== null && !router.config.installsRoutes && pathsNow(familyState, node) !== usual[node];
  };
  if (asked && !asked.some(differs)) return null;
  const nodes = state.routers.flatMap((_, node) => (differs(node) ? [node] : []));
  const [first] = nodes;
  if (first === undefined) return null;
  const names = (set: number) => hopNames(familyState.hopSets.sets[set] ?? []);
  const now = installedNow(state, familyState, kept, first);
  return now === kept.fib.at(first)
    ? { nodes, usual: [usual?.[first] ?? ''], other: [pathsNow(familyState, first)], order }
    : { nodes, usual: names(kept.fib.at(first)), other: names(now), order };
}

function installedNow(
  state: SimulationState,
  { engine, family, hopSets }: FamilyState,
  { prefix }: PrefixState,
  node: number,
): number {
  const kernel = state.kernel.byPrefix.get(prefix.text)?.get(node);
  return installedHops(engine, node, usedPaths(engine, node, family), kernel, hopSets);
}

/** The paths a router that installs nothing uses, in words that do not depend on numbers. */
function pathsNow({ engine, family }: FamilyState, node: number): string {
  return usedPaths(engine, node, family)
    .map(({ peer, path }) => `${peer?.name ?? 'its own'} (AS path "${path.asPath.text}")`)
    .sort()
    .join(' and ');
}

function usualPaths(state: SimulationState, familyState: FamilyState, kept: PrefixState): readonly string[] {
  holdPrefix(state, familyState, kept);
  return state.routers.map((router, node) =>
    router && !router.config.installsRoutes ? pathsNow(familyState, node) : '',
  );
}

/** Every prefix of the state with its family, in the order of output. */
export function everyPrefix(
  state: SimulationState,
): readonly { readonly familyState: FamilyState; readonly kept: PrefixState }[] {
  return familyNames.flatMap((family) => {
    const familyState = state.families[family];
    return familyState.prefixes.map((kept) => ({ familyState, kept }));
  });
}
