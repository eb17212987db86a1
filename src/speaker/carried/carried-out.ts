import type { Path } from '../../bgp/attributes.ts';
import type { CarriedDestination } from '../../bgp/carried/carried-rib.ts';

/** One route as it is to be told: what it says in octets decides whether it is another than before. */
export interface CarriedSaying {
  /** Whose route it is: the same for the same route of the same peer, whatever its attributes become. */
  readonly holder: string;
  /** The next hop and all attributes but those of RFC 4760, as they lie on the wire, an octet a character. */
  readonly attributes: string;
  readonly attached: string;
  /** For whoever looks. */
  readonly path: Path;
}

interface Held extends CarriedSaying {
  readonly pathId: number;
}

/** Routes that go together: with one set of attributes, or withdrawn (`attributes` null). */
export interface CarriedBatch {
  readonly attributes: string | null;
  readonly routes: readonly CarriedSaid[];
}

interface CarriedSaid {
  readonly destination: CarriedDestination;
  readonly pathId: number;
  readonly attached: string;
}

/** Adj-RIB-Out of one peer in a family that is passed on (RFC 4271 3.2). However slow the peer reads, a destination waits once. */
export class CarriedOut {
  announced = 0;
  readonly #wanted: (destination: CarriedDestination) => readonly CarriedSaying[];
  /** By the name of the destination, because one that went and came again is another object. */
  readonly #held = new Map<string, readonly Held[]>();
  readonly #waiting = new Map<string, CarriedDestination>();
  /** After a route refresh also what has not changed is said. */
  #again = false;

  constructor(wanted: (destination: CarriedDestination) => readonly CarriedSaying[]) {
    this.#wanted = wanted;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  changed(destination: CarriedDestination): void {
    const { key, routes } = destination;
    // What came and went again before the peer heard of it is nothing to tell, and must not pile up.
    if (routes.length === 0 && !this.#held.has(key)) this.#waiting.delete(key);
    else this.#waiting.set(key, destination);
  }

  /** The peer asks for everything again (RFC 2918). */
  again(destinations: Iterable<CarriedDestination>): void {
    this.changedAll(destinations);
    this.#again = true;
  }

  changedAll(destinations: Iterable<CarriedDestination>): void {
    for (const one of destinations) this.#waiting.set(one.key, one);
  }

  sentOf({ key }: CarriedDestination): readonly (CarriedSaying & { readonly pathId: number })[] {
    return this.#held.get(key) ?? [];
  }

  /** Up to `most` waiting destinations, what is withdrawn first; counts them as said. */
  take(most: number): readonly CarriedBatch[] {
    const batches = new Map<string | null, CarriedSaid[]>([[null, []]]);
    const say = (attributes: string | null, said: CarriedSaid) => {
      const list = batches.get(attributes);
      if (list) list.push(said);
      else batches.set(attributes, [said]);
    };
    let taken = 0;
    for (const [key, destination] of this.#waiting) {
      if (taken++ >= most) break;
      this.#waiting.delete(key);
      this.#tell(destination, say);
    }
    if (this.#waiting.size === 0) this.#again = false;
    return [...batches]
      .filter(([, routes]) => routes.length > 0)
      .map(([attributes, routes]) => ({ attributes, routes }));
  }

  #tell(destination: CarriedDestination, say: (attributes: string | null, said: CarriedSaid) => void): void {
    const { key } = destination;
    const before = this.#held.get(key) ?? [];
    const used = new Set(before.map(({ pathId }) => pathId));
    const now = this.#wanted(destination).map((wanted): Held => {
      const known = before.find(({ holder }) => holder === wanted.holder);
      const pathId = known?.pathId ?? unused(used);
      const same = known?.attributes === wanted.attributes && known.attached === wanted.attached;
      if (!same || this.#again) say(wanted.attributes, { destination, pathId, attached: wanted.attached });
      return { ...wanted, pathId };
    });
    for (const { holder, pathId } of before)
      if (!now.some((one) => one.holder === holder)) say(null, { destination, pathId, attached: '' });
    this.announced += now.length - before.length;
    if (now.length > 0) this.#held.set(key, now);
    else this.#held.delete(key);
  }
}

function unused(used: Set<number>): number {
  let id = 1;
  while (used.has(id)) id++;
  used.add(id);
  return id;
}
