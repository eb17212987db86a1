import type { SourceRange } from '../../base/source.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import type { SimulationState } from '../state.ts';
import { foreignNextHops } from './foreign-next-hops.ts';
import { malformedPaths } from './malformed-paths.ts';
import { martianNextHops } from './martian-next-hops.ts';
import { overflows } from './maximum-prefix.ts';

/** Why an end closes its session for what the tables hold. */
export interface Closing {
  readonly reason: string;
  /** The session comes up again at once and ends again: the lines that bring it about. Absent: it stays closed. */
  readonly flaps?: readonly SourceRange[];
  /** Seconds after which this end makes the session again. */
  readonly reopensAfter?: number;
}

/** Session ends that do not stand what they are told, by place. */
export function closings(state: SimulationState): ReadonlyMap<number, Closing> {
  return new Map([
    ...martianNextHops(state),
    ...foreignNextHops(state),
    ...malformedPaths(state),
    ...overflows(state),
  ]);
}

/** The end as it is once these sessions are closed. */
export function closed(
  { ends, network }: SimulationState,
  end: SessionEnd,
  place: number,
  closing: ReadonlyMap<number, Closing>,
): SessionEnd {
  const own = closing.get(place);
  const why = own ?? (end.other === null ? undefined : closing.get(end.other));
  if (!why) return end;
  const other = ends.at(end.other ?? -1);
  const name = network.nodes[other?.node ?? -1]?.name ?? '';
  const reason = own ? why.reason : `${name} closed the session: ${why.reason}`;
  const closedBy = own ? end.node : (other?.node ?? end.node);
  return {
    ...end,
    state: 'Idle',
    other: null,
    reason,
    closedBy,
    closedFor: own ? end.config : other?.config,
    ...(why.flaps ? { flaps: why.flaps } : {}),
    ...(why.reopensAfter ? { reopensAfter: why.reopensAfter } : {}),
  };
}
