import type { Diagnostic } from '../../../base/diagnostic.ts';
import { familyNames } from '../../../base/family.ts';
import { contains, type Prefix } from '../../../base/ip.ts';
import type { RuleId } from '../../../base/rule-ids.ts';
import type { SourceRange } from '../../../base/source.ts';
import { forward } from '../../forwarding/forward.ts';
import type { PrefixState, SimulationState } from '../../state.ts';
import { fatesTowards, representative } from '../fates.ts';
import { nameOf, someNames } from '../names.ts';
import type { CheckContext } from './context.ts';
import { pathText } from './reachable.ts';
import type { DeclaredCheck, ForwardingAssertion } from './types.ts';

/** Traffic from any host for the prefixes does not go in a circle, or is not lost on the way. */
export function checkNoLoss(
  context: CheckContext,
  { source }: DeclaredCheck,
  { kind, prefixes }: ForwardingAssertion,
): readonly Diagnostic[] {
  const { state } = context;
  const wanted = kind === 'no_loop' ? 'loop' : 'black-hole';
  const absent = absentPrefixes(context, prefixes, source, 'check-forwarding');
  const lost = wantedPrefixes(state, prefixes).flatMap(({ prefix, origins }) => {
    const [announcer] = origins.keys();
    if (announcer === undefined) return [];
    const address = representative(state, prefix, announcer);
    const fate = fatesTowards(state, address, origins);
    const nodes = state.network.nodes.flatMap((_, node) => (fate(node).kind === wanted ? [node] : []));
    const [first] = nodes;
    if (first === undefined) return [];
    const end = fate(first);
    const { branches } = forward(state, nameOf(state, first), address);
    const failed = branches.find((branch) => branch.end === wanted) ?? branches[0];
    const how =
      kind === 'no_loop'
        ? `goes in a circle at ${nameOf(state, end.at)}`
        : `is lost at ${nameOf(state, end.at)}: ${end.why}`;
    return [
      {
        rule: 'check-forwarding',
        severity: 'error',
        message: `traffic from ${someNames(state, nodes)} to ${prefix.text} ${how}`,
        ranges: [source],
        host: nameOf(state, first),
        found: failed ? pathText(failed) : prefix.text,
        expected: 'traffic arrives, or has no route from the start',
        fix: `ask fabricgen trace ${nameOf(state, first)} ${address.text} for every branch`,
      } as const,
    ];
  });
  return [...absent, ...lost];
}

/** Of these that a check names, those that have nothing in any table before anything failed: the check could not fail for them. */
export function absentPrefixes(
  { state, before }: CheckContext,
  prefixes: readonly Prefix[],
  source: SourceRange,
  rule: RuleId,
): readonly Diagnostic[] {
  if (state !== before) return [];
  return prefixes
    .filter((prefix) => wantedPrefixes(state, [prefix]).length === 0)
    .map(({ text }) => ({
      rule,
      severity: 'error',
      message: `no host has a route to ${text}, nor to anything inside it`,
      ranges: [source],
      found: 'no route',
      expected: `a route to ${text} or inside it`,
      fix: 'announce it, or take it out of the check',
    }));
}

/** Prefixes in the tables inside any of these; all where none are given. */
export function wantedPrefixes(state: SimulationState, prefixes: readonly Prefix[]): readonly PrefixState[] {
  return familyNames.flatMap((family) =>
    state.families[family].prefixes.filter(
      ({ prefix }) => prefixes.length === 0 || prefixes.some((outer) => contains(outer, prefix)),
    ),
  );
}
