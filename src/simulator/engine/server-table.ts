import { holdsRealAs } from '../../bgp/as-path.ts';
import type { Peer } from '../../bgp/peer.ts';
import { sortedList } from '../../bgp/rib/decide.ts';
import type { Router } from '../../bgp/router.ts';
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

/**
 * What the other clients say, best first, as this one may be told of it: without what holds its AS (GoBGP `rsFilter`), unless it is to hear a
 * second path where its policy refuses the first, or all of them: there GoBGP does not look.
 */
export function pathsForClient(
  { process }: Router,
  client: Peer,
  list: readonly SlotCandidate[],
  several = false,
): readonly SlotCandidate[] {
  const looksAtAs = !several && client.options.secondaryRoute !== true;
  const stands = new Map<SlotCandidate, SlotCandidate>();
  for (const candidate of list) {
    const { invalid, peer, path } = candidate;
    if (invalid !== IN_SERVER_TABLE || peer === client) continue;
    if (looksAtAs && holdsRealAs(path.asPath, client.remoteAs)) continue;
    stands.set({ ...candidate, invalid: null }, candidate);
  }
  return sortedList(process, [...stands.keys()]).flatMap((one) => stands.get(one) ?? []);
}
