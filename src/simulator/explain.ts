import type { FamilyName } from '../base/family.ts';
import type { SourceRange } from '../base/source.ts';
import { exportPath } from '../bgp/export.ts';
import { importPath } from '../bgp/import.ts';
import { describeReason, type PolicyReason } from '../bgp/policy/evaluate.ts';
import { type Engine, groupWire, routerAt } from './engine.ts';
import { holdPrefix } from './hosts.ts';
import { pathResults } from './path-results.ts';
import type { PathResult } from './result.ts';
import type { SimulationState } from './state.ts';

/** Everything one host knows of one prefix: what came in, what became of it, what goes out. */
export interface PrefixExplanation {
  readonly paths: readonly PathResult[];
  readonly received: readonly ReceivedRoute[];
  readonly advertised: readonly AdvertisedRoute[];
  /** Why an own origination of exactly this prefix does not happen; empty where there is none. */
  readonly notOriginated: readonly string[];
}

/** Adj-RIB-In before policy, with the verdict. */
export interface ReceivedRoute {
  readonly from: string;
  readonly asPath: string;
  readonly accepted: boolean;
  /** Empty where accepted without a policy. */
  readonly reason: string;
  readonly source: SourceRange | null;
}

/** Adj-RIB-Out, with the verdict for what is not sent. */
export interface AdvertisedRoute {
  readonly to: string;
  readonly host: string;
  readonly sent: boolean;
  readonly asPath: string;
  readonly reason: string;
  readonly source: SourceRange | null;
}

/** Converges the prefix again and looks at one host; null where host or prefix is unknown. */
export function explainPrefix(
  state: SimulationState,
  host: string,
  family: FamilyName,
  prefix: string,
): PrefixExplanation | null {
  const node = state.wiring.indexOf.get(host);
  const familyState = state.families[family];
  const kept = familyState.byText.get(prefix);
  if (node === undefined || !state.routers[node]) return null;
  const idle = state.idle.get(node)?.filter((one) => one.prefix.text === prefix) ?? [];
  const notOriginated = idle.map(({ why }) => why);
  if (!kept)
    return notOriginated.length > 0 ? { paths: [], received: [], advertised: [], notOriginated } : null;
  holdPrefix(state, familyState, kept);
  const { engine } = familyState;
  return {
    paths: pathResults(engine, node, family),
    received: slotsOf(engine, node).flatMap((slot) => receivedAt(engine, node, slot)),
    advertised: slotsOf(engine, node).map((slot) => advertisedAt(state, engine, node, slot)),
    notOriginated,
  };
}

function slotsOf({ topology: { slotStart } }: Engine, node: number): readonly number[] {
  const start = slotStart[node] ?? 0;
  return Array.from({ length: (slotStart[node + 1] ?? 0) - start }, (_, index) => start + index);
}

function receivedAt(engine: Engine, node: number, slot: number): readonly ReceivedRoute[] {
  const wire = engine.paths[engine.received[slot] ?? 0];
  const peer = engine.topology.peers[slot];
  if (!wire || !peer) return [];
  const outcome = importPath(routerAt(engine.topology, node), peer, engine.prefix, wire);
  const accepted = outcome.path !== null;
  return [
    {
      from: peer.name,
      asPath: wire.asPath.text,
      accepted,
      reason: reasonText(outcome.path === null ? outcome.refused : '', outcome.reason),
      source: sourceOf(outcome.reason),
    },
  ];
}

function advertisedAt(state: SimulationState, engine: Engine, node: number, slot: number): AdvertisedRoute {
  const { topology } = engine;
  const router = routerAt(topology, node);
  const peer = topology.peers[slot];
  const sent = engine.paths[engine.sent[slot] ?? 0];
  const far = topology.owner[topology.reverse[slot] ?? 0] ?? 0;
  const best = engine.best[node];
  const base = {
    to: peer?.name ?? '',
    host: state.network.nodes[far]?.name ?? '',
    sent: sent !== undefined,
    asPath: sent?.asPath.text ?? '',
  };
  if (!best || !peer) return { ...base, reason: sent ? 'default-originate' : 'no best path', source: null };
  const outcome = exportPath(router, peer, engine.prefix, best);
  const group = engine.groups[node]?.find(({ slots }) => slots.includes(slot));
  const summarised = outcome.path !== null && group && groupWire(engine, router, node, group, best) === 0;
  const suppressed = summarised
    ? 'covered by a summary-only aggregate'
    : outcome.path === null
      ? outcome.suppressed
      : '';
  return { ...base, reason: reasonText(suppressed, outcome.reason), source: sourceOf(outcome.reason) };
}

function reasonText(verdict: string, reason: PolicyReason | null): string {
  return [verdict, reason ? describeReason(reason) : ''].filter((text) => text !== '').join(': ');
}

function sourceOf(reason: PolicyReason | null): SourceRange | null {
  return reason?.statement?.source ?? reason?.policy.source ?? null;
}
