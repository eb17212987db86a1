import { nameOf } from '../checks/names.ts';
import { candidateOf, type Engine, routerAt } from '../engine/engine.ts';
import { pathVerdict } from '../engine/path-verdict.ts';
import type { Topology } from '../engine/topology.ts';
import type { SimulationState } from '../state.ts';
import { copyAt, hostOf, tableOf } from '../table/beside.ts';
import { type Cause, causeOf, plainCause } from './cause.ts';

/** Why a path that came in over a slot is not in the table that is shown; null: it is, or it came into that one. */
export function keptByPipe(state: SimulationState, engine: Engine, slot: number): Cause | null {
  const { topology } = engine;
  const node = topology.owner[slot] ?? -1;
  const host = hostOf(topology, node);
  if (node === host || engine.inList[slot] !== 1) return null;
  const way = wayTo(topology, slot, host);
  const stopped = way?.find((copy) => engine.inList[copy] !== 1);
  if (way && stopped === undefined) return null;
  const table = tableOf(topology, topology.owner[stopped ?? slot] ?? node) ?? 'of the family';
  const none = plainCause(
    nameOf(state, host),
    `no pipe leads from table ${tableOf(topology, node)} to that of the family`,
  );
  if (stopped === undefined) return none;
  const copy = copyAt(topology, stopped);
  if (!copy) return none;
  const { path, peer } = candidateOf(engine, copy.source);
  const { reason } = pathVerdict(routerAt(topology, node), copy.policy, engine.prefix, { path, peer });
  const cause = causeOf(nameOf(state, host), '', reason, engine.prefix);
  return cause.reason === '' ? { ...cause, reason: `a pipe keeps it out of the table ${table}` } : cause;
}

/** The copies on the way from a slot to a table; null: no pipe leads there. */
function wayTo(topology: Topology, slot: number, node: number): readonly number[] | null {
  for (const copy of topology.copies.of.get(slot) ?? []) {
    if (topology.owner[copy] === node) return [copy];
    const on = wayTo(topology, copy, node);
    if (on) return [copy, ...on];
  }
  return null;
}
