import { messageFor, type Standing, takesBackRefused } from '../../bgp/change.ts';
import { named } from '../../bgp/export.ts';
import { routerAt } from '../engine/engine.ts';
import { exportedId } from '../peers/class-answers.ts';
import { numbersOf, pathOf } from './answers.ts';
import { candidateAt } from './candidates.ts';
import { G, GROUP_CELLS, N, NODE_CELLS, TOLD } from './cells.ts';
import { type Flat, push } from './layout.ts';

/** What was best before: its place (-1: nothing) and path. */
export interface Before {
  readonly place: number;
  readonly asPath: number;
  readonly attributes: number;
}

/** As `sayChange`: a router that keeps no Adj-RIB-Out says to all its peers that its best path has changed. */
export function sayChanges(flat: Flat, node: number, best: number, before: Before): void {
  const { nodes, groups } = flat;
  const { peers } = flat.engine.topology;
  // What its peers have hangs on all that was said before.
  flat.storied = true;
  const stood: Standing | null =
    before.place < 0
      ? null
      : {
          path: pathOf(flat, before.asPath, before.attributes),
          peer: before.place < flat.slots ? (peers.at(before.place) ?? null) : null,
        };
  const n = node * NODE_CELLS;
  nodes[n + N.flags] = (nodes[n + N.flags] ?? 0) | TOLD;
  for (let group = nodes[n + N.groupStart] ?? 0; group < (nodes[n + N.groupEnd] ?? 0); group++) {
    const g = group * GROUP_CELLS;
    for (let at = groups[g + G.start] ?? 0; at < (groups[g + G.end] ?? 0); at++)
      sayChange(flat, node, group, at, best, stood);
  }
}

/** To the peer in one place. */
function sayChange(
  flat: Flat,
  node: number,
  group: number,
  at: number,
  best: number,
  stood: Standing | null,
): void {
  const { engine, tellers, told, exportGroups } = flat;
  const router = routerAt(engine.topology, node);
  const slot = tellers[at] ?? 0;
  const [peer, exportGroup] = [engine.topology.peers.at(slot), exportGroups[group]];
  if (!peer || !exportGroup) return;
  const now = best < 0 ? null : candidateAt(flat, best);
  const message = messageFor(router, peer, now, stood);
  if (message === 'nothing') return;
  let attributes = 0;
  if (message === 'announce' && now) {
    const id = exportedId(exportGroup.class, engine.prefix, now.peer, named(router, peer, now));
    attributes = numbersOf(flat, engine.paths[id]);
    if (attributes === 0 && !takesBackRefused(router, peer, engine.prefix, stood)) return;
  }
  const asPath = attributes === 0 ? 0 : flat.asPath;
  const t = slot * 4;
  if (told[t] === attributes && told[t + 1] === asPath) return;
  told[t] = attributes;
  told[t + 1] = asPath;
  push(flat, at, at + 1, asPath, attributes);
}
