import type { Diagnostic } from '../base/diagnostic.ts';
import { familyNames } from '../base/family.ts';
import type { SourceRange } from '../base/source.ts';
import type { CheckOutcome } from '../simulator/checks/declared/types.ts';
import { alwaysOnOutcomes, outcome } from '../simulator/checks/index.ts';
import type { Intent } from '../simulator/network.ts';
import type { SimulationState } from '../simulator/state.ts';

/**
 * The checks for configurations without an inventory: whatever they originate is meant, nobody says who has to reach it, and a
 * statement that announces nothing is worth a warning.
 */
export function checkWithoutIntents(state: SimulationState): readonly CheckOutcome[] {
  const outcomes = alwaysOnOutcomes(state, originated(state)).map(({ name, findings }) =>
    outcome(
      name,
      findings.filter(({ rule }) => rule !== 'unreachable'),
    ),
  );
  return [...outcomes, outcome('every statement announces something', idleStatements(state))];
}

/** Every prefix in the tables, by the hosts that make it. */
export function originated(state: SimulationState): readonly Intent[] {
  return familyNames.flatMap((family) =>
    state.families[family].prefixes.flatMap(({ prefix, origins }) =>
      [...origins.keys()].map((node) => ({
        host: state.network.nodes[node]?.name ?? '',
        prefix,
        why: 'its configuration announces it',
        certain: false,
        source: sourceOf(state, prefix.text, node),
      })),
    ),
  );
}

function sourceOf(state: SimulationState, prefix: string, node: number): SourceRange {
  const bgp = state.routers[node]?.bgp;
  const exact = [...(bgp?.originations ?? []), ...(bgp?.aggregates ?? [])].find(
    (one) => 'prefix' in one && one.prefix.text === prefix,
  );
  const other = bgp?.originations.find(({ kind }) => kind === 'redistribute');
  return (exact ?? other)?.source ?? bgp?.source ?? { file: '', line: 1, column: 1 };
}

function idleStatements(state: SimulationState): readonly Diagnostic[] {
  return [...state.idle].flatMap(([node, idle]) => {
    const host = state.network.nodes[node]?.name ?? '';
    return idle.map(({ origination: { source }, prefix, why }) => ({
      rule: 'not-announced' as const,
      severity: 'warning' as const,
      message: `${host} does not announce ${prefix.text}: ${why}`,
      ranges: source ? [source] : [],
      host,
      found: prefix.text,
      fix: 'give the host a route for the prefix, or remove the statement',
    }));
  });
}
