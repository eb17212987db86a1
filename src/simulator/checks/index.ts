import { type Diagnostic, hasErrors } from '../../base/diagnostic.ts';
import type { Intent } from '../kernel/network.ts';
import type { SimulationState } from '../state.ts';
import { checkAnnounced } from './announced.ts';
import { checkAnycast } from './anycast.ts';
import type { CheckOutcome } from './declared/types.ts';
import { checkForwarding } from './forwarding.ts';
import { checkLeaks } from './leaks.ts';
import { checkSessions } from './sessions.ts';
import { checkStartOrder } from './start-order.ts';

/** Each always-on check in one sentence that says what holds when it passes. */
const alwaysOn: readonly (readonly [
  string,
  (state: SimulationState, intents: readonly Intent[]) => readonly Diagnostic[],
])[] = [
  ['every prefix settles', ({ inconclusive }) => inconclusive],
  ['every session comes up', checkSessions],
  ['every prefix that should be announced is', checkAnnounced],
  ['traffic for every announced prefix arrives', checkForwarding],
  ['nothing else is announced', checkLeaks],
  ['nothing depends on which router started first', checkStartOrder],
  ['every announcer of an anycast prefix gets traffic', checkAnycast],
];

/**
 * What must hold in every fabric: each session is up, each intended prefix is announced and reachable without loop or black
 * hole, nothing else is announced, nothing depends on who started first, every anycast announcer gets traffic.
 * `intents` comes from the inventory; without any, what the tables hold is taken as intended. An outcome for each.
 */
export function alwaysOnOutcomes(
  state: SimulationState,
  intents: readonly Intent[],
): readonly CheckOutcome[] {
  return alwaysOn.map(([name, check]) => outcome(name, check(state, intents)));
}

/** Those that still mean something when a part of the fabric has failed: what is announced then is no wish of the inventory. */
export function outcomesAfterFailure(
  state: SimulationState,
  intents: readonly Intent[],
): readonly CheckOutcome[] {
  return alwaysOn
    .filter(([, check]) => check !== checkAnnounced && check !== checkLeaks)
    .map(([name, check]) => outcome(name, check(state, intents)));
}

/** The findings of all of them. */
export function alwaysOnChecks(state: SimulationState, intents: readonly Intent[]): readonly Diagnostic[] {
  return alwaysOnOutcomes(state, intents).flatMap(({ findings }) => findings);
}

/** An always-on check with its findings. */
export function outcome(name: string, findings: readonly Diagnostic[]): CheckOutcome {
  return { name, kind: 'always-on', source: null, passed: !hasErrors(findings), findings };
}
