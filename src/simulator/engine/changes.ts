import { messageFor, type Standing, takesBackRefused } from '../../bgp/change.ts';
import { named } from '../../bgp/export.ts';
import type { Candidate } from '../../bgp/rib/candidate.ts';
import type { Router } from '../../bgp/router.ts';
import { exportedId } from '../peers/class-answers.ts';
import type { ExportGroup } from '../peers/export-groups.ts';
import { type Engine, noteSlot } from './engine.ts';

/** What a router that keeps no Adj-RIB-Out says to all its peers when its best path has changed. */
export function sayChange(
  engine: Engine,
  router: Router,
  node: number,
  best: Candidate | null,
  before: Standing | null,
): void {
  for (const group of engine.groups[node] ?? [])
    for (const slot of group.slots) tellChange(engine, router, group, slot, best, before);
}

/** One peer of a router that keeps no Adj-RIB-Out; `before` null: the session is new. */
export function tellChange(
  engine: Engine,
  router: Router,
  group: ExportGroup,
  slot: number,
  best: Candidate | null,
  before: Standing | null,
): void {
  const { topology, prefix } = engine;
  const other = topology.reverse[slot] ?? 0;
  const peer = topology.peers.at(slot);
  if (!peer || engine.open[slot] === 0 || topology.lanes.has(slot)) return;
  const message = messageFor(router, peer, best, before);
  if (message === 'nothing') return;
  let wire = 0;
  if (message === 'announce' && best) {
    wire = exportedId(group.class, prefix, best.peer, named(router, peer, best));
    if (wire === 0 && !takesBackRefused(router, peer, prefix, before)) return;
  }
  if (engine.sent[slot] === wire) return;
  engine.sent[slot] = wire;
  noteSlot(engine, slot);
  engine.queue.push(other, wire);
}
