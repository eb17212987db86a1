import { bitsOf, comparePrefixes, type Prefix, prefixOf } from '../../../base/ip.ts';
import type { PrefixList, PrefixListEntry } from '../../../model/policy.ts';
import { quoted } from './toml-values.ts';

/** One line of a prefix-set; texts are TOML. */
export interface PrefixSetLine {
  readonly prefix: string;
  readonly range: string;
}

export interface PrefixSetContext {
  readonly name: string;
  readonly entries: readonly PrefixSetLine[];
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** No prefix has length 0 below a longer one, so this range never fits: the way to say "deny" in a set that only permits. */
const NOTHING: Range = { min: 0, max: 0 };

/**
 * A prefix-list, whose first fitting entry decides, as a GoBGP prefix-set, which looks only at its longest entry that holds the
 * route and then at that entry's ranges (internal/pkg/table/policy.go, PrefixCondition). For a route whose longest entry is P the
 * prefix-list asks P and what holds P, nothing else: so the answer depends on the route's length alone, and P can carry it.
 */
export function prefixSetOf(list: PrefixList): PrefixSetContext {
  const nodes = new Map<string, Prefix>();
  for (const { prefix } of list.entries) nodes.set(prefix.text, prefix);
  const entriesAt = new Map<string, readonly (readonly [number, PrefixListEntry])[]>();
  for (const [index, entry] of list.entries.entries()) {
    entriesAt.set(entry.prefix.text, [...(entriesAt.get(entry.prefix.text) ?? []), [index, entry]]);
  }
  const lengths = [...new Set([...nodes.values()].map(({ length }) => length))].sort((a, b) => a - b);
  const entries: PrefixSetLine[] = [];
  for (const node of [...nodes.values()].sort(comparePrefixes)) {
    const above = lengths.filter((length) => length <= node.length);
    const relevant = above
      .flatMap((length) => entriesAt.get(prefixOf(node.family, node.value, length).text) ?? [])
      .sort(([a], [b]) => a - b)
      .map(([, entry]) => entry);
    const ranges = permittedLengths(node, relevant);
    // Alone, a node that permits nothing can be left out; below another it must hide it.
    const hides = ranges.length === 0 && relevant.some(({ prefix }) => prefix.length < node.length);
    for (const { min, max } of hides ? [NOTHING] : ranges) {
      entries.push({ prefix: quoted(node.text), range: quoted(`${min}..${max}`) });
    }
  }
  return { name: quoted(list.name), entries };
}

/** The lengths of routes inside `node` that the entries, in their order, permit. */
function permittedLengths(node: Prefix, entries: readonly PrefixListEntry[]): Range[] {
  const bits = bitsOf(node.family);
  const ranges: Range[] = [];
  let start: number | null = null;
  for (let length = node.length; length <= bits + 1; length++) {
    const permitted =
      length <= bits && entries.find((entry) => fits(entry, length, bits))?.action === 'permit';
    if (permitted) start ??= length;
    else if (start !== null) {
      ranges.push({ min: start, max: length - 1 });
      start = null;
    }
  }
  return ranges;
}

/** FRR: without `ge` and `le` the length must be equal; `ge` alone reaches to the end. */
function fits({ prefix, ge, le }: PrefixListEntry, length: number, bits: number): boolean {
  const min = ge ?? prefix.length;
  const max = le ?? (ge === null ? prefix.length : bits);
  return length >= min && length <= max;
}
