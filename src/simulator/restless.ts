import type { Diagnostic } from '../base/diagnostic.ts';
import type { FamilyName } from '../base/family.ts';
import type { SourceRange } from '../base/source.ts';
import type { Aggregator } from './aggregates.ts';
import type { Oscillation } from './engine/converge.ts';
import type { Topology } from './engine/topology.ts';
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

export function notSettled({ prefix }: PrefixState): Diagnostic {
  return {
    rule: 'oscillation',
    severity: 'warning',
    message: `${prefix.text} never settles: its next hops depend on itself`,
    ranges: [],
    fix: breakIt,
  };
}

const breakIt =
  'break the circle of preferences (MED across several AS, LOCAL_PREF set on both sides, or a reflector without full view)';

/** More routers than these would bury who it is about. */
const MOST_TURNS = 6;

/** Who changes, what each takes in turn, and the lines of the neighbors it takes it from. */
export function oscillates(
  state: SimulationState,
  { topology }: FamilyState,
  { prefix }: PrefixState,
  { nodes, turns = [] }: NonNullable<Oscillation>,
): Diagnostic {
  const names = nodes.map((node) => state.network.nodes[node]?.name ?? '');
  const told = turns.slice(0, MOST_TURNS);
  const from = (slot: number) => senderAt(state, topology, slot);
  const circle = told.map(({ node, slots }) => {
    const host = state.network.nodes[hostOf(topology, node)]?.name ?? '';
    return `${host} takes it from ${slots.map(from).join(', then from ')}`;
  });
  const more = turns.length > told.length ? [`and ${turns.length - told.length} more routers`] : [];
  const lines = told.flatMap(({ slots }) => slots.map((slot) => lineOf(state, topology, slot)));
  return {
    rule: 'oscillation',
    severity: 'warning',
    message: `${prefix.text} never settles: ${names.join(', ')} keep changing their best path`,
    ranges: lines.filter((source) => source !== null),
    ...(names[0] ? { host: names[0] } : {}),
    ...(circle.length > 0 ? { found: `${[...circle, ...more].join('; ')}; and so on without end` } : {}),
    expected: 'a choice that nobody makes another change again',
    fix: breakIt,
  };
}

/** `r2 (10.0.0.2)` */
function senderAt({ ends, network }: SimulationState, { peers, sessions }: Topology, slot: number): string {
  const name = peers.at(slot)?.name;
  if (name === undefined) return 'itself or nobody';
  const node = ends.at(sessions[slot] ?? -1)?.peerNode ?? null;
  const host = node === null ? undefined : network.nodes[node]?.name;
  return host === undefined || host === name ? name : `${host} (${name})`;
}

function lineOf({ ends }: SimulationState, { sessions }: Topology, slot: number): SourceRange | null {
  return ends.at(sessions[slot] ?? -1)?.config.source ?? null;
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
