import type { SourceRange } from '../../../base/source.ts';
import { communityText, parseCommunity } from '../../../bgp/communities.ts';
import type { PolicySet, PrefixList, RouteMap, RouteMapEntry } from '../../../model/policy.ts';
import { prefixSetOf } from './prefix-sets.ts';
import { lines, quoted, type TomlLine, type TomlTable } from './toml-values.ts';

/** One statement of a policy-definition: tables below `policy-definitions.statements`. */
export interface StatementContext {
  readonly name: string;
  readonly tables: readonly TomlTable[];
}

/** What a policy says that GoBGP cannot. */
export interface PolicyProblem {
  readonly message: string;
  readonly source: SourceRange;
  readonly fix: string;
}

/** Sets and problems gathered while policies are translated. */
export interface Draft {
  readonly policies: PolicySet;
  readonly asn: number;
  readonly prefixSets: Map<string, PrefixList>;
  readonly asPathSets: Map<string, readonly string[]>;
  readonly communitySets: Map<string, readonly string[]>;
  readonly largeCommunitySets: Map<string, readonly string[]>;
  readonly problems: PolicyProblem[];
}

/** A statement's parts before they are laid out as tables. */
export interface StatementParts {
  readonly neighbors: string;
  readonly matches: readonly TomlTable[];
  /** Lines of `conditions.bgp-conditions` itself. */
  readonly conditions: readonly TomlLine[];
  readonly disposition: 'accept-route' | 'reject-route' | 'none';
  readonly actions: readonly TomlLine[];
  readonly actionTables: readonly TomlTable[];
}

export function statement(
  name: string,
  parts: Partial<StatementParts> & { neighbors: string },
): StatementContext {
  const {
    neighbors,
    matches = [],
    conditions = [],
    disposition = 'none',
    actions = [],
    actionTables = [],
  } = parts;
  const tables: TomlTable[] = [
    matchTable('match-neighbor-set', 'neighbor-set', neighbors),
    ...(conditions.length > 0 ? [{ name: 'conditions.bgp-conditions', lines: conditions }] : []),
    ...matches,
    { name: 'actions', lines: lines([['route-disposition', quoted(disposition)]]) },
    ...(actions.length > 0 ? [{ name: 'actions.bgp-actions', lines: actions }] : []),
    ...actionTables,
  ];
  return { name: quoted(name), tables };
}

/** `conditions.match-prefix-set` and the like. */
export function matchTable(
  table: string,
  key: string,
  set: string,
  options: 'any' | 'all' | 'invert' = 'any',
): TomlTable {
  return {
    name: `conditions.${table}`,
    lines: lines([
      [key, quoted(set)],
      ['match-set-options', quoted(options)],
    ]),
  };
}

/** A condition on a prefix-list; null where nothing is permitted, so that no route can fit. */
export function prefixMatch(draft: Draft, name: string, options: 'any' | 'invert'): TomlTable | null {
  const list = draft.policies.prefixLists.find((each) => each.name === name);
  if (!list || prefixSetOf(list).entries.length === 0) return null;
  draft.prefixSets.set(name, list);
  return matchTable('match-prefix-set', 'prefix-set', name, options);
}

/** Adds the finding that an entry says something GoBGP has no word for. */
export function problem(
  draft: Draft,
  routeMap: RouteMap,
  entry: RouteMapEntry,
  what: string,
  fix: string,
): void {
  draft.problems.push({
    message: `route-map ${routeMap.name} entry ${entry.seq} ${what}`,
    source: entry.source,
    fix,
  });
}

/** The number of a community, so that no name can be read another way; null where it is none. */
export function standardText(text: string): string | null {
  const value = parseCommunity(text);
  return value === null ? null : communityText(value);
}
