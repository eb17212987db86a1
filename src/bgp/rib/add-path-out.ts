import type { FamilyTable } from './family-table.ts';
import type { OutgoingBatch, PathHolder, RibOut, SentPath } from './rib-out.ts';

/** One path the peer is to know of a destination: whose it is, and the number of the path as it is sent. */
export interface WantedPath {
  /** The same for the same path of the same peer, whatever its attributes become. */
  readonly holder: string;
  readonly wire: number;
}

interface Held extends SentPath {
  readonly holder: string;
}

/**
 * Adj-RIB-Out of a peer that takes several paths for one destination (RFC 7911). A path keeps its identifier for as long as the peer holds it; identifiers count from 1
 * and mean something within a destination alone (section 2).
 */
export class AddPathOut implements RibOut {
  announced = 0;
  readonly #table: FamilyTable;
  readonly #wanted: (place: number) => readonly WantedPath[];
  readonly #held = new Map<number, readonly Held[]>();
  readonly #waiting = new Set<number>();
  /** After a route refresh also what has not changed is said. */
  #again = false;

  readonly #paths: PathHolder;

  constructor(table: FamilyTable, paths: PathHolder, wanted: (place: number) => readonly WantedPath[]) {
    this.#table = table;
    this.#paths = paths;
    this.#wanted = wanted;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  changed(place: number): void {
    this.#waiting.add(place);
  }

  all(forget: boolean): void {
    if (forget) this.close(Number.POSITIVE_INFINITY);
    this.changedAll();
    this.#again = !forget;
  }

  close(most: number): boolean {
    let closed = 0;
    for (const [place, held] of this.#held) {
      if (closed++ >= most) return true;
      for (const { wire } of held) this.#paths.drop(wire);
      this.announced -= held.length;
      this.#held.delete(place);
    }
    return false;
  }

  changedAll(): void {
    for (const place of this.#held.keys()) this.#waiting.add(place);
    for (let place = 0; place < this.#table.index.size; place++)
      if (!this.#table.isEmpty(place)) this.#waiting.add(place);
  }

  sentOf(place: number): readonly SentPath[] {
    return this.#held.get(place) ?? [];
  }

  take(most: number): readonly OutgoingBatch[] {
    const batches = new Batches();
    let taken = 0;
    for (const place of this.#waiting) {
      if (taken++ >= most) break;
      this.#waiting.delete(place);
      this.#table.removeGoneAt(place);
      this.#tell(place, batches);
    }
    if (this.#waiting.size === 0) this.#again = false;
    return batches.list();
  }

  #tell(place: number, batches: Batches): void {
    const before = this.#held.get(place) ?? [];
    const wanted = this.#wanted(place);
    const used = new Set(before.map(({ pathId }) => pathId));
    const now = wanted.map(({ holder, wire }): Held => {
      const known = before.find((one) => one.holder === holder);
      const pathId = known?.pathId ?? unused(used);
      if (known?.wire !== wire || this.#again) batches.add(wire, place, pathId);
      return { holder, wire, pathId };
    });
    for (const { holder, pathId } of before)
      if (!now.some((one) => one.holder === holder)) batches.add(0, place, pathId);
    for (const { wire } of now) this.#paths.hold(wire);
    for (const { wire } of before) this.#paths.drop(wire);
    this.announced += now.length - before.length;
    if (now.length > 0) this.#held.set(place, now);
    else this.#held.delete(place);
  }
}

function unused(used: Set<number>): number {
  let id = 1;
  while (used.has(id)) id++;
  used.add(id);
  return id;
}

class Batches {
  readonly #byWire = new Map<number, { wire: number; places: number[]; ids: number[] }>();

  add(wire: number, place: number, pathId: number): void {
    const batch = this.#byWire.get(wire) ?? { wire, places: [], ids: [] };
    this.#byWire.set(wire, batch);
    batch.places.push(place);
    batch.ids.push(pathId);
  }

  /** What is withdrawn first. */
  list(): readonly OutgoingBatch[] {
    const withdrawn = this.#byWire.get(0);
    const rest = [...this.#byWire.values()].filter(({ wire }) => wire !== 0);
    return withdrawn ? [withdrawn, ...rest] : rest;
  }
}
