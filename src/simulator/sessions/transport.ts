import { type Address, contains, isLinkLocal } from '../../base/ip.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import { interfaceNamed, interfaceTowards, isBroadcastOf } from '../compact/node-index.ts';
import { type Hop, type KernelTable, lookup } from '../kernel/kernel-table.ts';
import {
  type Attachment,
  closestAddress,
  firstAddress,
  neighborAt,
  type WiredInterface,
  type WiredNode,
  type Wiring,
} from '../kernel/wiring.ts';

/** One way out; BGP's routes over unnumbered links name the node that it leads to, for no address does. */
export interface Way extends Hop {
  readonly toNode?: number | null;
}

/** Routes of a node towards an address, longest match over everything known at the time; null: none. */
export type RouteLookup = (node: number, address: Address) => readonly Way[] | null;

/** How a TCP connection from one node to an address fares before any BGP message. */
export type Dial =
  | {
      readonly source: Address;
      readonly target: Attachment;
      readonly interface: WiredInterface | null;
      readonly hops: number;
    }
  | { readonly problem: string };

export interface Ground {
  readonly wiring: Wiring;
  readonly tables: readonly KernelTable[];
  readonly route: RouteLookup;
}

const MAX_HOPS = 64;

/** The lookup without BGP. */
export function kernelLookup(tables: readonly KernelTable[]): RouteLookup {
  return (node, address) => {
    const table = tables[node];
    return table ? (lookup(table, address)?.hops ?? null) : null;
  };
}

/** The way from a node that does not have the address itself on to one that has it, see `walkOn`. */
export type Onward = (node: number, address: Address) => Walk | string;

/** Tries to reach `address` from the node as the peer's configuration says; `ebgp` brings the one-hop rule. */
export function dial(
  ground: Ground,
  node: number,
  peer: PeerConfig,
  address: Address,
  ebgp: boolean,
  onward: Onward = (next) => walkOn(ground, next, address),
): Dial {
  const { wiring } = ground;
  const owners = wiring.owners.get(address.text);
  if (!owners) return { problem: `nobody has the address ${address.text}` };
  if (owners.some((owner) => owner.node === node)) return { problem: `${address.text} is an own address` };
  if (address.family === 4 && address.value >> 24n === 127n)
    return { problem: `${address.text} leads to the host itself, whoever else has it` };
  if (isBroadcastOf(wiring.nodes[node], address)) return { problem: broadcastProblem(ground, node, address) };
  const near = nearInterface(ground, node, address, peer.interface);
  const oneHop = ebgp || peer.singleHop === true;
  const problem = oneHop && !near ? oneHopProblem(ground, node, peer, address) : null;
  if (problem !== null) return { problem };
  const first = near ? null : wayOf(ground, node, address);
  const source = sourceAddress(ground, node, peer, address, near?.name ?? first?.interface ?? null);
  if (typeof source === 'string') return { problem: source };
  const limit = ebgp ? (peer.ebgpMultihop ?? peer.ttlSecurityHops ?? 1) : 255;
  const walked = near
    ? direct(ground, node, near, address, onward)
    : walkFrom(ground, node, first, address, onward);
  if (typeof walked === 'string') return { problem: walked };
  if (walked.hops > limit)
    return { problem: `${address.text} is ${walked.hops} hops away, TTL allows ${limit}` };
  if (isBroadcastOf(wiring.nodes[walked.target.node], source))
    return { problem: broadcastProblem(ground, walked.target.node, source) };
  return { source, target: walked.target, interface: near, hops: walked.hops };
}

function broadcastProblem(ground: Ground, node: number, address: Address): string {
  return `${address.text} is the broadcast address of a network of ${nameOf(ground, node)}`;
}

/** The interface whose network holds the address and is up. */
export function connectedInterface(
  { wiring }: Ground,
  node: number,
  address: Address,
): WiredInterface | null {
  return interfaceTowards(wiring.nodes[node], address);
}

/** The same for a peer: every interface has a link-local network, and the peer's options name the one that is meant. */
export function nearInterface(
  ground: Ground,
  node: number,
  address: Address,
  named: string | null,
): WiredInterface | null {
  if (named === null || !isLinkLocal(address)) return connectedInterface(ground, node, address);
  const found = interfaceNamed(ground.wiring.nodes[node], named);
  return found?.up ? found : null;
}

/** A single-hop eBGP peer must be connected; FRR also takes one behind a static route (bgp_nht, `connected or static`). */
function oneHopProblem(
  { wiring, tables }: Ground,
  node: number,
  peer: PeerConfig,
  address: Address,
): string | null {
  if (peer.ebgpMultihop !== null || peer.ttlSecurityHops !== null || peer.disableConnectedCheck) return null;
  const dead = deadInterface(wiring.nodes[node], address);
  if (dead && (peer.singleHop || !leadsThere(tables[node], address)))
    return `interface ${dead.name} towards ${address.text} is down or not connected`;
  if (peer.singleHop) return `${address.text} is on no own network, and multihop is not set`;
  if (leadsThere(tables[node], address)) return null;
  return `${address.text} is not directly connected, and neither ebgp-multihop nor disable-connected-check is set`;
}

function leadsThere(table: KernelTable | undefined, address: Address): boolean {
  const route = table ? lookup(table, address) : null;
  return route !== null && route.prefix.length > 0;
}

/** The interface whose network would hold the address, and which is down. */
function deadInterface(node: WiredNode | undefined, address: Address): WiredInterface | null {
  const holds = ({ addresses }: WiredInterface) =>
    addresses.some(({ network }) => contains(network, address));
  return node?.interfaces.find((one) => !one.up && holds(one)) ?? null;
}

function sourceAddress(
  ground: Ground,
  node: number,
  { updateSource }: PeerConfig,
  target: Address,
  towards: string | null,
): Address | string {
  if (updateSource && 'family' in updateSource) {
    const owned = ground.wiring.owners.get(updateSource.text)?.some((owner) => owner.node === node);
    return owned ? updateSource : `update-source ${updateSource.text} is not an address of this host`;
  }
  // The kernel has a link-local address of its own on each interface, and calls from that one.
  if (isLinkLocal(target))
    return `calls to ${target.text} come from the link-local address that the kernel gave the interface, which no file names`;
  const out = updateSource?.interface ?? towards;
  if (out === null) return `no route to ${target.text}`;
  const one = interfaceNamed(ground.wiring.nodes[node], out);
  const sameNetwork = one?.addresses.find(({ network }) => !updateSource && contains(network, target));
  const spare = updateSource ? closestAddress : firstAddress;
  const chosen = sameNetwork ?? (one ? spare(one, target.family, target) : null);
  return chosen?.address ?? `interface ${out} has no address to reach ${target.text} from`;
}

/** Who does not answer on the segment may have a route of its own: the longest match counts, not the own network. */
function direct(
  ground: Ground,
  node: number,
  near: WiredInterface,
  address: Address,
  onward: Onward,
): Walk | string {
  const target = neighborAt(ground.wiring, near, address.text);
  if (target) return { target, hops: 1 };
  const walked = walkFrom(ground, node, wayOf(ground, node, address), address, onward);
  return typeof walked === 'string' ? `${address.text} does not answer on ${near.name}` : walked;
}

export interface Walk {
  readonly target: Attachment;
  readonly hops: number;
}

/** The first of a node's ways that is not cut off; where all are, the first. */
function wayOf({ wiring, route }: Ground, node: number, address: Address): Way | null {
  const ways = route(node, address);
  if (!ways || ways.length < 2) return ways?.[0] ?? null;
  const wired = wiring.nodes[node];
  return ways.find(({ interface: name }) => interfaceNamed(wired, name)?.up) ?? ways[0] ?? null;
}

/** Follows the first of each node's next hops to the owner of the address. */
export function walk(ground: Ground, start: number, address: Address): Walk | string {
  const first = wayOf(ground, start, address);
  return walkFrom(ground, start, first, address, (next) => walkOn(ground, next, address));
}

/** The same where the first hop is known. */
function walkFrom(
  ground: Ground,
  start: number,
  first: Way | null,
  address: Address,
  onward: Onward,
): Walk | string {
  if (!first) return `no route to ${address.text}`;
  const next = step(ground, start, first, address);
  if (typeof next === 'string') return next;
  const owner = ownerAt(ground, next, address);
  if (owner) return { target: owner, hops: 1 };
  const walked = onward(next, address);
  return typeof walked === 'string' ? walked : { target: walked.target, hops: walked.hops + 1 };
}

/** From the router after the first one; the hops are those from there. */
export function walkOn(ground: Ground, start: number, address: Address): Walk | string {
  let node = start;
  for (let hops = 1; hops < MAX_HOPS; hops++) {
    const hop = wayOf(ground, node, address);
    if (!hop) return `no route to ${address.text} on ${nameOf(ground, node)}`;
    const next = step(ground, node, hop, address);
    if (typeof next === 'string') return next;
    const owner = ownerAt(ground, next, address);
    if (owner) return { target: owner, hops };
    node = next;
  }
  return `the way to ${address.text} goes in a circle`;
}

/** Who gets what the node sends on its way; else why nobody does. */
function step(
  ground: Ground,
  node: number,
  { interface: name, gateway, toNode = null }: Way,
  address: Address,
): number | string {
  const { wiring } = ground;
  const out = interfaceNamed(wiring.nodes[node], name);
  if (out?.up && toNode !== null) return toNode;
  const { text } = gateway ?? address;
  const next = out ? neighborAt(wiring, out, text) : null;
  return next?.node ?? `${text} does not answer on ${nameOf(ground, node)} ${name}`;
}

function ownerAt({ wiring }: Ground, node: number, address: Address): Attachment | null {
  return wiring.owners.get(address.text)?.find((one) => one.node === node) ?? null;
}

function nameOf({ wiring }: Ground, node: number): string {
  return wiring.nodes[node]?.node.name ?? '';
}
