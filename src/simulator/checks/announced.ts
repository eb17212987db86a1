import type { Diagnostic } from '../../base/diagnostic.ts';
import { familyOf } from '../../base/family.ts';
import type { Intent } from '../kernel/network.ts';
import type { PrefixState, SimulationState } from '../state.ts';

/** The tables of a prefix, where anybody makes it. */
export function prefixStateOf(
  state: SimulationState,
  { prefix }: Pick<Intent, 'prefix'>,
): PrefixState | null {
  return state.families[familyOf(prefix.family)].byText.get(prefix.text) ?? null;
}

/** Every prefix a host should announce is in that host's own table; where one is missing, why. */
export function checkAnnounced(state: SimulationState, intents: readonly Intent[]): readonly Diagnostic[] {
  return intents.flatMap((intent) => {
    const node = state.wiring.indexOf.get(intent.host);
    if (!intent.certain || node === undefined || prefixStateOf(state, intent)?.origins.has(node)) return [];
    const idle = state.idle.get(node)?.find(({ prefix }) => prefix.text === intent.prefix.text);
    return [notAnnounced(intent, idle?.why ?? noStatement(state, node), idle?.origination.source ?? null)];
  });
}

function noStatement(state: SimulationState, node: number): string {
  return state.routers[node] ? 'no line of its configuration announces it' : 'it does not speak BGP';
}

function notAnnounced(intent: Intent, why: string, source: Intent['source'] | null): Diagnostic {
  return {
    rule: 'not-announced',
    severity: 'error',
    message: `${intent.host} does not announce ${intent.prefix.text} (${intent.why}): ${why}`,
    ranges: [intent.source],
    ...(source ? { related: [{ ...source, note: 'the line that should announce it' }] } : {}),
    host: intent.host,
    found: intent.prefix.text,
    fix: 'restore the announcement in the rendered file or its template, or take the prefix out of the inventory',
  };
}
