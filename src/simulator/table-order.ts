import type { Prefix } from '../base/ip.ts';
import type { Path } from '../bgp/attributes.ts';
import type { RouterProfile } from '../bgp/profile.ts';
import type { PrefixState } from './state.ts';
import type { Chosen } from './timeline/filled.ts';

type TableOrder = RouterProfile['quirks']['tableOrder'];

/** A prefix as a neighbour is told it: its path, the number of that, and whether the neighbour accepts it. */
export interface Told {
  readonly prefix: PrefixState;
  readonly wire: number;
  readonly path?: Path | undefined;
  readonly accepted: boolean;
  /** What the router that tells it has chosen. */
  readonly chosen?: Chosen | null;
}

/** The order in which a router goes through its table for a new neighbour; `told` is sorted by prefix, as most tables are. */
export function inTableOrder(told: readonly Told[], order: TableOrder): readonly Told[] {
  if (order !== 'hash') return told;
  const hashed = told.map((one) => ({ one, hash: birdHash(one.prefix.prefix) }));
  return hashed.sort((a, b) => a.hash - b.hash).map(({ one }) => one);
}

/** The order in which the neighbour hears it: routes with the same attributes share messages, where the first of them would come. */
export function inMessageOrder(told: readonly Told[], order: TableOrder): readonly Told[] {
  const groups = new Map<number, Told[]>();
  for (const one of inTableOrder(told, order)) {
    const group = groups.get(one.wire);
    if (group) group.push(one);
    else groups.set(one.wire, [one]);
  }
  if (order !== 'prefix') return [...groups.values()].flat();
  return [...groups.values()].flatMap(([first, ...rest]) => (first ? [first, ...rest.reverse()] : []));
}

/** The order of BIRD's tables, whatever their size (lib/net.h `net_hash_ip4`, `net_hash_ip6`; nest/rt-fib.c `FIB_INSERT`). */
export function birdHash({ value, length, family }: Prefix): number {
  const hash = family === 4 ? Math.imul(Number(value), 2902958171) : hashedWords(value);
  return (hash ^ (length << 26)) >>> 0;
}

/** lib/ip.h `ip6_hash` */
function hashedWords(value: bigint): number {
  let words = 0;
  for (let shift = 0n; shift < 128n; shift += 32n) words ^= Number((value >> shift) & 0xffff_ffffn);
  return words ^ (words << 16) ^ (words << 24);
}
