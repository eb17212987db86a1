import type { Candidate } from './candidate.ts';
import { compareCandidates, equalUpToTies } from './compare.ts';
import type { DecisionProcess } from './decide.ts';
import { sameMedGroup } from './med-groups.ts';

/** May paths be held back by others of their neighbouring AS (BIRD `deterministic med`, on some sessions or on all)? */
export function holdsBackByMed({ profile, config: { decision } }: DecisionProcess): boolean {
  if (profile.evaluation !== 'best-then-rescan') return false;
  return decision.deterministicMed || decision.bySession === true;
}

/**
 * BIRD (proto/bgp/attrs.c `bgp_rte_recalculate`): of the paths of sessions with `deterministic med` those that neither win within
 * their neighbouring AS nor are as good as the one that does; each with the path that beat it. Other sessions' paths never are.
 */
export function heldBackByMed<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
): ReadonlyMap<C, C> {
  const winners: C[] = [];
  const joins = candidates.filter((one) => one.invalid === null && isDeterministic(process, one));
  for (const candidate of joins) {
    const place = winners.findIndex((winner) => isOneGroup(process, winner, candidate));
    const winner = winners[place];
    if (winner === undefined) winners.push(candidate);
    else if (compareCandidates(process, candidate, winner) < 0) winners[place] = candidate;
  }
  const held = new Map<C, C>();
  for (const candidate of joins) {
    const winner = winners.find((one) => isOneGroup(process, one, candidate));
    if (winner && winner !== candidate && !equalUpToTies(process, winner, candidate))
      held.set(candidate, winner);
  }
  return held;
}

function isDeterministic({ config: { decision } }: DecisionProcess, { peer }: Candidate): boolean {
  if (peer === null) return false;
  return decision.bySession ? peer.options.decision?.deterministicMed === true : decision.deterministicMed;
}

function isOneGroup({ profile }: DecisionProcess, a: Candidate, b: Candidate): boolean {
  return a.path.weight === b.path.weight && sameMedGroup(a, b, profile);
}
