import {
  bitsOf,
  type InterfaceAddress,
  isBroadcastAddress,
  isLinkLocal,
  isNetworkAddress,
  type Prefix,
} from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import type { Host } from '../../model/fabric.ts';
import { repeated } from './addresses.ts';
import { listed, placeOf, type RuleContext } from './context.ts';
import { nested } from './nesting.ts';
import type { Finding, Rule } from './rule.ts';

interface Bip {
  readonly kind: 'bip';
  readonly host: Host;
  readonly name: 'docker_bip' | 'docker_bip6';
  readonly address: InterfaceAddress;
  readonly prefix: Prefix;
  readonly source: SourceRange;
}

interface Link {
  readonly kind: 'link';
  readonly host: Host;
  readonly name: string;
  readonly prefix: Prefix;
  readonly source: SourceRange;
}

function bipsOf(host: Host): Bip[] {
  const { docker } = host;
  const bips = [
    ['docker_bip', docker?.bip],
    ['docker_bip6', docker?.bip6],
  ] as const;
  return bips.flatMap(([name, address]) =>
    address
      ? [{ kind: 'bip', host, name, address, prefix: address.network, source: placeOf(host, name) } as const]
      : [],
  );
}

function allBips(context: RuleContext): Bip[] {
  return context.hosts.flatMap(bipsOf);
}

/** The networks of all interfaces but the bridge itself, each once per host that has it. */
function linksOf(host: Host): Link[] {
  const bridge = host.docker?.options['bridge'] ?? 'docker0';
  return host.interfaces
    .filter((one) => one.name !== bridge)
    .flatMap((one) =>
      one.addresses
        .filter((address) => !isLinkLocal(address.address))
        .map((address) => ({
          kind: 'link' as const,
          host,
          name: one.name,
          prefix: address.network,
          source: one.source,
        })),
    );
}

function* duplicateBips(context: RuleContext): Iterable<Finding> {
  for (const group of repeated(allBips(context), (bip) => bip.address.text)) {
    const [first, second] = group;
    if (!first || !second) continue;
    const names = group.map((bip) => bip.host.name);
    const inGroup = first.source.file === second.source.file && first.source.line === second.source.line;
    yield {
      host: second.host,
      message: `${listed(names)} have the same ${second.name} ${second.address.text}`,
      at: second.source,
      ...(inGroup ? {} : { related: [{ ...first.source, note: `${first.name} of ${first.host.name}` }] }),
      found: second.address.text,
      expected: 'a network of its own for the containers of each host',
      fix: inGroup
        ? `set ${second.name} per host instead of in the vars of a group`
        : `choose another ${second.name} for all but one of them`,
    };
  }
}

function* overlappingBips(context: RuleContext): Iterable<Finding> {
  for (const { outer, inner } of nested(allBips(context))) {
    // The very same value is said once, by duplicate-bip.
    if (outer.address.text === inner.address.text) continue;
    yield {
      host: inner.host,
      message: `${inner.host.name} has ${inner.name} ${inner.address.text} inside ${outer.prefix.text}, the containers of ${outer.host.name}`,
      at: inner.source,
      related: [{ ...outer.source, note: `${outer.name} of ${outer.host.name}` }],
      found: inner.prefix.text,
      expected: `a network outside ${outer.prefix.text}`,
      fix: 'choose container networks that do not overlap, or correct the length',
    };
  }
}

function* bipsOnLinks(context: RuleContext): Iterable<Finding> {
  const seen = new Set<string>();
  const links = context.hosts.flatMap(linksOf).filter((link) => {
    // A network of a thousand hosts is compared once.
    const known = seen.has(link.prefix.text);
    seen.add(link.prefix.text);
    return !known;
  });
  for (const { outer, inner } of nested<Bip | Link>([...allBips(context), ...links])) {
    if (outer.kind === inner.kind) continue;
    const [bip, link] = outer.kind === 'bip' ? [outer, inner as Link] : [inner as Bip, outer];
    yield {
      host: bip.host,
      message: `${bip.host.name} has ${bip.name} ${bip.address.text}, which overlaps ${link.prefix.text} of ${link.host.name} ${link.name}`,
      at: bip.source,
      related: [{ ...link.source, note: `${link.host.name} ${link.name}` }],
      found: bip.prefix.text,
      expected: 'a network that no interface of the fabric is in',
      fix: `choose a ${bip.name} outside ${link.prefix.text}`,
    };
  }
}

function* unusableBips(context: RuleContext): Iterable<Finding> {
  for (const { host, name, address, source } of allBips(context)) {
    const network = isNetworkAddress(address);
    if (!network && !isBroadcastAddress(address)) continue;
    yield {
      host,
      message: `${host.name} has ${name} ${address.text}, ${network ? 'which is the network itself' : `the broadcast address of ${address.network.text}`} and not an address that docker0 can have`,
      at: source,
      found: address.text,
      expected: 'the address of docker0, which containers use as gateway, with the length of their network',
      fix: network ? `write the first address, ${firstHost(address)}` : 'use another address of the network',
    };
  }
}

function firstHost(address: InterfaceAddress): string {
  return address.text.replace(/(\d+|:)\/(\d+)$/, (_, last: string, length: string) =>
    last === ':' ? `:1/${length}` : `${Number(last) + 1}/${length}`,
  );
}

function* smallBips(context: RuleContext): Iterable<Finding> {
  for (const { host, name, address, source } of allBips(context)) {
    const free = bitsOf(address.address.family) - address.length;
    if (free > 1) continue;
    yield {
      host,
      message: `${host.name} has ${name} ${address.text}, which leaves no address for containers`,
      at: source,
      found: `/${address.length}`,
      expected: 'a network with room for docker0 and the containers',
      fix: 'write the length of the network, like /24, behind the address of docker0',
    };
  }
}

function* silentBips(context: RuleContext): Iterable<Finding> {
  for (const host of context.ours) {
    const { networks, redistribute } = host.bgp;
    if (redistribute.some((one) => one.from === 'connected')) continue;
    for (const { name, prefix, source } of bipsOf(host)) {
      if (networks.some((network) => network.prefix.text === prefix.text)) continue;
      yield {
        host,
        message: `${host.name} does not announce ${prefix.text}, so nobody reaches its containers`,
        at: source,
        found: `bgp_announce_bip: false, and ${prefix.text} in no bgp_networks`,
        expected: `${prefix.text} announced`,
        fix: `remove bgp_announce_bip: false, or the ${name} if containers stay behind NAT`,
      };
    }
  }
}

export const bipRules: readonly Rule[] = [
  { id: 'duplicate-bip', severity: 'error', check: duplicateBips },
  { id: 'bip-overlap', severity: 'error', check: overlappingBips },
  { id: 'bip-link-overlap', severity: 'error', check: bipsOnLinks },
  { id: 'bip-not-usable', severity: 'error', check: unusableBips },
  { id: 'bip-too-small', severity: 'error', check: smallBips },
  { id: 'bip-not-announced', severity: 'warning', check: silentBips },
];
