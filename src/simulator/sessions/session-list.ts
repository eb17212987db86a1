import type { FamilyName } from '../../base/family.ts';
import type { Address } from '../../base/ip.ts';
import type { SessionEnd } from './sessions.ts';

/** Session ends in their order. A large fabric has a million: each is made when somebody asks for it, and forgotten again. */
export abstract class SessionList implements Iterable<SessionEnd> {
  abstract readonly length: number;
  /** The end in this place; undefined for a place that is none. */
  abstract at(place: number): SessionEnd | undefined;
  /** All of them, the same objects every time from now on. */
  abstract all(): readonly SessionEnd[];
  /** The same end with a `config` that says nothing of who the neighbour is: see `PeerTable.shared`. */
  abstract lean(place: number): SessionEnd | undefined;
  /** Is any end in this state that is not shut down on purpose? */
  abstract anyIn(state: SessionEnd['state']): boolean;
  /** Did a listen range let any of them in? */
  abstract anyDynamic(): boolean;
  /** How many ends are up. */
  abstract up(): number;
  /** Its node, and the place of its other end; -1: it has none. */
  abstract nodeOf(place: number): number;
  abstract otherOf(place: number): number;
  /** The address it speaks from; null: none that is known, or no end in this place. */
  abstract localOf(place: number): Address | null;
  /** Do routes of the family go over it? */
  abstract carries(place: number, family: FamilyName): boolean;

  *[Symbol.iterator](): Generator<SessionEnd> {
    for (let place = 0; place < this.length; place++) {
      const end = this.at(place);
      if (end) yield end;
    }
  }

  forEach(visit: (end: SessionEnd, place: number) => void): void {
    let place = 0;
    for (const end of this) visit(end, place++);
  }

  some(test: (end: SessionEnd) => boolean): boolean {
    for (const end of this) if (test(end)) return true;
    return false;
  }

  filter(test: (end: SessionEnd) => boolean): readonly SessionEnd[] {
    const found: SessionEnd[] = [];
    for (const end of this) if (test(end)) found.push(end);
    return found;
  }

  find(test: (end: SessionEnd) => boolean): SessionEnd | undefined {
    for (const end of this) if (test(end)) return end;
    return undefined;
  }

  map<T>(make: (end: SessionEnd, place: number) => T): readonly T[] {
    const made: T[] = [];
    for (const end of this) made.push(make(end, made.length));
    return made;
  }

  flatMap<T>(make: (end: SessionEnd) => readonly T[]): readonly T[] {
    const made: T[] = [];
    for (const end of this) made.push(...make(end));
    return made;
  }
}

/** Ends that are objects already. */
export class ListedSessions extends SessionList {
  readonly #ends: readonly SessionEnd[];

  constructor(ends: readonly SessionEnd[]) {
    super();
    this.#ends = ends;
  }

  get length(): number {
    return this.#ends.length;
  }

  at(place: number): SessionEnd | undefined {
    return this.#ends[place];
  }

  all(): readonly SessionEnd[] {
    return this.#ends;
  }

  lean(place: number): SessionEnd | undefined {
    return this.#ends[place];
  }

  anyIn(state: SessionEnd['state']): boolean {
    return this.#ends.some((end) => end.state === state && !end.config.shutdown);
  }

  anyDynamic(): boolean {
    return this.#ends.some(({ dynamic }) => dynamic);
  }

  up(): number {
    return this.#ends.filter(({ other }) => other !== null).length;
  }

  nodeOf(place: number): number {
    return this.#ends[place]?.node ?? -1;
  }

  otherOf(place: number): number {
    return this.#ends[place]?.other ?? -1;
  }

  localOf(place: number): Address | null {
    return this.#ends[place]?.localAddress ?? null;
  }

  carries(place: number, family: FamilyName): boolean {
    const end = this.#ends[place];
    return (
      end !== undefined && (end.other !== null || end.silent !== undefined) && end.families.includes(family)
    );
  }
}
