import { comparePrefixes, contains, type Prefix } from '../../base/ip.ts';

/**
 * Every network that lies inside another one (equal counts), with the closest one around it. Sorts and sweeps once: time grows
 * with n log n, where comparing each with each would not end for thousands of hosts.
 */
export function nested<T extends { readonly prefix: Prefix }>(
  items: readonly T[],
): { readonly outer: T; readonly inner: T }[] {
  const sorted = [...items].sort((a, b) => comparePrefixes(a.prefix, b.prefix));
  const around: T[] = [];
  const pairs: { outer: T; inner: T }[] = [];
  for (const inner of sorted) {
    while (around.length > 0) {
      const top = around.at(-1);
      if (top && contains(top.prefix, inner.prefix)) break;
      around.pop();
    }
    const outer = around.at(-1);
    if (outer) pairs.push({ outer, inner });
    around.push(inner);
  }
  return pairs;
}
