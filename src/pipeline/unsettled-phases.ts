import type { Diagnostic } from '../base/diagnostic.ts';
import type { Timeline } from '../simulator/timeline/timeline.ts';

/**
 * What keeps the recorded phases from an answer and the end no more: tables that were recorded while a prefix went round in circles are those of
 * one moment, whatever came after. One finding each, with the phases it is about.
 */
export function unsettledPhases({ phases, state }: Timeline): readonly Diagnostic[] {
  const atEnd = new Set(state.inconclusive.map(({ message }) => message));
  const found = new Map<string, { readonly one: Diagnostic; readonly names: string[] }>();
  for (const phase of phases) {
    for (const one of phase.state.inconclusive) {
      if (atEnd.has(one.message)) continue;
      const known = found.get(one.message);
      if (!known) found.set(one.message, { one, names: [phase.name] });
      else if (!known.names.includes(phase.name)) known.names.push(phase.name);
    }
  }
  return [...found.values()].map(({ one, names }) => ({
    ...one,
    message: `${one.message} (recorded as ${names.join(', ')})`,
  }));
}
