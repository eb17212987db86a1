import type { Address } from '../../base/ip.ts';
import type { Peer } from '../../bgp/peer.ts';
import { SparseList } from '../compact/sparse-list.ts';

/** Which peers are alike: those of one kind belong to one router and differ in addresses, router id and name only. */
export interface PeerKinds {
  /** By slot: number of the kind. */
  readonly kinds: Int32Array;
  /** By kind: the first slot of it. */
  readonly firstOf: readonly number[];
}

/** How peers are found. */
export interface PeerSource {
  /** Slots of sessions; those behind them stand for slots before. */
  readonly sessions: number;
  readonly extra: readonly number[];
  /** Asked once at most. */
  readonly kinds: () => PeerKinds;
  readonly make: (slot: number) => Peer;
  /** `nextHop` of the peer where that can be told without making it; undefined: it cannot. */
  readonly nextHop: (slot: number) => Address | null | undefined;
  /** All of them, where they are there already. */
  readonly made: Peer[] | null;
}

/** The peers of all slots. Each is made when somebody asks for it, and is the same object from then on. */
export class PeerList {
  readonly length: number;
  readonly #source: PeerSource;
  readonly #made = new SparseList<Peer>();
  #kinds: PeerKinds | null = null;

  constructor(source: PeerSource) {
    this.#source = source;
    this.length = source.sessions + source.extra.length;
  }

  /** The peer of a slot; undefined for a slot that is none. */
  at(slot: number): Peer | undefined {
    const { sessions, extra, make } = this.#source;
    if (slot < 0 || slot >= this.length) return undefined;
    if (slot >= sessions) return this.at(extra[slot - sessions] ?? -1);
    let peer = this.#known(slot);
    if (!peer) {
      peer = make(slot);
      this.#made.set(slot, peer);
    }
    return peer;
  }

  /** The same without keeping it: for looking at all of them once. */
  brief(slot: number): Peer | undefined {
    const { sessions, make } = this.#source;
    return slot < 0 || slot >= sessions ? this.at(slot) : (this.#known(slot) ?? make(slot));
  }

  /** The next hop that a path without one stands for, see `Peer.nextHop`. */
  nextHop(slot: number): Address | null {
    const { sessions, nextHop } = this.#source;
    if (slot < 0 || slot >= sessions) return this.at(slot)?.nextHop ?? null;
    const peer = this.#known(slot);
    if (peer) return peer.nextHop;
    const told = nextHop(slot);
    return told === undefined ? (this.brief(slot)?.nextHop ?? null) : told;
  }

  #known(slot: number): Peer | undefined {
    const { made } = this.#source;
    return made ? made[slot] : this.#made.get(slot);
  }

  #alike(): PeerKinds {
    this.#kinds ??= this.#source.kinds();
    return this.#kinds;
  }

  /** The number of the kind of a slot's peer, below `kinds`. */
  kindOf(slot: number): number {
    const { sessions, extra } = this.#source;
    return this.#alike().kinds[slot < sessions ? slot : (extra[slot - sessions] ?? 0)] ?? 0;
  }

  get kinds(): number {
    return this.#alike().firstOf.length;
  }

  /** The first slot of a kind. */
  firstOf(kind: number): number {
    return this.#alike().firstOf[kind] ?? -1;
  }

  /** The peer there, which stands for all of the kind. */
  example(kind: number): Peer {
    const peer = this.at(this.firstOf(kind));
    if (!peer) throw new Error(`no peer of kind ${kind}`);
    return peer;
  }

  /** Is there a peer with such options? */
  someKind(test: (peer: Peer) => boolean): boolean {
    if (this.#source.made) return this.#source.made.some(test);
    return this.#alike().firstOf.some((_, kind) => test(this.example(kind)));
  }

  /** The slots of all peers with such options, ascending. */
  slotsWhere(test: (peer: Peer) => boolean): readonly number[] {
    const slots: number[] = [];
    if (this.#source.made) {
      for (let slot = 0; slot < this.length; slot++) {
        const peer = this.at(slot);
        if (peer && test(peer)) slots.push(slot);
      }
      return slots;
    }
    const fits = this.#alike().firstOf.map((_, kind) => test(this.example(kind)));
    if (!fits.includes(true)) return [];
    for (let slot = 0; slot < this.length; slot++) if (fits[this.kindOf(slot)]) slots.push(slot);
    return slots;
  }

  /** The slot of the session that a slot stands for. */
  sessionSlot(slot: number): number {
    const { sessions, extra } = this.#source;
    return slot < sessions ? slot : (extra[slot - sessions] ?? -1);
  }

  /** The same list with slots behind it that have the peers of `extra`, slots of sessions. */
  withExtra(extra: readonly number[]): PeerList {
    return new PeerList({ ...this.#source, extra: [...this.#source.extra, ...extra] });
  }
}
