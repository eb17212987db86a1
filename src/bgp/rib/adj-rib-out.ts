import type { FamilyTable } from './family-table.ts';
import { IntColumn, PlaceQueue } from './int-columns.ts';
import type { OutgoingBatch, PathHolder, RibOut, SentPath } from './rib-out.ts';

/** What becomes of a destination for one peer: the number of the path as it is sent, 0: nothing. `path` 0: the table has none there. */
export type Exporter = (place: number, path: number, from: number) => number;

/**
 * Adj-RIB-Out of one peer and family (RFC 4271 3.2): what it was told last, and which destinations it has to be told of. However slow the peer reads, a destination waits
 * once, and what it is told in the end is what holds then.
 */
export class AdjRibOut implements RibOut {
  readonly #table: FamilyTable;
  readonly #export: Exporter;
  readonly #paths: PathHolder;
  /** By place: the number of the path as sent. */
  readonly #sent = new IntColumn(1216);
  readonly #waiting = new PlaceQueue();
  /** Destinations the peer holds of us. */
  announced = 0;

  constructor(table: FamilyTable, paths: PathHolder, exporter: Exporter) {
    this.#table = table;
    this.#paths = paths;
    this.#export = exporter;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  changed(place: number): void {
    this.#waiting.push(place);
  }

  /** The peer has nothing yet, or asks again (RFC 2918): everything waits. `forget`: it lost what it had. */
  all(forget: boolean): void {
    for (let place = 0; place < this.#table.index.size; place++) {
      if (forget) this.#send(place, 0);
      if (this.#sent.get(place) !== 0 || this.#table.bestPath(place) !== 0) this.#waiting.push(place);
    }
    if (forget) this.announced = 0;
    this.#again = !forget;
  }

  close(most: number): boolean {
    if (this.announced === 0) return false;
    const { size } = this.#table.index;
    const end = Math.min(size, this.#closed + most);
    for (; this.#closed < end; this.#closed++) this.#send(this.#closed, 0);
    return end < size;
  }

  /** Destinations let go of. */
  #closed = 0;

  #send(place: number, wire: number): void {
    const before = this.#sent.get(place);
    if (before === wire) return;
    if (wire !== 0) this.#paths.hold(wire);
    if (before !== 0) this.#paths.drop(before);
    this.#sent.set(place, wire);
  }

  /** The policy changed: everything is looked at again, and what comes out the same is not said again. */
  changedAll(): void {
    for (let place = 0; place < this.#table.index.size; place++)
      if (this.#sent.get(place) !== 0 || this.#table.bestPath(place) !== 0) this.#waiting.push(place);
  }

  /** After a route refresh also what has not changed is said. */
  #again = false;

  sentOf(place: number): readonly SentPath[] {
    const wire = this.#sent.get(place);
    return wire === 0 ? [] : [{ pathId: 0, wire }];
  }

  /**
   * Takes up to `most` waiting destinations and sorts what the peer has to be told of them by attribute set, withdrawals first. Counts them as said: the caller
   * has to send them.
   */
  take(most: number): readonly OutgoingBatch[] {
    const batches = new Map<number, number[]>();
    let last: number[] = [];
    let lastWire = -1;
    for (let taken = 0; taken < most; taken++) {
      const place = this.#waiting.shift();
      if (place < 0) {
        this.#again = false;
        break;
      }
      this.#table.removeGoneAt(place);
      const path = this.#table.bestPath(place);
      const wire = this.#export(place, path, this.#table.bestPeer(place));
      const before = this.#sent.get(place);
      if (wire === before && !(this.#again && wire !== 0)) continue;
      this.#send(place, wire);
      this.announced += (wire === 0 ? 0 : 1) - (before === 0 ? 0 : 1);
      if (wire !== lastWire) {
        last = batches.get(wire) ?? [];
        if (last.length === 0) batches.set(wire, last);
        lastWire = wire;
      }
      last.push(place);
    }
    const withdrawn = batches.get(0);
    batches.delete(0);
    const announced = [...batches].map(([wire, places]) => ({ wire, places }));
    return withdrawn ? [{ wire: 0, places: withdrawn }, ...announced] : announced;
  }
}
