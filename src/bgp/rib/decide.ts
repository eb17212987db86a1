import type { BgpConfig } from '../config.ts';
import type { DecisionProfile, DecisionStep } from '../profile.ts';
import type { Candidate } from './candidate.ts';
import { type CompiledStep, compileSteps, sameMedGroup } from './steps.ts';

/** The decision process of one router: its steps and how paths meet. */
export interface DecisionProcess {
  readonly profile: DecisionProfile;
  readonly config: BgpConfig;
  readonly steps: readonly CompiledStep[];
}

/** 'list-order': every step was equal and the place in the daemon's list decided. */
export type DecidingStep = DecisionStep | 'list-order';

/** Told of every loser with the path and the step that beat it. */
export type LossObserver = (loser: Candidate, winner: Candidate, step: DecidingStep) => void;

export function createDecisionProcess(profile: DecisionProfile, config: BgpConfig): DecisionProcess {
  return { profile, config, steps: compileSteps(profile, config) };
}

/**
 * The best of the candidates (RFC 4271 9.1.2), in the way the daemon finds it; null where none is valid.
 * `candidates` stand in order of arrival as the daemon keeps it: see `placeUpdate`.
 */
export function decide<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
  observe?: LossObserver,
): C | null {
  if (candidates.length === 1) {
    const only = candidates[0];
    return only && only.invalid === null ? only : null;
  }
  switch (process.profile.evaluation) {
    case 'scan':
      return process.config.decision.deterministicMed
        ? scanByNeighborAs(process, candidates, observe)
        : scan(process, candidates, observe);
    case 'sorted-insert':
    case 'stable-sort':
      return firstOfSorted(process, candidates, observe);
    case 'best-then-rescan':
      return process.config.decision.deterministicMed
        ? scanByNeighborAs(process, candidates, observe)
        : rescan(process, candidates, observe);
  }
}

/** The sign of the first step that tells `a` and `b` apart; 0 where none does. */
export function compareCandidates(process: DecisionProcess, a: Candidate, b: Candidate): number {
  for (const step of process.steps) {
    const difference = step.compare(a, b);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The first step that tells two candidates apart. */
export function decidingStep(process: DecisionProcess, a: Candidate, b: Candidate): DecidingStep {
  for (const step of process.steps) if (step.compare(a, b) !== 0) return step.name;
  return 'list-order';
}

/** FRR 8 and Quagga: newest first, each path against the best so far; where all steps tie the one met later wins. */
function scan<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
  observe?: LossObserver,
): C | null {
  let best: C | null = null;
  for (let i = candidates.length - 1; i >= 0; i--) {
    const challenger = candidates[i];
    if (!challenger || challenger.invalid !== null) continue;
    if (best === null) best = challenger;
    else best = meet(process, challenger, best, 'challenger', observe);
  }
  return best;
}

/** MED by elimination: first the best of each neighbouring AS, then those against each other (`deterministic-med`). */
function scanByNeighborAs<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
  observe?: LossObserver,
): C | null {
  const groups: C[][] = [];
  for (const candidate of candidates) {
    if (candidate.invalid !== null) continue;
    const group = groups.find(
      (members) => members[0] && sameMedGroup(members[0], candidate, process.profile),
    );
    if (group) group.push(candidate);
    else groups.push([candidate]);
  }
  const winners = groups.map((group) => scan(process, group, observe)).filter((winner) => winner !== null);
  winners.sort((a, b) => a.arrival - b.arrival);
  return scan(process, winners, observe);
}

/** GoBGP 3: the list is sorted stably in order of arrival, the first valid one is best. */
function firstOfSorted<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
  observe?: LossObserver,
): C | null {
  const valid = candidates.filter((candidate) => candidate.invalid === null);
  const sorted =
    process.profile.evaluation === 'stable-sort'
      ? valid.toSorted((a, b) => compareCandidates(process, a, b))
      : insertOneByOne(process, valid);
  const best = sorted[0] ?? null;
  if (best && observe) {
    for (const loser of sorted.slice(1)) observe(loser, best, decidingStep(process, best, loser));
  }
  return best;
}

/** FRR 10: each path goes in front of the first one it beats. */
function insertOneByOne<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
): readonly C[] {
  const list: C[] = [];
  for (const candidate of candidates) {
    const place = list.findIndex((present) => compareCandidates(process, candidate, present) < 0);
    list.splice(place < 0 ? list.length : place, 0, candidate);
  }
  return list;
}

/** BIRD: the new path against the best one in order of arrival; where all steps tie the one in place stays. */
function rescan<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
  observe?: LossObserver,
): C | null {
  let best: C | null = null;
  for (const challenger of candidates) {
    if (challenger.invalid !== null) continue;
    best = best === null ? challenger : meet(process, challenger, best, 'best', observe);
  }
  return best;
}

function meet<C extends Candidate>(
  process: DecisionProcess,
  challenger: C,
  best: C,
  onTie: 'challenger' | 'best',
  observe?: LossObserver,
): C {
  const difference = compareCandidates(process, challenger, best);
  const challengerWins = difference < 0 || (difference === 0 && onTie === 'challenger');
  const [winner, loser] = challengerWins ? [challenger, best] : [best, challenger];
  observe?.(loser, winner, decidingStep(process, winner, loser));
  return winner;
}

/**
 * Where an update of a path that is already in the list goes: FRR, Quagga and BIRD leave it in place (implicit
 * withdraw keeps the entry), GoBGP takes it out and appends it with a new time stamp.
 */
export function updateMovesToEnd(profile: DecisionProfile): boolean {
  return profile.evaluation === 'stable-sort' || profile.evaluation === 'sorted-insert';
}
