import { familyNames } from '../../base/family.ts';
import type { PeerFamilyConfig } from '../../bgp/peer-family-config.ts';
import type { PrefixSet } from '../../bgp/policy/types.ts';
import type { SimulationState } from '../state.ts';
import type { Past } from './past.ts';

// A neighbor that is told our prefix-list keeps back what that refuses (`capability orf prefix-list`). A change of any prefix-list has FRR tell it anew, and
// the peer says all that it then passes; another list for the neighbor, or none, does not (`peer_prefix_list_update`, `peer_on_policy_change`; seen on 8.4.4).

type Options = PeerFamilyConfig | undefined;

/** By slot: the list by which the peer goes on keeping routes back, whatever is judged by here. */
export function keptBack(
  before: SimulationState,
  next: SimulationState,
  slots: Past['slots'],
  reread: ReadonlySet<number>,
): Past['keptBack'] {
  const byFamily = familyNames.map((family) => {
    const earlier = before.families[family].topology;
    const { owner, peers, reverse, sessions } = next.families[family].topology;
    const kept = new Map<number, PrefixSet>();
    const keptBefore = before.past?.keptBack[family];
    if (reread.size > 0 || (keptBefore?.size ?? 0) > 0)
      slots[family].forEach((old, slot) => {
        const known = keptBefore?.get(old);
        if (known && !reread.has(owner[slot] ?? -1)) kept.set(slot, known);
        if (old < 0 || !reread.has(owner[slot] ?? -1)) return;
        const [was, own] = [earlier.peers.at(old)?.options, peers.at(slot)?.options];
        const far = next.ends.at(sessions[reverse[slot] ?? -1] ?? -1)?.config.families[family];
        if (!isFiltered(was, own, far) || isFilterToldAnew(was, own, far)) return;
        const told = known ?? listIn(was);
        if (told) kept.set(slot, told);
      });
    return [family, kept] as const;
  });
  return Object.fromEntries(byFamily) as unknown as Past['keptBack'];
}

/** Does the peer go by another list from now on, and say everything that passes it? */
export function isFilterToldAnew(was: Options, own: Options, far: Options): boolean {
  return isFiltered(was, own, far) && was?.prefixFilter?.lists !== own?.prefixFilter?.lists;
}

function isFiltered(was: Options, own: Options, far: Options): boolean {
  return Boolean(was?.prefixFilter?.sends && own?.prefixFilter?.sends && far?.prefixFilter?.takes);
}

function listIn(options: Options): PrefixSet | null {
  const list = options?.importPolicy.find(({ kind }) => kind === 'prefix-list');
  const [condition] = list?.statements[0]?.conditions ?? [];
  return condition?.kind === 'prefix' ? condition.set : null;
}
