import type { Prefix } from '../../base/ip.ts';
import { contains } from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import type { PathSource } from '../../bgp/attributes.ts';
import { redistribution } from '../../bgp/originate.ts';
import { nameOf } from '../checks/names.ts';
import type { KernelRoute } from '../kernel/kernel-table.ts';
import type { FamilyState, SimulationState } from '../state.ts';
import { type Cause, causeOf, plainCause } from './cause.ts';

/** The line that makes a router's own path; null for what no line says. */
export function originSource(
  state: SimulationState,
  node: number,
  source: PathSource,
  prefix: Prefix,
): SourceRange | null {
  const bgp = state.routers[node]?.bgp;
  if (!bgp) return null;
  if (source === 'aggregate')
    return bgp.aggregates.find((one) => one.prefix.text === prefix.text)?.source ?? null;
  const found = bgp.originations.find((one) =>
    one.kind === 'redistribute'
      ? one.from === source
      : one.kind === source && one.prefix.text === prefix.text,
  );
  return found?.source ?? null;
}

/** Every reason why a host that could announce exactly this prefix does not; empty where there is no such host. */
export function missingOrigins(
  state: SimulationState,
  familyState: FamilyState,
  prefix: Prefix,
): readonly { readonly node: number; readonly cause: Cause }[] {
  return state.network.nodes.flatMap((_, node) =>
    idleAt(state, familyState, node, prefix).map((cause) => ({ node, cause })),
  );
}

/** Why this host does not announce the prefix, statement by statement; a route that no statement takes up comes last. */
export function idleAt(
  state: SimulationState,
  familyState: FamilyState,
  node: number,
  prefix: Prefix,
): readonly Cause[] {
  const host = nameOf(state, node);
  const bgp = state.routers[node]?.bgp;
  if (familyState.byText.get(prefix.text)?.origins.has(node)) return [];
  const idle = (state.idle.get(node) ?? []).filter((one) => one.prefix.text === prefix.text);
  const causes = idle.map(({ why, reason, origination }): Cause => {
    if (!reason) return plainCause(host, why, origination.source);
    return causeOf(host, 'denied', reason, prefix);
  });
  for (const aggregate of bgp?.aggregates ?? []) {
    if (aggregate.prefix.text === prefix.text)
      causes.push(plainCause(host, aggregateWhy(familyState, node, prefix), aggregate.source));
  }
  const route = state.tables[node]?.routes.get(prefix.text);
  if (route && causes.length === 0 && bgp) causes.push(...untold(state, node, route));
  return causes;
}

function aggregateWhy({ prefixes, byText }: FamilyState, node: number, prefix: Prefix): string {
  if (byText.get(prefix.text)?.aggregates.has(node))
    return 'another path of the prefix is taken for the aggregate: it looks the same';
  const inside = prefixes.filter(
    (one) => one.prefix.length > prefix.length && contains(prefix, one.prefix) && one.fib.at(node) !== 0,
  );
  return inside.length === 0
    ? 'the aggregate has no more specific route in the table'
    : 'the route-map of the aggregate denies it';
}

/** A route of the kernel that BGP does not take up. */
function untold(state: SimulationState, node: number, route: KernelRoute): readonly Cause[] {
  const router = state.routers[node];
  const host = nameOf(state, node);
  if (!router) return [];
  const denied = router.bgp.originations.flatMap((one) => {
    const verdict = one.kind === 'redistribute' ? redistribution(router, route, one) : null;
    return verdict?.verdict === 'reject'
      ? [causeOf(host, `redistribute ${route.kind} denied`, verdict.reason, route.prefix)]
      : [];
  });
  if (denied.length > 0) return denied;
  const name = route.hops[0]?.interface;
  const where = route.kind === 'connected' && name ? `connected (${name})` : `a ${route.kind} route`;
  const { announcesBy } = router.config.profile;
  const nothing = announcesBy
    ? `no ${announcesBy} announces it`
    : `neither a network statement nor redistribute ${route.kind} announces it`;
  return [plainCause(host, `it is ${where} there, and ${nothing}`, router.bgp.source)];
}
