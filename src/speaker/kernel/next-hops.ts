import {
  type Address,
  contains,
  isLinkLocal,
  type Prefix,
  parseAddress,
  parsePrefix,
} from '../../base/ip.ts';
import type { HostState, HostView } from '../host-state.ts';

/** One way out of the host, as the kernel takes it. */
export interface Hop {
  readonly gateway: Address;
  readonly interface: string;
}

/** Where traffic for a next hop leaves; a sentence where it leads nowhere. `zone`: the interface of a link-local one. */
export type NextHops = (nextHop: Address, zone: string | null) => Hop | string;

interface Way {
  readonly network: Prefix;
  /** null: the network is on the interface itself. */
  readonly via: Address | null;
  readonly interface: string | null;
}

/**
 * Next-hop tracking against what the host has, without the routes made here: the longest network decides, and a gateway is looked up in its turn. The default route
 * makes nothing reachable (as FRR's `ip nht resolve-via-default`, off).
 */
export function nextHopsOf(state: HostState, view: HostView): NextHops {
  const ways = waysOf(state, view);
  const known = new Map<string, Hop | string>();
  return (nextHop, zone) => {
    const key = `${nextHop.text}%${zone ?? ''}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = view.addresses.has(nextHop.text)
      ? 'the next hop is an address of this host'
      : resolve(ways, view, nextHop, zone, 0);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, found);
    return found;
  };
}

/** A peer may send a next hop per route. */
const MOST_KNOWN = 65_536;
/** Gateways behind gateways; the kernel itself takes one that is on a link. */
const MOST_STEPS = 8;

/** Longest network first. */
function waysOf(state: HostState, view: HostView): readonly Way[] {
  const up = new Set(view.interfaces.map(({ name }) => name));
  const connected = view.interfaces.flatMap(({ name, addresses }) =>
    addresses.flatMap(({ address, network }) =>
      isLinkLocal(address) ? [] : [{ network, via: null, interface: name }],
    ),
  );
  const routed = state.routes.flatMap(({ prefix, via, interface: device = null }): readonly Way[] => {
    const network = parsePrefix(prefix);
    // A route stays in the kernel's table when its link loses the carrier.
    if (!network || network.length === 0 || (device !== null && !up.has(device))) return [];
    if (via === null && device === null) return [];
    return [{ network, via: via === null ? null : parseAddress(via), interface: device }];
  });
  return [...connected, ...routed].sort((a, b) => b.network.length - a.network.length);
}

function resolve(
  ways: readonly Way[],
  view: HostView,
  nextHop: Address,
  zone: string | null,
  step: number,
): Hop | string {
  if (isLinkLocal(nextHop)) {
    const there = view.interfaces.some(({ name }) => name === zone);
    return zone !== null && there
      ? { gateway: nextHop, interface: zone }
      : 'the link of the next hop is down';
  }
  const way = ways.find(({ network }) => network.family === nextHop.family && contains(network, nextHop));
  if (!way || step === MOST_STEPS) return 'no route to the next hop';
  if (way.via !== null) return resolve(ways, view, way.via, way.interface, step + 1);
  return way.interface === null ? 'no route to the next hop' : { gateway: nextHop, interface: way.interface };
}
