import type { Address } from '../../base/ip.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import { answersArrive, type Call, type Calls } from './calls.ts';
import type { Speaker } from './identity.ts';
import { listens } from './listening.ts';
import type { Meeting, Tried } from './meeting.ts';
import type { NewEnd } from './met-sessions.ts';
import { announcedAs, commonFamilies, openRefusal, peerTypeOf, type Side } from './open.ts';

/**
 * Sides of sessions that ask for nothing out of the ordinary, so that what is configured says by a number what comes of an OPEN: any
 * two of the same two kinds agree as the first two did, but for their BGP identifiers.
 */
export interface PlainSides {
  /** By number of the neighbour, where its `Calls` are known: number of the kind; 0: more is asked. */
  readonly kinds: Uint16Array;
  /** By number of the neighbour, there as well: its IPv4 address. */
  readonly addresses: Uint32Array;
  /** By node: the place in its table that is probably asked for next. */
  readonly guesses: Int32Array;
  readonly byText: Map<string, number>;
  /** By both kinds, see `keyOf`; null: they do not agree. */
  readonly agreements: Map<number, Agreement | null>;
}

type End = Pick<NewEnd, 'localAs' | 'remoteAs' | 'type'>;

interface Agreement {
  readonly caller: End;
  readonly answerer: End;
  readonly families: NewEnd['families'];
}

const MOST_KINDS = 65_535;

export function createPlainSides(neighbors: number, nodes: number): PlainSides {
  return {
    kinds: new Uint16Array(neighbors),
    addresses: new Uint32Array(neighbors),
    guesses: new Int32Array(nodes),
    byText: new Map(),
    agreements: new Map(),
  };
}

/** The number of the kind of a side; 0: it is not plain. */
export function kindOfSide({ byText }: PlainSides, speaker: Speaker, config: PeerConfig): number {
  const { bgp } = speaker;
  const { remoteAs, password, timers, families } = config;
  if (!isPlain(config) || bgp.confederation || bgp.minimumHold) return 0;
  const { takesNoFamily = false } = speaker.config.profile.sessions ?? {};
  const activated = Object.keys(families).sort();
  const text = JSON.stringify([bgp.asn, remoteAs, password, timers.hold, activated, takesNoFamily]);
  let kind = byText.get(text);
  if (kind === undefined) {
    if (byText.size >= MOST_KINDS) return 0;
    kind = byText.size + 1;
    byText.set(text, kind);
  }
  return kind;
}

function isPlain({
  port,
  listenPorts,
  localAs,
  presentsMember,
  localRole,
  routerId,
  ttlSecurityHops,
  shutdown,
}: PeerConfig) {
  return (
    port === 179 &&
    listenPorts === undefined &&
    localAs === null &&
    !localRole &&
    !presentsMember &&
    !routerId &&
    ttlSecurityHops === null &&
    !shutdown
  );
}

/** Lets a caller meet whom its call reaches, as `meet` does; false: more is asked, nothing is written down. */
export function meetPlainly(meeting: Meeting, calls: Calls, tried: Tried, call: Call): boolean {
  const { sides, first } = calls;
  const { target, source } = call;
  const other = meeting.speakers[target];
  const table = meeting.tables[target];
  const kind = sides.kinds[tried.key] ?? 0;
  if (kind === 0 || !other || !table) return false;
  const place = placeIn(calls, target, source);
  const key = (first[target] ?? 0) + place;
  const otherKind = place < 0 ? 0 : (sides.kinds[key] ?? 0);
  if (otherKind === 0 || meeting.taken[key] === 1 || !answersArrive(calls, target, place)) return false;
  const { speaker, config, address } = tried;
  if (other.routerId === 0 || speaker.routerId === 0) return false;
  const answering = table.shared(place);
  if (answering.callsToOwnOnly && !listens(answering, { address, port: config.port })) return false;
  const agreed = agree(sides, kind, otherKind, { speaker, config }, { speaker: other, config: answering });
  if (!agreed || (agreed.caller.type === 'ibgp' && other.routerId === speaker.routerId)) return false;
  const { ends, settled, taken } = meeting;
  const at = ends.length;
  const { caller, answerer, families } = agreed;
  const [node, neighbor] = [speaker.node, tried.place];
  ends.push(met(caller, families, node, neighbor, config, address, target, source, at + 1));
  ends.push(met(answerer, families, target, place, answering, source, node, address, at));
  settled[tried.key] = settled[key] = taken[tried.key] = taken[key] = 1;
  return true;
}

/** One literal, member by member: there are a million of them. */
function met(
  { localAs, remoteAs, type }: End,
  families: NewEnd['families'],
  node: number,
  neighbor: number,
  config: PeerConfig,
  peerAddress: Address | null,
  peerNode: number,
  localAddress: Address | null,
  other: number,
): NewEnd {
  return {
    node,
    neighbor,
    config,
    dynamic: false,
    peerAddress,
    peerNode,
    localAddress,
    localAs,
    remoteAs,
    type,
    interface: null,
    families,
    state: 'Established',
    reason: '',
    other,
  };
}

/** Whoever goes through all pairs of a mesh asks each table for one neighbour after another. -1: it is not there. */
function placeIn({ sides, first, tables }: Calls, node: number, source: Address): number {
  const { guesses, addresses } = sides;
  const start = first[node] ?? 0;
  let place = guesses[node] ?? 0;
  const isGuess =
    source.family === 4 &&
    start + place < (first[node + 1] ?? 0) &&
    addresses[start + place] === Number(source.value);
  if (!isGuess) place = tables[node]?.placeOf(source) ?? -1;
  guesses[node] = place + 1;
  return place;
}

function agree(
  { agreements }: PlainSides,
  kind: number,
  otherKind: number,
  caller: Side,
  answerer: Side,
): Agreement | null {
  const key = kind * (MOST_KINDS + 1) + otherKind;
  let agreed = agreements.get(key);
  if (agreed === undefined) {
    const internal = announcedAs(caller, answerer) === announcedAs(answerer, caller);
    // That these two have one identifier says nothing about the next two.
    if (internal && caller.speaker.routerId === answerer.speaker.routerId) return null;
    const refused = openRefusal(caller, answerer) ?? openRefusal(answerer, caller);
    const families = commonFamilies(caller, answerer);
    agreed = refused ? null : { caller: end(caller, answerer), answerer: end(answerer, caller), families };
    agreements.set(key, agreed);
  }
  return agreed;
}

function end(own: Side, other: Side): End {
  const remoteAs = announcedAs(other, own);
  return { localAs: announcedAs(own, other), remoteAs, type: peerTypeOf(own, remoteAs) };
}
