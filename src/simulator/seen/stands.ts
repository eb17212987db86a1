import { type Candidate, SECOND } from '../../bgp/rib/candidate.ts';
import {
  compareCandidates,
  type DecidingStep,
  type DecisionProcess,
  decide,
  decidingStep,
} from '../../bgp/rib/decide.ts';

/** A choice that the decision does not make: what it takes instead, and the step by which; null: nothing, or there is nothing else. */
export interface Overruled<C> {
  readonly instead: C | null;
  readonly step: DecidingStep | null;
}

/** Orders of arrival that are all tried; of more paths a part of them. */
const ALL_OF = 6;
const TRIED = 720;

/**
 * Does a choice stand: would the decision, asked again with the path selected, take it again? Ages are in no table, so some order of arrival
 * has to be found in which it does (RFC 4271 leaves ages open; FRR, GoBGP and BIRD each look at the order their own way). null: it stands.
 */
export function overruled<C extends Candidate>(
  process: DecisionProcess,
  list: readonly C[],
  chosen: C | null,
): Overruled<C> | null {
  const copies = new Map<Candidate, C>();
  const copied = list.map((one, place) => {
    const copy = { ...one, selected: one === chosen, arrival: place };
    copies.set(copy, one);
    return copy;
  });
  const wanted = copied.find((copy) => copies.get(copy) === chosen) ?? null;
  const usable = copied.filter(({ invalid }) => invalid === null);
  if (usable.length === 0) return chosen === null ? null : { instead: null, step: null };
  // The path itself first: where age counts, it is the older one.
  const others = usable.filter((one) => one !== wanted);
  const first = wanted && usable.includes(wanted) ? [wanted, ...others] : usable;
  let instead: C | null = null;
  for (const order of permutations(first)) {
    order.forEach((one, place) => {
      one.arrival = (place + 1) * SECOND;
    });
    const best = decide<Candidate>(process, order);
    if (best === wanted) return null;
    instead ??= best ? (copies.get(best) ?? null) : null;
  }
  const found = copied.find((copy) => copies.get(copy) === instead);
  return { instead, step: wanted && found ? stepBetween(process, found, wanted) : null };
}

function stepBetween(process: DecisionProcess, winner: Candidate, loser: Candidate): DecidingStep {
  return compareCandidates(process, winner, loser) < 0 ? decidingStep(process, winner, loser) : 'list-order';
}

/** All orders of a few, the first as it is; of many as many as are tried. */
function* permutations<T>(items: readonly T[]): Generator<readonly T[]> {
  const order = [...items];
  yield [...order];
  if (order.length > ALL_OF) {
    // Each of them at each place: enough for what pairs decide.
    for (let turn = 1, left = TRIED; turn < order.length; turn++)
      for (let from = 0; from < order.length && left > 0; from++, left--) {
        const moved = [...order];
        const [one] = moved.splice(from, 1);
        if (one !== undefined) moved.splice((from + turn) % order.length, 0, one);
        yield moved;
      }
    return;
  }
  // Heap's algorithm.
  const counters = new Array<number>(order.length).fill(0);
  for (let at = 1; at < order.length; ) {
    const counter = counters[at] ?? 0;
    if (counter >= at) {
      counters[at++] = 0;
      continue;
    }
    const other = at % 2 === 0 ? 0 : counter;
    [order[other], order[at]] = [order[at] as T, order[other] as T];
    yield [...order];
    counters[at] = counter + 1;
    at = 1;
  }
}
