import { comparePrefixes } from '../base/ip.ts';
import { holdPrefix } from './hosts.ts';
import type { FamilyState, PrefixState, SimulationState } from './state.ts';

/**
 * Which prefixes are one too many for the slots with `maximum-prefix-out`: FRR tells a neighbour its table in order, and stops at the
 * limit. (What comes later than that is told while there is room, so that in a network that comes up bit by bit others may be first.)
 * The answer is kept in the prefixes (`full`); returned are those for which it is another than before.
 */
export function limitOutbound(state: SimulationState, familyState: FamilyState): readonly PrefixState[] {
  const { peers } = familyState.topology;
  const limited = peers.slotsWhere(({ options }) => (options.maximumPrefixOut ?? 0) > 0);
  if (limited.length === 0) return [];
  const counts = new Map(limited.map((slot) => [slot, 0]));
  const changed: PrefixState[] = [];
  for (const prefix of [...familyState.prefixes].sort((a, b) => comparePrefixes(a.prefix, b.prefix))) {
    const before = prefix.full;
    prefix.full = [];
    holdPrefix(state, familyState, prefix);
    const { sent } = familyState.engine;
    const full: number[] = [];
    for (const slot of limited) {
      if (sent[slot] === 0) continue;
      const count = counts.get(slot) ?? 0;
      if (count >= (peers.at(slot)?.options.maximumPrefixOut ?? 0)) full.push(slot);
      else counts.set(slot, count + 1);
    }
    prefix.full = full;
    if (full.join() !== before.join()) changed.push(prefix);
  }
  return changed;
}
