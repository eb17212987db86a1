import { type FamilyName, familyNames } from '../../base/family.ts';
import type { Topology } from '../engine/topology.ts';
import type { SimulationState } from '../state.ts';
import { isJudgedAgain } from './commanded.ts';
import { habitsOf } from './habits.ts';
import { isFilterToldAnew } from './kept-back.ts';
import { onlyListsDiffer } from './lists-wait.ts';
import type { Past } from './past.ts';
import { asksAgain } from './refreshed.ts';

/** Slots of routers with new files whose daemon does not look again at what came in on them, or not before it comes again. */
export function unjudged(
  before: SimulationState,
  next: SimulationState,
  slots: Past['slots'],
  reread: ReadonlySet<number>,
): Past['unjudged'] {
  const byFamily = familyNames.map((family) => {
    const [earlier, now] = [before.families[family].topology, next.families[family].topology];
    const found = new Set<number>();
    if (reread.size > 0)
      slots[family].forEach((old, slot) => {
        if (old >= 0 && reread.has(now.owner[slot] ?? -1) && isUnjudged(next, now, slot, earlier, old))
          found.add(slot);
      });
    return [family, found] as const;
  });
  return Object.fromEntries(byFamily) as Record<FamilyName, Set<number>>;
}

function isUnjudged(
  { ends, routers }: SimulationState,
  now: Topology,
  slot: number,
  earlier: Topology,
  old: number,
): boolean {
  const node = now.owner[slot] ?? -1;
  const [router, peer] = [now.routers[node], now.peers.at(slot)];
  if (!router) return false;
  const was = { peer: earlier.peers.at(old), router: earlier.routers[node] };
  const { listsWait, reloadsImportOnly, rereadsOnlyKept } = habitsOf(router);
  if (reloadsImportOnly) return !isJudgedAgain(was, { peer, router });
  const far = ends.at(now.sessions[now.reverse[slot] ?? -1] ?? -1);
  const habits = far && habitsOf(routers[far.node], far);
  // Such a peer does not hold to its policy what it has said: what it says no more stays as it was judged.
  const single = !now.lanes.has(now.reverse[slot] ?? -1);
  if (habits?.reloadsImportOnly && single && asksAgain(was, { peer, router })) return true;
  const filters = far?.config.families[now.family];
  if (!listsWait || isFilterToldAnew(was.peer?.options, peer?.options, filters)) return false;
  const mute = habits?.answersRefresh === false;
  const unasked = mute && rereadsOnlyKept && !peer?.options.keepsReceived;
  // Another `weight` counts at once (seen on 8.4).
  if (unasked && was.peer?.options.weight === peer?.options.weight) return true;
  return onlyListsDiffer(was, { peer, router });
}
