import type { FamilyName } from '../../base/family.ts';
import type { PrefixSet } from '../../bgp/policy/types.ts';
import type { SimulationState } from '../state.ts';

/**
 * How a state grew out of another. Tables are not kept (see the room's README): those of the state before are worked out again,
 * prefix by prefix, and carried over, so that age and the order of lists are those of the whole history.
 */
export interface Past {
  readonly previous: SimulationState;
  /** By family and slot: the slot of the same session in the state before, -1 for a new session. */
  readonly slots: Readonly<Record<FamilyName, Int32Array>>;
  /** Nodes whose daemon has just started: nothing of before is left. */
  readonly started: ReadonlySet<number>;
  /** Nodes that have loaded other files: what was received is judged again, and what was sent as well. */
  readonly reread: ReadonlySet<number>;
  /** Of those: by family the slots on which what was received is not judged again. */
  readonly unjudged: Readonly<Record<FamilyName, ReadonlySet<number>>>;
  /** Prefix-lists that peers were told once and go by, whatever the files now say: of what was refused, only what they pass comes again. */
  readonly keptBack: Readonly<Record<FamilyName, ReadonlyMap<number, PrefixSet>>>;
  /** Nodes whose daemon was killed: the routes it had installed are still in the kernel. */
  readonly leftover: ReadonlySet<number>;
}
