import type { Path } from '../../bgp/attributes.ts';
import type { AggregateConfig } from '../../bgp/origination-config.ts';
import type { Engine } from '../engine/engine.ts';
import { isTaken, takesNewest } from '../engine/own-paths.ts';
import { isStarted, ownPaths } from './carry-tables.ts';
import type { Carrying } from './carrying.ts';

/**
 * What a node makes of the prefix now. An aggregate that stands is not made anew while what it sums up looks the same (`takesNewestForAggregate`):
 * a route-map of it that says something else goes unnoticed.
 */
export function ownNow(carrying: Carrying, node: number): ReadonlyMap<Path, string | null> {
  const own = ownPaths(carrying.kept, node);
  const standing = standingAggregate(carrying, node);
  if (!standing || own.has(standing)) return own;
  return new Map(
    [...own].map(([path, why]) => [path.source === 'aggregate' ? standing : path, why] as const),
  );
}

function standingAggregate(carrying: Carrying, node: number): Path | null {
  const { from, to, kept } = carrying;
  const made = kept.aggregates.get(node);
  if (!made || !takesNewest(to, node) || isStarted(carrying, node)) return null;
  const list = from.lists[node] ?? [];
  const newest = list.at(-1);
  const standing = list.find(({ slot, path }) => slot < 0 && path.source === 'aggregate');
  if (!newest || !standing || !isTaken(newest, made)) return null;
  const { text } = kept.prefix;
  return lineOf(from, node, text) === lineOf(to, node, text) ? standing.path : null;
}

/** A line that says something else is taken away first. */
function lineOf({ topology }: Engine, node: number, prefix: string): string | null {
  const lines = topology.routers[node]?.bgp.aggregates ?? [];
  const line = lines.find((one) => one.family === topology.family && one.prefix.text === prefix);
  return line ? wordsOf(line) : null;
}

function wordsOf({
  summaryOnly,
  asSet,
  origin,
  sameMedOnly,
  policy,
  suppressPolicy,
}: AggregateConfig): string {
  return JSON.stringify([summaryOnly, asSet, origin, sameMedOnly, policy?.name, suppressPolicy?.name]);
}
