import type { FamilyName } from '../../base/family.ts';
import type { Address } from '../../base/ip.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { PeerTable } from '../../bgp/peer-table.ts';
import { SparseList } from '../compact/sparse-list.ts';
import type { WiredInterface } from '../kernel/wiring.ts';
import { SessionList } from './session-list.ts';
import type { SessionEnd } from './sessions.ts';

/** What many ends have in common. */
type EndKind = Pick<
  SessionEnd,
  'dynamic' | 'localAs' | 'remoteAs' | 'type' | 'families' | 'state' | 'reason'
>;

/** An end about to be noted, that of a session with the other one beside it: each has as its peer's address what the other one speaks from. `neighbor`: its place in the table of its node, -1 where `config` is not from there. */
export interface NewEnd extends EndKind {
  readonly node: number;
  readonly neighbor: number;
  readonly config: PeerConfig;
  readonly peerAddress: Address | null;
  readonly peerNode: number | null;
  readonly localAddress: Address | null;
  readonly interface: WiredInterface | null;
  readonly other: number | null;
}

const CELLS = 5;

/** The ends of the sessions that were tried, as numbers. */
export class MetSessions extends SessionList {
  /** By node. */
  readonly #tables: readonly (PeerTable | null)[];
  /** `CELLS` per end: node, neighbor, peer's node, other end, kind. */
  #cells: Int32Array;
  readonly #addresses: (Address | null)[];
  /** Where it is not what the other end has as its peer's. */
  readonly #locals = new SparseList<Address>();
  readonly #interfaces = new SparseList<WiredInterface>();
  readonly #kinds: EndKind[] = [];
  readonly #kindOf = new Map<string, number>();
  /** Configurations that are not in the table of the node, by place. */
  readonly #configs = new Map<number, PeerConfig>();
  #all: readonly SessionEnd[] | null = null;
  length = 0;

  constructor(tables: readonly (PeerTable | null)[]) {
    super();
    this.#tables = tables;
    const expected = tables.reduce((sum, table) => sum + (table?.count ?? 0), 0);
    this.#cells = new Int32Array(CELLS * (1 + expected));
    this.#addresses = new Array<Address | null>(expected);
  }

  push(end: NewEnd): void {
    const place = this.length++;
    const at = CELLS * place;
    if (at + CELLS > this.#cells.length) {
      const longer = new Int32Array(this.#cells.length * 2);
      longer.set(this.#cells);
      this.#cells = longer;
    }
    this.#cells[at] = end.node;
    this.#cells[at + 1] = end.neighbor;
    this.#cells[at + 2] = end.peerNode ?? -1;
    this.#cells[at + 3] = end.other ?? -1;
    this.#cells[at + 4] = this.#kind(end);
    this.#addresses[place] = end.peerAddress;
    if (end.localAddress && end.other === null) this.#locals.set(place, end.localAddress);
    if (end.interface) this.#interfaces.set(place, end.interface);
    if (end.neighbor < 0) this.#configs.set(place, end.config);
  }

  #kind(end: NewEnd): number {
    const last = this.#kinds.length - 1;
    if (last >= 0 && isOfKind(end, this.#kinds[last])) return last;
    const { dynamic, localAs, remoteAs, type, families, state, reason } = end;
    const key = [dynamic, localAs, remoteAs, type, families.join(), state, reason].join('|');
    let kind = this.#kindOf.get(key);
    if (kind === undefined) {
      kind = this.#kinds.push({ dynamic, localAs, remoteAs, type, families, state, reason }) - 1;
      this.#kindOf.set(key, kind);
    }
    return kind;
  }

  at(place: number): SessionEnd | undefined {
    return this.#all ? this.#all[place] : this.#make(place, false);
  }

  lean(place: number): SessionEnd | undefined {
    return this.#make(place, true);
  }

  all(): readonly SessionEnd[] {
    this.#all ??= [...this];
    return this.#all;
  }

  anyIn(state: SessionEnd['state']): boolean {
    const wanted = this.#kinds.map((kind) => kind.state === state);
    if (!wanted.includes(true)) return false;
    for (let place = 0; place < this.length; place++)
      if (wanted[this.#cells[CELLS * place + 4] ?? -1] && !this.lean(place)?.config.shutdown) return true;
    return false;
  }

  anyDynamic(): boolean {
    return this.#kinds.some(({ dynamic }) => dynamic);
  }

  up(): number {
    let count = 0;
    for (let place = 0; place < this.length; place++)
      if ((this.#cells[CELLS * place + 3] ?? -1) >= 0) count++;
    return count;
  }

  nodeOf(place: number): number {
    return this.#cells[CELLS * place] ?? -1;
  }

  otherOf(place: number): number {
    return this.#cells[CELLS * place + 3] ?? -1;
  }

  localOf(place: number): Address | null {
    const other = this.otherOf(place);
    return (other < 0 ? this.#locals.get(place) : this.#addresses[other]) ?? null;
  }

  carries(place: number, family: FamilyName): boolean {
    const kind = this.#kinds[this.#cells[CELLS * place + 4] ?? -1];
    return this.otherOf(place) >= 0 && kind !== undefined && kind.families.includes(family);
  }

  #make(place: number, lean: boolean): SessionEnd | undefined {
    const at = CELLS * place;
    const kind = this.#kinds[this.#cells[at + 4] ?? -1];
    if (place < 0 || place >= this.length || !kind) return undefined;
    const node = this.#cells[at] ?? -1;
    const neighbor = this.#cells[at + 1] ?? -1;
    const table = this.#tables[node];
    const config =
      neighbor < 0 ? this.#configs.get(place) : lean ? table?.shared(neighbor) : table?.config(neighbor);
    if (!config) throw new Error(`a session without a neighbour in place ${place}`);
    const [peerNode = -1, other = -1] = [this.#cells[at + 2], this.#cells[at + 3]];
    return {
      node,
      config,
      dynamic: kind.dynamic,
      peerAddress: this.#addresses[place] ?? null,
      peerNode: peerNode < 0 ? null : peerNode,
      localAddress: this.localOf(place),
      localAs: kind.localAs,
      remoteAs: kind.remoteAs,
      type: kind.type,
      interface: this.#interfaces.get(place) ?? null,
      families: kind.families,
      state: kind.state,
      reason: kind.reason,
      other: other < 0 ? null : other,
    };
  }
}

function isOfKind(end: NewEnd, kind: EndKind | undefined): boolean {
  return (
    kind !== undefined &&
    kind.localAs === end.localAs &&
    kind.remoteAs === end.remoteAs &&
    kind.type === end.type &&
    kind.families === end.families &&
    kind.state === end.state &&
    kind.reason === end.reason &&
    kind.dynamic === end.dynamic
  );
}
