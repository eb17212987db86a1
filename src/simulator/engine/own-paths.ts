import type { Path } from '../../bgp/attributes.ts';
import { addLocal, type Engine, type SlotCandidate } from './engine.ts';

/** An aggregate of one router, beside the path that comes of it. */
export interface MadeAggregate {
  /** Without what its route-map sets: what is compared before it is made. */
  readonly bare: Path;
  /** What it is made of, to tell whether any of it came or went. */
  readonly parts: string;
  /** The slots those came over, -1 for own ones. */
  readonly slots: readonly number[];
}

/** By node. */
export type MadeAggregates = ReadonlyMap<number, MadeAggregate>;

/** Puts what a router makes itself into its table; false for an aggregate that it overlooks. */
export function addOwn(
  engine: Engine,
  node: number,
  path: Path,
  aggregates: MadeAggregates,
  why: string | null = null,
  newest = engine.lists[node]?.at(-1),
): boolean {
  const made = path.source === 'aggregate' ? aggregates.get(node) : undefined;
  if (made && newest && takesNewest(engine, node) && isTaken(newest, made)) return false;
  addLocal(engine, node, path, why);
  return true;
}

/** Does the router take the newest path of a prefix for its aggregate (`takesNewestForAggregate`)? */
export function takesNewest({ topology }: Engine, node: number): boolean {
  return topology.routers[node]?.config.profile.quirks.takesNewestForAggregate === true;
}

/** Does that path look like the aggregate? */
export function isTaken({ path, invalid }: SlotCandidate, { bare }: MadeAggregate): boolean {
  return (
    invalid === null &&
    path.origin === bare.origin &&
    path.asPath === bare.asPath &&
    tagsOf(path) === tagsOf(bare)
  );
}

function tagsOf({ communities, largeCommunities, extendedCommunities = [] }: Path): string {
  return [communities, largeCommunities, extendedCommunities].map(String).join(' ');
}
