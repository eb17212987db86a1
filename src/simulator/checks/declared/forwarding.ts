import type { Diagnostic } from '../../../base/diagnostic.ts';
import { familyNames } from '../../../base/family.ts';
import { contains, type Prefix } from '../../../base/ip.ts';
import { forward } from '../../forward.ts';
import type { PrefixState, SimulationState } from '../../state.ts';
import { fatesTowards, representative } from '../fates.ts';
import { nameOf, someNames } from '../names.ts';
import { pathText } from './reachable.ts';
import type { DeclaredCheck, ForwardingAssertion } from './types.ts';

/** Traffic from any host for the prefixes does not go in a circle, or is not lost on the way. */
export function checkNoLoss(
  state: SimulationState,
  { source }: DeclaredCheck,
  { kind, prefixes }: ForwardingAssertion,
): readonly Diagnostic[] {
  const wanted = kind === 'no_loop' ? 'loop' : 'black-hole';
  return wantedPrefixes(state, prefixes).flatMap(({ prefix, origins }) => {
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
}

/** Prefixes in the tables inside any of these; all where none are given. */
export function wantedPrefixes(state: SimulationState, prefixes: readonly Prefix[]): readonly PrefixState[] {
  return familyNames.flatMap((family) =>
    state.families[family].prefixes.filter(
      ({ prefix }) => prefixes.length === 0 || prefixes.some((outer) => contains(outer, prefix)),
    ),
  );
}
