import type { Prefix } from '../../base/ip.ts';
import { exportPath } from '../../bgp/export.ts';
import { importPath } from '../../bgp/import.ts';
import { nameOf } from '../checks/names.ts';
import { candidateOf, type Engine, routerAt } from '../engine/engine.ts';
import { hasServerPaths } from '../engine/server-table.ts';
import { losses } from '../result/path-results.ts';
import type { SessionList } from '../sessions/session-list.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import type { FamilyState, SimulationState } from '../state.ts';
import { bare, type Cause, peerCause, plainCause } from './cause.ts';
import { nextHopCause } from './next-hops.ts';
import { missingOrigins } from './origins.ts';
import { keptByPipe } from './pipes.ts';
import { advertisedOn, farNode, receivedOn, slotsOf } from './slots.ts';

/**
 * What stopped a route: 'not-originated' at the host that should announce it, 'session' between two hosts, 'not-sent' by the
 * host that has it, 'refused' by the host it was sent to, 'next-hop' where it arrived and cannot be used, 'unsettled' where the
 * tables still change.
 */
export type StopKind = 'not-originated' | 'session' | 'not-sent' | 'refused' | 'next-hop' | 'unsettled';

/** The first thing that stopped a route on one way; `host` is where it happened. */
export interface Stop extends Cause {
  readonly kind: StopKind;
  /** The last host that has the route and the one that should have got it; the same for 'not-originated'. */
  readonly from: string;
  readonly to: string;
  /** A further clause: another path would have passed, or what the other end of a session says; empty where there is none. */
  readonly note: string;
}

/** One way from a host that makes the route to the host that misses it, along configured sessions. */
export interface Way {
  readonly hosts: readonly string[];
  /** How many of them have the route. */
  readonly reached: number;
  readonly stop: Stop;
  /** The stop as a clause. */
  readonly why: string;
}

const MAX_WAYS = 20;

/**
 * Where on the way a route died that a host does not have: each way on which it came as far as it could, the shortest first.
 * Empty where no session leads to the host from anywhere. The engine holds the prefix (`known`), or nobody makes it at all.
 */
export function waysTo(
  state: SimulationState,
  familyState: FamilyState,
  prefix: Prefix,
  known: boolean,
  node: number,
): readonly Way[] {
  const { engine } = familyState;
  const neighbors = neighborsOf(state.ends);
  const holds = (one: number) =>
    known && (engine.best[one] != null || engine.defaults.has(one) || hasServerPaths(engine.lists[one]));
  const { next, frontier } = searchBack(neighbors, node, holds);
  const ways = frontier.map(([from, to]): Way => {
    const before = chainTo(engine, from);
    const hosts = [...before, ...chainOn(next, to)].map((one) => nameOf(state, one));
    const stop = stopBetween(state, familyState, from, to);
    return { hosts, reached: before.length, stop, why: stopText(stop) };
  });
  const idle = missingOrigins(state, familyState, prefix).flatMap(({ node: origin, cause }): Way[] => {
    if (!next.has(origin)) return [];
    const name = nameOf(state, origin);
    const hosts = chainOn(next, origin).map((one) => nameOf(state, one));
    const stop: Stop = { ...cause, kind: 'not-originated', from: name, to: name, note: '' };
    return [{ hosts, reached: 0, stop, why: stopText(stop) }];
  });
  return [...ways, ...idle].sort(byPromise).slice(0, MAX_WAYS);
}

/** The shortest way first; among equal ones that on which a line of a configuration speaks before that on which a rule does. */
function byPromise(a: Way, b: Way): number {
  const rank = ({ stop }: Way) =>
    stop.kind === 'not-originated' ? 2 : stop.policy || stop.kind === 'session' ? 0 : 1;
  const names = (way: Way) => way.hosts.join(' ');
  return (
    Number(a.reached === 0) - Number(b.reached === 0) ||
    a.hosts.length - b.hosts.length ||
    rank(a) - rank(b) ||
    b.reached - a.reached ||
    (names(a) < names(b) ? -1 : names(a) > names(b) ? 1 : 0)
  );
}

/** Who is configured to speak to whom, whether the session is up or not; ascending. */
function neighborsOf(ends: SessionList): ReadonlyMap<number, readonly number[]> {
  const sets = new Map<number, Set<number>>();
  const put = (a: number, b: number) => sets.set(a, (sets.get(a) ?? new Set()).add(b));
  for (const { node, peerNode } of ends) {
    if (peerNode === null) continue;
    put(node, peerNode);
    put(peerNode, node);
  }
  return new Map([...sets].map(([one, set]) => [one, [...set].sort((a, b) => a - b)]));
}

/**
 * From the host that misses the route outwards through those that miss it too: where each goes on towards the host (`next`), and
 * the pairs of one that has it and one that does not (`frontier`).
 */
function searchBack(
  neighbors: ReadonlyMap<number, readonly number[]>,
  node: number,
  holds: (node: number) => boolean,
): { readonly next: ReadonlyMap<number, number>; readonly frontier: readonly (readonly [number, number])[] } {
  const next = new Map([[node, -1]]);
  const frontier: [number, number][] = [];
  const queue = [node];
  for (let at = 0; at < queue.length; at++) {
    const to = queue[at] ?? -1;
    for (const from of neighbors.get(to) ?? []) {
      if (holds(from)) frontier.push([from, to]);
      else if (!next.has(from)) {
        next.set(from, to);
        queue.push(from);
      }
    }
  }
  return { next, frontier };
}

function chainOn(next: ReadonlyMap<number, number>, from: number): readonly number[] {
  const chain: number[] = [];
  for (let one = from; one >= 0; one = next.get(one) ?? -1) chain.push(one);
  return chain;
}

/** The hosts through which a best path came, from who made it to `node`. */
export function chainTo(engine: Engine, node: number): readonly number[] {
  const chain = [node];
  for (let at = node; ; ) {
    const slot = engine.best[at]?.slot ?? -1;
    if (slot < 0) return chain;
    at = farNode(engine, slot);
    if (chain.includes(at)) return chain;
    chain.unshift(at);
  }
}

/** Why a route that `from` has does not stand in the table of `to`. */
function stopBetween(state: SimulationState, familyState: FamilyState, from: number, to: number): Stop {
  const { engine } = familyState;
  const names = { from: nameOf(state, from), to: nameOf(state, to) };
  const slots = slotsOf(engine, from).filter((slot) => farNode(engine, slot) === to);
  const stops = slots.map((slot) => stopOnSlot(state, engine, slot, names));
  return (
    stops.find(({ kind }) => kind !== 'not-sent') ??
    stops[0] ?? {
      ...names,
      ...sessionStop(state, familyState, from, to),
      kind: 'session',
    }
  );
}

/** The rules let it in and it is not there: FRR does not ask again for what it refused while another switch stood. */
const NOT_AGAIN =
  'the files of before refused it, those of now do not, and it is judged when it is told again';

/** The rules let it pass and it was not said: GoBGP does not look again at what it says when other files are loaded. */
const NOT_YET = 'the files of before kept it, those of now do not, and it speaks when its best path changes';

function stopOnSlot(
  state: SimulationState,
  engine: Engine,
  slot: number,
  names: { readonly from: string; readonly to: string },
): Stop {
  const far = engine.topology.reverse[slot] ?? -1;
  const note = passedOver(state, engine, slot);
  if (engine.sent[slot] === 0) {
    const cause = bare(advertisedOn(state, engine, slot));
    return { ...names, ...cause, reason: cause.reason || NOT_YET, kind: 'not-sent', note };
  }
  const received = receivedOn(state, engine, far);
  if (received && !received.accepted) {
    return { ...names, ...bare(received), kind: 'refused', note };
  }
  const kept = keptByPipe(state, engine, far);
  if (kept) return { ...names, ...kept, kind: 'refused', note };
  const invalid = engine.inList[far] === 1 ? candidateOf(engine, far).invalid : null;
  if (invalid) {
    const { cause, hint } = nextHopCause(state, engine, slot, invalid);
    return { ...names, ...cause, kind: 'next-hop', note: note || hint };
  }
  const settles = !state.families[engine.topology.family].byText.get(engine.prefix.text)?.oscillation;
  if (settles && received?.accepted && engine.inList[far] !== 1)
    return { ...names, ...plainCause(names.to, NOT_AGAIN), kind: 'refused', note };
  return { ...names, kind: 'unsettled', ...plainCause(names.to, 'the route never settles there'), note };
}

/** A path that would have passed where the best one did not. */
function passedOver(state: SimulationState, engine: Engine, slot: number): string {
  const { topology, prefix } = engine;
  const node = topology.owner[slot] ?? -1;
  const far = topology.reverse[slot] ?? -1;
  const [peer, back] = [topology.peers.at(slot), topology.peers.at(far)];
  if (!peer || !back) return '';
  const router = routerAt(topology, node);
  for (const [candidate, { step, winner }] of losses(engine, node)) {
    const sent = exportPath(router, peer, prefix, candidate).path;
    if (!sent || !importPath(routerAt(topology, farNode(engine, slot)), back, prefix, sent).path) continue;
    const of = (slotOf: number) =>
      slotOf < 0 ? 'its own path' : `the path from ${nameOf(state, farNode(engine, slotOf))}`;
    return `${of(candidate.slot)} would pass, but at ${router.name} it lost to ${of(winner.slot)} at ${step}`;
  }
  return '';
}

/** Why no session carries the family between two hosts. */
function sessionStop(
  state: SimulationState,
  { family }: FamilyState,
  from: number,
  to: number,
): Cause & { note: string } {
  const ends = state.ends.filter(
    ({ node, peerNode }) => (node === to && peerNode === from) || (node === from && peerNode === to),
  );
  const down = ends.filter((end) => end.state !== 'Established');
  const told = down.find(({ reason }) => reason !== '') ?? down[0];
  if (told) {
    const cause = peerCause(nameOf(state, told.node), told.reason, told.config);
    return {
      ...cause,
      note: otherEnd(
        state,
        down.find((end) => end.node !== told.node && end.reason !== told.reason),
      ),
    };
  }
  const missing = ends.find((end) => !end.config.families[family]) ?? ends[0];
  const host = nameOf(state, missing?.node ?? to);
  const words = `does not carry ${family.replace('-unicast', '')} (not activated on ${host})`;
  return { ...(missing ? peerCause(host, words, missing.config) : plainCause(host, words)), note: '' };
}

/** What the other end says, with its line: either may be the wrong one. */
function otherEnd(state: SimulationState, end: SessionEnd | undefined): string {
  if (!end || end.reason === '') return '';
  const { source } = end.config;
  const place = source ? ` (${source.file}:${source.line})` : '';
  return `${nameOf(state, end.node)} says: ${end.reason}${place}`;
}

/** What stopped a route, as a clause. */
function stopText({ kind, from, to, reason, policy }: Stop): string {
  switch (kind) {
    case 'not-originated':
      return `${from} does not announce it: ${reason}`;
    case 'session':
      return `the session between ${from} and ${to} ${reason.startsWith('does not carry') ? reason : `is down: ${reason}`}`;
    case 'not-sent':
      return policy
        ? `kept from ${to} at ${from} by ${reason}`
        : `${from} does not send it to ${to}: ${reason}`;
    case 'refused':
      return policy
        ? `refused at ${to} by ${reason}, coming from ${from}`
        : `refused at ${to}, coming from ${from}: ${reason}`;
    case 'next-hop':
      return `${to} got it from ${from} and cannot use it: ${reason}`;
    case 'unsettled':
      return `between ${from} and ${to} it never settles`;
  }
}
