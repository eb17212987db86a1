import type { AsPath } from '../../bgp/as-path.ts';
import { S, SLOT_CELLS } from './cells.ts';
import type { Flat } from './layout.ts';
import { asPathOf, grown } from './numbers.ts';

/**
 * Routers that hear the same from the same, choose alike and pass nothing on: the hosts of a rack. One of them, the leader, does for
 * all of them what they do about a prefix that none of them announces; what it comes to is written down for each (`follow.ts`).
 * Where a leader does what need not be so for the others, or what others would hear of, its group is taken apart for good and the
 * prefix begins again.
 */
export interface Twins {
  /** By router: number of its group; 0: none. */
  readonly groupOf: Int32Array;
  /** By that number: its routers, the leader first. */
  readonly groups: readonly Int32Array[];
  /** By place of a hearer: number of the group, where another router does for it what is to be done; else 0. */
  readonly followed: Int32Array;
  /** And the place behind the last one of that group in a row. */
  readonly rowEnd: Int32Array;
  /** By group: number of the prefix about which each does for itself. */
  readonly apart: Int32Array;
  /** Groups, by number: those that an AS, or all in an AS_PATH, make a difference to; the first one is empty. */
  readonly sets: (readonly number[])[];
  readonly setOfAs: ReadonlyMap<number, number>;
  /** By AS_PATH: the number of its set plus one; 0: nobody has asked. */
  setOfAsPath: Int32Array;
  /** By group: the choice of the leader that the others followed last (0: none), and what each installed then, see `follow.ts`. */
  readonly choices: Int32Array;
  readonly hops: readonly Int32Array[];
}

/** The place from which the hearers are to be told one by one again: behind `at` where others do what those there have to. */
export function behindFollowers(
  { followed, rowEnd, apart }: Twins,
  epoch: number,
  at: number,
  end: number,
): number {
  const group = followed[at] ?? 0;
  return group === 0 || apart[group] === epoch ? at : Math.min(rowEnd[at] ?? at, end);
}

/** By slot: the AS that makes a path a loop. */
export function loopsOf({ engine, cells }: Flat, node: number): readonly number[] {
  const { slotStart } = engine.topology;
  const loops: number[] = [];
  for (let slot = slotStart[node] ?? 0; slot < (slotStart[node + 1] ?? 0); slot++)
    loops.push((cells[slot * SLOT_CELLS + S.loopAs] ?? 0) >>> 0);
  return loops;
}

/** The number of its group, where that does as one about the prefix at hand; else 0. */
export function togetherAs({ twins, epoch }: Flat, node: number): number {
  if (twins === null) return 0;
  const group = twins.groupOf[node] ?? 0;
  return twins.apart[group] === epoch ? 0 : group;
}

/** The groups of routers that have something of their own about a prefix, and of those that find their AS in its paths. */
export function apartBy(flat: Flat, { groupOf, setOfAs, sets }: Twins, own: Iterable<number>): number[] {
  const found: number[] = [];
  for (const node of own) {
    const group = groupOf[node] ?? 0;
    if (group !== 0) found.push(group);
    for (const asn of setOfAs.size === 0 ? [] : loopsOf(flat, node))
      found.push(...(sets[setOfAs.get(asn) ?? 0] ?? []));
  }
  return found.length < 2 ? found : [...new Set(found)];
}

/** One router does what a group of them has to about the prefix at hand, but for the groups that are `alone`. */
export function goTogether(flat: Flat, twins: Twins, alone: readonly number[]): void {
  flat.twins = twins;
  flat.alone = alone;
  for (let i = 0; i < alone.length; i++) twins.apart[alone[i] ?? 0] = flat.epoch;
}

/** Does another router what this one has to about the prefix at hand? */
export function isLed(flat: Flat, node: number): boolean {
  const group = togetherAs(flat, node);
  return group !== 0 && flat.twins?.groups[group]?.[0] !== node;
}

/** What the router does may not be so for those it leads: the prefix has to begin again. */
export function stray(flat: Flat, node: number): void {
  const group = togetherAs(flat, node);
  if (group !== 0) strayAll(flat, [group]);
}

function strayAll(flat: Flat, groups: readonly number[]): void {
  flat.strays = groups;
  flat.failed = true;
}

/** A path is about to be told to the followers in a place: one of them may find its own AS in it, and others not. */
export function strayWhereNamed(flat: Flat, asPath: number, place: number): void {
  const { twins } = flat;
  if (twins === null || twins.setOfAs.size === 0) return;
  const set = (twins.setOfAsPath[asPath] ?? 0) - 1;
  const named = twins.sets[set >= 0 ? set : setNamed(twins, asPathOf(flat.store, asPath))] ?? [];
  const group = twins.followed[place] ?? 0;
  for (let i = 0; i < named.length; i++) if (named[i] === group) strayAll(flat, [group]);
}

/** Most paths are another with one more AS in front, which was asked for when it was told. */
function setNamed(twins: Twins, asPath: AsPath): number {
  const known = twins.setOfAsPath[asPath.id] ?? 0;
  if (known > 0) return known - 1;
  const { rest, id } = asPath;
  let set = rest === null ? 0 : setNamed(twins, rest);
  if (rest !== null) set = unite(twins, set, twins.setOfAs.get(asPath.neighborAs) ?? 0);
  else for (const asn of asPath.asns) set = unite(twins, set, twins.setOfAs.get(asn) ?? 0);
  if (id >= twins.setOfAsPath.length) twins.setOfAsPath = grown(twins.setOfAsPath, id);
  twins.setOfAsPath[id] = set + 1;
  return set;
}

function unite({ sets }: Twins, a: number, b: number): number {
  if (a === 0 || a === b) return b;
  if (b === 0) return a;
  return numberOfSet(sets, [...new Set([...(sets[a] ?? []), ...(sets[b] ?? [])])]);
}

/** There are few of them. */
export function numberOfSet(sets: (readonly number[])[], groups: readonly number[]): number {
  const key = groups.toSorted((a, b) => a - b);
  const known = sets.findIndex((set) => set.length === key.length && set.every((one, i) => one === key[i]));
  return known >= 0 ? known : sets.push(key) - 1;
}

/** From now on each router of these groups does for itself. */
export function takeApart({ allTwins: twins }: Flat, groups: readonly number[]): void {
  if (!twins) return;
  for (const group of groups) for (const node of twins.groups[group] ?? []) twins.groupOf[node] = 0;
  for (let at = 0; at < twins.followed.length; at++)
    if (groups.includes(twins.followed[at] ?? 0)) twins.followed[at] = 0;
}

/** What happens to slots: by slot, 1 where nothing stands or arrives any more; and those that are opened, in turns. */
interface Fates {
  readonly isGone: Uint8Array;
  readonly closed: Uint8Array;
  readonly opened: readonly (readonly number[])[];
}

/** The groups to whose routers not the same happens, slot by slot. */
export function unevenGroups(
  { engine, allTwins }: Flat,
  { isGone, closed, opened }: Fates,
): readonly number[] {
  const { slotStart, reverse } = engine.topology;
  const [speaks, hears] = [new Uint16Array(closed.length), new Uint16Array(closed.length)];
  for (const [turn, slots] of opened.entries())
    for (const slot of slots) {
      speaks[slot] = turn + 1;
      hears[reverse[slot] ?? 0] = turn + 1;
    }
  const alike = (a: number, b: number) =>
    isGone[a] === isGone[b] && closed[a] === closed[b] && speaks[a] === speaks[b] && hears[a] === hears[b];
  const found: number[] = [];
  allTwins?.groups.forEach((members, group) => {
    const start = slotStart[members[0] ?? 0] ?? 0;
    const count = (slotStart[(members[0] ?? 0) + 1] ?? 0) - start;
    const isEven = members.every((node) => {
      const offset = (slotStart[node] ?? 0) - start;
      for (let slot = start; slot < start + count; slot++) if (!alike(slot, slot + offset)) return false;
      return true;
    });
    if (!isEven) found.push(group);
  });
  return found;
}
