import { type FamilyName, familyNames } from '../../base/family.ts';
import type { Topology } from '../engine/topology.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import type { SimulationState } from '../state.ts';
import type { Sessions } from './situation.ts';

/** The lanes over which paths come, or came, to the slot. */
function lanesInto({ lanes, leftLanes, reverse }: Topology, slot: number): Int32Array | undefined {
  return leftLanes.get(slot) ?? lanes.get(reverse[slot] ?? -1);
}

/** The ends, those whose peer is gone with what came over several lanes. */
export function withLeftLanes(state: SimulationState, { ends, from }: Sessions): readonly SessionEnd[] {
  if (familyNames.every((family) => lanesOf(state, family) === 0)) return ends;
  return ends.map((end, place) => {
    const { silent } = end;
    if (!silent) return end;
    const lanes: Partial<Record<FamilyName, number>> = {};
    for (const family of familyNames) {
      const { topology } = state.families[family];
      const slot = topology.sessions.indexOf(from[place] ?? -2);
      const count = lanesInto(topology, slot)?.length ?? 1;
      if (count > 1) lanes[family] = count;
    }
    return Object.keys(lanes).length === 0 ? end : { ...end, silent: { ...silent, lanes } };
  });
}

function lanesOf({ families }: SimulationState, family: FamilyName): number {
  const { lanes, leftLanes } = families[family].topology;
  return lanes.size + leftLanes.size;
}

/** Where the lanes of `now` that are left were in the state before. */
export function placeLeftLanes(before: Topology, { leftLanes }: Topology, slots: Int32Array): void {
  for (const [slot, targets] of leftLanes) {
    const earlier = lanesInto(before, slots[slot] ?? -1);
    targets.forEach((target, lane) => {
      if (lane > 0) slots[target] = earlier?.[lane] ?? -1;
    });
  }
}
