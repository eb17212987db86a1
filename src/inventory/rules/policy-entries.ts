import type { SourceRange } from '../../base/source.ts';
import type { PolicySet, RouteMap, RouteMapMatch } from '../../model/policy.ts';
import { type PolicyFinding, perPolicySet } from './per-policy-set.ts';
import type { Rule } from './rule.ts';

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

export const policyEntryRules: readonly Rule[] = [
  { id: 'policy-unreachable-entry', severity: 'warning', check: perPolicySet(unreachableEntries) },
  { id: 'policy-set-on-deny', severity: 'warning', check: perPolicySet(setOnDeny) },
  { id: 'policy-call-loop', severity: 'error', check: perPolicySet(callLoops) },
];
