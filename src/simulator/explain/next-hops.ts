import type { Path } from '../../bgp/attributes.ts';
import { exportPath } from '../../bgp/export.ts';
import { importPath } from '../../bgp/import.ts';
import type { PolicyReason } from '../../bgp/policy/evaluate.ts';
import { nameOf } from '../checks/names.ts';
import { type Engine, routerAt } from '../engine/engine.ts';
import type { SimulationState } from '../state.ts';
import { hostOf } from '../table/beside.ts';
import { type Cause, causeOf, plainCause } from './cause.ts';

/** Why what was sent over a slot cannot be used at the other end, with the line that named the next hop or could have named another. */
export function nextHopCause(
  state: SimulationState,
  engine: Engine,
  slot: number,
  invalid: string,
): { readonly cause: Cause; readonly hint: string } {
  const { topology, prefix } = engine;
  const far = topology.reverse[slot] ?? -1;
  const [node, farNode] = [topology.owner[slot] ?? -1, topology.owner[far] ?? -1];
  const [peer, back, best] = [topology.peers.at(slot), topology.peers.at(far), engine.best[node]];
  const [from, to] = [nameOf(state, hostOf(topology, node)), nameOf(state, hostOf(topology, farNode))];
  const wire = engine.paths[engine.received[far] ?? 0];
  const plain = { cause: plainCause(to, invalid), hint: '' };
  if (!peer || !back || !best || !wire) return plain;
  const taken = importPath(routerAt(topology, farNode), back, prefix, wire);
  if (taken.path && taken.reason && taken.path.nextHop?.text !== wire.nextHop?.text) {
    const { source, policy } = causeOf(to, '', taken.reason, prefix);
    return {
      cause: { ...plain.cause, source, policy },
      hint: `${to} names this next hop itself: correct it there, or give ${to} a route to it`,
    };
  }
  const told = exportPath(routerAt(topology, node), peer, prefix, best);
  if (told.path && told.reason && namesNextHop(told.reason, told.path)) {
    const { source } = causeOf(from, '', told.reason, prefix);
    return {
      cause: { ...plain.cause, source },
      hint: `${from} names this next hop: correct it there, or give ${to} a route to it`,
    };
  }
  if (wire.nextHop === null) return plain;
  const got = best.path.nextHop ?? best.peer?.nextHop;
  const unchanged = best.slot >= 0 && got?.text === wire.nextHop.text;
  const hint = unchanged
    ? `${from} passes it on with the next hop that it got: have it name itself (next-hop-self), or give ${to} a route there`
    : `${from} announces it with this next hop: give ${to} a route there, or have ${from} name another`;
  return { cause: { ...plain.cause, source: peer.config.source }, hint };
}

function namesNextHop({ statement }: PolicyReason, { nextHopByPolicy }: Path): boolean {
  return nextHopByPolicy === 'set' || statement?.actions.some(({ kind }) => kind === 'next-hop') === true;
}
