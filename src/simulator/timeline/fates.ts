import { contains } from '../../base/ip.ts';
import type { Router } from '../../bgp/router.ts';
import { isEarly } from '../sessions/early.ts';
import { listens, type SessionEnd, type Silence } from '../sessions/sessions.ts';
import { connectedInterface, type Ground, kernelLookup } from '../sessions/transport.ts';
import {
  connected,
  daemonOf,
  endOf,
  importDiffers,
  neighborOf,
  pairOf,
  parametersOf,
  runs,
  seesWay,
} from './ends.ts';
import { dialAfter, fallsWithInterface, habitsOf, keepsFor, patience, startsAfter } from './habits.ts';
import { endsBeforeFiles, heldByFiles, isDialledAgain, isLeftIdle } from './held.ts';
import type { Moment } from './moment.ts';
import { beginPause, nearInterface, pauseAfterError } from './pauses.ts';
import { isMissed, pauseAgain } from './watched.ts';

/** What is known when sessions are looked at again. */
export interface Situation {
  readonly ground: Ground;
  readonly groundBefore: Ground;
  readonly clock: number;
  /** As it is now; null: no daemon runs there. */
  readonly routers: readonly (Router | null)[];
  readonly routersBefore: readonly (Router | null)[];
  /** Nodes whose daemon has just started: it knows of no session of before. */
  readonly started: ReadonlySet<number>;
  /** Nodes whose daemon was killed: it took leave of nobody. */
  readonly killed: ReadonlySet<number>;
  /** Who would have a session with whom if all of them tried now. */
  readonly wanted: readonly SessionEnd[];
  /** By place in `wanted`: its place in `before`, where both hosts and all between them are as they were; -1: not known to be. */
  readonly from: Int32Array;
  readonly before: readonly SessionEnd[];
  readonly moment: Pick<Moment, 'tries' | 'pauses'>;
}

/** The sessions as they are now. */
export interface Sessions {
  readonly ends: readonly SessionEnd[];
  /** For each end its place in the list before; -1: new. */
  readonly from: readonly number[];
  readonly waiting: ReadonlyMap<string, number>;
  readonly tries: ReadonlyMap<string, number>;
  readonly pauses: ReadonlyMap<string, number>;
}

/** What is written down about ends that are not up. */
interface Notes {
  readonly silent: Map<string, { readonly end: SessionEnd; readonly place: number }>;
  readonly tries: Map<string, number>;
  readonly pauses: Map<string, number>;
}

/** Which of the two ends still believe in the session. */
interface Belief {
  readonly ends: readonly [SessionEnd, SessionEnd];
  /** Places in the list before; null: that end has given up. */
  readonly places: readonly [number | null, number | null];
}

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

function noteGone(end: SessionEnd, { silent }: Notes): void {
  const gone = {
    ...end,
    state: 'Active',
    reason: 'the caller is gone',
    other: null,
    silent: undefined,
    listed: true,
  } as const;
  silent.set(neighborOf(end), { end: gone, place: -1 });
}

/** Did its daemon stop, and take the only way to the peer along before it could say so? */
function isUnheard({ ground, routers, routersBefore, killed }: Situation, end: SessionEnd): boolean {
  const { node, peerAddress } = end;
  if (routers[node] != null || killed.has(node) || peerAddress === null) return false;
  const router = routersBefore[node];
  if (!habitsOf(router, end).clearsRoutesFirst || router?.config.table?.persists) return false;
  return (
    connectedInterface(ground, node, peerAddress) === null &&
    kernelLookup(ground.tables)(node, peerAddress) === null
  );
}

/** One end of a session that does not go on. */
function noteLoss(situation: Situation, belief: Belief, side: 0 | 1, reached: boolean, notes: Notes): void {
  const { silent, tries, pauses } = notes;
  const end = belief.ends[side];
  const place = belief.places[side];
  const { clock, routers } = situation;
  if (place === null || !runs(situation, end)) return;
  const wasUp = end.state === 'Established';
  const left = silenceOf(situation, belief, side, reached);
  if (left) silent.set(neighborOf(end), { end: { ...end, other: null, silent: left }, place });
  if (left || !wasUp) return;
  tries.set(neighborOf(end), clock);
  const pauseFor = (seconds: number) => {
    if (seconds === 0) return;
    pauses.set(neighborOf(end), clock + seconds);
    tries.set(neighborOf(end), clock + seconds);
  };
  pauseFor(habitsOf(routers[end.node], end).pauseAfterLoss ?? 0);
  const peer = belief.ends[1 - side];
  const kept = peer && keptFor(situation, belief, side, reached);
  if (kept) {
    const reason = 'the peer is gone, its routes are kept for a restart';
    const silence = silenceFor(situation, end, peer, kept);
    const waiting = { ...end, state: 'Active', reason, other: null, silent: silence } as const;
    silent.set(neighborOf(end), { end: waiting, place });
  } else {
    // A session that BFD stops is an error to BIRD, one that it lets restart is none (bgp_bfd_notify).
    const missed = isMissed(situation, belief.ends, side, reached);
    const forgiven = missed ? habitsOf(routers[end.node], end).watchedByBfd === 'keeps' : reached;
    pauseFor(pauseAfterError(situation, end, tries, forgiven));
    if (end.dynamic && habitsOf(routers[end.node], end).listsCallers) noteGone(end, notes);
  }
}

/** Seconds for which an end keeps the routes of a peer that offered graceful restart; 0: not at all. */
function keptFor(situation: Situation, belief: Belief, side: 0 | 1, reached: boolean): number {
  const { ends } = belief;
  const [own, peer] = [ends[side], ends[1 - side]];
  if (!peer) return 0;
  const left = leftSilently(situation, peer);
  const gone = left
    ? 'killed'
    : runs(situation, peer)
      ? null
      : situation.killed.has(peer.node)
        ? 'killed'
        : 'stopped';
  const missed = isMissed(situation, belief.ends, side, reached);
  const silent = own.silent !== undefined && !reached ? 'silent' : null;
  // BIRD handles what BFD misses as a connection that broke.
  const how = gone ?? (missed ? 'killed' : silent);
  if (how === null || (missed && habitsOf(situation.routers[own.node], own).watchedByBfd === 'stops'))
    return 0;
  const [helper, other] = [
    habitsOf(situation.routers[own.node], own),
    habitsOf(situation.routersBefore[peer.node], peer),
  ];
  return keepsFor(helper, other, how);
}

/** Was the session dropped without a word, since the listen range it came from is another in new files? */
function leftSilently({ routers, routersBefore }: Situation, { node, dynamic }: SessionEnd): boolean {
  const [router, old] = [routers[node], routersBefore[node]];
  if (!dynamic || !router || !old || router === old || router.bgp.asn !== old.bgp.asn) return false;
  return habitsOf(router).leavesCallersSilently === true;
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

/** How an end stands that has lost its peer: null: it knows and has given up. */
function silenceOf(situation: Situation, belief: Belief, side: 0 | 1, reached: boolean): Silence | null {
  const { ends, places } = belief;
  const { clock, routers, routersBefore } = situation;
  const [own, peer] = [ends[side], ends[1 - side]];
  if (!peer) return null;
  const near = nearInterface(situation.ground, own);
  if (own.silent && own.state !== 'Established') {
    const falls = habitsOf(routers[own.node], own).keptFallsWithInterface && near !== undefined && !near.up;
    return falls || own.silent.until <= clock ? null : own.silent;
  }
  if (own.silent) {
    const knows = reached && places[1 - side] === null;
    return knows || own.silent.until <= clock ? null : own.silent;
  }
  // A connection that is closed is seen at once where packets pass; whoever changed its own mind knows without.
  if (reached || routers[own.node]?.bgp !== routersBefore[own.node]?.bgp) return null;
  if (near && !near.up && fallsWithInterface(routers[own.node], own)) return null;
  if (isMissed(situation, belief.ends, side, reached)) return null;
  return silenceFor(situation, own, peer, patience(own, peer));
}

function silenceFor(
  { clock, routersBefore }: Situation,
  own: SessionEnd,
  peer: SessionEnd,
  seconds: number,
): Silence {
  const [before, router] = [own.silent, routersBefore[peer.node]];
  const habits = habitsOf(router, peer);
  return {
    peer: { ...peer, silent: undefined },
    until: clock + seconds,
    routerId: before?.routerId ?? router?.routerId ?? 0,
    longMessages: before?.longMessages ?? habits.offersExtendedMessages === true,
  };
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

/** Seconds on the clock at which the session comes up: the next time that one of the two dials and the other answers. */
function readyAt(
  situation: Situation,
  pair: readonly [SessionEnd, SessionEnd],
  { tries, pauses }: Notes,
  earlier: ReadonlyMap<string, SessionEnd>,
): number {
  const { clock, routers } = situation;
  for (const end of pair) {
    beginPause(situation, end, tries, pauses);
    const held = heldByFiles(situation, end, earlier);
    if (held > 0) pauses.set(neighborOf(end), clock + held);
  }
  const freeAt = (end: SessionEnd) => Math.max(clock, pauses.get(neighborOf(end)) ?? 0);
  const dials = pair.map((end, side) => {
    const peer = pair[1 - side] ?? end;
    if (end.config.passive || end.dynamic || !listens(peer.config, end.config))
      return Number.POSITIVE_INFINITY;
    const habits = habitsOf(routers[end.node], end);
    // It dials in the moment it is let go.
    const held = heldByFiles(situation, end, earlier) > 0;
    if (!held && isLeftIdle(end, earlier)) tries.set(neighborOf(end), Number.POSITIVE_INFINITY);
    else if (held || beginsAnew(situation, end, earlier))
      tries.set(neighborOf(end), freeAt(end) - (held ? habits.dialsAfter : 0));
    const started = tries.get(daemonOf(end.node)) ?? 0;
    const began = tries.get(neighborOf(end)) ?? started;
    const first = began + (began === started ? startsAfter(habits) : habits.dialsAfter);
    const shut = peer.dynamic ? 0 : (habitsOf(routers[peer.node], peer).heldAtStart ?? 0);
    const open = (tries.get(daemonOf(peer.node)) ?? Number.NEGATIVE_INFINITY) + shut;
    const answered = Math.max(freeAt(end), freeAt(peer), open);
    return dialAfter(first, answered, habits, end.config.timers.connectRetry);
  });
  return Math.min(...dials);
}

/** A daemon that watches the way to its peer dials as soon as it is there again; the others wait for their timers. */
function beginsAnew(
  { ground, groundBefore, routers, routersBefore, started }: Situation,
  end: SessionEnd,
  earlier: ReadonlyMap<string, SessionEnd>,
): boolean {
  const { node } = end;
  if (started.has(node)) return true;
  const [router, old] = [routers[node], routersBefore[node]];
  if (router?.bgp !== old?.bgp && isDialledAgain(end, router, old, earlier)) return true;
  return habitsOf(routers[node]).watchesWay && seesWay(ground, end) && !seesWay(groundBefore, end);
}
