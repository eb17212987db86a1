import type { FamilyName } from '../../base/family.ts';
import type { SourceRange } from '../../base/source.ts';
import { nameOf } from '../checks/names.ts';
import { type Engine, routerAt, type SlotCandidate } from '../engine/engine.ts';
import { notInstalled, usedPaths } from '../kernel/fib.ts';
import type { Hop } from '../kernel/kernel-table.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { keptFromKernel } from '../table/installed.ts';
import { type Cause, causeOf, plainCause } from './cause.ts';

/** What the kernel of a host holds for exactly one prefix, and why BGP's best path is not it, where it is not. */
export interface KernelExplanation extends Cause {
  /** Empty: no route. */
  readonly protocol: 'bgp' | 'connected' | 'static' | 'kernel' | '';
  /** No next hops beside a protocol: a black hole. */
  readonly nextHops: readonly { readonly interface: string; readonly gateway: string }[];
}

/** `kept` null: BGP knows nothing of the prefix. The engine holds the prefix otherwise. */
export function explainKernel(
  state: SimulationState,
  familyState: FamilyState,
  kept: PrefixState | null,
  node: number,
  text: string,
): KernelExplanation {
  const host = nameOf(state, node);
  const present = state.tables[node]?.routes.get(text);
  const hopSet = kept?.fib.at(node) ?? 0;
  const hops = hopSet ? (familyState.hopSets.sets[hopSet] ?? []) : (present?.hops ?? []);
  return {
    protocol: hopSet ? 'bgp' : (present?.kind ?? ''),
    nextHops: hops.map(hopText),
    ...(kept && !hopSet ? whyNot(state, familyState, node) : plainCause(host, '')),
  };
}

function hopText({ interface: name, gateway }: Hop) {
  return { interface: name, gateway: gateway?.text ?? '' };
}

function whyNot(state: SimulationState, { engine, family }: FamilyState, node: number): Cause {
  const host = nameOf(state, node);
  const best = state.routers[node] ? engine.best[node] : null;
  if (!best) return plainCause(host, '');
  const router = routerAt(engine.topology, node);
  const present = state.tables[node]?.routes.get(engine.prefix.text);
  if (router.config.table) return whyNotOfTable(host, engine, node, best, family);
  const why = notInstalled(router, best, engine.prefix, present, usedPaths(engine, node, family));
  switch (why?.kind) {
    case undefined:
      return plainCause(host, 'its next hop leads to no interface the kernel would take');
    case 'local':
      return plainCause(host, present ? '' : 'a route made here brings none into the kernel');
    case 'daemon':
      return plainCause(host, 'the daemon of this host installs no routes');
    case 'distance':
      return plainCause(
        host,
        `the ${why.present.kind} route has distance ${why.present.distance}, BGP ${why.own}`,
        staticSource(state, node, engine.prefix.text),
      );
    case 'policy':
      return causeOf(host, 'kept out of the kernel', why.reason, engine.prefix);
  }
}

/** BIRD: what its kernel protocol exports. */
function whyNotOfTable(
  host: string,
  engine: Engine,
  node: number,
  best: SlotCandidate,
  family: FamilyName,
): Cause {
  const kept = keptFromKernel(engine, node, best, family);
  if (kept === 'no kernel protocol')
    return plainCause(
      host,
      `no kernel protocol exports ${family === 'ipv4-unicast' ? 'IPv4' : 'IPv6'} routes`,
    );
  if (kept === 'its own') return plainCause(host, 'it comes from the kernel');
  if (kept) return causeOf(host, 'the kernel protocol does not export it', kept, engine.prefix);
  return plainCause(host, 'its next hop leads to no interface the kernel would take');
}

/** The line of a static or kernel route; null: connected, or not written anywhere. */
export function staticSource(state: SimulationState, node: number, prefix: string): SourceRange | null {
  const of = state.network.nodes[node];
  const routes = [...(of?.router?.statics ?? []), ...(of?.kernelRoutes ?? [])];
  return routes.find((route) => route.prefix.text === prefix)?.source ?? null;
}
