import type { BgpConfig } from '../config.ts';
import type { DecisionProfile, DecisionStep } from '../profile.ts';
import type { Candidate } from './candidate.ts';
import { compareCandidates } from './compare.ts';
import { sameMedGroup } from './med-groups.ts';
import { heldBackByMed, holdsBackByMed } from './med-suppression.ts';
import { amongOneKind, type CompiledStep, compileSteps, looksAtPathOnly, ordering } from './steps.ts';

export { compareCandidates };

/** The decision process of one router: its steps and how paths meet. */
export interface DecisionProcess {
  readonly profile: DecisionProfile;
  readonly config: BgpConfig;
  readonly steps: readonly CompiledStep[];
  /** The steps that can tell two paths apart whose attributes and AS_PATH lengths are the same. */
  readonly peerSteps: readonly CompiledStep[];
  /** All steps together order candidates whose MEDs are the same: no three of them go round in a circle. */
  readonly orders: boolean;
}

/** 'list-order': every step was equal and the place in the daemon's list decided. */
export type DecidingStep = DecisionStep | 'list-order';

/** Told of every loser with the path and the step that beat it. */
export type LossObserver = (loser: Candidate, winner: Candidate, step: DecidingStep) => void;

/**
 * Compiled steps by profile and options: routers with the same ones share them, and a fabric's decisions then run over steps that
 * stay in the processor's cache.
 */
export type KnownSteps = Map<DecisionProfile, Map<string, Pick<DecisionProcess, 'steps' | 'peerSteps'>>>;

export function createDecisionProcess(
  profile: DecisionProfile,
  config: BgpConfig,
  known: KnownSteps = new Map(),
): DecisionProcess {
  const { decision, defaultLocalPreference, distance, distanceByFamily } = config;
  const settings = { decision, defaultLocalPreference, distance, distanceByFamily };
  const key = JSON.stringify(settings);
  const ofProfile = known.get(profile) ?? new Map();
  known.set(profile, ofProfile);
  let compiled = ofProfile.get(key);
  if (!compiled) {
    const steps = compileSteps(profile, config);
    // By session the same attributes may weigh differently.
    const peerSteps = decision.bySession ? steps : steps.filter(({ name }) => !looksAtPathOnly.has(name));
    compiled = { steps, peerSteps };
    ofProfile.set(key, compiled);
  }
  // A step that always ties does no harm to the order, nor does one that has a number for every path.
  const steps = profile.steps.filter((name) => name !== 'aigp' || isPartial(profile, config));
  return {
    profile,
    config,
    steps: compiled.steps,
    peerSteps: compiled.peerSteps,
    orders: config.confederation === null && !decision.bySession && inOrder(steps),
  };
}

/** Is AIGP compared between some paths only? */
function isPartial({ aigpMissing }: DecisionProfile, { decision }: BgpConfig): boolean {
  return aigpMissing !== 'infinite' && decision.aigp === true;
}

function inOrder(steps: readonly DecisionStep[]): boolean {
  const kinds = steps.indexOf('ebgp-over-ibgp');
  return steps.every(
    (name, place) => name === 'med' || (ordering.has(name) && (!amongOneKind.has(name) || kinds < place)),
  );
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
      return holdsBackByMed(process)
        ? rescan(process, withoutHeldBack(process, candidates, observe), observe)
        : rescan(process, candidates, observe);
  }
}

/** BIRD's `deterministic med`: what is beaten within its neighbouring AS does not meet the others. */
function withoutHeldBack<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
  observe?: LossObserver,
): readonly C[] {
  const held = heldBackByMed(process, candidates);
  for (const [loser, winner] of held) observe?.(loser, winner, decidingStep(process, winner, loser));
  return candidates.filter((candidate) => !held.has(candidate));
}

/**
 * The best after one path has come or changed, told from the best before: what `decide` would find among all of them. The caller
 * makes sure that the process `orders`, that all MEDs are the same and that `before` is valid and as it was. Where all steps tie,
 * the place in the list decides, which is the order of arrival in every way of evaluation.
 */
export function better<C extends Candidate>(process: DecisionProcess, challenger: C, before: C): C {
  if (challenger.invalid !== null) return before;
  const difference = compareCandidates(process, challenger, before);
  if (difference !== 0) return difference < 0 ? challenger : before;
  const newestWins = process.profile.evaluation === 'scan' && challenger.peer === null;
  return challenger.arrival < before.arrival === newestWins ? before : challenger;
}

/** The first step that tells two candidates apart. */
export function decidingStep(process: DecisionProcess, a: Candidate, b: Candidate): DecidingStep {
  for (const step of process.steps) if (step.compare(a, b) !== 0) return step.name;
  return 'list-order';
}

/** FRR 8 and Quagga: newest first, each path against the best so far; where all steps tie the one met later wins, of own paths the newest. */
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
    else best = meet(process, challenger, best, challenger.peer === null ? 'best' : 'challenger', observe);
  }
  return best;
}

/** MED by elimination: first the best of each neighbouring AS, then those against each other (`deterministic-med`). */
function scanByNeighborAs<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
  observe?: LossObserver,
): C | null {
  return scan(process, groupWinners(process, candidates, observe), observe);
}

/** The best path of each neighbouring AS, in order of arrival: what `addpath-tx-bestpath-per-AS` sends. */
export function groupWinners<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
  observe?: LossObserver,
): readonly C[] {
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
  return winners.sort((a, b) => a.arrival - b.arrival);
}

/** The valid candidates as a daemon that keeps its list sorted has them, best first. GoBGP 3 sorts stably in order of arrival. */
export function sortedList<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
): readonly C[] {
  const valid = candidates.filter((candidate) => candidate.invalid === null);
  return process.profile.evaluation === 'stable-sort'
    ? valid.toSorted((a, b) => compareCandidates(process, a, b))
    : insertOneByOne(process, valid);
}

function firstOfSorted<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
  observe?: LossObserver,
): C | null {
  const sorted = sortedList(process, candidates);
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
