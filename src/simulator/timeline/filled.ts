import type { FamilyName } from '../../base/family.ts';
import { type Path, pathText } from '../../bgp/attributes.ts';
import type { Topology } from '../engine/topology.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { settlePrefix } from './carry.ts';
import { chainKey, importDiffers } from './ends.ts';
import { habitsOf } from './habits.ts';
import type { Past } from './past.ts';
import { asksAgain, sideOf } from './refreshed.ts';
import { toldAgain } from './told-again.ts';

/** What a limit on a session has let through before, and what it has kept back: the paths by the prefix. */
export interface Filled {
  readonly taken: ReadonlySet<string>;
  readonly refused: ReadonlyMap<string, Path | undefined>;
  /** Once it has refused something it takes nothing new, whatever goes (BIRD, `PLS_BLOCKED`). */
  readonly shut: boolean;
  /** Where it looks again at what changes (FRR): what its router had chosen for each of these prefixes. */
  readonly chosen: ReadonlyMap<string, Chosen> | null;
}

/** The path and the slot it came over. */
export interface Chosen {
  readonly path: Path;
  readonly slot: number;
}

/** A limit: the slot that sends, and the one at whose end the limit stands. */
export interface Ends {
  readonly slot: number;
  readonly holder: number;
  readonly counts: 'sent' | 'received' | 'accepted';
}

/**
 * What limits that refuse what is one too many (BIRD `action block`) have done on sessions that go on: they take nothing back
 * (nest/rt-table.c `rte_recalculate`). Null: nothing is known, the session is new or its daemon keeps no such count.
 */
export function filledBefore(
  state: SimulationState,
  { family, topology }: FamilyState,
  limits: readonly Ends[],
): readonly (Filled | null)[] {
  const { past } = state;
  const found = limits.map((limit) => {
    const goesOn = [limit.slot, limit.holder].every((slot) => (past?.slots[family][slot] ?? -1) >= 0);
    const { staysShut, countsWhatItTells } = habitsOf(topology.routers[topology.owner[limit.holder] ?? -1]);
    const countsChanges = limit.counts === 'sent' && countsWhatItTells === true;
    if (!past || !goesOn || !(countsChanges || staysShut)) return null;
    if (countsChanges && tellsAnew(past, topology, limit.slot)) return null;
    const old = past.slots[family][limit.slot] ?? -1;
    return {
      ...{ old, limit, taken: new Set<string>(), refused: new Map<string, Path | undefined>() },
      shut: !countsChanges && isShut(state, family, limit),
      chosen: countsChanges ? new Map<string, Chosen>() : null,
    };
  });
  if (past && found.some((one) => one !== null))
    for (const prefix of past.previous.families[family].prefixes)
      noteBefore(past.previous, family, prefix, found);
  return found;
}

/** Does it go through its whole table for this slot, as other files at either end ask for? */
function tellsAnew(past: Past, now: Topology, slot: number): boolean {
  const before = past.previous.families[now.family].topology;
  if (toldAgain(past, before, now).includes(slot)) return true;
  const far = now.reverse[slot] ?? -1;
  const farBefore = past.slots[now.family][far] ?? -1;
  if (farBefore < 0 || !past.reread.has(now.owner[far] ?? -1)) return false;
  return asksAgain(sideOf(before, farBefore), sideOf(now, far));
}

type Found =
  | (Filled & {
      readonly old: number;
      readonly limit: Ends;
      readonly taken: Set<string>;
      readonly refused: Map<string, Path | undefined>;
      readonly chosen: Map<string, Chosen> | null;
    })
  | null;

function noteBefore(
  before: SimulationState,
  family: FamilyName,
  prefix: PrefixState,
  found: readonly Found[],
): void {
  const familyState = before.families[family];
  // As if nothing had been kept back: what is not let through is known as well.
  settlePrefix(before, familyState, { ...prefix, full: [] });
  const { engine, topology } = familyState;
  const { text } = prefix.prefix;
  for (const one of found) {
    const wire = one ? (engine.sent[one.old] ?? 0) : 0;
    if (!one || wire === 0) continue;
    const accepted = engine.inList[topology.reverse[one.old] ?? -1] === 1;
    if (prefix.full.includes(one.old)) one.refused.set(text, engine.paths[wire]);
    else if (accepted || one.limit.counts !== 'accepted') one.taken.add(text);
    const best = one.chosen && chosenFor(familyState, one.old);
    if (best) one.chosen?.set(text, best);
  }
}

/** What the router of a slot has chosen of the prefix that the engine holds. */
export function chosenFor({ engine, topology }: FamilyState, slot: number): Chosen | null {
  const best = engine.best[topology.owner[slot] ?? -1];
  // The engine changes candidates in place.
  return best ? { path: best.path, slot: best.slot } : null;
}

/** Is it what had been chosen before? */
export function isChosenStill(
  { past }: SimulationState,
  family: FamilyName,
  now: Chosen | null,
  before: Chosen | undefined,
): boolean {
  if (!now || !before) return false;
  // Paths are forgotten now and then, and made again.
  if (now.path !== before.path && pathText(now.path) !== pathText(before.path)) return false;
  return now.slot < 0 ? before.slot < 0 : past?.slots[family][now.slot] === before.slot;
}

/** Has it refused something since the session is up, or since files were loaded (which begin to count anew)? */
function isShut(state: SimulationState, family: FamilyName, { slot, holder }: Ends): boolean {
  let [one, at, held] = [state, slot, holder];
  for (;;) {
    const { past } = one;
    if (!past || past.reread.has(one.families[family].topology.owner[held] ?? -1)) return false;
    at = past.slots[family][at] ?? -1;
    held = past.slots[family][held] ?? -1;
    if (at < 0 || held < 0) return false;
    one = past.previous;
    if (hasRefused(one, family, at)) return true;
  }
}

/** Did it refuse anything in the moment of this state? What it had refused before is kept back still. */
function hasRefused({ past, families }: SimulationState, family: FamilyName, slot: number): boolean {
  const old = past?.slots[family][slot] ?? -1;
  const before = old < 0 ? undefined : past?.previous.families[family];
  return families[family].prefixes.some(
    ({ prefix, full }) => full.includes(slot) && !before?.byText.get(prefix.text)?.full.includes(old),
  );
}

/** Is everything said again over the slot, since new files at its end have another filter in that direction? */
export function isSaidAgain(
  state: SimulationState,
  { family, topology }: FamilyState,
  { slot, holder }: Ends,
): boolean {
  const { past } = state;
  const old = past?.slots[family][holder] ?? -1;
  if (!past || old < 0 || !past.reread.has(topology.owner[holder] ?? -1)) return false;
  const { topology: before } = past.previous.families[family];
  if (slot === holder) {
    const told = [topology.peers.at(slot), before.peers.at(old)].map(
      (peer) => peer?.options.exportPolicy ?? [],
    );
    return new Set(told.map(chainKey)).size > 1;
  }
  const [now, then] = [
    state.ends.all()[topology.sessions[holder] ?? -1],
    past.previous.ends.all()[before.sessions[old] ?? -1],
  ];
  return now !== undefined && then !== undefined && importDiffers(then, now);
}
