import { parseAddress } from '../../../../base/ip.ts';
import type { PeerDraft } from '../draft.ts';
import type { Arguments } from '../grammar.ts';
import type { Reading } from '../reading.ts';
import { asnOf } from '../tokens.ts';
import { firstMember, type Kind, kindBy, kindOf } from './by-kind.ts';
import { peerId, text } from './make.ts';
import { presentAfter, presentTo } from './presented-as.ts';

// Lines that make neighbors and peer groups, and say which AS they have.

/** `bgp default shutdown` shuts down the neighbors that are made from then on (peer_create), whatever their group says; groups are not made that way. */
function newNeighbor(reading: Reading, id: string): PeerDraft {
  const peer = newPeer(reading, id);
  if (reading.router.switches.defaultShutdown) peer.session.shutdown = true;
  return peer;
}

function newPeer(reading: Reading, id: string): PeerDraft {
  const address = parseAddress(id);
  const active = (family: 'ipv4-unicast' | 'ipv6-unicast') =>
    reading.router.defaultFamilies.has(family) ? { activate: true, implied: true as const } : {};
  return {
    id,
    address,
    interface: address ? null : id,
    group: null,
    remoteAs: null,
    session: {},
    families: { 'ipv4-unicast': active('ipv4-unicast'), 'ipv6-unicast': active('ipv6-unicast') },
    source: reading.source,
  };
}

function remoteAs(word: string): PeerDraft['remoteAs'] {
  return word === 'internal' || word === 'external' ? word : asnOf(word);
}

function looksLikeAddress(id: string): boolean {
  return /^[\d.]+$/.test(id) || /^[\da-f]*(?::[\da-f]*){2,}$/i.test(id);
}

export function setRemoteAs(reading: Reading, args: Arguments, negated: boolean): void {
  const id = peerId(args);
  const { peers, groups } = reading.router;
  const known = peers.get(id) ?? groups.get(id);
  if (negated) {
    if (known && groups.has(id)) takeAsAway(reading, known);
    else peers.delete(id);
    return;
  }
  if (!known && parseAddress(id) === null) {
    if (looksLikeAddress(id)) {
      reading.refuse(`${id} is not an address, and no peer-group is called so`, 'Correct the address.');
      return;
    }
    reading.refuse(
      `peer-group ${id} is not defined`,
      `Write \`neighbor ${id} peer-group\` first, or \`neighbor ${id} interface remote-as ...\` for an interface.`,
    );
    return;
  }
  if (known?.group && groups.get(known.group)?.remoteAs !== null) {
    reading.refuse(
      `neighbor ${id} takes its remote-as from peer-group ${known.group}`,
      'Remove this remote-as line.',
    );
    return;
  }
  const asked = remoteAs(text(args, 'as'));
  if (known?.group && !fitsOthers(reading, known, known.group, kindBy(reading, asked))) return;
  const peer = known ?? newNeighbor(reading, id);
  const before = peer.remoteAs;
  peer.remoteAs = asked;
  for (const member of groups.has(id) ? peers.values() : []) if (member.group === id) member.remoteAs = null;
  if (known) presentAfter(reading, known, before);
  else presentTo(reading, peer, peer.remoteAs);
  if (!known) peers.set(id, peer);
}

export function interfacePeer(reading: Reading, args: Arguments, negated: boolean): void {
  const id = text(args, 'id');
  if (negated) {
    reading.router.peers.delete(id);
    return;
  }
  const known = reading.router.peers.get(id);
  const peer = known ?? newNeighbor(reading, id);
  const before = peer.remoteAs;
  reading.router.peers.set(id, peer);
  if (args.has('as')) peer.remoteAs = remoteAs(text(args, 'as'));
  if (known) presentAfter(reading, known, before);
  else presentTo(reading, peer);
  if (args.has('group')) joinGroup(reading, peer, text(args, 'group'));
}

/** A group that loses its AS loses its members (peer_group_remote_as_delete). */
function takeAsAway({ router: { peers } }: Reading, group: PeerDraft): void {
  if (group.remoteAs === null) return;
  group.remoteAs = null;
  for (const [id, peer] of [...peers]) if (peer.group === group.id) peers.delete(id);
}

/** Members of a group without an AS number are all of the kind of the first of them (peer_group_bind, peer_remote_as). */
function fitsOthers(reading: Reading, peer: PeerDraft, name: string, kind: Kind): boolean {
  const group = reading.router.groups.get(name);
  if (!group || typeof group.remoteAs === 'number') return true;
  if (group.remoteAs === null && !firstMember(reading, name)) return true;
  const joins = peer.group === null;
  const wanted = kindOf(reading, group);
  const fits = joins
    ? wanted === kind
    : wanted === 'unknown' || (wanted === 'internal') === (kind === 'internal');
  if (!fits)
    reading.refuse(
      `the members of peer-group ${name} have to be all internal or all external`,
      `Give peer-group ${name} an AS number, or put neighbor ${peer.id} into another one.`,
    );
  return fits;
}

function joinGroup(reading: Reading, peer: PeerDraft, name: string): void {
  const group = reading.router.groups.get(name);
  if (!group) {
    reading.refuse(
      `peer-group ${name} is not defined`,
      `Write \`neighbor ${name} peer-group\` before its members.`,
    );
    return;
  }
  if (peer.group === name) return;
  if (peer.group !== null) {
    reading.refuse(
      `neighbor ${peer.id} is in peer-group ${peer.group}`,
      `Remove one of the two, or write \`no neighbor ${peer.id} peer-group ${peer.group}\` before this line.`,
    );
    return;
  }
  if (peer.remoteAs !== null && !fitsOthers(reading, peer, name, kindOf(reading, peer))) return;
  peer.group = name;
  // `internal` and `external` leave the number that the neighbor had before (peer_group2peer_config_copy).
  const keeps = typeof group.remoteAs === 'string' && typeof peer.remoteAs === 'number';
  if (group.remoteAs !== null && !keeps) peer.remoteAs = null;
  // Joining takes the group's families, whatever the neighbor had before.
  for (const options of Object.values(peer.families)) {
    delete options.activate;
    delete options.implied;
  }
}

export function bind(reading: Reading, args: Arguments, negated: boolean): void {
  const id = peerId(args);
  const { peers, groups } = reading.router;
  const known = peers.get(id);
  const name = text(args, 'group');
  if (negated) {
    if (known) leaveGroup(reading, known, name);
    return;
  }
  const groupAs = groups.get(name)?.remoteAs ?? null;
  // FRR makes a neighbor without an AS, which a later line may give it.
  if (!known && groups.has(name) && groupAs === null && reading.dialect === 'quagga-1.2') {
    reading.refuse(
      `neighbor ${id} joins peer-group ${name}, and neither has a remote-as`,
      'Write the remote-as line of the group or the neighbor first.',
    );
    return;
  }
  const peer = known ?? newNeighbor(reading, id);
  if (!known) presentTo(reading, peer);
  joinGroup(reading, peer, name);
  if (peer.group === name) peers.set(id, peer);
}

/** FRR takes the neighbor away with it, whichever group it is in (no_neighbor_set_peer_group); with Quagga one with an AS of its own stays. */
function leaveGroup(reading: Reading, peer: PeerDraft, name: string): void {
  const { peers, groups } = reading.router;
  if (!groups.has(name)) {
    reading.refuse(`peer-group ${name} is not defined`, 'Correct the name of the peer-group.');
    return;
  }
  if (peer.remoteAs === null || reading.dialect !== 'quagga-1.2') peers.delete(peer.id);
  else peer.group = null;
}

export function makeGroup(reading: Reading, args: Arguments, negated: boolean): void {
  const { groups, peers } = reading.router;
  const id = text(args, 'id');
  if (negated) {
    groups.delete(id);
    for (const [key, peer] of [...peers]) if (peer.group === id) peers.delete(key);
  } else if (!groups.has(id)) groups.set(id, newPeer(reading, id));
}
