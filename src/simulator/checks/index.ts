import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Intent } from '../network.ts';
import type { SimulationState } from '../state.ts';
import { checkAnnounced } from './announced.ts';
import { checkAnycast } from './anycast.ts';
import { checkForwarding } from './forwarding.ts';
import { checkLeaks } from './leaks.ts';
import { checkSessions } from './sessions.ts';
import { checkStartOrder } from './start-order.ts';

/**
 * What must hold in every fabric: each session is up, each intended prefix is announced and reachable without loop or black
 * hole, nothing else is announced, nothing depends on who started first, every anycast announcer gets traffic.
 * `intents` comes from the inventory; without any, what the tables hold is taken as intended.
 */
export function alwaysOnChecks(state: SimulationState, intents: readonly Intent[]): readonly Diagnostic[] {
  return [
    ...state.inconclusive,
    ...checkSessions(state),
    ...checkAnnounced(state, intents),
    ...checkForwarding(state, intents),
    ...checkLeaks(state, intents),
    ...checkStartOrder(state),
    ...checkAnycast(state, intents),
  ];
}
