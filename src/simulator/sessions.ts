import type { Asn } from '../base/asn.ts';
import type { FamilyName } from '../base/family.ts';
import { type Address, contains } from '../base/ip.ts';
import type { BgpConfig, PeerConfig } from '../bgp/config.ts';
import type { PeerType } from '../bgp/peer.ts';
import type { Speaker } from './identity.ts';
import { announcedAs, commonFamilies, openRefusal, peerTypeOf, type Side, sideFor } from './open.ts';
import { type Dial, dial, type Ground } from './transport.ts';
import { ttlProblem } from './ttl.ts';
import type { WiredInterface } from './wiring.ts';

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
  /** It came up before this end had found its import policy, and the peer does not repeat what was refused. */
  readonly early?: boolean;
  /** Nothing arrives from the peer any more, and this end keeps what it had heard (only in states that `advance` made). */
  readonly silent?: Silence | undefined;
}

/** What an end that has not missed its peer yet goes by. */
export interface Silence {
  /** The other end as it was. */
  readonly peer: SessionEnd;
  /** Seconds on the virtual clock at which it gives up. */
  readonly until: number;
}

/** Everything known while sessions are being made. */
export interface Meeting {
  readonly ground: Ground;
  readonly speakers: readonly (Speaker | null)[];
  readonly ends: SessionEnd[];
  /** Peers that nobody was reached for. */
  readonly failed: { readonly speaker: Speaker; readonly config: PeerConfig; readonly reason: string }[];
  /** Configured peers by node and address text, of the nodes that were asked. */
  readonly byAddress: Map<number, ReadonlyMap<string, PeerConfig>>;
  /** Established or refused already, by `node|peer address or interface`. */
  readonly settled: Map<string, number>;
  readonly accepted: Map<number, number>;
}

/** Establishes what can be established; the reachability underneath is the caller's (`ground.route`). */
export function meetAll(ground: Ground, speakers: readonly (Speaker | null)[]): readonly SessionEnd[] {
  const meeting = beginMeeting(ground, speakers);
  for (const speaker of speakers)
    if (speaker) for (const config of speaker.bgp.peers) meetPeer(meeting, speaker, config);
  return endMeeting(meeting);
}

export function beginMeeting(ground: Ground, speakers: readonly (Speaker | null)[]): Meeting {
  return {
    ...{ ground, speakers, ends: [], failed: [] },
    ...{ byAddress: new Map(), settled: new Map(), accepted: new Map() },
  };
}

/** Tries one peer; what comes of it is written down for both ends. */
export function meetPeer(meeting: Meeting, speaker: Speaker, config: PeerConfig): void {
  const reason =
    config.interface && !config.address
      ? meetOnLink(meeting, speaker, config)
      : meet(meeting, speaker, config);
  if (reason !== null) meeting.failed.push({ speaker, config, reason });
}

/** Writes down who met nobody. */
export function endMeeting(meeting: Meeting): readonly SessionEnd[] {
  for (const { speaker, config, reason } of meeting.failed) {
    if (meeting.settled.has(keyOf(speaker.node, config))) continue;
    meeting.ends.push(deadEnd(meeting, speaker, config, config.shutdown ? 'Idle' : 'Active', reason));
  }
  return meeting.ends;
}

function peersOf({ byAddress, speakers }: Meeting, node: number): ReadonlyMap<string, PeerConfig> {
  let known = byAddress.get(node);
  if (!known) {
    known = peersByAddress(speakers[node]?.bgp);
    byAddress.set(node, known);
  }
  return known;
}

function peersByAddress(bgp: BgpConfig | undefined): ReadonlyMap<string, PeerConfig> {
  return new Map(bgp?.peers.flatMap((peer) => (peer.address ? [[peer.address.text, peer] as const] : [])));
}

export function keyOf(node: number, config: PeerConfig): string {
  return `${node}|${config.address?.text ?? config.interface ?? ''}`;
}

const BGP_PORT = 179;

/** Opens the connection from this end; null: settled (well or badly), else why not. */
function meet(meeting: Meeting, speaker: Speaker, config: PeerConfig): string | null {
  if (config.shutdown) return 'administratively shut down';
  if (meeting.settled.has(keyOf(speaker.node, config)) || config.address === null) return null;
  if (config.passive) return passiveReason(meeting, config);
  const attempt = dial(meeting.ground, speaker.node, config, config.address, isExternal(speaker, config));
  if ('problem' in attempt) return attempt.problem;
  const { target, source } = attempt;
  const other = meeting.speakers[target.node];
  if (!other) return `${nameOf(meeting, target.node)} does not speak BGP`;
  const answering = peersOf(meeting, target.node).get(source.text) ?? null;
  if (answering?.shutdown) return `${other.name} has the session shut down`;
  const range = answering ? null : listening(meeting, other, source);
  const accepting = answering ?? range;
  if (!accepting) return `${other.name} has no neighbor ${source.text}`;
  if (!listens(accepting, config)) return `${other.name} does not listen on port ${config.port}`;
  const back =
    wayBack(meeting, other, accepting, source, range !== null) ??
    ttlProblem(config, accepting, attempt.hops, isExternal(speaker, config)) ??
    ttlProblem(accepting, config, attempt.hops, isExternal(other, accepting));
  if (back !== null) return back;
  settle(meeting, { speaker, config }, { speaker: other, config: accepting }, attempt, range !== null);
  return null;
}

/** Whoever names its ports listens on them at its own address of the session only. */
export function listens({ listenPorts, updateSource }: PeerConfig, { address, port }: PeerConfig): boolean {
  if (listenPorts === undefined) return port === BGP_PORT;
  const own = updateSource && 'text' in updateSource ? updateSource.text : address?.text;
  return listenPorts.includes(port) && own === address?.text;
}

function passiveReason(meeting: Meeting, config: PeerConfig): string {
  const { ground } = meeting;
  const owner = config.address ? ground.wiring.owners.get(config.address.text)?.[0] : undefined;
  if (!owner) return `nobody has the address ${config.address?.text}`;
  const peers = [...peersOf(meeting, owner.node).values()];
  return peers.every(({ passive }) => passive)
    ? 'this end is passive and the other does not connect'
    : 'this end is passive and no connection arrived';
}

/** The answer must reach the caller, under the TTL of the end that answers. */
function wayBack(
  meeting: Meeting,
  other: Speaker,
  accepting: PeerConfig,
  source: Address,
  dynamic: boolean,
): string | null {
  const attempt = dial(
    meeting.ground,
    other.node,
    { ...accepting, updateSource: null },
    source,
    isExternal(other, accepting),
  );
  if (!('problem' in attempt)) return null;
  return dynamic ? null : `${other.name} cannot answer: ${attempt.problem}`;
}

function isExternal({ bgp }: Speaker, { remoteAs, localAs }: PeerConfig): boolean {
  return remoteAs === 'external' || (typeof remoteAs === 'number' && remoteAs !== (localAs?.asn ?? bgp.asn));
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

/** Both ends exchange OPENs; the result is written down for both. */
function settle(
  meeting: Meeting,
  calling: Side,
  answering: Side,
  { source, interface: near }: Extract<Dial, { source: Address }>,
  dynamic: boolean,
): void {
  const [caller, answerer] = [sideFor(calling, answering), sideFor(answering, calling)];
  const target = caller.config.address;
  const refused = openRefusal(caller, answerer);
  const refusedThere = refused ? null : openRefusal(answerer, caller);
  const places = [meeting.ends.length, meeting.ends.length + 1] as const;
  const answerInterface = near ? interfaceHolding(meeting, answerer.speaker.node, target) : null;
  const established = !refused && !refusedThere;
  meeting.ends.push(
    endOf(
      caller,
      answerer,
      source,
      target,
      near,
      false,
      refused?.here ?? refusedThere?.there ?? null,
      places[1],
    ),
    endOf(
      answerer,
      caller,
      target,
      source,
      answerInterface,
      dynamic,
      refused?.there ?? refusedThere?.here ?? null,
      places[0],
    ),
  );
  if (dynamic && established) {
    meeting.accepted.set(answerer.speaker.node, (meeting.accepted.get(answerer.speaker.node) ?? 0) + 1);
  }
  meeting.settled.set(keyOf(caller.speaker.node, caller.config), places[0]);
  if (!dynamic) meeting.settled.set(keyOf(answerer.speaker.node, answerer.config), places[1]);
}

function interfaceHolding({ ground }: Meeting, node: number, address: Address | null): WiredInterface | null {
  const owners = address ? (ground.wiring.owners.get(address.text) ?? []) : [];
  return owners.find((owner) => owner.node === node)?.interface ?? null;
}

function endOf(
  own: Side,
  other: Side,
  localAddress: Address | null,
  peerAddress: Address | null,
  near: WiredInterface | null,
  dynamic: boolean,
  refused: string | null,
  otherPlace: number,
): SessionEnd {
  const remoteAs = announcedAs(other, own);
  return {
    node: own.speaker.node,
    config: own.config,
    dynamic,
    peerAddress,
    peerNode: other.speaker.node,
    localAddress,
    localAs: announcedAs(own, other),
    remoteAs,
    type: peerTypeOf(own, remoteAs),
    interface: near,
    families: commonFamilies(own, other),
    state: refused === null ? 'Established' : 'Idle',
    reason: refused ?? '',
    other: refused === null ? otherPlace : null,
  };
}

/** Unnumbered: the one other router on the link that has an interface neighbour there as well. */
function meetOnLink(meeting: Meeting, speaker: Speaker, config: PeerConfig): string | null {
  if (config.shutdown) return 'administratively shut down';
  if (meeting.settled.has(keyOf(speaker.node, config))) return null;
  const near = interfaceNamed(meeting, speaker.node, config.interface);
  if (!near?.up || near.link === null)
    return `interface ${config.interface} is ${near ? 'down or not connected' : 'missing'}`;
  const partners = (meeting.ground.wiring.links.get(near.link) ?? []).filter(
    ({ node }) => node !== speaker.node,
  );
  const answering = partners.flatMap(({ node, interface: far }) => {
    const other = meeting.speakers[node];
    const found = other?.bgp.peers.find(
      (peer) => peer.address === null && peer.interface === far.name && !peer.shutdown,
    );
    return other && found ? [{ side: { speaker: other, config: found }, far }] : [];
  });
  const partner = answering[0];
  if (!partner) return `nobody on ${near.name} has an interface neighbor there`;
  if (answering.length > 1) return `several routers on ${near.name} have an interface neighbor there`;
  const own = sideFor({ speaker, config }, partner.side);
  const far = sideFor(partner.side, own);
  const refused = openRefusal(own, far);
  const refusedThere = refused ? null : openRefusal(far, own);
  const places = [meeting.ends.length, meeting.ends.length + 1] as const;
  meeting.ends.push(
    endOf(own, far, null, null, near, false, refused?.here ?? refusedThere?.there ?? null, places[1]),
    endOf(far, own, null, null, partner.far, false, refused?.there ?? refusedThere?.here ?? null, places[0]),
  );
  meeting.settled.set(keyOf(speaker.node, config), places[0]);
  meeting.settled.set(keyOf(partner.side.speaker.node, partner.side.config), places[1]);
  return null;
}

function interfaceNamed({ ground }: Meeting, node: number, name: string | null): WiredInterface | null {
  return ground.wiring.nodes[node]?.interfaces.find((one) => one.name === name) ?? null;
}

function deadEnd(
  meeting: Meeting,
  speaker: Speaker,
  config: PeerConfig,
  state: 'Active' | 'Idle',
  reason: string,
): SessionEnd {
  const owners = config.address ? (meeting.ground.wiring.owners.get(config.address.text) ?? []) : [];
  const localAs = config.localAs?.asn ?? speaker.bgp.asn;
  const remoteAs =
    typeof config.remoteAs === 'number' ? config.remoteAs : config.remoteAs === 'internal' ? localAs : 0;
  return {
    node: speaker.node,
    config,
    dynamic: false,
    peerAddress: config.address,
    peerNode: owners.find(({ node }) => node !== speaker.node)?.node ?? null,
    localAddress: null,
    localAs,
    remoteAs,
    type: peerTypeOf({ speaker, config }, remoteAs),
    interface: null,
    families: [],
    state,
    reason,
    other: null,
  };
}
