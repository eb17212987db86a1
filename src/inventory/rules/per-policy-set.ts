import { formatSource } from '../../base/source.ts';
import type { PolicySet } from '../../model/policy.ts';
import type { RuleContext, Speaker } from './context.ts';
import { definitionsOf } from './policy-uses.ts';
import type { Finding, Rule } from './rule.ts';

/** A finding before it is known which hosts share the policy. */
export type PolicyFinding = Omit<Finding, 'host' | 'shared'>;

/**
 * Runs a check once per distinct set of policies: hosts of a group share theirs, and a thousand of them are judged once. The
 * message begins with the name of the policy, which is the same for all.
 */
export function perPolicySet(check: (policies: PolicySet) => Iterable<PolicyFinding>): Rule['check'] {
  return function* (context: RuleContext): Iterable<Finding> {
    const known = new Map<string, readonly PolicyFinding[]>();
    for (const host of context.ours) {
      const key = keyOf(host);
      const found = known.get(key) ?? [...check(host.bgp.policies)];
      known.set(key, found);
      for (const finding of found) yield { host, ...finding };
    }
  };
}

function keyOf({ bgp }: Speaker): string {
  const places = definitionsOf(bgp.policies).flatMap(([, list]) =>
    list.map((one) => formatSource(one.source)),
  );
  return places.join(' ');
}
