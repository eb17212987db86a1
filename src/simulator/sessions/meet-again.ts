import { contains } from '../../base/ip.ts';
import { apartBy, type PeerTable } from '../../bgp/peer-table.ts';
import type { KernelTable } from '../kernel/kernel-table.ts';
import type { Wiring } from '../kernel/wiring.ts';
import type { Speaker } from './identity.ts';
import { beginMeeting, type Meeting, tablesOf, triedAt } from './meeting.ts';
import type { NewEnd } from './met-sessions.ts';
import { endMeeting, meetAll, meetPeer, type SessionEnd } from './sessions.ts';
import type { Ground } from './transport.ts';

/** Who met whom, and on what ground. */
export interface Met {
  readonly wiring: Wiring;
  readonly tables: readonly KernelTable[];
  readonly speakers: readonly (Speaker | null)[];
  /** As `meetAll` gives them: pairs, the caller first, in the order of callers; then those that met nobody. */
  readonly ends: readonly SessionEnd[];
  /** By place: the place of the same end in the meeting before; -1: it was made anew. */
  readonly from: Int32Array;
  /** By place of the caller: 1 where it hangs on the two hosts and their link alone whether they meet. */
  readonly direct: Uint8Array;
}

/** What of the meeting before still stands. */
interface Standing {
  readonly before: Met;
  /** By place of the caller: 1 where the pair stands. */
  readonly stands: Uint8Array;
  /** By node: 1 where one of its peers has to be tried again. */
  readonly affected: Uint8Array;
  /** Pairs of the affected nodes, by neighbor. */
  readonly pairs: ReadonlyMap<string, number>;
}

/**
 * As `meetAll`, where most is as it was `before`: sessions over one link between hosts that have not changed stand, all others are
 * tried again.
 */
export function meetAgain(ground: Ground, speakers: readonly (Speaker | null)[], before: Met): Met {
  const tables = tablesOf(speakers);
  const ends: SessionEnd[] = [];
  const meeting = beginMeeting(ground, speakers, tables, {
    get length() {
      return ends.length;
    },
    push: (end) => ends.push(wholeEnd(end, tables[end.node] ?? null)),
  });
  const standing = whatStands(meeting, before);
  const { affected } = standing;
  const from: number[] = [];
  let pair = 0;
  speakers.forEach((speaker, node) => {
    if (affected[node] === 1) {
      if (speaker) meetStanding(meeting, ends, speaker, standing, from);
      return;
    }
    // Pairs lie in the order of those who called.
    while ((before.ends[pair]?.node ?? -1) < node && pair < standing.stands.length) pair += 2;
    for (; pair < standing.stands.length && before.ends[pair]?.node === node; pair += 2)
      takeOver(meeting, ends, before, pair, from);
  });
  endMeeting(meeting);
  // Whom a full listen range turns away hangs on who came first.
  for (const [node, count] of meeting.accepted)
    if (count >= (speakers[node]?.bgp.listenLimit ?? 0))
      return metAll(ground, speakers, meetAll(ground, speakers).all());
  const places = new Int32Array(ends.length).fill(-1);
  places.set(from);
  return metAll(ground, speakers, ends, before, places);
}

/** The first meeting that there is something to go on from. */
export function metAll(
  ground: Ground,
  speakers: readonly (Speaker | null)[],
  ends: readonly SessionEnd[],
  before: Met | null = null,
  from: Int32Array = new Int32Array(ends.length).fill(-1),
): Met {
  const { wiring, tables } = ground;
  const direct = new Uint8Array(ends.length);
  for (let pair = 0; isPair(ends, pair); pair += 2) {
    const [a, b] = [ends[pair], ends[pair + 1]];
    const known = before?.direct[from[pair] ?? -1];
    direct[pair] = known ?? (a && b && isDirect(a, b) ? 1 : 0);
  }
  return { wiring, tables, speakers, ends, from, direct };
}

function takeOver(meeting: Meeting, ends: SessionEnd[], before: Met, pair: number, from: number[]): void {
  const [caller, answerer] = [before.ends[pair], before.ends[pair + 1]];
  if (!caller || !answerer) return;
  const place = ends.length;
  while (from.length < place) from.push(-1);
  ends.push(atPlace(caller, place + 1), atPlace(answerer, place));
  from.push(pair, pair + 1);
  if (answerer.dynamic) meeting.accepted.set(answerer.node, (meeting.accepted.get(answerer.node) ?? 0) + 1);
}

function atPlace(end: SessionEnd, other: number): SessionEnd {
  return end.other === null || end.other === other ? end : { ...end, other };
}

/** All peers of a node, those that stand and those that have to be tried. */
function meetStanding(
  meeting: Meeting,
  ends: SessionEnd[],
  speaker: Speaker,
  { before, stands, pairs }: Standing,
  from: number[],
): void {
  const table = meeting.tables[speaker.node];
  const standing = (place: number) => {
    const config = table?.shared(place);
    const name = table?.address(place)?.text ?? table?.config(place).interface ?? '';
    const pair = config ? (pairs.get(`${speaker.node}|${name}${apartBy(config)}`) ?? -1) : -1;
    return stands[pair] === 1 ? pair : -1;
  };
  for (let place = 0; place < (table?.count ?? 0); place++)
    takeFar(meeting, before, standing(place), speaker.node);
  for (let place = 0; place < (table?.count ?? 0); place++) {
    if (!table) continue;
    const tried = triedAt(meeting, speaker, table, place);
    const pair = standing(place);
    if (pair < 0) meetPeer(meeting, tried);
    else if (before.ends[pair]?.node === speaker.node && meeting.settled[tried.key] === 0)
      takeOver(meeting, ends, before, pair, from);
    if (pair >= 0) meeting.settled[tried.key] = 1;
  }
}

/** The neighbour at the far end of a pair that stands has its session, whoever else of the node calls it. */
function takeFar({ tables, first, taken }: Meeting, { ends }: Met, pair: number, node: number): void {
  const far = ends[pair]?.node === node ? ends[pair + 1] : ends[pair];
  if (!far?.peerAddress || far.other === null || far.dynamic) return;
  const place = tables[far.node]?.placeOf(far.peerAddress, far.localAddress) ?? -1;
  if (place >= 0) taken[(first[far.node] ?? 0) + place] = 1;
}

/** Names the neighbour of a node as its configuration does. */
function configuredAs({ node, config }: SessionEnd): string {
  return `${node}|${config.address?.text ?? config.interface ?? ''}${apartBy(config)}`;
}

/** The end as an object of its own. */
function wholeEnd({ neighbor, ...end }: NewEnd, table: PeerTable | null): SessionEnd {
  return neighbor >= 0 && table ? { ...end, config: table.config(neighbor) } : end;
}

function whatStands({ ground, speakers }: Meeting, before: Met): Standing {
  const { ends, wiring: then } = before;
  const { wiring } = ground;
  const changed = new Uint8Array(wiring.nodes.length);
  const affected = new Uint8Array(wiring.nodes.length);
  const shared = new Set<string>();
  wiring.nodes.forEach((wired, node) => {
    const old = then.nodes[node];
    if (
      wired === old &&
      ground.tables[node] === before.tables[node] &&
      speakers[node] === before.speakers[node]
    )
      return;
    changed[node] = affected[node] = 1;
    for (const { addresses } of [...(old?.interfaces ?? []), ...wired.interfaces])
      for (const { address } of addresses)
        if (sizeOf(then, address.text) > 1 || sizeOf(wiring, address.text) > 1) shared.add(address.text);
  });
  let pairEnd = 0;
  while (pairEnd < ends.length && isPair(ends, pairEnd)) pairEnd += 2;
  const stands = new Uint8Array(pairEnd);
  for (let pair = 0; pair < pairEnd; pair += 2) {
    const [a, b] = [ends[pair], ends[pair + 1]];
    if (!a || !b) continue;
    if (
      changed[a.node] === 0 &&
      changed[b.node] === 0 &&
      before.direct[pair] === 1 &&
      !isMoved(then, wiring, shared, a)
    ) {
      stands[pair] = 1;
    } else affected[a.node] = affected[b.node] = 1;
  }
  for (let place = pairEnd; place < ends.length; place++) affected[ends[place]?.node ?? -1] = 1;
  const pairs = new Map<string, number>();
  for (let pair = 0; pair < pairEnd; pair += 2) {
    for (const end of [ends[pair], ends[pair + 1]])
      if (end && !end.dynamic && affected[end.node] === 1) pairs.set(configuredAs(end), pair);
  }
  return { before, stands, affected, pairs };
}

function sizeOf({ owners }: Wiring, text: string): number {
  return owners.get(text)?.length ?? 0;
}

/** Two ends that called each other, whatever came of it. Those that met nobody stand alone behind all others. */
function isPair(ends: readonly SessionEnd[], place: number): boolean {
  const [a, b] = [ends[place], ends[place + 1]];
  return (
    a !== undefined &&
    b !== undefined &&
    a.localAs !== 0 &&
    isMet(a) &&
    isMet(b) &&
    a.peerNode === b.node &&
    b.peerNode === a.node
  );
}

/** Did somebody answer? `deadEnd` knows of no families and no address of its own. */
function isMet({ localAddress, interface: near }: SessionEnd): boolean {
  return localAddress !== null || near !== null;
}

/** Does it hang on the two hosts and their link alone whether they meet? */
function isDirect(a: SessionEnd, b: SessionEnd): boolean {
  const [near, far] = [a.interface, b.interface];
  if (!near || !far || near.link === null || near.link !== far.link) return false;
  const [source, target] = [a.localAddress, b.localAddress];
  if (source === null || target === null) return source === target;
  return (
    near.addresses.some(({ network }) => contains(network, target)) &&
    far.addresses.some(({ network }) => contains(network, source))
  );
}

/** Has somebody else on the link come or gone who answers to the same address, or none? */
function isMoved(then: Wiring, now: Wiring, shared: ReadonlySet<string>, a: SessionEnd): boolean {
  const link = a.interface?.link ?? '';
  if (a.localAddress === null || a.peerAddress === null) return then.links.get(link) !== now.links.get(link);
  return shared.size > 0 && (shared.has(a.localAddress.text) || shared.has(a.peerAddress.text));
}
