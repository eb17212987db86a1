import { contains } from '../../base/ip.ts';
import { isEarly } from '../sessions/early.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import { readyAt } from './dials.ts';
import { connected, daemonOf, endOf, importDiffers, neighborOf, pairOf, parametersOf, runs } from './ends.ts';
import { habitsOf } from './habits.ts';
import { endsBeforeFiles } from './held.ts';
import { isUnheard, noteGone, noteLoss } from './losses.ts';
import type { Belief, Notes, Sessions, Situation } from './situation.ts';
import { pauseAgain } from './watched.ts';

/**
 * Sessions after something has happened, or some time has passed: which go on, which ends give up, which do not know yet that
 * nobody is there any more, and which sessions come up. RFC 4271 section 8, seen from outside.
 */
export function nextSessions(situation: Situation): Sessions {
  const { before, wanted, clock, moment } = situation;
  const going = new Map<string, Belief>();
  const notes: Notes = {
    silent: new Map(),
    tries: new Map(moment.tries),
    pauses: new Map([...moment.pauses].filter(([, until]) => until > clock)),
  };
  for (const node of situation.started) forgetNode(notes, node, clock);
  pauseAgain(situation, notes.tries, notes.pauses);
  for (const end of before) if (isListed(situation, end)) noteGone(end, notes);
  const quiet = quietEnds(situation);
  const possible = wantedPairs(wanted, quiet);
  for (const belief of beliefs(before, quiet)) {
    const [a, b] = belief.ends;
    const key = pairOf(a, b);
    if (goesOn(situation, belief, possible.has(key))) {
      going.set(key, belief);
      continue;
    }
    const reached = connected(situation.ground, a, b) && !isUnheard(situation, a) && !isUnheard(situation, b);
    for (const side of [0, 1] as const) noteLoss(situation, belief, side, reached, notes);
  }
  return lineUp(situation, going, notes, quiet);
}

/** A caller out of a listen range that is gone, and stands in the list of sessions as long as there is such a range (BIRD). */
function isListed(situation: Situation, end: SessionEnd): boolean {
  const { dynamic, other, silent, node, peerAddress } = end;
  if (!end.listed || !dynamic || other !== null || silent || !runs(situation, end)) return false;
  const router = situation.routers[node];
  if (!peerAddress) return false;
  return router?.bgp.listenRanges.some(({ prefix }) => contains(prefix, peerAddress)) === true;
}

/** The daemon has begun anew with all its neighbors. */
function forgetNode({ tries, pauses }: Notes, node: number, clock: number): void {
  for (const map of [tries, pauses])
    for (const key of [...map.keys()]) if (key.startsWith(`${node}|`)) map.delete(key);
  tries.set(daemonOf(node), clock);
}

/** Everybody who believes in a session, in pairs; each once. */
function* beliefs(ends: readonly SessionEnd[], { were }: Quiet): Generator<Belief> {
  const halves = new Map<string, readonly [SessionEnd, number]>();
  for (const [place, end] of ends.entries()) {
    if (were[place] === 1) continue;
    const other = ends[end.other ?? -1];
    if (other && end.other !== null && place < end.other) {
      yield { ends: [end, other], places: [place, end.other] };
    }
    if (end.silent) halves.set(endOf(end), [end, place]);
  }
  for (const [key, [end, place]] of halves) {
    if (!end.silent) continue;
    const half = halves.get(endOf(end.silent.peer));
    if (!half) yield { ends: [end, end.silent.peer], places: [place, null] };
    else if (key < endOf(half[0])) yield { ends: [end, half[0]], places: [place, half[1]] };
  }
}

function wantedPairs(
  wanted: readonly SessionEnd[],
  { are }: Quiet,
): ReadonlyMap<string, readonly [SessionEnd, SessionEnd]> {
  const pairs = new Map<string, readonly [SessionEnd, SessionEnd]>();
  for (const [place, end] of wanted.entries()) {
    if (are[place] === 1) continue;
    const other = wanted[end.other ?? -1];
    if (end.state === 'Established' && other) pairs.set(pairOf(end, other), [end, other]);
  }
  return pairs;
}

/** Both ends still believe in it, packets pass, and nothing has changed that needs another OPEN. */
function goesOn(situation: Situation, { ends, places }: Belief, possible: boolean): boolean {
  if (!possible || places.includes(null)) return false;
  const { clock, routers, routersBefore, wanted } = situation;
  return ends.every((end) => {
    if (!runs(situation, end) || (end.silent && end.silent.until <= clock)) return false;
    if (routers[end.node] === routersBefore[end.node]) return true;
    const now = wanted.find((one) => one.other !== null && endOf(one) === endOf(end));
    if (!now || parametersOf(now, routers[end.node]) !== parametersOf(end, routersBefore[end.node]))
      return false;
    return !isDeaf(situation, end, wanted[now.other ?? -1]) || !importDiffers(end, now);
  });
}

/** Can the end not apply another import policy on this session? */
function isDeaf({ routers }: Situation, end: SessionEnd, other: SessionEnd | undefined): boolean {
  if (!other || !habitsOf(routers[end.node], end).rereadsByRefresh) return false;
  return habitsOf(routers[other.node], other).answersRefresh === false;
}

/** Ends of sessions that go on without a question: as marks by place in `wanted`, and in the list before. */
interface Quiet {
  readonly are: Uint8Array;
  readonly were: Uint8Array;
}

function quietEnds(situation: Situation): Quiet {
  const { wanted, from, before, routers, routersBefore } = situation;
  const [are, were] = [new Uint8Array(wanted.length), new Uint8Array(before.length)];
  const isQuiet = (end: SessionEnd, was: SessionEnd | undefined, other: number) =>
    end.state === 'Established' &&
    was?.state === 'Established' &&
    was.other === other &&
    !was.silent &&
    routers[end.node] === routersBefore[end.node] &&
    runs(situation, end);
  for (let place = 0; place < wanted.length; place++) {
    const end = wanted[place];
    const far = end?.other ?? -1;
    const [old, oldFar] = [from[place] ?? -1, from[far] ?? -1];
    const other = wanted[far];
    if (!end || !other || far < place || old < 0 || oldFar < 0) continue;
    if (!isQuiet(end, before[old], oldFar) || !isQuiet(other, before[oldFar], old)) continue;
    are[place] = are[far] = were[old] = were[oldFar] = 1;
  }
  return { are, were };
}

/** The list of ends: in the order in which they would be made now, those that outlived their statement behind. */
function lineUp(
  situation: Situation,
  going: ReadonlyMap<string, Belief>,
  notes: Notes,
  { are, were }: Quiet,
): Sessions {
  const { wanted, before, clock, from: quietFrom } = situation;
  const waiting = new Map<string, number>();
  const earlier = endsBeforeFiles(situation);
  const places = new Map<string, number>();
  before.forEach((end, place) => {
    if (were[place] === 0) places.set(endOf(end), place);
  });
  const left = new Map(notes.silent);
  const believes = (end: SessionEnd) => notes.silent.get(neighborOf(end))?.end.state === 'Established';
  const ends: SessionEnd[] = [];
  const from: number[] = [];
  const add = (end: SessionEnd, place: number) => {
    ends.push(end);
    from.push(place);
  };
  const goOn = (end: SessionEnd, place: number) =>
    add(before[place]?.early ? { ...end, early: true } : end, place);
  for (const [place, end] of wanted.entries()) {
    if (are[place] === 1 && left.size === 0) {
      goOn(end, quietFrom[place] ?? -1);
      continue;
    }
    const stuck = left.get(neighborOf(end));
    left.delete(neighborOf(end));
    const other = wanted[end.other ?? -1];
    const key = end.state === 'Established' && other ? pairOf(end, other) : null;
    if (key === null || !other || believes(end)) add(stuck?.end ?? end, stuck?.place ?? -1);
    else if (are[place] === 1) goOn(end, quietFrom[place] ?? -1);
    else if (going.has(key)) goOn(end, places.get(endOf(end)) ?? -1);
    else {
      const at = readyAt(situation, [end, other], notes, earlier);
      if (at > clock) waiting.set(key, at);
      if (at <= clock && !believes(other))
        add(
          comingUp(situation, end, other, notes),
          staysKept(situation.routers, end, other) ? (stuck?.place ?? -1) : -1,
        );
      else add(stuck?.end ?? dialing(end), stuck?.place ?? -1);
    }
  }
  for (const { end, place } of left.values()) add(end, place);
  return { ends: withoutHalves(ends), from, waiting, tries: notes.tries, pauses: notes.pauses };
}

/** Does an end go on with what it kept of a peer that is there again, until the peer has said everything? */
function staysKept(routers: Situation['routers'], end: SessionEnd, peer: SessionEnd): boolean {
  if (!habitsOf(routers[end.node], end).keepsPreservedOnly) return true;
  return habitsOf(routers[peer.node], peer).preservesForwarding === true;
}

function comingUp(
  { clock, routers }: Situation,
  end: SessionEnd,
  other: SessionEnd,
  { tries }: Notes,
): SessionEnd {
  const began = tries.get(daemonOf(end.node)) ?? Number.NEGATIVE_INFINITY;
  return isEarly(end, other, routers, clock - began) ? { ...end, early: true } : end;
}

/** An end whose peer is not up yet is not up either. */
function withoutHalves(ends: readonly SessionEnd[]): readonly SessionEnd[] {
  return ends.map((end) => {
    const other = ends[end.other ?? -1];
    return end.other !== null && other?.other == null ? dialing(end) : end;
  });
}

function dialing(end: SessionEnd): SessionEnd {
  return { ...end, state: 'Active', other: null, reason: 'the connection is being made' };
}
