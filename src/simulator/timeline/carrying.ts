import type { Engine } from '../engine/engine.ts';
import type { PrefixState } from '../state.ts';
import type { Past } from './past.ts';

/** One prefix on its way from the state before to the next. */
export interface Carrying {
  readonly past: Past;
  readonly from: Engine;
  readonly to: Engine;
  readonly old: PrefixState | null;
  readonly kept: PrefixState;
}
