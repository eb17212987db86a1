import { nearestName } from '../../base/nearest.ts';
import { formatSource, type SourceRange } from '../../base/source.ts';
import type { PolicySet, RouteMap, RouteMapMatch } from '../../model/policy.ts';
import type { RuleContext, Speaker } from './context.ts';
import { definitionsOf } from './policy-uses.ts';
import type { Finding, Rule } from './rule.ts';

/** A finding before it is known which hosts share the policy. */
type PolicyFinding = Omit<Finding, 'host' | 'shared'>;

/**
 * Runs a check once per distinct set of policies: hosts of a group share theirs, and a thousand of them are judged once. The
 * message begins with the name of the policy, which is the same for all.
 */
function perPolicySet(check: (policies: PolicySet) => Iterable<PolicyFinding>): Rule['check'] {
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

function hasConditions(match: RouteMapMatch): boolean {
  const { communityExact, ...conditions } = match;
  return communityExact || Object.values(conditions).some((value) => value !== null);
}

/** Indexes of the entries that a route can get to, following on_match and falling through. */
function reachable(map: RouteMap): Set<number> {
  const { entries } = map;
  const reached = new Set<number>();
  const ahead = [0];
  for (let i = ahead.pop(); i !== undefined; i = ahead.pop()) {
    const entry = entries[i];
    if (!entry || reached.has(i)) continue;
    reached.add(i);
    if (hasConditions(entry.match) || entry.call !== null || entry.onMatch === 'next') ahead.push(i + 1);
    const { onMatch } = entry;
    if (typeof onMatch === 'number') ahead.push(entries.findIndex((one) => one.seq >= onMatch));
  }
  return reached;
}

function* unreachableEntries(policies: PolicySet): Iterable<PolicyFinding> {
  for (const map of policies.routeMaps) {
    const reached = reachable(map);
    const index = map.entries.findIndex((_, i) => !reached.has(i));
    const entry = map.entries[index];
    const before = map.entries[index - 1];
    if (!entry || !before) continue;
    yield unreachableFinding(
      `route-map ${map.name}`,
      entry.seq,
      before.seq,
      entry.source,
      'matches everything',
    );
  }
  for (const list of policies.prefixLists) {
    const texts = list.entries.map((entry) => ({
      seq: entry.seq,
      text: `${entry.prefix.text} ${entry.ge ?? ''} ${entry.le ?? ''}`,
      all: entry.prefix.length === 0 && entry.ge === null && entry.le === (list.family === 4 ? 32 : 128),
    }));
    yield* shadowed(`prefix-list ${list.name}`, texts, list.source);
  }
  for (const [kind, lists] of [
    [
      'as-path list',
      policies.asPathLists.map((l) => ({ ...l, texts: l.entries.map((e) => [e.seq, e.regex]) })),
    ],
    [
      'community list',
      policies.communityLists.map((l) => ({ ...l, texts: l.entries.map((e) => [e.seq, e.value]) })),
    ],
    [
      'large community list',
      policies.largeCommunityLists.map((l) => ({ ...l, texts: l.entries.map((e) => [e.seq, e.value]) })),
    ],
  ] as const) {
    for (const { name, source, texts } of lists) {
      const entries = texts.map(([seq, text]) => ({
        seq: Number(seq),
        text: String(text),
        all: text === '.*',
      }));
      yield* shadowed(`${kind} ${name}`, entries, source);
    }
  }
}

interface TextEntry {
  readonly seq: number;
  readonly text: string;
  /** Fits whatever comes. */
  readonly all: boolean;
}

function* shadowed(
  what: string,
  entries: readonly TextEntry[],
  source: SourceRange,
): Iterable<PolicyFinding> {
  const seen = new Map<string, number>();
  let everything: number | null = null;
  for (const { seq, text, all } of entries) {
    const same = seen.get(text);
    if (everything !== null) yield unreachableFinding(what, seq, everything, source, 'fits everything');
    else if (same !== undefined) yield unreachableFinding(what, seq, same, source, 'is the same');
    if (everything !== null) return;
    seen.set(text, seq);
    if (all) everything = seq;
  }
}

function unreachableFinding(
  what: string,
  seq: number,
  by: number,
  at: SourceRange,
  why: string,
): PolicyFinding {
  return {
    message: `entry ${seq} of ${what} is never reached: entry ${by} before it ${why}`,
    at,
    found: `entry ${seq} behind entry ${by}`,
    fix: `give entry ${by} a condition, move it behind ${seq}, or remove entry ${seq}`,
  };
}

function* setOnDeny(policies: PolicySet): Iterable<PolicyFinding> {
  for (const { name, entries } of policies.routeMaps) {
    for (const { seq, action, set, source } of entries) {
      const changes = Object.values(set).some((value) =>
        Array.isArray(value) ? value.length > 0 : value !== null && value !== false,
      );
      if (action !== 'deny' || !changes) continue;
      yield {
        message: `route-map ${name} ${seq} denies, so what it sets is never seen`,
        at: source,
        found: 'action: deny with set',
        expected: 'action: permit, or no set',
        fix: 'write action: permit, or remove set',
      };
    }
  }
}

/** FRR refuses a map that calls itself, and stops after ten calls with a deny where the circle is longer. */
function* callLoops(policies: PolicySet): Iterable<PolicyFinding> {
  const maps = new Map(policies.routeMaps.map((map) => [map.name, map]));
  const done = new Set<string>();
  for (const map of policies.routeMaps) {
    const path: string[] = [];
    const visit = (name: string): string[] | null => {
      if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
      if (done.has(name)) return null;
      path.push(name);
      for (const { call } of maps.get(name)?.entries ?? []) {
        const loop = call === null ? null : visit(call);
        if (loop) return loop;
      }
      path.pop();
      done.add(name);
      return null;
    };
    const loop = visit(map.name);
    for (const name of path) done.add(name);
    if (!loop) continue;
    const entry = map.entries.find((one) => one.call !== null);
    yield {
      message: `route-maps call each other in a circle: ${loop.join(' -> ')}`,
      at: entry?.source ?? map.source,
      found: loop.join(' -> '),
      expected: 'calls that end',
      fix: 'put the common entries into a route-map that calls nothing, and call that one',
    };
  }
}

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

export const policyEntryRules: readonly Rule[] = [
  { id: 'policy-unreachable-entry', severity: 'warning', check: perPolicySet(unreachableEntries) },
  { id: 'policy-set-on-deny', severity: 'warning', check: perPolicySet(setOnDeny) },
  { id: 'policy-call-loop', severity: 'error', check: perPolicySet(callLoops) },
  { id: 'community-value', severity: 'error', check: perPolicySet(communityValues) },
  { id: 'policy-regex', severity: 'error', check: perPolicySet(regularExpressions) },
];
