import type { Path } from '../../bgp/attributes.ts';
import { redecide } from '../engine/choose.ts';
import type { SlotCandidate } from '../engine/engine.ts';
import { waitOf } from '../engine/first-announcement.ts';
import { addOwn, takesNewest } from '../engine/own-paths.ts';
import { isStarted, ownPaths } from './carry-tables.ts';
import type { Carrying } from './carrying.ts';

/**
 * Aggregates all of whose parts come over sessions that have just come up, by node: with the slot on which the first of them is said. What another router
 * says of the same prefix may come before that, and then be taken for the aggregate (`takesNewestForAggregate`).
 */
export type LateAggregates = ReadonlyMap<number, number>;

export function lateAggregates({ to, kept }: Carrying, fresh: readonly number[]): LateAggregates {
  const late = new Map<number, number>();
  const { topology } = to;
  for (const [node, { slots }] of kept.aggregates) {
    if (!takesNewest(to, node)) continue;
    const heardOn = fresh.filter((slot) => slots.includes(topology.reverse[slot] ?? -1));
    const heard = new Set(heardOn.map((slot) => topology.reverse[slot]));
    const [first] = heardOn.sort((a, b) => waitOf(topology, a) - waitOf(topology, b));
    if (first !== undefined && slots.every((slot) => heard.has(slot))) late.set(node, first);
  }
  return late;
}

/** Makes those of which a part was said on one of the slots, which have been heard in this order. */
export function makeLate(carrying: Carrying, late: LateAggregates, heard: readonly number[]): void {
  const { to, kept } = carrying;
  for (const [node, first] of late) {
    const place = heard.indexOf(first);
    if (place < 0) continue;
    const path = aggregateOf(carrying, node);
    const list = to.lists[node] ?? [];
    if (!path || list.some((one) => one.slot < 0 && one.path === path)) continue;
    const before = list.filter((one) => !isLater(carrying, one, heard, place));
    if (addOwn(to, node, path, kept.aggregates, null, before.at(-1))) redecide(to, node);
  }
}

/** Did the path come behind the first part? Over the same session the shorter prefix comes first where tables are told in order. */
function isLater(
  { to: { topology } }: Carrying,
  { slot }: SlotCandidate,
  heard: readonly number[],
  place: number,
): boolean {
  const said = slot < 0 ? -1 : (topology.reverse[slot] ?? -1);
  const at = said < 0 ? -1 : heard.indexOf(said);
  if (at !== place) return at > place;
  return topology.routers[topology.owner[said] ?? -1]?.config.profile.quirks.tableOrder !== 'prefix';
}

function aggregateOf({ kept }: Carrying, node: number): Path | undefined {
  return [...ownPaths(kept, node).keys()].find(({ source }) => source === 'aggregate');
}

/** An aggregate that was overlooked is looked for again when something comes that it is made of, or goes. */
export function staysOverlooked(carrying: Carrying, node: number, { source }: Path): boolean {
  const { from, old, kept } = carrying;
  if (source !== 'aggregate' || isStarted(carrying, node)) return false;
  const before = old?.aggregates.get(node);
  if (!before || before.parts !== kept.aggregates.get(node)?.parts) return false;
  return (from.lists[node] ?? []).every(({ slot, path }) => slot >= 0 || path.source !== 'aggregate');
}
