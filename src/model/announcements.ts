import type { Prefix } from '../base/ip.ts';
import type { SourceRange } from '../base/source.ts';
import type { Host, Redistribution } from './fabric.ts';

/** A prefix a host announces on purpose, and the line of the inventory that says so. */
export interface Announcement {
  readonly prefix: Prefix;
  readonly why: string;
  /** False where a route-map stands between the wish and the table: it may be meant to stop the prefix. */
  readonly certain: boolean;
  readonly source: SourceRange;
}

/** Everything the host announces of its own: networks, Docker's bridge, redistributed routes, aggregates. */
export function announcementsOf(host: Host): readonly Announcement[] {
  const { bgp } = host;
  if (!bgp) return [];
  const carried = (prefix: Prefix) =>
    bgp.families.includes(prefix.family === 4 ? 'ipv4-unicast' : 'ipv6-unicast');
  return [
    ...bgp.networks.map(({ prefix, reason, routeMap, source }) => ({
      prefix,
      why: reason === 'bip' ? "the network of Docker's bridge" : 'listed under bgp_networks',
      certain: routeMap === null,
      source,
    })),
    ...bgp.redistribute.flatMap((redistribution) => redistributed(host, redistribution)),
    // An aggregate needs a more specific route, which may come from somebody else.
    ...bgp.aggregates.map(({ prefix, source }) => ({ prefix, why: 'an aggregate', certain: false, source })),
  ].filter(({ prefix }) => carried(prefix));
}

function redistributed(host: Host, { from, routeMap, source }: Redistribution): readonly Announcement[] {
  const certain = routeMap === null;
  if (from === 'static') {
    return host.statics.map((route) => ({
      prefix: route.prefix,
      why: 'a static route that is redistributed',
      // Whether a next hop resolves is for the tables to say.
      certain: certain && route.blackhole,
      source: route.source,
    }));
  }
  // What the kernel holds besides is not in the inventory.
  if (from === 'kernel') return [];
  return host.interfaces.flatMap(({ addresses, source: place }) =>
    addresses.map(({ network }) => ({
      prefix: network,
      why: 'a connected network that is redistributed',
      certain: false,
      source: place ?? source,
    })),
  );
}
