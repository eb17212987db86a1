import type { Address } from '../../base/ip.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import { ownAddressOf, type PeerTable, peerTableOf } from '../../bgp/peer-table.ts';
import type { WiredInterface } from '../kernel/wiring.ts';
import { type Calls, createCalls } from './calls.ts';
import type { Speaker } from './identity.ts';
import type { NewEnd } from './met-sessions.ts';
import { announcedAs, commonFamilies, openRefusal, peerTypeOf, sideFor } from './open.ts';
import type { Ground } from './transport.ts';

/** Everything known while sessions are being made. */
export interface Meeting {
  readonly ground: Ground;
  readonly speakers: readonly (Speaker | null)[];
  /** The neighbours of each node, and the number of its first one among all. */
  readonly tables: readonly (PeerTable | null)[];
  readonly first: Int32Array;
  /** By number of the neighbour: established or refused already. */
  readonly settled: Uint8Array;
  /** By number of the neighbour: its session is up. */
  readonly taken: Uint8Array;
  /** What is known of their calls; null where few are tried. */
  readonly calls: Calls | null;
  readonly accepted: Map<number, number>;
  readonly ends: EndSink;
  /** Neighbours with whom nothing came about, and why. */
  readonly failed: { readonly tried: Tried; readonly reason: string }[];
}

/** Where ends are written down. */
export interface EndSink {
  readonly length: number;
  push(end: NewEnd): void;
}

/** A neighbour of a speaker; `place` -1: let in by a range, `config` is then all there is of it, else what it shares with others. */
export interface Tried {
  readonly speaker: Speaker;
  readonly table: PeerTable;
  readonly place: number;
  /** Its number in `settled`, that of the last one where several have its address; -1: none. */
  readonly key: number;
  readonly config: PeerConfig;
  readonly address: Address | null;
}

/** One of two that have a connection. */
export interface Party {
  readonly tried: Tried;
  readonly local: Address | null;
  readonly interface: WiredInterface | null;
  readonly dynamic: boolean;
}

/** The neighbours of all speakers. */
export function tablesOf(speakers: readonly (Speaker | null)[]): readonly (PeerTable | null)[] {
  return speakers.map((speaker) => speaker && peerTableOf(speaker.bgp));
}

/** `many`: every pair will be tried, and this many neighbours are worth looking at together, see `Calls`. */
export function beginMeeting(
  ground: Ground,
  speakers: readonly (Speaker | null)[],
  tables: readonly (PeerTable | null)[],
  ends: EndSink,
  many = Infinity,
): Meeting {
  const first = new Int32Array(speakers.length + 1);
  tables.forEach((table, node) => {
    first[node + 1] = (first[node] ?? 0) + (table?.count ?? 0);
  });
  const settled = new Uint8Array(first.at(-1) ?? 0);
  const taken = new Uint8Array(settled.length);
  const calls = many < Infinity ? createCalls(ground, speakers, tables, first, many) : null;
  return { ground, speakers, tables, first, settled, taken, calls, accepted: new Map(), ends, failed: [] };
}

/** The neighbour in a place of a table. */
export function triedAt({ first }: Meeting, speaker: Speaker, table: PeerTable, place: number): Tried {
  const address = table.address(place);
  const config = table.shared(place);
  const same =
    address && table.ambiguous() ? table.placeOf(address, ownAddressOf(config.updateSource)) : place;
  const key = (first[speaker.node] ?? 0) + same;
  return { speaker, table, place, key, config, address };
}

/** Both ends exchange OPENs; the result is written down for both. */
export function noteBoth(meeting: Meeting, calling: Party, answering: Party): void {
  const caller = sideFor(calling.tried, answering.tried);
  const answerer = sideFor(answering.tried, calling.tried);
  const refused = openRefusal(caller, answerer);
  const refusedThere = openRefusal(answerer, caller);
  // Without a common password there is no TCP connection that an OPEN could come over.
  const connected = calling.tried.config.password === answering.tried.config.password;
  const place = meeting.ends.length;
  const families = commonFamilies(caller, answerer);
  const note = (own: Party, side: typeof caller, far: Party, other: typeof caller, reason: string | null) => {
    const remoteAs = announcedAs(other, side);
    const changed = side.config !== own.tried.config;
    const end: NewEnd = {
      node: side.speaker.node,
      neighbor: changed ? -1 : own.tried.place,
      config: changed ? { ...fullConfig(own.tried), localAs: side.config.localAs } : side.config,
      dynamic: own.dynamic,
      peerAddress: far.local,
      peerNode: other.speaker.node,
      localAddress: own.local,
      localAs: announcedAs(side, other),
      remoteAs,
      type: peerTypeOf(side, remoteAs),
      interface: own.interface,
      families,
      state: reason === null ? 'Established' : connected ? 'Idle' : 'Active',
      reason: reason ?? '',
      other: reason === null ? (own === calling ? place + 1 : place) : null,
    };
    meeting.ends.push(end);
  };
  note(calling, caller, answering, answerer, refused?.here ?? refusedThere?.there ?? null);
  note(answering, answerer, calling, caller, refusedThere?.here ?? refused?.there ?? null);
  const { node } = answerer.speaker;
  if (answering.dynamic && !refused && !refusedThere)
    meeting.accepted.set(node, (meeting.accepted.get(node) ?? 0) + 1);
  meeting.settled[calling.tried.key] = 1;
  if (!answering.dynamic) meeting.settled[answering.tried.key] = 1;
  if (refused || refusedThere) return;
  meeting.taken[calling.tried.key] = 1;
  if (!answering.dynamic) meeting.taken[answering.tried.key] = 1;
}

/**
 * Has a neighbour its one session with another neighbour of who calls, or will it call that one itself? Both are tried at the same time, and a
 * daemon ends what comes second (RFC 4271 6.8); who calls each other has two tries.
 */
export function isTaken(meeting: Meeting, caller: Tried, answerer: Tried): boolean {
  if (meeting.taken[answerer.key] === 1) return true;
  const own = ownAddressOf(answerer.config.updateSource);
  if (!own || own.text === caller.address?.text) return false;
  const place = caller.table.placeOf(own);
  const called = place < 0 ? null : caller.table.shared(place);
  const from = called && ownAddressOf(called.updateSource);
  return !called?.shutdown && !answerer.config.passive && from?.text === answerer.address?.text;
}

/** The whole configuration of a neighbour. */
function fullConfig({ table, place, config }: Tried): PeerConfig {
  return place < 0 ? config : table.config(place);
}
