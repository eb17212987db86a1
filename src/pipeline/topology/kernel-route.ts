import { addressFault, lengthFault } from '../../base/address-fault.ts';
import {
  type Address,
  hasHostBits,
  hostPrefix,
  type Prefix,
  parseAddress,
  parsePrefix,
} from '../../base/ip.ts';
import { nearestName } from '../../base/nearest.ts';
import type { SourceRange } from '../../base/source.ts';
import type { StaticRouteConfig } from '../../bgp/config.ts';

/** What a line of `routes` says; a sentence (completing "this route ...") where it cannot be read. */
export type ReadKernelRoute = { readonly routes: readonly StaticRouteConfig[] } | { readonly fault: string };

const lost = ['blackhole', 'unreachable', 'prohibit'];
const plain = ['unicast', 'local', ...lost];
/** Options that take a value and do not change which way a packet goes here. */
const ignored = ['scope', 'pref', 'mtu', 'advmss', 'window', 'rtt'];
const options = [
  'via',
  'dev',
  'src',
  'metric',
  'preference',
  'table',
  'nexthop',
  'weight',
  'onlink',
  'proto',
  'protocol',
  ...ignored,
];

/** /etc/iproute2/rt_protos */
const protocols: Readonly<Record<string, number>> = {
  ...{
    unspec: 0,
    redirect: 1,
    kernel: 2,
    boot: 3,
    static: 4,
    gated: 8,
    ra: 9,
    mrt: 10,
    zebra: 11,
    bird: 12,
    dnrouted: 13,
  },
  ...{
    xorp: 14,
    ntk: 15,
    dhcp: 16,
    keepalived: 18,
    babel: 42,
    bgp: 186,
    isis: 187,
    ospf: 188,
    rip: 189,
    eigrp: 192,
  },
};

interface Draft {
  via: string | null;
  dev: string | null;
}

/** What the kernel gives an IPv6 route without a metric (IP6_RT_PRIO_USER); IPv4 routes have 0. */
const IPV6_METRIC = 1024;

/**
 * Reads the arguments of `ip route add` (ip-route(8)): type, prefix, via, dev, metric and several nexthops. Routes of another
 * table than main are read and not used. Several next hops give several routes with one prefix.
 */
export function readKernelRoute(line: string, source: SourceRange): ReadKernelRoute {
  const words = line.trim().split(/\s+/);
  const kind = plain.includes(words[0] ?? '') ? (words.shift() ?? '') : 'unicast';
  const target = words.shift() ?? '';
  const prefix = targetOf(target);
  if (typeof prefix === 'string') return { fault: prefix };
  const hops: Draft[] = [{ via: null, dev: null }];
  let metric = 0;
  let preferred: Address | null = null;
  let main = true;
  let protocol: number | undefined;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === 'nexthop') hops.push({ via: null, dev: null });
    else if (word === 'onlink') continue;
    else if (!options.includes(word)) return { fault: unknownWord(word) };
    else {
      let value = words.shift();
      if (word === 'via' && (value === 'inet' || value === 'inet6')) value = words.shift();
      if (value === undefined) return { fault: `ends after ${word}, which needs a value` };
      const hop = hops.at(-1);
      if (hop && (word === 'via' || word === 'dev')) hop[word] = value;
      if (word === 'metric' || word === 'preference') metric = Number(value);
      if (word === 'src') preferred = parseAddress(value);
      if (word === 'proto' || word === 'protocol')
        protocol = protocols[value] ?? (Number(value) || undefined);
      if (word === 'table') main = value === 'main' || value === '254';
    }
  }
  if (!Number.isInteger(metric) || metric < 0 || metric > 0xffffffff)
    return { fault: 'has a metric that is not a number' };
  if (!main) return { routes: [] };
  const read = routesOf(prefix ?? target, kind, hops, metric, source);
  if ('fault' in read) return read;
  const more = {
    ...(preferred ? { preferredSource: preferred } : {}),
    ...(protocol === undefined ? {} : { protocol }),
  };
  return { routes: read.routes.map((route) => ({ ...route, ...more })) };
}

function targetOf(target: string): Prefix | string | null {
  if (target === '') return 'names no network';
  if (target === 'default') return null;
  const address = parseAddress(target);
  if (address) return hostPrefix(address);
  const prefix = parsePrefix(target);
  if (!prefix) return `goes to ${target}, which ${lengthFault(target).why}`;
  if (hasHostBits(target)) return `goes to ${target}, which has host bits; the network is ${prefix.text}`;
  return prefix;
}

function unknownWord(word: string): string {
  const nearest = nearestName(word, options);
  return `has the word ${word}, which ip route does not know${nearest ? ` (${nearest}?)` : ''}`;
}

function routesOf(
  target: Prefix | string,
  kind: string,
  drafts: readonly Draft[],
  metric: number,
  source: SourceRange,
): ReadKernelRoute {
  const blackhole = lost.includes(kind);
  const used = drafts.filter(({ via, dev }) => via !== null || dev !== null);
  if (!blackhole && used.length === 0) return { fault: 'has neither via nor dev' };
  const routes: StaticRouteConfig[] = [];
  for (const { via, dev } of blackhole ? [{ via: null, dev: null }] : used) {
    const address = via === null ? null : parseAddress(via);
    if (via !== null && !address) return { fault: `goes via ${via}, which ${addressFault(via).why}` };
    const family = address?.family ?? 4;
    const prefix = typeof target === 'string' ? parsePrefix(family === 6 ? '::/0' : '0.0.0.0/0') : target;
    if (!prefix) return { fault: 'names no network' };
    if (address && address.family !== prefix.family) {
      return { fault: `goes to ${prefix.text} via ${address.text}, an address of the other family` };
    }
    const given = metric === 0 && prefix.family === 6 ? IPV6_METRIC : metric;
    const route = { prefix, via: address, interface: dev, blackhole, distance: 0, metric: given, tag: 0 };
    routes.push({ ...route, source });
  }
  return { routes };
}
