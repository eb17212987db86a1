import type { FamilyName } from '../../base/family.ts';
import { stepValue } from '../../bgp/rib/step-values.ts';
import { nameOf } from '../checks/names.ts';
import { type Engine, routerAt, type SlotCandidate } from '../engine/engine.ts';
import { holdPrefix } from '../result/hosts.ts';
import { losses, rankedPaths } from '../result/path-results.ts';
import type { PathResult } from '../result/result.ts';
import type { SimulationState } from '../state.ts';
import type { Cause } from './cause.ts';
import { explainKernel, type KernelExplanation } from './kernel.ts';
import { idleAt } from './origins.ts';
import {
  type AdvertisedRoute,
  advertisedOn,
  farNode,
  type ReceivedRoute,
  receivedOn,
  slotsOf,
} from './slots.ts';

/** Everything one host knows of one prefix: what came in, what became of it, what goes out. */
export interface PrefixExplanation {
  readonly paths: readonly ExplainedPath[];
  readonly kernel: KernelExplanation;
  readonly received: readonly ReceivedRoute[];
  readonly advertised: readonly AdvertisedRoute[];
  /** Why an own origination of exactly this prefix does not happen; empty where there is none. */
  readonly notOriginated: readonly Cause[];
}

/** One path of the table, and against whom it lost. */
export interface ExplainedPath extends PathResult {
  /** Who sent it; empty for a local path. */
  readonly fromHost: string;
  /** null: the best path, or one that cannot be used. */
  readonly lost: {
    readonly step: string;
    /** The path that won, as tables name its peer; empty: made here. */
    readonly to: string;
    readonly toHost: string;
    /** What the step saw of this path and of the winner; empty where it looks at neither. */
    readonly own: string;
    readonly other: string;
  } | null;
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
  const idle = state.idle.get(node)?.find((one) => one.prefix.text === prefix);
  const exact = kept?.prefix ?? idle?.prefix;
  if (!exact) return null;
  const notOriginated = idleAt(state, familyState, node, exact);
  const kernel = () => explainKernel(state, familyState, kept ?? null, node, prefix);
  if (!kept) return { paths: [], kernel: kernel(), received: [], advertised: [], notOriginated };
  holdPrefix(state, familyState, kept);
  const { engine } = familyState;
  return {
    paths: explainedPaths(state, engine, node, family),
    kernel: kernel(),
    received: slotsOf(engine, node).flatMap((slot) => receivedOn(state, engine, slot) ?? []),
    advertised: slotsOf(engine, node).map((slot) => advertisedOn(state, engine, slot)),
    notOriginated,
  };
}

function explainedPaths(
  state: SimulationState,
  engine: Engine,
  node: number,
  family: FamilyName,
): readonly ExplainedPath[] {
  const { process } = routerAt(engine.topology, node);
  const lost = losses(engine, node);
  const senderOf = ({ slot }: SlotCandidate) => (slot < 0 ? '' : nameOf(state, farNode(engine, slot)));
  return rankedPaths(engine, node, family).map(({ candidate, result }) => {
    const loss = lost.get(candidate);
    return {
      ...result,
      fromHost: senderOf(candidate),
      lost: loss
        ? {
            step: loss.step,
            to: loss.winner.peer?.name ?? '',
            toHost: senderOf(loss.winner),
            own: stepValue(process, loss.step, candidate),
            other: stepValue(process, loss.step, loss.winner),
          }
        : null,
    };
  });
}
