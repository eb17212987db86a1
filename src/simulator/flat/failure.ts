import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { disturbanceOf } from '../timeline/untouched.ts';
import { endSessions, runFlat } from './run.ts';
import { flatTables } from './tables.ts';

/**
 * What becomes of a prefix where sessions of a state that began from nothing have ended, as `settlePrefix` carries it over: the tables
 * of before, without what came over these sessions, settle again. False: the engine has to do it.
 */
export function failFlat(state: SimulationState, familyState: FamilyState, kept: PrefixState): boolean {
  const { past } = state;
  const before = past?.previous.families[familyState.family];
  const old = before?.byText.get(kept.prefix.text);
  if (!past || past.previous.past || !before || !old?.holding) return false;
  const flat = before.madeEngine?.flat;
  if (!flat || flat === 'never' || !flat.ageless) return false;
  const disturbance = disturbanceOf(state, past, familyState);
  if (!disturbance || disturbance.routes.has(kept.prefix.text) || kept.full.length > 0) return false;
  const { holding } = old;
  if (disturbance.judged.some((bit) => ((holding[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0)) return false;
  if (!sameWhereAlive(state, kept, old)) return false;
  if (!runFlat(flat, old.prefix, old, past.previous.order)) return false;
  if (!endSessions(flat, disturbance.closed, disturbance.gone) || !flat.ownHops) return false;
  const { events } = flat;
  const kernel = state.kernel.byPrefix.get(kept.prefix.text);
  const { fib, byAge, metrics } = flatTables(flat, state.tables.length, kernel, before.hopSets);
  const gone = (node: number) => !state.routers[node];
  for (const node of disturbance.dead) fib[node] = 0;
  for (const node of past.leftover) fib[node] = old.fib[node] ?? 0;
  kept.fib = fib;
  kept.byAge = byAge.filter((node) => !gone(node));
  kept.metrics = new Map([...metrics].filter(([node]) => !gone(node)));
  kept.holding = flat.holding;
  kept.events = events;
  kept.oscillation = null;
  kept.throughBgp = false;
  return true;
}

/** Do the routers that go on make what they made? */
function sameWhereAlive(state: SimulationState, kept: PrefixState, old: PrefixState): boolean {
  if (kept.idle.size + old.idle.size > 0) return false;
  for (const node of new Set([...kept.configured.keys(), ...old.configured.keys()])) {
    if (!state.routers[node]) continue;
    const [now, then] = [kept.configured.get(node) ?? [], old.configured.get(node) ?? []];
    if (now.length !== then.length || now.some((path, i) => path !== then[i])) return false;
  }
  return true;
}
