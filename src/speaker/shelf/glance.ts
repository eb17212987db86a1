import type { AsPath, AsSegment } from '../../bgp/as-path.ts';
import type { Path, PathSource } from '../../bgp/attributes.ts';
import type { Origin } from '../../bgp/policy/types.ts';
import { fact, type PathFacts, pathField } from './facts.ts';

/** Where a glance finds the rest. */
export interface GlanceSource {
  readonly facts: PathFacts;
  path(number: number): Path;
}

/**
 * A path as the decision looks at it: what nearly all decisions hang on comes out of columns, and only who asks for more has the octets read. Its fields are not its
 * own: it cannot be spread into another path. Made once and used for one path after another: a decision of some
 * hundred nanoseconds has no time for objects.
 */
export class PathGlance implements Path {
  readonly #source: GlanceSource;
  readonly #asPath: AsPathGlance;
  id = 0;

  constructor(source: GlanceSource) {
    this.#source = source;
    this.#asPath = new AsPathGlance(source, this);
  }

  get #whole(): Path {
    return this.#source.path(this.id);
  }

  #has(bit: number): boolean {
    return this.#source.facts.has(this.id, bit);
  }

  /** No other number has the same: which is all that is asked of it. */
  get attributes(): number {
    return this.id;
  }

  get origin(): Origin {
    const origin = this.#source.facts.get(this.id, pathField.bits) & 3;
    return origin === 0 ? 0 : origin === 1 ? 1 : 2;
  }

  get asPath(): AsPath {
    return this.#has(fact.sequence) ? this.#asPath : this.#whole.asPath;
  }

  get med(): number | null {
    return this.#has(fact.med) ? this.#source.facts.get(this.id, pathField.med) >>> 0 : null;
  }

  get localPref(): number | null {
    return this.#has(fact.localPref) ? this.#source.facts.get(this.id, pathField.localPref) >>> 0 : null;
  }

  get communities(): readonly number[] {
    return this.#has(fact.communities) ? this.#whole.communities : none;
  }

  get largeCommunities(): readonly string[] {
    return this.#has(fact.communities) ? this.#whole.largeCommunities : none;
  }

  get clusterList(): readonly number[] {
    return this.#has(fact.reflected) ? this.#whole.clusterList : none;
  }

  get originatorId(): number | null {
    return this.#has(fact.reflected) ? this.#whole.originatorId : null;
  }

  get weight(): number {
    return this.#has(fact.odd) ? this.#whole.weight : 0;
  }

  get tag(): number {
    return this.#has(fact.odd) ? this.#whole.tag : 0;
  }

  get source(): PathSource {
    return this.#has(fact.odd) ? this.#whole.source : 'learned';
  }

  get distance(): number {
    return this.#has(fact.odd) ? (this.#whole.distance ?? 0) : 0;
  }

  get aigp(): number | null {
    return this.#has(fact.aigp) ? (this.#whole.aigp ?? null) : null;
  }

  get nextHop(): Path['nextHop'] {
    return this.#whole.nextHop;
  }

  get atomicAggregate(): boolean {
    return this.#whole.atomicAggregate;
  }

  get aggregator(): Path['aggregator'] {
    return this.#whole.aggregator;
  }

  get nextHopByPolicy(): Path['nextHopByPolicy'] {
    return this.#whole.nextHopByPolicy;
  }

  get interface(): string | null {
    return this.#whole.interface ?? null;
  }

  get medByPolicy(): boolean {
    return this.#whole.medByPolicy ?? false;
  }

  get originUnset(): boolean {
    return this.#whole.originUnset ?? false;
  }

  get extendedCommunities(): readonly string[] {
    return this.#whole.extendedCommunities ?? none;
  }

  get carried(): string {
    return this.#whole.carried ?? '';
  }

  get otc(): number | null {
    return this.#whole.otc ?? null;
  }

  get emptyLists(): string {
    return this.#whole.emptyLists ?? '';
  }

  get destination(): NonNullable<Path['destination']> | null {
    return this.#whole.destination ?? null;
  }
}

const none: readonly never[] = [];

/** The AS_PATH of a glance, one sequence. */
class AsPathGlance implements AsPath {
  readonly #source: GlanceSource;
  readonly #of: PathGlance;
  readonly id = -1;
  readonly confedLength = 0;
  readonly malformed = false;
  readonly neighborConfedAs = 0;

  constructor(source: GlanceSource, of: PathGlance) {
    this.#source = source;
    this.#of = of;
  }

  get length(): number {
    return this.#source.facts.get(this.#of.id, pathField.hops);
  }

  get count(): number {
    return this.length;
  }

  get neighborAs(): number {
    return this.#source.facts.get(this.#of.id, pathField.firstAs) >>> 0;
  }

  get #whole(): AsPath {
    return this.#source.path(this.#of.id).asPath;
  }

  get segments(): readonly AsSegment[] {
    return this.#whole.segments;
  }

  get text(): string {
    return this.#whole.text;
  }

  get asns(): readonly number[] {
    return this.#whole.asns;
  }

  get rest(): AsPath | null {
    return this.#whole.rest;
  }
}
