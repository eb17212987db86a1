import type { Asn } from '../../base/asn.ts';
import type { FamilyName } from '../../base/family.ts';
import { type Address, contains } from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import type { PeerType } from '../../bgp/peer.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { PeerTable } from '../../bgp/peer-table.ts';
import type { WiredInterface } from '../kernel/wiring.ts';
import type { AskedByFamily } from '../timeline/conditions.ts';
import { answersArrive, type Call, callOf, MANY } from './calls.ts';
import type { Speaker } from './identity.ts';
import { notListening } from './listening.ts';
import { meetOnLink } from './meet-link.ts';
import { beginMeeting, isTaken, type Meeting, noteBoth, type Tried, tablesOf, triedAt } from './meeting.ts';
import { MetSessions } from './met-sessions.ts';
import { isExternal, peerTypeOf } from './open.ts';
import { meetPlainly } from './plain-sides.ts';
import type { SessionList } from './session-list.ts';
import { dial, type Ground } from './transport.ts';
import { ttlProblem } from './ttl.ts';

/** One end of a configured or accepted session. `other` is set once both ends agree. */
export interface SessionEnd {
  readonly node: number;
  readonly config: PeerConfig;
  /** Accepted through a listen range. */
  readonly dynamic: boolean;
  readonly peerAddress: Address | null;
  readonly peerNode: number | null;
  readonly localAddress: Address | null;
  readonly localAs: Asn;
  readonly remoteAs: Asn;
  readonly type: PeerType;
  /** The interface towards the peer, where they share a segment. */
  readonly interface: WiredInterface | null;
  readonly families: readonly FamilyName[];
  readonly state: 'Established' | 'Active' | 'Idle';
  readonly reason: string;
  /** Place of the other end in the list; null unless established. */
  readonly other: number | null;
  /** The node that closed the session for good, and keeps it closed until its daemon starts again (maximum-prefix). */
  readonly closedBy?: number;
  /** What it was closed for, at that node. */
  readonly closedFor?: PeerConfig | undefined;
  /** Seconds after which that node makes it again all the same. */
  readonly reopensAfter?: number;
  /** It does not keep it closed: the session comes up and ends again, without an end, for these lines' sake. */
  readonly flaps?: readonly SourceRange[];
  /** It came up before this end had found its import policy, and the peer does not repeat what was refused. */
  readonly early?: boolean;
  /** A caller that is gone, and stands in the daemon's list all the same (only in states that `advance` made). */
  readonly listed?: true;
  /** What its conditions came to when they were last asked for (`advertise-map`); absent: what they come to now. */
  readonly conditions?: AskedByFamily;
  /** Nothing arrives from the peer any more, and this end keeps what it had heard (only in states that `advance` made). */
  readonly silent?: Silence | undefined;
}

/** What an end that has not missed its peer yet goes by. */
export interface Silence {
  /** The other end as it was. */
  readonly peer: SessionEnd;
  /** Seconds on the virtual clock at which it gives up. */
  readonly until: number;
  /** What the other end called itself in its OPEN; it may run no more. */
  readonly routerId: number;
  /** For so many seconds it then keeps them on, marked LLGR_STALE (RFC 9494); absent: not at all. */
  readonly staleFor?: number;
  /** It does so by now. */
  readonly isStale?: boolean;
  /** Over so many lanes paths came, where they were several (RFC 7911). */
  readonly lanes?: Readonly<Partial<Record<FamilyName, number>>>;
  /** And whether it took messages beyond 4096 octets. */
  readonly longMessages: boolean;
}

/** Establishes what can be established; the reachability underneath is the caller's (`ground.route`). `many` as in `Calls`; the answer does not hang on it. */
export function meetAll(
  ground: Ground,
  speakers: readonly (Speaker | null)[],
  many: number = MANY,
): SessionList {
  const tables = tablesOf(speakers);
  const ends = new MetSessions(tables);
  const meeting = beginMeeting(ground, speakers, tables, ends, many);
  for (const speaker of speakers) {
    const table = speaker && tables[speaker.node];
    if (!table) continue;
    const count = table.count;
    for (let place = 0; place < count; place++) meetPeer(meeting, triedAt(meeting, speaker, table, place));
  }
  endMeeting(meeting);
  return ends;
}

/** Tries one peer; what comes of it is written down for both ends. */
export function meetPeer(meeting: Meeting, tried: Tried): void {
  const reason = tried.address ? meet(meeting, tried, tried.address) : meetOnLink(meeting, tried);
  if (reason !== null) meeting.failed.push({ tried, reason });
}

/** Writes down who met nobody. */
export function endMeeting(meeting: Meeting): void {
  for (const { tried, reason } of meeting.failed)
    if (meeting.settled[tried.key] === 0) noteDead(meeting, tried, reason);
}

/** Opens the connection from this end; null: settled (well or badly), else why not. */
function meet(meeting: Meeting, tried: Tried, address: Address): string | null {
  const { speaker, config } = tried;
  if (config.shutdown) return 'administratively shut down';
  if (meeting.settled[tried.key] === 1) return null;
  if (config.passive) return passiveReason(meeting, address);
  const external = isExternal(speaker, config);
  const { calls } = meeting;
  const known = calls && callOf(calls, speaker.node, tried.place);
  if (calls && known && meetPlainly(meeting, calls, tried, known)) return null;
  const attempt = known ? { ...known, interface: null } : call(meeting, tried, address, external);
  if ('problem' in attempt) return attempt.problem;
  const { target, source } = attempt;
  const other = meeting.speakers[target];
  const table = meeting.tables[target];
  if (!other || !table) return `${nameOf(meeting, target)} does not speak BGP`;
  const place = table.placeOf(source, address);
  const answering = place < 0 ? null : table.shared(place);
  if (answering?.shutdown) return `${other.name} has the session shut down`;
  const range = answering ? null : listening(meeting, other, source);
  const accepting = answering ?? range;
  if (!accepting) return `${other.name} has no neighbor ${source.text}`;
  const deaf = notListening(accepting, { address, port: config.port });
  if (deaf !== null) return `${other.name} ${deaf}`;
  const answer = { from: address, to: source, dynamic: range !== null };
  const back =
    (calls && answersArrive(calls, target, place) ? null : wayBack(meeting, other, accepting, answer)) ??
    ttlProblem(config, accepting, attempt.hops, external) ??
    ttlProblem(accepting, config, attempt.hops, isExternal(other, accepting));
  if (back !== null) return back;
  const key = place < 0 ? -1 : (meeting.first[target] ?? 0) + place;
  const answerer = { speaker: other, table, place, key, config: accepting, address: source };
  if (place >= 0 && isTaken(meeting, tried, answerer))
    return `${other.name} has one neighbor ${source.text} for several of this host, and which of them comes up is a race`;
  noteBoth(
    meeting,
    { tried, local: source, interface: attempt.interface, dynamic: false },
    {
      tried: answerer,
      local: address,
      interface: attempt.interface ? interfaceHolding(meeting, target, address) : null,
      dynamic: range !== null,
    },
  );
  return null;
}

/** The call of a neighbour; `interface` as in `Dial`. */
function call(
  { ground }: Meeting,
  { speaker, config }: Tried,
  address: Address,
  external: boolean,
): (Call & { readonly interface: WiredInterface | null }) | { readonly problem: string } {
  const attempt = dial(ground, speaker.node, config, address, external);
  if ('problem' in attempt) return attempt;
  const { target, hops, source, interface: near } = attempt;
  return { target: target.node, hops, source, interface: near };
}

function passiveReason({ ground, tables }: Meeting, address: Address): string {
  const owner = ground.wiring.owners.get(address.text)?.[0];
  if (!owner) return `nobody has the address ${address.text}`;
  return allPassive(tables[owner.node] ?? null)
    ? 'this end is passive and the other does not connect'
    : 'this end is passive and no connection arrived';
}

function allPassive(table: PeerTable | null): boolean {
  for (let place = 0; place < (table?.count ?? 0); place++)
    if (table?.address(place) && !table.shared(place).passive) return false;
  return true;
}

/** The answer must reach the caller, under the TTL of the end that answers; it comes from the address that was called. */
function wayBack(
  { ground }: Meeting,
  other: Speaker,
  accepting: PeerConfig,
  { from, to, dynamic }: { readonly from: Address; readonly to: Address; readonly dynamic: boolean },
): string | null {
  const attempt = dial(
    ground,
    other.node,
    { ...accepting, updateSource: from },
    to,
    isExternal(other, accepting),
  );
  if (!('problem' in attempt)) return null;
  return dynamic ? null : `${other.name} cannot answer: ${attempt.problem}`;
}

/** The listen range that takes a caller (the longest), within the limit of dynamic neighbours. */
function listening(meeting: Meeting, { node, bgp }: Speaker, source: Address): PeerConfig | null {
  const range = bgp.listenRanges
    .filter(({ prefix, peer }) => contains(prefix, source) && !peer.shutdown)
    .sort((a, b) => b.prefix.length - a.prefix.length)[0];
  if (!range || (meeting.accepted.get(node) ?? 0) >= bgp.listenLimit) return null;
  return { ...range.peer, address: source };
}

function nameOf({ ground }: Meeting, node: number): string {
  return ground.wiring.nodes[node]?.node.name ?? '';
}

function interfaceHolding({ ground }: Meeting, node: number, address: Address | null): WiredInterface | null {
  const owners = address ? (ground.wiring.owners.get(address.text) ?? []) : [];
  return owners.find((owner) => owner.node === node)?.interface ?? null;
}

/** What is left of a neighbour with whom nothing came about. */
function noteDead(meeting: Meeting, { speaker, place, config, address }: Tried, reason: string): void {
  const owners = address ? (meeting.ground.wiring.owners.get(address.text) ?? []) : [];
  const localAs = config.localAs?.asn ?? speaker.bgp.asn;
  const remoteAs =
    typeof config.remoteAs === 'number' ? config.remoteAs : config.remoteAs === 'internal' ? localAs : 0;
  meeting.ends.push({
    node: speaker.node,
    neighbor: place,
    config,
    dynamic: false,
    peerAddress: address,
    peerNode: owners.find(({ node }) => node !== speaker.node)?.node ?? null,
    localAddress: null,
    localAs,
    remoteAs,
    type: peerTypeOf({ speaker, config }, remoteAs),
    interface: null,
    families: noFamilies,
    state: config.shutdown ? 'Idle' : 'Active',
    reason,
    other: null,
  });
}

const noFamilies: readonly FamilyName[] = [];
