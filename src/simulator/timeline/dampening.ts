import { type FamilyName, familyNames } from '../../base/family.ts';
import { Damper } from '../../bgp/dampening.ts';
import { contentKey } from '../../bgp/policy/analyse.ts';
import type { Router } from '../../bgp/router.ts';
import type { Engine, SlotCandidate } from '../engine/engine.ts';
import type { Damping, DampingRouter, KnownFlaps } from '../engine/flaps.ts';
import type { FamilyState, SimulationState } from '../state.ts';
import { sameTable } from '../table/beside.ts';
import type { Carrying } from './carrying.ts';

// `bgp dampening` over time: penalties fall, and every ten seconds from when it was switched on suppressed paths are looked at.

/** Seconds on the clock at which each router switched it on, by `keyOf`. Absent: before anything happened. */
export type DampeningSince = ReadonlyMap<string, number>;

function keyOf(node: number, family: FamilyName): string {
  return `${node} ${family}`;
}

/** Other parameters in new files, and a new start, switch it on anew. */
export function dampeningSince(
  before: SimulationState,
  routers: readonly (Router | null)[],
  started: ReadonlySet<number>,
  clock: number,
): DampeningSince | undefined {
  const since = new Map<string, number>();
  routers.forEach((router, node) => {
    for (const family of familyNames) {
      const now = router?.bgp.dampening?.[family];
      if (!now) continue;
      const key = keyOf(node, family);
      const goesOn =
        !started.has(node) &&
        contentKey([before.routers[node]?.bgp.dampening?.[family]]) === contentKey([now]);
      since.set(key, goesOn ? (before.moment?.dampening?.get(key) ?? 0) : clock);
    }
  });
  return since.size > 0 ? since : undefined;
}

/** What the engine of a state needs to know; null: nobody dampens, or did. */
export function dampingOf(state: SimulationState, { family }: FamilyState): Damping | null {
  if (!dampens(state, family)) return null;
  const known = new Map<number, DampingRouter | null>();
  const at = (node: number) => {
    let found = known.get(node);
    if (found === undefined) {
      found = damperAt(state, node, family);
      known.set(node, found);
    }
    return found;
  };
  return { at, flaps: new Map(), counted: new Map() };
}

/** By the family of a state: somebody dampens, or did before. */
const dampening = new WeakMap<FamilyState, boolean>();

function dampens({ routers, past, families }: SimulationState, family: FamilyName): boolean {
  let known = dampening.get(families[family]);
  if (known === undefined) {
    known =
      routers.some((router) => router?.bgp.dampening?.[family]) ||
      (past !== null && dampens(past.previous, family));
    dampening.set(families[family], known);
  }
  return known;
}

function damperAt(
  { routers, moment }: SimulationState,
  node: number,
  family: FamilyName,
): DampingRouter | null {
  const router = routers[node];
  const [config, habit] = [router?.bgp.dampening?.[family], router?.config.profile.quirks.dampening];
  if (!config || !habit) return null;
  const since = moment?.dampening?.get(keyOf(node, family)) ?? 0;
  return { damper: new Damper(config, habit), since, now: (moment?.clock ?? 0) - since };
}

/** What has become of the flaps of a path since the state before; null: they do not count any more. */
export function flapsNow(from: Engine, to: Engine, node: number, old: SlotCandidate): KnownFlaps | null {
  const flaps = from.damping?.flaps.get(old) ?? null;
  if (flaps === null || flaps === 'forgotten') return flaps;
  const at = to.damping?.at(node);
  const kept = isSwitched(from, to, node) ? null : at?.damper.looked(flaps, at.now);
  return kept ?? (flaps.withdrawn ? 'forgotten' : null);
}

/** Off, or on with other parameters: all flaps are forgotten, and nobody decides anew. */
export function isSwitched(from: Engine, to: Engine, node: number): boolean {
  return from.damping?.at(node)?.since !== to.damping?.at(node)?.since;
}

/** Aggregates count on what they count by mistake until they are made anew. */
export function copyCounted({ past, from, to }: Carrying): void {
  for (const [old, paths] of from.damping?.counted ?? []) {
    const node = sameTable(from.topology, to.topology, old);
    const [before, now] = [from.topology.routers[old], to.topology.routers[node]];
    if (!now || past.started.has(node)) continue;
    if (before === now || contentKey([before?.bgp.aggregates]) === contentKey([now.bgp.aggregates]))
      to.damping?.counted.set(node, [...new Set(paths)]);
  }
}

/** Seconds on the clock at which the next suppressed path of the prefix that the engine holds will be free. */
export function nextFree({ damping, lists, touched }: Engine): number {
  if (!damping || damping.flaps.size === 0) return Number.POSITIVE_INFINITY;
  const times = touched.flatMap((node) => {
    const at = damping.at(node);
    return (lists[node] ?? []).flatMap((candidate) => {
      const flaps = damping.flaps.get(candidate);
      return at && flaps && flaps !== 'forgotten' && flaps.suppressed
        ? at.since + at.damper.freeAt(flaps)
        : [];
    });
  });
  return Math.min(Number.POSITIVE_INFINITY, ...times);
}
