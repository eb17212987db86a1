import { isUnspecified } from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import type { PolicyChain } from '../../bgp/policy/types.ts';
import { holdPrefix } from '../result/hosts.ts';
import type { FamilyState, SimulationState } from '../state.ts';
import type { Closing } from './closings.ts';

/**
 * Session ends that 0.0.0.0 as next hop ends, by place: it comes again whenever the session is up. Asked of neighbors whose policy may
 * leave such a next hop as it is.
 */
export function unspecifiedNextHops(state: SimulationState): ReadonlyMap<number, Closing> {
  const found = new Map<number, Closing>();
  const familyState = state.families['ipv4-unicast'];
  const { peers, reverse, sessions } = familyState.topology;
  const tellers = peers.slotsWhere(({ options }) => leavers(options.exportPolicy).length > 0);
  const slots = tellers.map((slot) => reverse[slot] ?? -1).filter((slot) => minds(familyState, slot));
  if (slots.length === 0) return found;
  for (const prefix of familyState.prefixes) {
    holdPrefix(state, familyState, prefix);
    const { received, paths } = familyState.engine;
    for (const slot of slots) {
      const nextHop = paths[received[slot] ?? 0]?.nextHop;
      const place = sessions[slot] ?? -1;
      if (!nextHop || !isUnspecified(nextHop) || found.has(place)) continue;
      const reason = `${prefix.prefix.text} came with the next hop ${nextHop.text} (NOTIFICATION 3/8)`;
      found.set(place, { reason, flaps: leavers(peers.at(reverse[slot] ?? -1)?.options.exportPolicy ?? []) });
    }
  }
  return found;
}

/** Asked of all peers after each thing that happens. */
const knownLeavers = new WeakMap<PolicyChain, readonly SourceRange[]>();

/** The statements that leave the next hop as it is. */
function leavers(chain: PolicyChain): readonly SourceRange[] {
  let known = knownLeavers.get(chain);
  if (!known) {
    known = findLeavers(chain);
    knownLeavers.set(chain, known);
  }
  return known;
}

function findLeavers(chain: PolicyChain): readonly SourceRange[] {
  return chain.flatMap(({ statements }) =>
    statements.flatMap(({ actions, source }) =>
      source && actions.some((action) => action.kind === 'next-hop' && action.value === 'unchanged')
        ? [source]
        : [],
    ),
  );
}

function minds({ topology: { routers, owner } }: FamilyState, slot: number): boolean {
  return routers[owner[slot] ?? -1]?.config.profile.quirks.resetsOverUnspecified === true;
}
