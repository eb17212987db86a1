import type { IpFamily, Prefix } from '../../base/ip.ts';
import type { PrefixIndex } from '../../bgp/rib/prefix-index.ts';

/** A destination of a table that is written out only when somebody asks: policies that look at none of its fields are asked for a million of them. */
export class PlacePrefix implements Prefix {
  readonly #index: PrefixIndex;
  readonly #place: number;
  #prefix: Prefix | null = null;

  constructor(index: PrefixIndex, place: number) {
    this.#index = index;
    this.#place = place;
  }

  get #written(): Prefix {
    this.#prefix ??= this.#index.prefixAt(this.#place);
    return this.#prefix;
  }

  get family(): IpFamily {
    return this.#written.family;
  }

  get value(): bigint {
    return this.#written.value;
  }

  get length(): number {
    return this.#written.length;
  }

  get text(): string {
    return this.#written.text;
  }
}
