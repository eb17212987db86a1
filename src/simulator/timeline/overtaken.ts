import { familyOf } from '../../base/family.ts';
import type { OtherRoutes } from '../../bgp/originate.ts';
import { notInstalled } from '../kernel/fib.ts';
import type { KernelRoute, KernelTable } from '../kernel/kernel-table.ts';
import type { SimulationState } from '../state.ts';
import { settlePrefix } from './carry.ts';

// zebra shows bgpd the route it has selected. A static route with a greater distance than BGP's is selected where it was there first, for bgpd then
// chooses its own path, and tells zebra none; where it comes while a learned route is in the table it is not selected, and bgpd neither
// redistributes it nor finds it for `network` (seen on FRR 8.4, scenario events-floating-static).

/** By node: prefixes of static routes that a learned route stands before. */
export type Overtaken = ReadonlyMap<number, ReadonlySet<string>>;

export const noneOvertaken: Overtaken = new Map();

/** Those there are by now over the tables of `state`, among the static routes of `ground`. What was known where it is the same. */
export function overtakenNow(
  state: SimulationState,
  ground: Pick<SimulationState, 'tables' | 'routers'> = state,
): Overtaken {
  const known = state.overtaken;
  const found = new Map<number, ReadonlySet<string>>();
  for (const [node, router] of ground.routers.entries()) {
    if (!router?.config.installsRoutes || router.config.table || router.config.statics.length === 0) continue;
    const prefixes = new Set<string>();
    for (const { prefix } of router.config.statics) {
      const route = ground.tables[node]?.routes.get(prefix.text);
      if (route && isFloating(route) && isOvertaken(state, node, route)) prefixes.add(prefix.text);
    }
    const before = known.get(node);
    const same = before?.size === prefixes.size && [...prefixes].every((text) => before.has(text));
    if (prefixes.size > 0) found.set(node, same && before ? before : prefixes);
  }
  const unchanged = found.size === known.size && [...found].every(([node, set]) => known.get(node) === set);
  return unchanged ? known : found;
}

/** Nothing is nearer than 1. */
function isFloating({ kind, distance }: KernelRoute): boolean {
  return kind === 'static' && distance > 1;
}

function isOvertaken(state: SimulationState, node: number, route: KernelRoute): boolean {
  const family = state.families[familyOf(route.prefix.family)];
  const kept = family.byText.get(route.prefix.text);
  const router = state.routers[node];
  if (!kept || !router || kept.fib.at(node) === 0) return false;
  settlePrefix(state, family, kept);
  const best = family.engine.best[node];
  if (!best?.peer) return false;
  return notInstalled(router, best, route.prefix, route) === null;
}

/** The routes that bgpd is shown. */
export function shownRoutes(table: KernelTable, overtaken: ReadonlySet<string> | undefined): OtherRoutes {
  if (!overtaken) return table;
  return { routes: new Map([...table.routes].filter(([text]) => !overtaken.has(text))) };
}
