import { type Address, bitsOf, contains, type Prefix } from '../../base/ip.ts';
import { formatSource } from '../../base/source.ts';
import type { Host, Network } from '../../model/fabric.ts';
import { listed, type RuleContext, type Speaker } from './context.ts';
import type { Finding, Rule } from './rule.ts';

export function connectedNetworks(host: Host): Prefix[] {
  return host.interfaces.flatMap((one) => one.addresses.map((address) => address.network));
}

/** Is the address on one of the host's own links? */
export function isConnected(host: Host, address: Address): boolean {
  return connectedNetworks(host).some(
    (network) => network.length < bitsOf(network.family) && contains(network, address),
  );
}

function* redistributedNothing(context: RuleContext): Iterable<Finding> {
  for (const host of context.ours) {
    for (const { from, source } of host.bgp.redistribute) {
      const nothing =
        from === 'static' ? host.statics.length === 0 : from === 'connected' && host.interfaces.length === 0;
      if (!nothing) continue;
      yield {
        host,
        message: `${host.name} redistributes ${from} routes but has none`,
        at: source,
        found: from === 'static' ? 'no net_routes' : 'no net_interfaces',
        fix:
          from === 'static'
            ? 'add net_routes, or remove static from bgp_redistribute'
            : 'add net_interfaces, or remove connected from bgp_redistribute',
        shared: `${from} ${formatSource(source)}`,
      };
    }
  }
}

/** FRR withdraws a `network` whose exact prefix is not in its table; Docker's bridge without a container has no carrier (T14). */
function* importCheck(context: RuleContext): Iterable<Finding> {
  for (const host of context.ours) {
    if (!host.bgp.importCheck || host.daemon.kind !== 'frr') continue;
    const routes = new Set(
      [...connectedNetworks(host), ...host.statics.map((one) => one.prefix)].map((one) => one.text),
    );
    for (const { prefix, reason, source } of host.bgp.networks) {
      if (routes.has(prefix.text)) continue;
      yield {
        host,
        message:
          reason === 'bip'
            ? `${host.name} announces its containers (${prefix.text}) only while one runs: bgp_import_check withdraws the network when docker0 loses its last container`
            : `${host.name} never announces ${prefix.text}: bgp_import_check wants a route to exactly this network, and there is none`,
        at: source,
        found: 'bgp_import_check: true',
        expected: 'bgp_import_check: false, or a route that is always there',
        fix: `remove bgp_import_check, or add a blackhole route to ${prefix.text} to net_routes`,
      };
    }
  }
}

function* deadStatics(context: RuleContext): Iterable<Finding> {
  for (const host of context.hosts) {
    for (const { via, interface: out, prefix, source } of host.statics) {
      const missing = out !== null && out !== 'docker0' && !host.interfaces.some((one) => one.name === out);
      const reached =
        via === null ||
        out !== null ||
        isConnected(host, via) ||
        host.statics.some(
          (other) => other.prefix.length > 0 && other.prefix !== prefix && contains(other.prefix, via),
        );
      if (reached && !missing) continue;
      yield {
        host,
        message: missing
          ? `${host.name} sends ${prefix.text} out of ${out}, an interface it does not have`
          : `${host.name} sends ${prefix.text} via ${via?.text}, which none of its networks holds`,
        at: source,
        found: missing ? (out ?? '') : (via?.text ?? ''),
        expected: missing
          ? listed(host.interfaces.map((one) => one.name))
          : 'a next hop on a network of the host',
        fix: 'correct the next hop or net_interfaces: the route stays inactive and is not announced',
        shared: formatSource(source),
      };
    }
  }
}

function* aggregatesOfOne(context: RuleContext): Iterable<Finding> {
  for (const host of context.ours) {
    for (const { prefix, source } of host.bgp.aggregates) {
      if (prefix.length < bitsOf(prefix.family)) continue;
      yield {
        host,
        message: `${host.name} aggregates ${prefix.text}, a single address, which FRR refuses`,
        at: source,
        found: prefix.text,
        expected: 'a network with more specific ones inside',
        fix: `announce it with bgp_networks instead`,
        shared: formatSource(source),
      };
    }
  }
}

export interface Announcers {
  readonly prefix: Prefix;
  readonly by: readonly { readonly host: Speaker; readonly network: Network }[];
}

/** Prefixes that several hosts announce as a network. */
export function sharedPrefixes(context: RuleContext): Announcers[] {
  const all = new Map<string, { prefix: Prefix; by: { host: Speaker; network: Network }[] }>();
  for (const host of context.speakers) {
    for (const network of host.bgp.networks) {
      const known = all.get(network.prefix.text);
      if (known) known.by.push({ host, network });
      else all.set(network.prefix.text, { prefix: network.prefix, by: [{ host, network }] });
    }
  }
  return [...all.values()].filter((one) => one.by.length > 1);
}

function* announcedTwice(context: RuleContext): Iterable<Finding> {
  for (const { prefix, by } of sharedPrefixes(context)) {
    // Two bips are reported as what they are.
    const stated = by.filter(({ network }) => network.reason === 'network');
    const [first] = by;
    const last = stated.at(-1);
    if (!first || !last) continue;
    const places = new Set(by.map(({ network }) => formatSource(network.source)));
    const meant = prefix.length === 0 || prefix.length === bitsOf(prefix.family) || places.size === 1;
    const { host, network } = last.host === first.host ? (by.at(-1) ?? last) : last;
    yield {
      host,
      severity: meant ? 'info' : 'warning',
      message: `${prefix.text} is announced by ${by.length} hosts: ${listed(by.map((one) => one.host.name))}`,
      at: network.source,
      ...(places.size === 1
        ? {}
        : { related: [{ ...first.network.source, note: `announced by ${first.host.name}` }] }),
      fix: 'if this is anycast or a shared gateway, say so with fabric_ignore; else remove it from all hosts but its owner',
    };
  }
}

export const originationRules: readonly Rule[] = [
  { id: 'redistribute-nothing', severity: 'info', check: redistributedNothing },
  { id: 'network-import-check', severity: 'warning', check: importCheck },
  { id: 'static-next-hop', severity: 'warning', check: deadStatics },
  { id: 'aggregate-single-address', severity: 'error', check: aggregatesOfOne },
  { id: 'announced-twice', severity: 'warning', check: announcedTwice },
];
