import { holdsRealAs } from '../bgp/as-path.ts';
import type { Peer } from '../bgp/peer.ts';
import { decide } from '../bgp/rib/decide.ts';
import type { Router } from '../bgp/router.ts';
import type { SlotCandidate } from './engine.ts';

/** Why a path is not in the router's own table. */
export const IN_SERVER_TABLE = "in the table of the route server's clients";

/** Is what this peer says kept for the other clients of the route server? */
export function isServerClient({ config }: Router, { options }: Peer): boolean {
  return config.profile.quirks.separatesServerClients === true && options.routeServerClient;
}

/** Is there anything for clients? */
export function hasServerPaths(list: readonly SlotCandidate[] | undefined): boolean {
  return list?.some(({ invalid }) => invalid === IN_SERVER_TABLE) ?? false;
}

/** The path a client is told: the best of what the others said, without those that hold its AS (GoBGP `rsFilter`). */
export function bestForClient(
  { process }: Router,
  client: Peer,
  list: readonly SlotCandidate[],
): SlotCandidate | null {
  const stands = new Map<SlotCandidate, SlotCandidate>();
  for (const candidate of list) {
    const { invalid, peer, path } = candidate;
    if (invalid !== IN_SERVER_TABLE || peer === client || holdsRealAs(path.asPath, client.remoteAs)) continue;
    stands.set({ ...candidate, invalid: null }, candidate);
  }
  const best = decide(process, [...stands.keys()]);
  return best && (stands.get(best) ?? null);
}
