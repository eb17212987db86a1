import type { Candidate } from '../../bgp/rib/candidate.ts';
import { type Engine, noteSlot } from './engine.ts';

/**
 * FRR remembers what it told by the number of the path where it is to send several (`adj_lookup`), though the peer takes one: a path that is
 * best again is not told again, and the peer keeps the other one that it heard since; one that may not be told takes nothing back but itself.
 */
export function remembersPaths({ topology }: Engine, slot: number): boolean {
  return (topology.peers.at(slot)?.options.addPathSend ?? 'none') !== 'none';
}

/** Tells the peer of a best path, `wire`; 0: it may not be told. */
export function tellByPath(engine: Engine, slot: number, best: Candidate | null, wire: number): void {
  const told = engine.toldByPath.get(slot) ?? new Map<string, number>();
  engine.toldByPath.set(slot, told);
  noteSlot(engine, slot);
  if (best === null) told.clear();
  else {
    const { address = null, interface: near = null } = best.peer?.config ?? {};
    const key = address?.text ?? near ?? '';
    if ((told.get(key) ?? 0) === wire) return;
    if (wire === 0) told.delete(key);
    else told.set(key, wire);
  }
  if (engine.sent[slot] === wire) return;
  engine.sent[slot] = wire;
  engine.queue.push(engine.topology.reverse[slot] ?? 0, wire);
}
