import type { SourceRange } from '../base/source.ts';
import type { Fabric, Host } from '../model/fabric.ts';
import type { Cause } from '../simulator/explain/cause.ts';
import type { RouteExplanation } from '../simulator/explain/route.ts';

/** The explanation with, beside every line of a rendered file, the place of the inventory that says the same. */
export function withInventory(told: RouteExplanation, fabric: Fabric): RouteExplanation {
  const placed = <C extends Cause>(cause: C): C => ({
    ...cause,
    inventory: placeOf(fabric, cause, told.prefix),
  });
  return {
    ...told,
    cause: told.cause && placed(told.cause),
    ways: told.ways.map((way) => ({ ...way, stop: placed(way.stop) })),
    kernel: placed(told.kernel),
    received: told.received.map(placed),
    advertised: told.advertised.map(placed),
    notOriginated: told.notOriginated.map(placed),
    longer: told.longer.map((one) => ({ ...one, cause: one.cause && placed(one.cause) })),
  };
}

function placeOf({ hosts }: Fabric, cause: Cause, prefix: string): SourceRange | null {
  const host = hosts.get(cause.host);
  if (!host?.bgp || cause.source === null) return null;
  if (cause.policy) return policyPlace(host.bgp.policies, cause.policy);
  if (cause.peer !== null)
    return host.bgp.neighbors.find(({ address }) => address.text === cause.peer)?.source ?? null;
  return prefixPlace(host, prefix);
}

/** An entry of a route-map keeps its sequence number on the way; a GoBGP statement ends in it, after a name that holds the map's. */
function policyPlace(
  policies: NonNullable<Host['bgp']>['policies'],
  { name, entry }: NonNullable<Cause['policy']>,
): SourceRange | null {
  const [, bundle = name, number = entry] = /^(.*)\/(\w+)$/.exec(entry) ?? [];
  const maps = policies.routeMaps
    .filter((one) => one.name === name || (bundle !== name && bundle.includes(one.name)))
    .sort((a, b) => b.name.length - a.name.length);
  const [map] = maps;
  if (map) return map.entries.find(({ seq }) => String(seq) === number)?.source ?? map.source;
  const lists = [...policies.prefixLists, ...policies.asPathLists];
  return lists.find((one) => one.name === name)?.source ?? null;
}

/** What makes a prefix: a network, an aggregate, a static route. */
function prefixPlace({ bgp, statics, docker }: Host, prefix: string): SourceRange | null {
  const made = [...(bgp?.networks ?? []), ...(bgp?.aggregates ?? []), ...statics];
  const found = made.find((one) => one.prefix.text === prefix)?.source;
  if (found) return found;
  return docker?.bip?.network.text === prefix ? docker.source : null;
}
