import { type Address, contains, prefixOf } from '../../base/ip.ts';
import { type Engine, routerAt, type SlotCandidate } from '../engine/engine.ts';
import { resolutionOf } from '../engine/judge.ts';
import type { FamilyState } from '../state.ts';

/**
 * Does what the kernel of a node has of the prefix hang on milliseconds: of the paths used together one leads through the route itself, while another brings it into the kernel;
 * or does a next hop lead through such a route? See `circlesOverOwnRoute`.
 */
export function circles(familyState: FamilyState, node: number, used: readonly SlotCandidate[]): boolean {
  const { engine } = familyState;
  const router = routerAt(engine.topology, node);
  if (!router.config.profile.quirks.circlesOverOwnRoute) return false;
  let [through, beside] = [false, false];
  for (const candidate of used) {
    const address = candidate.path.nextHop ?? candidate.peer?.nextHop ?? null;
    const resolved = address && resolutionOf(engine, node, router, candidate);
    if (!resolved?.inactive) beside = true;
    if (!address || !resolved?.throughBgp) continue;
    if (resolved.inactive && contains(engine.prefix, address)) through = true;
    else if (leadsIntoCircle(familyState, engine, node, address)) return true;
  }
  return through && beside;
}

/** Is the longest BGP route to the address such a one? */
function leadsIntoCircle(
  { byText, lengths }: FamilyState,
  { prefix: own }: Engine,
  node: number,
  address: Address,
): boolean {
  for (const length of lengths) {
    const state = byText.get(prefixOf(address.family, address.value, length).text);
    if (!state?.fib.at(node)) continue;
    return state.prefix.text !== own.text && state.circlingAt?.has(node) === true;
  }
  return false;
}
