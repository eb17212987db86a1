import { isMartian } from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import type { BgpConfig } from '../../bgp/config.ts';
import type { Action, PolicyChain } from '../../bgp/policy/types.ts';
import type { Router } from '../../bgp/router.ts';
import { holdPrefix } from '../result/hosts.ts';
import type { FamilyState, SimulationState } from '../state.ts';
import type { Closing } from './closings.ts';

/**
 * Session ends that a next hop which no host has ends, by place: it comes again whenever the session is up. Asked of neighbors that may
 * send one: by policy, or in what they announce.
 */
export function martianNextHops(state: SimulationState): ReadonlyMap<number, Closing> {
  const found = new Map<number, Closing>();
  const familyState = state.families['ipv4-unicast'];
  const { peers, reverse, sessions, routers, owner } = familyState.topology;
  const announcers = new Set(
    routers.flatMap((router, node) => (announcing(router).length > 0 ? [node] : [])),
  );
  const senders = [...peers.slotsWhere(({ options }) => leavers(options.exportPolicy).length > 0)];
  if (announcers.size > 0)
    for (let slot = 0; slot < owner.length; slot++) if (announcers.has(owner[slot] ?? -1)) senders.push(slot);
  const slots = senders.map((slot) => reverse[slot] ?? -1).filter((slot) => minds(familyState, slot));
  if (slots.length === 0) return found;
  for (const prefix of familyState.prefixes) {
    holdPrefix(state, familyState, prefix);
    const { received, paths } = familyState.engine;
    for (const slot of slots) {
      const nextHop = paths[received[slot] ?? 0]?.nextHop;
      const place = sessions[slot] ?? -1;
      if (!nextHop || !isMartian(nextHop) || found.has(place)) continue;
      const reason = `${prefix.prefix.text} came with the next hop ${nextHop.text} (NOTIFICATION 3/8)`;
      const sender = reverse[slot] ?? -1;
      const lines = [
        ...leavers(peers.at(sender)?.options.exportPolicy ?? []),
        ...announcing(routers[owner[sender] ?? -1]),
      ];
      found.set(place, { reason, flaps: lines });
    }
  }
  return found;
}

/** Asked of all peers after each thing that happens. */
const knownLeavers = new WeakMap<PolicyChain, readonly SourceRange[]>();
const knownAnnouncing = new WeakMap<BgpConfig, readonly SourceRange[]>();

/** The statements that leave the next hop as it is, or set one that no host has. */
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
    statements.flatMap(({ actions, source }) => (source && actions.some(maySend) ? [source] : [])),
  );
}

function maySend(action: Action): boolean {
  if (action.kind !== 'next-hop') return false;
  const { value } = action;
  return value === 'unchanged' || (typeof value === 'object' && value.family === 4 && isMartian(value));
}

/** The announcements with such a next hop. */
function announcing(router: Router | null | undefined): readonly SourceRange[] {
  if (!router) return [];
  let known = knownAnnouncing.get(router.bgp);
  if (!known) {
    known = router.bgp.originations.flatMap((one) => {
      const nextHop = one.kind === 'announce' ? one.attributes.nextHop : null;
      return nextHop?.family === 4 && isMartian(nextHop) && one.source ? [one.source] : [];
    });
    knownAnnouncing.set(router.bgp, known);
  }
  return known;
}

function minds({ topology: { routers, owner } }: FamilyState, slot: number): boolean {
  return routers[owner[slot] ?? -1]?.config.profile.quirks.martianNextHops?.[4] === 'session';
}
