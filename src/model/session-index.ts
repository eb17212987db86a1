import { type Address, contains } from '../base/ip.ts';
import type { Host, Neighbor, PeerGroup } from './fabric.ts';

/** Who owns which address, and who is configured to speak with whom: built once, asked per session. */
export class EndIndex {
  readonly #owners = new Map<string, Host[]>();
  readonly #neighbors = new Map<string, Neighbor>();
  readonly #dialling = new Map<string, Neighbor>();

  constructor(hosts: ReadonlyMap<string, Host>) {
    for (const host of hosts.values()) {
      for (const address of addressesOf(host)) {
        const owners = this.#owners.get(address.text);
        if (!owners) this.#owners.set(address.text, [host]);
        else if (!owners.includes(host)) owners.push(host);
      }
      for (const neighbor of host.bgp?.neighbors ?? []) {
        const key = endKey(host, neighbor.address);
        if (!this.#neighbors.has(key)) this.#neighbors.set(key, neighbor);
        const { localAddress, remoteHost } = neighbor;
        if (!localAddress || remoteHost === null) continue;
        const dial = dialKey(host.name, localAddress, remoteHost);
        if (!this.#dialling.has(dial)) this.#dialling.set(dial, neighbor);
      }
    }
  }

  /** Hosts with this address on an interface or on docker0; more than one is a mistake. */
  ownersOf(address: Address): readonly Host[] {
    return this.#owners.get(address.text) ?? [];
  }

  /**
   * What `remote` configures for the address that `host` speaks from. A daemon finds the neighbor of an incoming connection
   * by the address it comes from, whichever own address it would itself dial from: so it is enough that one end dials from
   * where the other expects it.
   */
  oppositeOf(host: Host, neighbor: Neighbor, remote: Host): Neighbor | null {
    if (!neighbor.localAddress) return null;
    const expected = this.#neighbors.get(endKey(remote, neighbor.localAddress));
    return expected ?? this.#dialling.get(dialKey(remote.name, neighbor.address, host.name)) ?? null;
  }

  /** The peer group of the longest listen range of `remote` that holds the address. */
  rangeFor(remote: Host, address: Address | null): PeerGroup | null {
    if (!address || !remote.bgp) return null;
    let best: { readonly length: number; readonly peerGroup: string } | null = null;
    for (const range of remote.bgp.listenRanges) {
      if (!contains(range.prefix, address) || (best && best.length >= range.prefix.length)) continue;
      best = { length: range.prefix.length, peerGroup: range.peerGroup };
    }
    return remote.bgp.peerGroups.find((group) => group.name === best?.peerGroup) ?? null;
  }
}

function endKey(host: Host, remote: Address): string {
  return `${host.name} ${remote.text}`;
}

function dialKey(host: string, from: Address, to: string): string {
  return `${host} ${from.text} ${to}`;
}

/** Link-local addresses mean something on one link only and are nobody's alone. */
function addressesOf(host: Host): Address[] {
  const addresses = host.interfaces.flatMap((one) => one.addresses.map((entry) => entry.address));
  for (const bip of [host.docker?.bip, host.docker?.bip6]) if (bip) addresses.push(bip.address);
  return addresses;
}
