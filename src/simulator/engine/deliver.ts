import { holdsAs } from '../../bgp/as-path.ts';
import type { Path } from '../../bgp/attributes.ts';
import { namesOwnNextHop, refusal } from '../../bgp/import.ts';
import { updateMovesToEnd } from '../../bgp/rib/decide.ts';
import type { Router } from '../../bgp/router.ts';
import { takesNetwork } from '../../bgp/unicast-networks.ts';
import { importedAnswer, importedId } from '../peers/class-answers.ts';
import { copyAt } from '../table/beside.ts';
import { pipedPath } from '../table/piped.ts';
import { decideQuickly, redecide } from './choose.ts';
import { deliverDamped } from './dampened.ts';
import {
  candidateOf,
  type Engine,
  importClassOf,
  noteSlot,
  routerAt,
  type SlotCandidate,
  touch,
} from './engine.ts';
import { judgeNextHop, staysJudged } from './judge.ts';

/** Delivers the event at the head of the queue. */
export function deliver(engine: Engine, slot: number, id: number): void {
  engine.events++;
  engine.received[slot] = id;
  noteSlot(engine, slot);
  const node = engine.topology.owner[slot] ?? 0;
  const router = routerAt(engine.topology, node);
  const candidate = candidateOf(engine, slot);
  const list = engine.lists[node];
  if (!list) return;
  const path = imported(engine, slot, router);
  if (engine.damping && deliverDamped(engine, node, candidate, path)) return;
  const present = engine.inList[slot] === 1;
  if (path === null) {
    if (!present || keepsEarlier(engine, slot, router)) return;
    list.splice(list.indexOf(candidate), 1);
    engine.inList[slot] = 0;
    candidate.selected = false;
  } else {
    if (present && candidate.path === path) return;
    place(engine, node, router, candidate, list, path);
  }
  if (!decideQuickly(engine, node, router, candidate, path)) redecide(engine, node);
  pipeOn(engine, slot);
}

/** What pipes make of the path of a slot now. */
export function pipeOn(engine: Engine, slot: number): void {
  for (const copy of engine.topology.copies.of.get(slot) ?? []) deliver(engine, copy, pathHeld(engine, slot));
}

/** The number of the path of a slot in its table; 0: it has none there. */
export function pathHeld(engine: Engine, slot: number): number {
  return engine.inList[slot] === 1 ? candidateOf(engine, slot).path.id : 0;
}

/** Puts a learned path into the table of its router. */
function place(
  engine: Engine,
  node: number,
  router: Router,
  candidate: SlotCandidate,
  list: SlotCandidate[],
  path: Path,
): void {
  const { slot } = candidate;
  const present = engine.inList[slot] === 1;
  candidate.path = path;
  if (engine.judged[slot] !== 1 || !staysJudged(engine, path)) judgeNextHop(engine, node, router, candidate);
  if (present && !updateMovesToEnd(router.config.profile.decision)) return;
  if (present) list.splice(list.indexOf(candidate), 1);
  candidate.arrival = ++engine.arrivals;
  list.push(candidate);
  engine.inList[slot] = 1;
  if (present) return;
  candidate.selected = false;
  touch(engine, node);
}

/** Was the path refused in a way that leaves the one before in the table? */
export function keepsEarlier(engine: Engine, slot: number, router: Router): boolean {
  if (!router.config.profile.quirks.loopKeepsEarlierPath) return false;
  const wire = engine.paths[engine.received[slot] ?? 0];
  const peer = engine.topology.peers.at(slot);
  return wire !== undefined && peer !== undefined && refusal(router, peer, wire) !== null;
}

/** What the import makes of the path a slot received; null: refused, or nothing. */
export function imported(engine: Engine, slot: number, router: Router): Path | null {
  const wire = engine.paths[engine.received[slot] ?? 0];
  const peer = engine.topology.peers.at(slot);
  const copy = copyAt(engine.topology, slot);
  if (copy) return wire && peer ? pipedPath(router, copy.policy, engine.prefix, wire, peer) : null;
  const peerClass = importClassOf(engine, slot);
  if (!wire || !peer || !peerClass) return null;
  if (engine.isOdd && !takesNetwork(router.config.profile, engine.prefix)) return null;
  const asn = engine.loopAs[slot] ?? 0;
  if (asn === 0 || wire.nextHop !== null || wire.asPath.rest === null) {
    if (refusal(router, peer, wire) !== null) return null;
    return usable(engine, router, importedId(peerClass, router, peer, engine.prefix, wire));
  }
  if (holdsAs(wire.asPath, asn)) return null;
  const first = engine.firstAs[slot] ?? 0;
  if (first !== 0 && first !== wire.asPath.neighborAs) return null;
  return usable(engine, router, importedAnswer(peerClass, router, peer, engine.prefix, wire));
}

function usable({ paths }: Engine, router: Router, id: number): Path | null {
  const path = paths[id] ?? null;
  return path !== null && path.nextHop !== null && namesOwnNextHop(router, path) ? null : path;
}
