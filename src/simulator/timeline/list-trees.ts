import { bitsOf } from '../../base/ip.ts';
import type { BgpConfig, RouterConfig } from '../../bgp/config.ts';
import type { Policy, PrefixSetEntry, Statement } from '../../bgp/policy/types.ts';

/**
 * FRR finds the first entry of a route-map in a tree of the prefixes that its prefix-lists name (`route_map_get_index`). A line of a list that
 * goes takes its prefix out of the tree (`route_map_pfx_table_del`), also where another line has the same one: nothing below it finds the
 * entry any more, until a line with that prefix is said.
 */
export function withTreesKept(before: RouterConfig | null, now: RouterConfig | null): RouterConfig | null {
  if (!before?.bgp || !now?.bgp || !now.profile.quirks.forgetsSharedPrefixes) return now;
  const earlier = treesOf(before.bgp);
  if (earlier.size === 0) return now;
  const known = new Map<object, unknown>();
  const bgp = rewritten(now.bgp, known, (policy) => asFound(policy, earlier));
  return bgp === now.bgp ? now : { ...now, bgp };
}

const keyOf = (policy: Policy, { label, treeOf }: Statement) => `${policy.name} ${label} ${treeOf}`;

/** Entries of route-maps that stand in such a tree. */
function treesOf(bgp: BgpConfig): ReadonlyMap<string, Statement> {
  const trees = new Map<string, Statement>();
  rewritten(bgp, new Map(), (policy) => {
    for (const one of policy.statements) if (one.treeOf !== undefined) trees.set(keyOf(policy, one), one);
    return policy;
  });
  return trees;
}

function asFound(policy: Policy, earlier: ReadonlyMap<string, Statement>): Policy {
  const statements = policy.statements.map((one) => {
    const was = one.treeOf === undefined ? undefined : earlier.get(keyOf(policy, one));
    const lost = was ? lostBy(was, one) : [];
    return lost.length === 0 ? one : { ...one, lost, conditions: [inTree(one, lost), ...one.conditions] };
  });
  return statements.every((one, index) => one === policy.statements[index])
    ? policy
    : { ...policy, statements };
}

/** Prefixes that are no longer in the tree though the list has them. */
function lostBy(was: Statement, now: Statement): readonly string[] {
  const [old, entries] = [entriesOf(was), entriesOf(now)];
  const said = new Set(without(entries, old));
  const gone = [...(was.lost ?? []), ...without(old, entries)];
  const there = new Set(entries.map(({ prefix }) => prefix.text));
  return [...new Set(gone)].filter((prefix) => there.has(prefix) && !said.has(prefix));
}

/** Prefixes of the entries of one list that the other has not; each counts as often as it stands there. */
function without(entries: readonly PrefixSetEntry[], others: readonly PrefixSetEntry[]): readonly string[] {
  const left = others.map(textOf);
  return entries.flatMap((entry) => {
    const place = left.indexOf(textOf(entry));
    if (place < 0) return [entry.prefix.text];
    left.splice(place, 1);
    return [];
  });
}

function textOf({ permit, prefix, minLength, maxLength }: PrefixSetEntry): string {
  return `${permit} ${prefix.text} ${minLength} ${maxLength}`;
}

/** The entries of the list itself: a condition that asks for the tree stands before it. */
function entriesOf({ conditions, treeOf }: Statement): readonly PrefixSetEntry[] {
  const sets = conditions.flatMap((one) =>
    one.kind === 'prefix' && one.set.name === treeOf ? [one.set] : [],
  );
  return sets.at(-1)?.entries ?? [];
}

/** Is the route below a prefix that the tree still has? */
function inTree(statement: Statement, lost: readonly string[]) {
  const entries = entriesOf(statement).flatMap(({ prefix }): PrefixSetEntry[] =>
    lost.includes(prefix.text)
      ? []
      : [{ permit: true, prefix, minLength: prefix.length, maxLength: bitsOf(prefix.family) }],
  );
  return { kind: 'prefix', set: { name: statement.treeOf ?? '', entries }, invert: false } as const;
}

/** The same with every policy in it made anew; what has none stays the object it was. */
function rewritten<T>(value: T, known: Map<object, unknown>, change: (policy: Policy) => Policy): T {
  if (typeof value !== 'object' || value === null) return value;
  if (!known.has(value)) known.set(value, anew(value, known, change));
  return known.get(value) as T;
}

function anew(value: object, known: Map<object, unknown>, change: (policy: Policy) => Policy): unknown {
  if (Array.isArray(value)) {
    const items = value.map((one: unknown) => rewritten(one, known, change));
    return items.every((one, index) => one === value[index]) ? value : items;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, rewritten(one, known, change)] as const);
  const same = entries.every(([key, one]) => one === (value as Record<string, unknown>)[key]);
  const copy = same ? value : Object.fromEntries(entries);
  return isPolicy(copy) ? change(copy) : copy;
}

function isPolicy(value: object): value is Policy {
  return 'statements' in value && 'otherwise' in value;
}
