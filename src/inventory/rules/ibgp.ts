import { bitsOf, contains, type Prefix } from '../../base/ip.ts';
import { formatSource, type SourceRange } from '../../base/source.ts';
import type { Neighbor } from '../../model/fabric.ts';
import { isEbgp, neighborText, placeOf, type RuleContext, type Speaker } from './context.ts';
import { IbgpGraph } from './ibgp-graph.ts';
import { connectedNetworks } from './origination.ts';
import type { Finding, Rule } from './rule.ts';

function* meshGaps(context: RuleContext): Iterable<Finding> {
  const graph = new IbgpGraph(context.fabric.sessions);
  for (const members of graph.components()) {
    const gaps = graph.gaps(members, 3);
    const [gap] = gaps.pairs;
    const host = gap && context.host(gap[0]);
    const other = gap && context.host(gap[1]);
    if (!gap || !host || !other) continue;
    const more = gaps.total - gaps.pairs.length;
    const pairs = gaps.pairs.map((pair) => pair.join(' and ')).join(', ');
    yield {
      host,
      message: `${gap.join(' and ')} never hear each other's routes: they have no iBGP session, and no route reflector stands between them`,
      at: host.source,
      related: [{ ...other.source, note: other.name }],
      found: `${gaps.total} ${gaps.total === 1 ? 'pair' : 'pairs'} without a way: ${pairs}${more > 0 ? ` and ${more} more` : ''}`,
      expected: 'a session between every pair of the AS, or a route reflector (RFC 4456)',
      fix: `add the missing neighbor (group: names all of a group), or set route_reflector_client on one router that has all as neighbors`,
    };
  }
}

/** iBGP does not change the next hop: whoever gets the route needs a way to the link it was learned on. */
function* borderNextHops(context: RuleContext): Iterable<Finding> {
  for (const host of context.ours) {
    const borders = host.bgp.neighbors.filter((one) => isEbgp(host, one));
    const inner = host.bgp.neighbors.filter((one) => !isEbgp(host, one) && one.nextHopSelf === 'no');
    if (borders.length === 0) continue;
    for (const border of borders) {
      const link = linkTo(host, border);
      if (!link || announces(host, link)) continue;
      const lost = inner.find((one) => !reaches(context, one, link, border));
      if (!lost) continue;
      yield {
        host,
        message: `${host.name} passes routes of ${neighborText(border)} to ${neighborText(lost)} with the next hop ${border.address.text}, which ${lost.remoteHost ?? 'it'} has no route to`,
        at: lost.source,
        related: [{ ...border.source, note: 'where the routes come from' }],
        found: 'next_hop_self: false',
        expected: `next_hop_self, or ${link.text} in the tables of the AS`,
        fix: 'add next_hop_self: true to the iBGP neighbors',
        shared: `${formatSource(lost.source)} ${host.name}`,
      };
    }
  }
}

function linkTo(host: Speaker, neighbor: Neighbor): Prefix | null {
  return (
    connectedNetworks(host).find(
      (network) => network.length < bitsOf(network.family) && contains(network, neighbor.address),
    ) ?? null
  );
}

function announces(host: Speaker, link: Prefix): boolean {
  return (
    host.bgp.redistribute.some((one) => one.from === 'connected') ||
    host.bgp.networks.some((one) => contains(one.prefix, link))
  );
}

function reaches(context: RuleContext, to: Neighbor, link: Prefix, border: Neighbor): boolean {
  const remote = context.remoteOf(to);
  // Of a router that is not ours, nothing can be said.
  if (!remote || remote.daemon.kind === 'external') return true;
  return (
    connectedNetworks(remote).some((network) => contains(network, border.address)) ||
    remote.statics.some((one) => contains(one.prefix, link))
  );
}

/** RFC 4456, section 7: reflectors of one cluster drop what the other reflected. */
function* clusterGaps(context: RuleContext): Iterable<Finding> {
  const clusters = new Map<string, { host: Speaker; clients: ReadonlySet<string> }[]>();
  for (const host of context.speakers) {
    const clients = host.bgp.neighbors.filter((one) => one.routeReflectorClient);
    if (clients.length === 0) continue;
    const id = (host.bgp.clusterId ?? host.bgp.routerId).text;
    const list = clusters.get(id) ?? [];
    list.push({ host, clients: new Set(clients.map((one) => one.remoteHost ?? one.address.text)) });
    clusters.set(id, list);
  }
  for (const [id, [first, ...others]] of clusters) {
    for (const other of others) {
      if (!first) continue;
      // Reflectors may be each other's clients.
      const differs = (name: string) => name !== first.host.name && name !== other.host.name;
      const alone = [...first.clients].find((name) => differs(name) && !other.clients.has(name));
      const alsoAlone = [...other.clients].find((name) => differs(name) && !first.clients.has(name));
      const client = alone ?? alsoAlone;
      if (client === undefined) continue;
      const lacks = alone === undefined ? first.host : other.host;
      yield {
        host: other.host,
        message: `${other.host.name} and ${first.host.name} reflect with the same cluster id ${id}, but ${client} is a client of one of them only and misses what the other reflects`,
        at: clusterPlace(other.host),
        related: [{ ...clusterPlace(first.host), note: first.host.name }],
        found: `${client} is no client of ${lacks.name}`,
        expected: 'the same clients for all reflectors of a cluster',
        fix: `make ${client} a client of ${lacks.name} too, or give the reflectors different cluster ids`,
      };
    }
  }
}

function clusterPlace(host: Speaker): SourceRange {
  return host.vars.has('bgp_cluster_id') ? placeOf(host, 'bgp_cluster_id') : host.source;
}

export const ibgpRules: readonly Rule[] = [
  { id: 'ibgp-mesh', severity: 'warning', check: meshGaps },
  { id: 'ibgp-next-hop', severity: 'warning', check: borderNextHops },
  { id: 'reflector-cluster', severity: 'warning', check: clusterGaps },
];
