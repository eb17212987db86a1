import {
  bitsOf,
  type InterfaceAddress,
  isBroadcastAddress,
  isLinkLocal,
  isNetworkAddress,
} from '../../base/ip.ts';
import type { Host, Interface } from '../../model/fabric.ts';
import { listed, placeOf, type RuleContext } from './context.ts';
import { nested } from './nesting.ts';
import type { Finding, Rule } from './rule.ts';

interface Owned {
  readonly host: Host;
  readonly interface: Interface;
  readonly address: InterfaceAddress;
}

function* allAddresses(context: RuleContext): Iterable<Owned> {
  for (const host of context.hosts) {
    for (const one of host.interfaces) {
      for (const address of one.addresses) yield { host, interface: one, address };
    }
  }
}

/** Groups of two and more, by key, in order of appearance. */
export function repeated<T>(items: Iterable<T>, keyOf: (item: T) => string | null): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function* duplicateRouterIds(context: RuleContext): Iterable<Finding> {
  const groups = repeated(context.speakers, (host) => host.bgp.routerId.text);
  for (const [first, second, ...others] of groups) {
    if (!first || !second) continue;
    const names = [first, second, ...others].map((host) => host.name);
    const place = (host: Host) =>
      placeOf(host, host.vars.has('bgp_router_id') ? 'bgp_router_id' : 'net_interfaces');
    yield {
      host: second,
      message: `${second.name} has the router id ${second.bgp.routerId.text} of ${first.name}${too(names.slice(2))}`,
      at: place(second),
      related: [{ ...place(first), note: `router id of ${first.name}` }],
      found: second.bgp.routerId.text,
      expected: 'a router id that is unique in the fabric',
      fix: 'set bgp_router_id per host, or give each host an address of its own on lo',
    };
  }
}

function too(others: readonly string[]): string {
  return others.length === 0 ? '' : `, and so ${others.length === 1 ? 'does' : 'do'} ${listed(others)}`;
}

function* zeroRouterIds(context: RuleContext): Iterable<Finding> {
  for (const host of context.ours) {
    if (host.bgp.routerId.value !== 0n) continue;
    yield {
      host,
      message: `${host.name} has the router id 0.0.0.0, which no peer accepts (RFC 6286)`,
      at: placeOf(host, 'bgp_router_id'),
      found: '0.0.0.0',
      expected: 'any other number written like an IPv4 address',
      fix: 'remove bgp_router_id to derive it from an address, or set one',
    };
  }
}

function* duplicateAddresses(context: RuleContext): Iterable<Finding> {
  // The same host address on lo of several hosts is anycast; link-local addresses repeat on every link.
  const counts = ({ interface: one, address }: Owned) =>
    !isLinkLocal(address.address) &&
    !(one.name === 'lo' && address.length === bitsOf(address.address.family));
  const owned = [...allAddresses(context)].filter(counts);
  for (const group of repeated(owned, (one) => one.address.address.text)) {
    const [first, ...more] = group;
    const second = more.find((one) => one.host !== first?.host);
    if (!first || !second) continue;
    const text = first.address.address.text;
    const names = [...new Set(group.map((one) => one.host.name))];
    yield {
      host: second.host,
      message: `${second.host.name} has the address ${text} of ${first.host.name}${too(names.filter((name) => name !== first.host.name && name !== second.host.name))}`,
      at: second.interface.source,
      related: [{ ...first.interface.source, note: `${first.host.name} ${first.interface.name}` }],
      found: second.address.text,
      expected: 'an address no other host has',
      fix: 'give one of them another address in net_interfaces',
    };
  }
}

function* unusableAddresses(context: RuleContext): Iterable<Finding> {
  for (const { host, interface: one, address } of allAddresses(context)) {
    const network = isNetworkAddress(address);
    if (one.name === 'lo' || (!network && !isBroadcastAddress(address))) continue;
    // In IPv6 it is the anycast address of all routers of the link (RFC 4291, 2.6.1).
    const ipv6 = address.address.family === 6;
    const what = ipv6
      ? 'the subnet-router anycast address of its network'
      : network
        ? 'which is the network itself and not a host in it'
        : `the broadcast address of ${address.network.text}`;
    yield {
      host,
      severity: ipv6 ? 'warning' : 'error',
      message: `${host.name} ${one.name} has ${address.text}, ${what}`,
      at: one.source,
      found: address.text,
      expected: `a host address inside ${address.network.text}`,
      fix: 'use another address of the network, or correct the length',
    };
  }
}

function* overlappingLinks(context: RuleContext): Iterable<Finding> {
  const networks = new Map<string, Owned>();
  for (const one of allAddresses(context)) {
    const { network, length, address } = one.address;
    if (one.interface.name === 'lo' || length === bitsOf(address.family) || isLinkLocal(address)) continue;
    if (!networks.has(network.text)) networks.set(network.text, one);
  }
  const items = [...networks.values()].map((one) => ({ ...one, prefix: one.address.network }));
  for (const { outer, inner } of nested(items)) {
    yield {
      host: inner.host,
      message: `${inner.host.name} ${inner.interface.name} is in ${inner.prefix.text}, which lies inside ${outer.prefix.text} of ${outer.host.name} ${outer.interface.name}`,
      at: inner.interface.source,
      related: [{ ...outer.interface.source, note: `${outer.host.name} ${outer.interface.name}` }],
      found: inner.address.text,
      expected: 'one length for all addresses of a link, and different networks for different links',
      fix: `write the same length on both, or choose a network outside ${outer.prefix.text}`,
    };
  }
}

export const addressRules: readonly Rule[] = [
  { id: 'duplicate-router-id', severity: 'error', check: duplicateRouterIds },
  { id: 'router-id-zero', severity: 'error', check: zeroRouterIds },
  { id: 'duplicate-address', severity: 'error', check: duplicateAddresses },
  { id: 'address-not-usable', severity: 'error', check: unusableAddresses },
  { id: 'link-overlap', severity: 'error', check: overlappingLinks },
];
