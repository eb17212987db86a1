import { pathHeld } from '../engine/deliver.ts';
import { candidateOf, type Engine, routerAt } from '../engine/engine.ts';
import { judgeNextHop } from '../engine/judge.ts';

/**
 * What pipes bring once the tables of the state before are there: copies of paths that are others now go on their way, as do refused ones
 * whose pipe may say otherwise now. The nodes where a copy leads elsewhere.
 */
export function pipeAgain(engine: Engine, isReread: (slot: number) => boolean): ReadonlySet<number> {
  const { copies } = engine.topology;
  const changed = new Set<number>();
  copies.list.forEach(({ source, node }, place) => {
    const slot = copies.first + place;
    const path = pathHeld(engine, source);
    const isHeld = engine.inList[slot] === 1;
    if (engine.received[slot] !== path || (!isHeld && path !== 0 && isReread(slot)))
      engine.queue.push(slot, path);
    else if (isHeld && leadsElsewhere(engine, node, slot)) changed.add(node);
  });
  return changed;
}

function leadsElsewhere(engine: Engine, node: number, slot: number): boolean {
  const candidate = candidateOf(engine, slot);
  const { igpMetric, unresolved } = candidate;
  judgeNextHop(engine, node, routerAt(engine.topology, node), candidate);
  return candidate.igpMetric !== igpMetric || candidate.unresolved !== unresolved;
}
