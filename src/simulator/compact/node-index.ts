import { type Address, contains } from '../../base/ip.ts';
import type { WiredInterface, WiredNode } from '../kernel/wiring.ts';

/** The interfaces of a node by name, and those that are up by their IPv4 networks. A router in the middle has a thousand. */
interface NodeIndex {
  readonly byName: ReadonlyMap<string, WiredInterface>;
  /** One entry per length in use. */
  readonly networks: readonly NetworksOfLength[];
  /** The IPv4 addresses that the kernel takes for broadcast: the last one of each network that is larger than a /31. */
  readonly broadcasts: ReadonlySet<bigint>;
}

interface NetworksOfLength {
  readonly length: number;
  /** By the leading bits: the first interface with a link, or where none has one the first. */
  readonly first: Map<number, Entry>;
}

interface Entry {
  readonly place: number;
  readonly interface: WiredInterface;
}

/** Nodes do not change: what is found beside one stays true as long as it is there. */
const indexes = new WeakMap<WiredNode, NodeIndex>();

function indexOf(node: WiredNode): NodeIndex {
  let index = indexes.get(node);
  if (!index) {
    index = { byName: namesOf(node), networks: networksOf(node), broadcasts: broadcastsOf(node) };
    indexes.set(node, index);
  }
  return index;
}

function namesOf({ interfaces }: WiredNode): ReadonlyMap<string, WiredInterface> {
  const byName = new Map<string, WiredInterface>();
  for (const one of interfaces) if (!byName.has(one.name)) byName.set(one.name, one);
  return byName;
}

function broadcastsOf({ interfaces }: WiredNode): ReadonlySet<bigint> {
  const networks = interfaces.flatMap(({ up, addresses }) =>
    up ? addresses.map(({ network }) => network) : [],
  );
  return new Set(
    networks
      .filter(({ family, length }) => family === 4 && length < 31)
      .map(({ value, length }) => value + (1n << BigInt(32 - length)) - 1n),
  );
}

function networksOf({ interfaces }: WiredNode): readonly NetworksOfLength[] {
  const networks: NetworksOfLength[] = [];
  interfaces.forEach((one, place) => {
    if (!one.up) return;
    for (const { network } of one.addresses) {
      if (network.family !== 4) continue;
      let same = networks.find(({ length }) => length === network.length);
      if (!same) {
        same = { length: network.length, first: new Map() };
        networks.push(same);
      }
      const key = leadingBits(Number(network.value), network.length);
      const entry = { place, interface: one };
      if (isBefore(entry, same.first.get(key) ?? null)) same.first.set(key, entry);
    }
  });
  return networks;
}

function leadingBits(value: number, length: number): number {
  return length === 0 ? 0 : value >>> (32 - length);
}

/** Whoever has a link comes first. */
function isBefore(a: Entry, b: Entry | null): boolean {
  if (b === null) return true;
  const [linked, otherLinked] = [a.interface.link !== null, b.interface.link !== null];
  return linked === otherLinked ? a.place < b.place : linked;
}

/** Does the node's kernel take the address for a broadcast address? It calls nobody there, and takes nothing that comes from there. */
export function isBroadcastOf(node: WiredNode | undefined, { family, value }: Address): boolean {
  return node !== undefined && family === 4 && indexOf(node).broadcasts.has(value);
}

/** The interface of a node with this name. */
export function interfaceNamed(node: WiredNode | undefined, name: string): WiredInterface | null {
  return node ? (indexOf(node).byName.get(name) ?? null) : null;
}

/** The interface whose network holds the address and is up: the first one with a link, else the first. */
export function interfaceTowards(node: WiredNode | undefined, address: Address): WiredInterface | null {
  if (!node) return null;
  if (address.family !== 4) return searched(node, address);
  const value = Number(address.value);
  let found: Entry | null = null;
  for (const { length, first } of indexOf(node).networks) {
    const entry = first.get(leadingBits(value, length));
    if (entry && isBefore(entry, found)) found = entry;
  }
  return found?.interface ?? null;
}

function searched({ interfaces }: WiredNode, address: Address): WiredInterface | null {
  const fits = (one: WiredInterface) =>
    one.up && one.addresses.some(({ network }) => contains(network, address));
  return interfaces.find((one) => fits(one) && one.link !== null) ?? interfaces.find(fits) ?? null;
}
