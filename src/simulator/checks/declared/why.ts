import type { RelatedRange } from '../../../base/diagnostic.ts';
import type { Prefix } from '../../../base/ip.ts';
import { explainRoute } from '../../explain/route.ts';
import type { SimulationState } from '../../state.ts';

/** Why a host lacks a route, in one clause, with the line that did it. */
export interface Reason {
  readonly text: string;
  readonly sources: readonly RelatedRange[];
}

/** What `fabricgen explain` would say in its first line. */
export function whyMissing(state: SimulationState, host: string, prefix: Prefix): Reason {
  const explained = explainRoute(state, host, prefix);
  if (!explained) return { text: `${host} is not simulated`, sources: [] };
  const { answer, cause } = explained;
  const source = cause?.source ?? null;
  return { text: answer, sources: source ? [{ ...source, note: 'the line that decides' }] : [] };
}
