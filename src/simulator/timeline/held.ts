import { optionsOf } from '../../bgp/peer-table.ts';
import { contentKey } from '../../bgp/policy/analyse.ts';
import type { PolicyChain } from '../../bgp/policy/types.ts';
import type { Router } from '../../bgp/router.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import { connectionOf, neighborOf } from './ends.ts';
import { habitsOf } from './habits.ts';
import type { Situation } from './situation.ts';

type Files = Pick<Situation, 'routers' | 'routersBefore' | 'started' | 'before'>;

/** Ends as they were, of hosts with other files to whose daemon it matters which neighbors these make: by `neighborOf`. */
export function endsBeforeFiles({ routers, routersBefore, started, before }: Files): Map<string, SessionEnd> {
  const reread = new Set<number>();
  for (const [node, router] of routers.entries()) {
    const earlier = routersBefore[node];
    if (!router || !earlier || router === earlier || started.has(node)) continue;
    const { heldAtStart, pauseAfterReset, beginsAnewWithFiles } = habitsOf(router);
    if (heldAtStart !== undefined || pauseAfterReset !== undefined || beginsAnewWithFiles) reread.add(node);
  }
  if (reread.size === 0) return new Map();
  return new Map(before.flatMap((end) => (reread.has(end.node) ? [[neighborOf(end), end] as const] : [])));
}

/**
 * Seconds for which an end neither dials nor answers since other files have made its neighbor (anew); 0: they have not. FRR waits until a
 * second before it looks at changed route-maps (`bgp_config_end`, `peer_unshut_after_cfg`; seen on 8.4.4 with frr-reload).
 */
export function heldByFiles(
  { routers, routersBefore, started }: Files,
  end: SessionEnd,
  earlier: ReadonlyMap<string, SessionEnd>,
): number {
  const { node } = end;
  const [router, old] = [routers[node], routersBefore[node]];
  if (!router || !old || router === old || started.has(node) || end.dynamic) return 0;
  const { heldAtStart = 0, findsPoliciesAfter = 0 } = habitsOf(router);
  if (heldAtStart === 0 || !isMadeAnew(end, router, old, earlier)) return 0;
  return routeMapsDiffer(old, router) ? Math.max(heldAtStart, findsPoliciesAfter - 1) : heldAtStart;
}

/** FRR makes nothing of `no bgp shutdown`: its neighbors stay idle until they call (`bgp_shutdown_disable`). */
export function isLeftIdle(end: SessionEnd, earlier: ReadonlyMap<string, SessionEnd>): boolean {
  return !end.config.shutdown && earlier.get(neighborOf(end))?.config.shutdownWithAll === true;
}

/**
 * Do other files make the daemon dial a neighbor that is not up? FRR goes on waiting where nothing of the session is said anew
 * (`bgp_session_reset`, `peer_timers_connect_set`, `peer_flag_modify_action`; not `peer_change_action`).
 */
export function isDialledAgain(
  end: SessionEnd,
  router: Router | null | undefined,
  old: Router | null | undefined,
  earlier: ReadonlyMap<string, SessionEnd>,
): boolean {
  const before = earlier.get(neighborOf(end));
  if (!before || before.config.shutdown || Object.keys(before.config.families).length === 0) return true;
  return (
    before.config.timers.connectRetry !== end.config.timers.connectRetry ||
    connectionOf(before, old) !== connectionOf(end, router)
  );
}

/** The statement is new, or was deleted and written again: another AS of either end, another peer group. */
function isMadeAnew(
  end: SessionEnd,
  router: Router,
  old: Router,
  earlier: ReadonlyMap<string, SessionEnd>,
): boolean {
  const before = earlier.get(neighborOf(end));
  if (!before || before.dynamic || router.bgp.asn !== old.bgp.asn) return true;
  if (before.config.group !== end.config.group) return true;
  return end.config.group === undefined && before.remoteAs !== end.remoteAs;
}

/** Is there a route-map now that was not there before, or said something else? */
function routeMapsDiffer(old: Router, router: Router): boolean {
  const before = routeMapsOf(old);
  return [...routeMapsOf(router)].some(([name, content]) => before.get(name) !== content);
}

/** Of all neighbors, by name: what they say, with the lists they ask. */
function routeMapsOf({ bgp }: Router): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const note = (chain: PolicyChain | undefined) => {
    for (const policy of chain ?? [])
      if (policy.kind === 'route-map' && !found.has(policy.name))
        found.set(policy.name, policy.program?.key ?? contentKey(policy));
  };
  for (const { families } of optionsOf(bgp))
    for (const family of Object.values(families)) {
      note(family?.importPolicy);
      note(family?.exportPolicy);
    }
  return found;
}
