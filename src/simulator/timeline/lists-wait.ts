import type { Peer } from '../../bgp/peer.ts';
import type { Policy } from '../../bgp/policy/types.ts';
import type { Router } from '../../bgp/router.ts';

/**
 * Is inbound nothing new on a session but what stands in lists attached to it? Then FRR does nothing: a changed prefix-list, access-list or as-path list
 * beside the route-map counts from the next UPDATE on, while a list that a route-map asks brings a refresh (seen on 8.4).
 */
export function onlyListsDiffer(before: Side, after: Side): boolean {
  return inboundKey(before) === inboundKey(after);
}

interface Side {
  readonly peer: Peer | undefined;
  readonly router: Router | null | undefined;
}

function inboundKey({ peer, router }: Side): string {
  const options = peer && {
    ...peer.options,
    exportPolicy: null,
    prefixFilter: null,
    importPolicy: peer.options.importPolicy.map(shapeOf),
  };
  // These two bring a refresh of all neighbors (`bgp_clear_star_soft_in`).
  const { gracefulShutdown, defaultLocalPreference } = router?.bgp ?? {};
  return JSON.stringify([options, gracefulShutdown, defaultLocalPreference], plain);
}

/** A list by its name, a route-map with all it says. */
export function shapeOf(policy: Policy): Policy | string {
  return policy.kind === 'route-map' ? policy : policy.name;
}

function plain(key: string, value: unknown): unknown {
  if (key === 'source') return undefined;
  return typeof value === 'bigint' ? String(value) : value;
}
