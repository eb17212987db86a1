import { nearestName } from '../../base/nearest.ts';
import type { SourceRange } from '../../base/source.ts';
import type { PolicySet } from '../../model/policy.ts';
import { type PolicyFinding, perPolicySet } from './per-policy-set.ts';
import type { Rule } from './rule.ts';

const wellKnown = [
  'no-export',
  'no-advertise',
  'local-AS',
  'no-peer',
  'graceful-shutdown',
  'blackhole',
  'accept-own',
  'accept-own-nexthop',
  'llgr-stale',
  'no-llgr',
  'route-filter-v4',
  'route-filter-v6',
  'route-filter-translated-v4',
  'route-filter-translated-v6',
  'internet',
];

function* communityValues(policies: PolicySet): Iterable<PolicyFinding> {
  for (const { name, entries } of policies.routeMaps) {
    for (const { seq, set, source } of entries) {
      const where = `route-map ${name} ${seq}`;
      for (const text of set.community) yield* communityFault(text, 2, where, source);
      for (const text of set.largeCommunity) yield* communityFault(text, 3, where, source);
    }
  }
  for (const [lists, parts] of [
    [policies.communityLists, 2],
    [policies.largeCommunityLists, 3],
  ] as const) {
    for (const { name, kind, entries, source } of lists) {
      if (kind !== 'standard') continue;
      for (const { seq, value } of entries) {
        for (const text of value.split(' '))
          yield* communityFault(text, parts, `community list ${name} ${seq}`, source);
      }
    }
  }
}

function* communityFault(
  text: string,
  parts: 2 | 3,
  where: string,
  at: SourceRange,
): Iterable<PolicyFinding> {
  const numbers = text.split(':');
  const limit = parts === 2 ? 65535 : 4294967295;
  if (numbers.length > 1) {
    const fits =
      numbers.length === parts && numbers.every((one) => /^\d{1,10}$/.test(one) && Number(one) <= limit);
    if (fits) return;
    const wide = parts === 2 && numbers.length === 2;
    yield {
      message: `${where} has the ${parts === 3 ? 'large ' : ''}community ${text}, which ${wide ? `holds a number above ${limit}` : `is not ${parts} numbers`}`,
      at,
      found: text,
      expected: `${parts} numbers up to ${limit} with colons between them`,
      fix: wide
        ? 'use large_community, whose three parts are four octets each: a four-octet ASN does not fit a community'
        : `write it like ${parts === 2 ? '65500:1' : '65500:1:1'}`,
    };
    return;
  }
  if (parts === 2 && (wellKnown.includes(text) || /^\d{1,10}$/.test(text))) return;
  const nearest = parts === 2 ? nearestName(text, wellKnown) : null;
  yield {
    message: `${where} has the ${parts === 3 ? 'large ' : ''}community ${JSON.stringify(text)}, which no daemon knows`,
    at,
    found: text,
    expected: parts === 2 ? 'two numbers like 65500:1, or a well-known name' : 'three numbers like 65500:1:1',
    ...(nearest === null ? {} : { nearest }),
    fix: nearest === null ? 'write the numbers' : `write ${nearest}`,
  };
}

/** The daemons compile the expression when they load it; `_` stands for a boundary. */
function* regularExpressions(policies: PolicySet): Iterable<PolicyFinding> {
  const entries = [
    ...policies.asPathLists.flatMap((l) =>
      l.entries.map((e) => ({ what: `as-path list ${l.name} ${e.seq}`, text: e.regex, at: l.source })),
    ),
    ...[...policies.communityLists, ...policies.largeCommunityLists]
      .filter((l) => l.kind === 'expanded')
      .flatMap((l) =>
        l.entries.map((e) => ({ what: `community list ${l.name} ${e.seq}`, text: e.value, at: l.source })),
      ),
  ];
  for (const { what, text, at } of entries) {
    const why = regexFault(text);
    if (why === null) continue;
    yield {
      message: `${what} has the regular expression ${JSON.stringify(text)}, which ${why}`,
      at,
      found: text,
      expected: 'a POSIX extended regular expression, with _ for a boundary',
      fix: 'correct the expression; a literal bracket needs a backslash before it',
    };
  }
}

function regexFault(text: string): string | null {
  try {
    new RegExp(text.replaceAll('_', '(?:^|[,{}() ]|$)'));
    return null;
  } catch {
    return 'cannot be compiled';
  }
}

export const policyValueRules: readonly Rule[] = [
  { id: 'community-value', severity: 'error', check: perPolicySet(communityValues) },
  { id: 'policy-regex', severity: 'error', check: perPolicySet(regularExpressions) },
];
