import type { Path } from '../../bgp/attributes.ts';
import type { Standing } from '../../bgp/change.ts';
import type { Peer } from '../../bgp/peer.ts';
import { better, decide } from '../../bgp/rib/decide.ts';
import type { Router } from '../../bgp/router.ts';
import { tellLanes } from './add-path.ts';
import { sayChange } from './changes.ts';
import { type Engine, routerAt, type SlotCandidate } from './engine.ts';
import { dropForgotten } from './flaps.ts';
import { toldPath } from './merged-paths.ts';
import { tellGroups } from './tell.ts';
import { noteChoice } from './together.ts';

/** Decision over the whole list, and where it changed, export. */
export function redecide(engine: Engine, node: number): void {
  if (engine.damping) dropForgotten(engine, node);
  const router = routerAt(engine.topology, node);
  const list = engine.lists[node] ?? [];
  const best = engine.choice ? engine.choice(node, list) : decide(router.process, list);
  engine.sameMed[node] = best !== null && haveMed(list, best.path.med) ? 1 : 0;
  const id = best === null ? 0 : toldPath(engine, node, router, best).id;
  if (best !== (engine.best[node] ?? null) || id !== engine.bestPath[node])
    choose(engine, node, router, best, id);
  if (engine.lanes[node]) tellLanes(engine, node);
}

function haveMed(list: readonly SlotCandidate[], med: number | null): boolean {
  for (let i = 0; i < list.length; i++) if (list[i]?.path.med !== med) return false;
  return true;
}

/** Makes a candidate the best one and tells the neighbours. */
function choose(
  engine: Engine,
  node: number,
  router: Router,
  best: SlotCandidate | null,
  told = best?.path.id ?? 0,
): void {
  const before = engine.best[node] ?? null;
  const saysChangesOnly = engine.plainTeller[node] === 0 && router.config.profile.quirks.saysChangesOnly;
  const stood =
    saysChangesOnly && before ? standing(before.peer, engine.paths[engine.bestPath[node] ?? 0]) : null;
  if (!noteChoice(engine, node)) {
    if (before) before.selected = false;
    if (best) best.selected = true;
  }
  engine.best[node] = best;
  engine.bestPath[node] = told;
  if (saysChangesOnly) sayChange(engine, router, node, best, stood);
  else tellGroups(engine, router, node, best);
}

function standing(peer: Peer | null, path: Path | undefined): Standing | null {
  return path ? { peer, path } : null;
}

/**
 * What follows where one candidate came, changed or went (`path` null) and the best one is another: it stays, or the challenger
 * takes its place. False where the whole list has to be looked at.
 */
export function decideQuickly(
  engine: Engine,
  node: number,
  router: Router,
  challenger: SlotCandidate,
  path: Path | null,
): boolean {
  const before = engine.best[node] ?? null;
  if (engine.choice !== null) return false;
  if (before === null || before === challenger || engine.ordered[node] === 0 || engine.sameMed[node] === 0)
    return false;
  if (path === null) return true;
  if (path.med !== before.path.med) return false;
  const best = better(router.process, challenger, before);
  if (best !== before) choose(engine, node, router, best);
  return true;
}
