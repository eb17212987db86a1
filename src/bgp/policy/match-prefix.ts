import { contains, type Prefix } from '../../base/ip.ts';
import type { Condition, PrefixSet, PrefixSetEntry } from './types.ts';

/** The first entry that fits decides; none: not in the set. */
export function inPrefixSet(set: PrefixSet, prefix: Prefix): boolean {
  return prefixEntry(set, prefix)?.permit ?? false;
}

/** The entry of the set that decides about the prefix; null: none fits. */
export function prefixEntry(set: PrefixSet, prefix: Prefix): PrefixSetEntry | null {
  for (const entry of set.entries) {
    if (prefix.length < entry.minLength || prefix.length > entry.maxLength) continue;
    if (contains(entry.prefix, prefix)) return entry;
  }
  return null;
}

/** Does a condition that looks at the prefix only hold? */
export function prefixConditionHolds(
  condition: Extract<Condition, { readonly kind: 'prefix' | 'prefix-length' | 'family' }>,
  prefix: Prefix,
): boolean {
  switch (condition.kind) {
    case 'prefix':
      return inPrefixSet(condition.set, prefix) !== condition.invert;
    case 'prefix-length':
      return prefix.family === condition.family && prefix.length === condition.value;
    case 'family':
      return condition.families.includes(prefix.family === 4 ? 'ipv4-unicast' : 'ipv6-unicast');
  }
}
