import type { Peer } from '../../bgp/peer.ts';
import { contentKey } from '../../bgp/policy/analyse.ts';
import type { Router } from '../../bgp/router.ts';
import type { Topology } from '../engine/topology.ts';
import { hostOf } from '../table/beside.ts';
import { chainKey } from './ends.ts';
import { habitsOf } from './habits.ts';
import { shapeOf } from './lists-wait.ts';
import type { Past } from './past.ts';

/** Asked for every prefix. */
const known = new WeakMap<Topology, ReadonlySet<number>>();

/**
 * Slots of routers with other files that ask their peer to say everything anew (RFC 2918) and, where its answer is marked at the beginning and at the end
 * (RFC 7313), tell it everything once more themselves. So FRR comes to tell FRR and BIRD of another `bgp default local-preference`, and GoBGP not (seen on 8.4.4).
 * Not known here: an answer that says nothing ends with the next KEEPALIVE only, and until then another one does not begin.
 */
export function refreshedSlots(
  { reread, slots }: Past,
  before: Topology,
  now: Topology,
): ReadonlySet<number> {
  let found = known.get(now);
  if (!found) {
    const marked = new Set<number>();
    slots[now.family].subarray(0, reread.size === 0 ? 0 : now.slotStart.at(-1)).forEach((old, slot) => {
      if (old >= 0 && reread.has(hostOf(now, now.owner[slot] ?? -1)) && isAnswerMarked(now, slot))
        if (asksAgain(sideOf(before, old), sideOf(now, slot))) marked.add(slot);
    });
    found = marked;
    known.set(now, found);
  }
  return found;
}

/** Does the peer mark its answer, and the router go by the marks? */
function isAnswerMarked({ owner, routers, peers, reverse }: Topology, slot: number): boolean {
  const far = reverse[slot] ?? -1;
  if (far < 0 || !habitsOf(routers[owner[slot] ?? -1]).tellsAllAtMarks) return false;
  const { marksRefresh, answersRefresh } = {
    ...habitsOf(routers[owner[far] ?? -1]),
    ...peers.at(far)?.config.habits,
  };
  return marksRefresh === true && answersRefresh !== false;
}

/** One end of a session. */
export interface Side {
  readonly peer: Peer | undefined;
  readonly router: Router | null | undefined;
}

export function sideOf({ peers, routers, owner }: Topology, slot: number): Side {
  return { peer: peers.at(slot), router: routers[owner[slot] ?? -1] };
}

/**
 * Does a router with other files ask its peer to say everything again (RFC 2918)? FRR does so whatever it has kept (`peer_change_reset_in`), or only where it
 * has kept nothing (`peer_on_policy_change`, `bgp_clear_star_soft_in`); BIRD where its import policy is another.
 */
export function asksAgain(before: Side, now: Side): boolean {
  if (!before.peer || !now.peer || !before.router || !now.router) return false;
  const { rereadsByRefresh, rereadsOnlyKept } = { ...habitsOf(now.router), ...now.peer.config.habits };
  if (rereadsByRefresh)
    return chainKey(before.peer.options.importPolicy) !== chainKey(now.peer.options.importPolicy);
  if (!rereadsOnlyKept) return false;
  const kept = now.peer.options.keepsReceived === true;
  if (asking(before.peer) !== asking(now.peer) || (kept && !before.peer.options.keepsReceived)) return true;
  return !kept && judging(before) !== judging(now);
}

function asking({ options }: Peer): string {
  return `${options.allowasIn} ${options.allowasInOrigin ?? false}`;
}

function judging({ peer, router }: Side): string {
  const { gracefulShutdown, defaultLocalPreference } = router?.bgp ?? {};
  const { weight, siteOfOrigin, importPolicy = [] } = peer?.options ?? {};
  return contentKey([
    weight,
    siteOfOrigin,
    gracefulShutdown,
    defaultLocalPreference,
    importPolicy.map(shapeOf),
  ]);
}
