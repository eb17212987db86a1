import { familyNames } from '../../../base/family.ts';
import type { Prefix } from '../../../base/ip.ts';
import { hopNames } from '../../kernel/fib.ts';
import { holdPrefix } from '../../result/hosts.ts';
import type { SessionEnd } from '../../sessions/sessions.ts';
import type { SimulationState } from '../../state.ts';
import { nameOf } from '../names.ts';
import { type CheckContext, checkContext } from './context.ts';
import { factsAt } from './routes.ts';

/** What holds in a state, in the terms of checks: what `check --record` writes down. */
export interface Snapshot {
  /** Ends that are configured, not shut down and not established. */
  readonly down: readonly { readonly host: string; readonly peer: string }[];
  readonly routes: readonly HostRoutes[];
  /** Who reaches the networks of whom, both ways; hosts that reach the same ones together. */
  readonly reach: readonly { readonly from: readonly string[]; readonly to: readonly string[] }[];
}

export interface HostRoutes {
  readonly host: string;
  /** The kernel holds these and no other BGP route; false: the daemon installs nothing. */
  readonly installs: boolean;
  readonly via: readonly { readonly prefix: Prefix; readonly hops: readonly string[] }[];
}

export function snapshotOf(state: SimulationState, hosts: readonly string[]): Snapshot {
  const names = [...hosts].sort();
  const wanted = new Set(names);
  return {
    down: state.ends
      .filter((end) => end.state !== 'Established' && !end.config.shutdown)
      .map((end) => ({ host: nameOf(state, end.node), peer: peerKey(end) }))
      .filter(({ host, peer }) => wanted.has(host) && peer !== '')
      .sort((a, b) => compare(a.host, b.host) || compare(a.peer, b.peer)),
    routes: routesOf(state, names),
    reach: reachOf(state, names),
  };
}

function peerKey({ peerAddress, config }: SessionEnd): string {
  return peerAddress?.text ?? config.interface ?? '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Learned routes, prefix by prefix, so that only what is asked of daemons without kernel routes is converged again. */
function routesOf(state: SimulationState, names: readonly string[]): readonly HostRoutes[] {
  const rows = names.flatMap((host) => {
    const node = state.wiring.indexOf.get(host) ?? -1;
    const installs = state.routers[node]?.config.installsRoutes;
    return installs === undefined ? [] : [{ node, host, installs, via: [] as HostRoutes['via'][number][] }];
  });
  const silent = rows.filter(({ installs }) => !installs);
  for (const family of familyNames) {
    const familyState = state.families[family];
    for (const kept of familyState.prefixes) {
      for (const { node, via } of rows) {
        const hops = kept.fib.at(node);
        if (hops) via.push({ prefix: kept.prefix, hops: hopNames(familyState.hopSets.sets[hops] ?? []) });
      }
      if (silent.length > 0) holdPrefix(state, familyState, kept);
      for (const { node, via } of silent) {
        const { used, via: hops } = factsAt(state, node, kept.prefix);
        if (used.some(({ from }) => from !== '')) via.push({ prefix: kept.prefix, hops });
      }
    }
  }
  return rows.filter(({ via, installs }) => installs || via.length > 0);
}

function reachOf(state: SimulationState, names: readonly string[]): Snapshot['reach'] {
  const context = checkContext(state);
  const nodes = names.flatMap((host) => {
    const node = state.wiring.indexOf.get(host) ?? -1;
    return context.networksOf(node).length > 0 ? [{ host, node }] : [];
  });
  const groups = new Map<string, { from: string[]; to: readonly string[] }>();
  for (const { host, node } of nodes) {
    const to = nodes.filter((other) => other.node === node || bothWays(context, node, other.node));
    if (to.length < 2) continue;
    const reached = to.map((other) => other.host);
    const key = reached.join(' ');
    const group = groups.get(key);
    if (group) group.from.push(host);
    else groups.set(key, { from: [host], to: reached });
  }
  return [...groups.values()];
}

function bothWays(context: CheckContext, a: number, b: number): boolean {
  return arrives(context, a, b) && arrives(context, b, a);
}

function arrives({ networksOf, fates }: CheckContext, from: number, to: number): boolean {
  return networksOf(to).every((goal) => fates(goal)(from).kind === 'arrives');
}
