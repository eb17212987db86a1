import type { StaticRouteConfig } from '../../bgp/config.ts';
import { destinationOf, stepAt } from '../forwarding/destination.ts';
import type { SimulationState } from '../state.ts';
import { leadsNow } from '../table/leads.ts';
import { buildKernelTable, type Hop, indexKernelRoutes, type KernelTable, lookup } from './kernel-table.ts';
import type { WiredNode } from './wiring.ts';

/** Kernel routes of all nodes. */
export type Kernels = Pick<SimulationState, 'tables' | 'kernel' | 'leads'>;

/**
 * The kernel routes with static routes whose gateway only a route of BGP leads to, as far as BGP's tables go by now; null: they are so
 * already. zebra tracks a gateway over any route but the default one, and the static route goes where that one goes (seen on FRR 8.4).
 */
export function overBgpRoutes(state: SimulationState): Kernels | null {
  let tables: KernelTable[] | null = null;
  for (const wired of state.wiring.nodes) {
    const waiting = waitingOf(wired);
    const present = state.tables[wired.index];
    if (waiting.routes.length === 0 || !present) continue;
    const ways = new Map(waiting.routes.map((route) => [route, wayTo(state, wired.index, route)]));
    const found = [...ways.values()].some((hops) => hops !== null);
    const table = found ? buildKernelTable(wired, (route) => ways.get(route) ?? null) : waiting.table;
    if (staticsText(table) === staticsText(present)) continue;
    tables ??= [...state.tables];
    tables[wired.index] = table;
  }
  const leads = leadsNow(state);
  if (!tables && leads === state.leads) return null;
  const { kernel } = state;
  return tables
    ? { tables, kernel: indexKernelRoutes(tables), leads }
    : { tables: state.tables, kernel, leads };
}

interface Waiting {
  /** Without BGP. */
  readonly table: KernelTable;
  readonly routes: readonly StaticRouteConfig[];
}

const nothing: Waiting = { table: buildNone(), routes: [] };
const known = new WeakMap<WiredNode, Waiting>();

/** Static routes that lead nowhere without BGP. */
function waitingOf(wired: WiredNode): Waiting {
  const before = known.get(wired);
  if (before) return before;
  const found = workOut(wired);
  known.set(wired, found);
  return found;
}

function workOut(wired: WiredNode): Waiting {
  const { router } = wired.node;
  const behind = router?.statics.filter((one) => !one.blackhole && one.interface === null && one.via) ?? [];
  if (!router?.bgp || router.table || behind.length === 0) return nothing;
  const table = buildKernelTable(wired);
  const routes = behind.filter(({ via, prefix }) => {
    const way = via && lookup(table, via);
    return !way || way.prefix.length === 0 || way.prefix.text === prefix.text;
  });
  return routes.length === 0 ? nothing : { table, routes };
}

function buildNone(): KernelTable {
  return { routes: new Map(), lengths: { 4: [], 6: [] } };
}

function wayTo(
  state: SimulationState,
  node: number,
  { via, prefix }: StaticRouteConfig,
): readonly Hop[] | null {
  if (!via) return null;
  const step = stepAt(destinationOf(state, via), node);
  if (step.kind !== 'forwarded' || step.prefix === prefix.text || step.prefix.endsWith('/0')) return null;
  return step.to.map(({ hop: { interface: out, gateway } }) => ({ interface: out, gateway: gateway ?? via }));
}

function staticsText({ routes }: KernelTable): string {
  return [...routes.values()]
    .filter(({ kind }) => kind === 'static')
    .map(({ prefix, distance, hops }) => {
      const ways = hops.map((hop) => `${hop.interface} ${hop.gateway?.text ?? ''}`).sort();
      return `${prefix.text} ${distance} ${ways.join()}`;
    })
    .sort()
    .join('\n');
}
