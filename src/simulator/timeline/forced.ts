import type { Peer } from '../../bgp/peer.ts';
import { contentKey } from '../../bgp/policy/analyse.ts';
import type { Router } from '../../bgp/router.ts';
import type { Engine } from '../engine/engine.ts';
import { hostOf } from '../table/beside.ts';
import type { Past } from './past.ts';
import { refreshedSlots } from './refreshed.ts';

/** Asked for every prefix. */
const known = new WeakMap<Engine, ReadonlySet<number>>();

/**
 * Slots on which everything is said once more, whether or not it looks like what was said before (FRR `SUBGRP_STATUS_FORCE_UPDATES`): other files
 * change an option of what is sent there or what a policy says, or have the daemon ask or tell everybody anew. Another policy in the place of the old one is not such a change.
 */
export function forcedSlots(past: Past, from: Engine, to: Engine): ReadonlySet<number> {
  let found = known.get(to);
  if (found) return found;
  const { owner, family, peers, routers } = to.topology;
  const slots: number[] = [];
  const cleared = new Set(
    [...past.reread].filter((node) => isCleared(from.topology.routers[node], routers[node])),
  );
  if (past.reread.size > 0)
    past.slots[family].forEach((old, slot) => {
      const node = hostOf(to.topology, owner[slot] ?? -1);
      if (old < 0 || !past.reread.has(node)) return;
      const [before, now] = [from.topology.peers.at(old), peers.at(slot)];
      const isOther = before && now && before.options !== now.options && isToldAnew(before, now);
      if (isOther || cleared.has(node)) slots.push(slot);
    });
  slots.push(...inCompany(to, refreshedSlots(past, from.topology, to.topology)));
  found = new Set(slots);
  known.set(to, found);
  return found;
}

/** All of the update groups that some of these are in: the flag is that of the group. */
function inCompany({ groups, topology }: Engine, slots: ReadonlySet<number>): readonly number[] {
  const nodes = new Set([...slots].map((slot) => topology.owner[slot] ?? -1));
  return [...nodes].flatMap((node) =>
    (groups[node] ?? []).flatMap((group) =>
      group.slots.some((slot) => slots.has(slot)) ? [...group.slots] : [],
    ),
  );
}

/** Does an option change that has the daemon tell the peer everything (`peer_change_reset_out`), or what one of its policies says? */
function isToldAnew(before: Peer, now: Peer): boolean {
  if (tellingOptions(before) !== tellingOptions(now)) return true;
  const then = outboundPolicies(before);
  return [...outboundPolicies(now)].some(([name, content]) => (then.get(name) ?? content) !== content);
}

function tellingOptions({ options }: Peer): string {
  const { attributeUnchanged, nextHopSelf, sendCommunity, removePrivateAs, asOverride } = options;
  return contentKey([attributeUnchanged, nextHopSelf, sendCommunity, removePrivateAs, asOverride]);
}

function outboundPolicies({ options }: Peer): ReadonlyMap<string, string> {
  const chain = [...options.exportPolicy, ...(options.unsuppressPolicy ?? [])];
  return new Map(chain.map((policy) => [`${policy.kind} ${policy.name}`, contentKey(policy)]));
}

/** Lines after which FRR does as after `clear bgp * soft` (bgp_clear_star_soft_in, bgp_clear_star_soft_out). */
function isCleared(before: Router | null | undefined, now: Router | null | undefined): boolean {
  return before != null && now != null && before !== now && clearedBy(before) !== clearedBy(now);
}

function clearedBy({ bgp, clusterId }: Router): string {
  const { noClientToClient, gracefulShutdown, allowsOutboundPolicy } = bgp;
  return contentKey([clusterId, noClientToClient, gracefulShutdown, allowsOutboundPolicy]);
}
