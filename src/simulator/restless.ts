import type { Diagnostic } from '../base/diagnostic.ts';
import type { FamilyName } from '../base/family.ts';
import type { Aggregator } from './aggregates.ts';
import type { FamilyState, PrefixState, SimulationState } from './state.ts';
import { hostOf } from './table/beside.ts';

// What keeps the simulator from an answer, in words.

export function tooManyPaths(family: FamilyName): Diagnostic {
  return {
    rule: 'add-path-bound',
    severity: 'warning',
    message: `a router has more paths of one ${family} prefix to send than are followed over one add-path session`,
    ranges: [],
    fix: 'send fewer paths (addpath-tx-bestpath-per-AS), or split the fabric',
  };
}

export function unknownOrder(state: SimulationState, { topology }: FamilyState, slot: number): Diagnostic {
  const host = state.network.nodes[hostOf(topology, topology.owner[slot] ?? -1)]?.name ?? '';
  const name = topology.peers.at(slot)?.name ?? '';
  return {
    rule: 'prefix-limit-order',
    severity: 'warning',
    message: `${host} has more prefixes for ${name} than a limit lets through, and which come first is another order each time`,
    ranges: [],
    host,
    fix: 'raise the limit, or announce less',
  };
}

export function notSettled(
  state: SimulationState,
  { prefix }: PrefixState,
  nodes: readonly number[] | null,
): Diagnostic {
  const names = (nodes ?? []).map((node) => state.network.nodes[node]?.name ?? '');
  const who =
    names.length > 0
      ? `: ${names.join(', ')} keep changing their best path`
      : ': its next hops depend on itself';
  return {
    rule: 'oscillation',
    severity: 'warning',
    message: `${prefix.text} never settles${who}`,
    ranges: [],
    ...(names[0] ? { host: names[0] } : {}),
    fix: 'break the circle of preferences (MED across several AS, LOCAL_PREF set on both sides, or a reflector without full view)',
  };
}

export function remadeWithoutEnd(
  { network }: SimulationState,
  { node, config: { prefix, source } }: Aggregator,
): Diagnostic {
  const host = network.nodes[node]?.name ?? '';
  return {
    rule: 'oscillation',
    severity: 'warning',
    message: `${prefix.text} never settles: ${host} makes the aggregate anew without end, as next hops of what it is made of lead through the aggregate's own black hole, and each time it is replaced those paths go and come back`,
    ranges: source ? [source] : [],
    host,
    fix: 'let those next hops be reached without the aggregate (next-hop-self at the neighbor, a route to its network)',
  };
}

export function inCircle(
  state: SimulationState,
  { prefix }: PrefixState,
  nodes: ReadonlySet<number>,
): Diagnostic {
  const names = [...nodes].map((node) => state.network.nodes[node]?.name ?? '');
  return {
    rule: 'oscillation',
    severity: 'warning',
    message: `${prefix.text} may never settle in the kernel of ${names.join(', ')}, or not be there: it is used with a next hop that leads through the very route, or its next hop leads through such a route`,
    ranges: [],
    ...(names[0] ? { host: names[0] } : {}),
    fix: 'let the neighbor send itself as next hop (next-hop-self), or do not use its path together with others',
  };
}
