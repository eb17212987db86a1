import { formatSource } from '../../base/source.ts';
import type { Neighbor } from '../../model/fabric.ts';
import { isEbgp, listed, neighborText, type RuleContext, type Speaker } from './context.ts';
import type { Finding, Rule } from './rule.ts';

interface EbgpPeer {
  readonly host: Speaker;
  readonly neighbor: Neighbor;
}

function* ebgpPeers(context: RuleContext): Iterable<EbgpPeer> {
  for (const host of context.ours) {
    for (const neighbor of host.bgp.neighbors) if (isEbgp(host, neighbor)) yield { host, neighbor };
  }
}

/** Peers whose routers are not configured from this inventory. */
function* externalPeers(context: RuleContext): Iterable<EbgpPeer> {
  for (const peer of ebgpPeers(context)) {
    const remote = context.remoteOf(peer.neighbor);
    if (!remote || remote.daemon.kind === 'external') yield peer;
  }
}

function filters(neighbor: Neighbor): { readonly in: boolean; readonly out: boolean } {
  const { routeMapIn, prefixListIn, asPathListIn, routeMapOut, prefixListOut, asPathListOut } = neighbor;
  return {
    in: [routeMapIn, prefixListIn, asPathListIn].some((name) => name !== null),
    out: [routeMapOut, prefixListOut, asPathListOut].some((name) => name !== null),
  };
}

function* requiredPolicy(context: RuleContext): Iterable<Finding> {
  for (const { host, neighbor } of ebgpPeers(context)) {
    const has = filters(neighbor);
    if (!host.bgp.ebgpRequiresPolicy || host.daemon.kind !== 'frr' || (has.in && has.out)) continue;
    const missing = [...(has.in ? [] : ['incoming']), ...(has.out ? [] : ['outgoing'])];
    const who = neighborText(neighbor);
    const loss = has.in
      ? `sends nothing to ${who}`
      : has.out
        ? `accepts nothing from ${who}`
        : `exchanges nothing with ${who}`;
    yield {
      host,
      message: `${host.name} ${loss}: bgp_ebgp_requires_policy is on and there is no policy for ${listed(missing)} routes`,
      at: neighbor.source,
      found: `no route-map, prefix-list or AS-path list for ${listed(missing)} routes`,
      expected: 'a policy in each direction (RFC 8212)',
      fix: `add ${has.in ? '' : 'route_map_in'}${has.in || has.out ? '' : ' and '}${has.out ? '' : 'route_map_out'} to the neighbor, or set bgp_ebgp_requires_policy: false`,
      shared: `${formatSource(neighbor.source)} ${missing.join()}`,
    };
  }
}

function* acceptsAll(context: RuleContext): Iterable<Finding> {
  for (const { host, neighbor } of externalPeers(context)) {
    if (filters(neighbor).in || (host.bgp.ebgpRequiresPolicy && host.daemon.kind === 'frr')) continue;
    yield {
      host,
      message: `${host.name} accepts every route from ${neighborText(neighbor)}, a router that is configured elsewhere`,
      at: neighbor.source,
      found: 'no route_map_in, prefix_list_in or as_path_list_in',
      expected: 'a policy for what comes from outside (RFC 8212)',
      fix: 'add route_map_in or prefix_list_in with the networks you expect',
      shared: formatSource(neighbor.source),
    };
  }
}

function* unlimited(context: RuleContext): Iterable<Finding> {
  for (const { host, neighbor } of externalPeers(context)) {
    if (neighbor.maximumPrefix !== null) continue;
    yield {
      host,
      message: `${host.name} sets no limit on the number of prefixes from ${neighborText(neighbor)}`,
      at: neighbor.source,
      found: 'no maximum_prefix',
      expected: 'a limit on external sessions (RFC 7454, section 8)',
      fix: 'add maximum_prefix with some room above what you expect',
      shared: formatSource(neighbor.source),
    };
  }
}

function* unprotected(context: RuleContext): Iterable<Finding> {
  for (const { host, neighbor } of externalPeers(context)) {
    if (neighbor.password !== null || neighbor.ttlSecurityHops !== null) continue;
    yield {
      host,
      message: `${host.name} protects the session with ${neighborText(neighbor)} neither by password nor by TTL`,
      at: neighbor.source,
      found: 'no password and no ttl_security',
      expected: 'one of them on external sessions (RFC 7454, section 5)',
      fix: 'add ttl_security: 1 on a direct link, or a password; the other end needs the same',
      shared: formatSource(neighbor.source),
    };
  }
}

export const ebgpPolicyRules: readonly Rule[] = [
  { id: 'ebgp-without-policy', severity: 'error', check: requiredPolicy },
  { id: 'external-accepts-all', severity: 'warning', check: acceptsAll },
  { id: 'external-unlimited', severity: 'info', check: unlimited },
  { id: 'external-unprotected', severity: 'info', check: unprotected },
];
