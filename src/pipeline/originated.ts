import type { Diagnostic } from '../base/diagnostic.ts';
import { familyNames } from '../base/family.ts';
import type { SourceRange } from '../base/source.ts';
import type { BgpConfig } from '../bgp/config.ts';
import type { CheckOutcome } from '../simulator/checks/declared/types.ts';
import { alwaysOnOutcomes, outcome } from '../simulator/checks/index.ts';
import { checkMissingPolicies } from '../simulator/checks/missing-policies.ts';
import { checkNextHops } from '../simulator/checks/next-hops.ts';
import type { Intent } from '../simulator/kernel/network.ts';
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
  return [
    ...outcomes,
    outcome('every statement announces something', idleStatements(state)),
    outcome('every external session has the policies it needs', checkMissingPolicies(state)),
    outcome('every next hop leads somewhere', checkNextHops(state)),
  ];
}

/** Every prefix in the tables, by the hosts that make it. */
export function originated(state: SimulationState): readonly Intent[] {
  const sources = state.routers.map((router) => sourcesOf(router?.bgp));
  return familyNames.flatMap((family) =>
    state.families[family].prefixes.flatMap(({ prefix, origins }) =>
      [...origins.keys()].map((node) => ({
        host: state.network.nodes[node]?.name ?? '',
        prefix,
        why: 'its configuration announces it',
        certain: false,
        source: sources[node]?.(prefix.text) ?? { file: '', line: 1, column: 1 },
      })),
    ),
  );
}

/** Where a prefix is originated: the first statement that names it, else a redistribution, else the instance. */
function sourcesOf(bgp: BgpConfig | undefined): (prefix: string) => SourceRange | null {
  const named = new Map<string, SourceRange | null>();
  for (const one of [...(bgp?.originations ?? []), ...(bgp?.aggregates ?? [])])
    if ('prefix' in one && !named.has(one.prefix.text)) named.set(one.prefix.text, one.source);
  const other = bgp?.originations.find(({ kind }) => kind === 'redistribute')?.source ?? bgp?.source ?? null;
  return (prefix) => named.get(prefix) ?? other;
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
      fix: why.startsWith('denied by')
        ? 'let the policy pass the prefix, or remove the statement'
        : 'give the host a route for the prefix, or remove the statement',
    }));
  });
}
