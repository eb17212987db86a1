import type { SessionEnd } from '../sessions/sessions.ts';
import type { SimulationState } from '../state.ts';
import { closedEnds } from './closed-sessions.ts';
import type { Moment } from './moment.ts';
import { type World, wholeWorld } from './world.ts';

/** A state with nobody or not everybody running yet is begun by `beginWith` (timeline.ts). */
export function momentOf(state: SimulationState): Moment {
  return state.moment ?? firstMoment(wholeWorld(state.network), state.ends.all());
}

/** Nothing is due yet. */
export function firstMoment(world: World, ends: readonly SessionEnd[]): Moment {
  return {
    world,
    clock: 0,
    waiting: new Map(),
    tries: new Map(),
    pauses: new Map(),
    closed: closedEnds(ends, 0),
  };
}
