import { type FamilyName, familyNames } from '../../base/family.ts';
import { type FibHop, hopText } from '../kernel/fib.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';

/** A set of next hops that the daemon gave the kernel as one object. */
interface Group {
  readonly hops: readonly FibHop[];
  /** What the kernel still has of it. Empty: it is gone there, and the daemon does not know. */
  readonly left: readonly FibHop[];
  /** When the last route left it: seconds; null: it is in use. */
  readonly unusedSince: number | null;
}

interface NodeGroups {
  readonly groups: ReadonlyMap<string, Group>;
  /** Next hops whose interface has gone down and that no route has used since. */
  readonly lost: ReadonlySet<string>;
  /** Routes the kernel could not change, as their new group is gone there: the hops they had, by family and prefix. */
  readonly stuck: ReadonlyMap<string, readonly FibHop[]>;
}

/**
 * Next-hop groups by node, where the daemon keeps them (`keepsNextHopGroups`). zebra gives each set of next hops to the kernel once
 * and uses it again, up to minutes after the last route has left it. The kernel takes the next hops of an interface that goes
 * down out of its groups, zebra does not notice as long as one next hop of the group is valid, and so a route that comes back to
 * the group after the repair has fewer next hops than zebra believes (zebra_nhg.c, zebra_nhg_set_invalid; FRR 8.4 installs
 * nothing again when an interface comes up).
 */
export type KernelGroups = ReadonlyMap<number, NodeGroups>;

const nothing: NodeGroups = { groups: new Map(), lost: new Set(), stuck: new Map() };

const known = new WeakMap<SimulationState, KernelGroups>();

/** The groups of a state to which nothing has happened yet: asked again for each failure that is tried. */
export function firstGroups(state: SimulationState, clock: number): KernelGroups {
  const found = known.get(state) ?? nextGroups(state, null, clock);
  known.set(state, found);
  return found;
}

/** The groups after a change, from those of before it (null: nothing has happened yet). */
export function nextGroups(state: SimulationState, before: KernelGroups | null, clock: number): KernelGroups {
  const { past, routers } = state;
  const inUse = {
    'ipv4-unicast': setsInUse(state.families['ipv4-unicast'], routers.length),
    'ipv6-unicast': setsInUse(state.families['ipv6-unicast'], routers.length),
  };
  const result = new Map<number, NodeGroups>();
  routers.forEach((router, node) => {
    const keep = router?.config.profile.quirks.keepsNextHopGroups;
    const earlier = before?.get(node);
    // Nobody is there any more to change what a killed daemon has left in the kernel.
    if (past?.leftover.has(node) && earlier) result.set(node, withoutDown(state, node, earlier));
    if (keep === undefined || past?.leftover.has(node)) return;
    const known = past?.started.has(node) ? nothing : (earlier ?? nothing);
    const next = nodeGroups(state, node, withoutDown(state, node, known), { clock, keep, inUse });
    if (next.groups.size > 0) result.set(node, next);
  });
  return result;
}

/** What the kernel holds for a route that stands in `kept`. */
export function kernelHopsOf(
  state: SimulationState,
  { family, hopSets }: FamilyState,
  node: number,
  { prefix, fib }: PrefixState,
): readonly FibHop[] | null {
  const set = fib.at(node);
  if (set === 0) return null;
  const hops = hopSets.sets[set] ?? [];
  const known = state.moment?.groups?.().get(node);
  if (!known || hops.length < 2) return hops;
  const stuck = known.stuck.get(routeKey(family, prefix.text));
  if (!stuck) return known.groups.get(keyOf(hops))?.left ?? hops;
  const left = stuck.length > 1 ? (known.groups.get(keyOf(stuck))?.left ?? []) : stuck;
  const usable = left.filter((hop) => !isDown(state, node, hop));
  return usable.length > 0 ? usable : null;
}

/** Takes what leads over interfaces that are down out of the groups; a group none of whose next hops is valid is given to the kernel anew. */
function withoutDown(state: SimulationState, node: number, known: NodeGroups): NodeGroups {
  const lost = new Set(known.lost);
  for (const { hops } of known.groups.values())
    for (const hop of hops) if (isDown(state, node, hop)) lost.add(hopText(hop));
  const groups = new Map<string, Group>();
  for (const [key, group] of known.groups) {
    if (group.hops.every((hop) => lost.has(hopText(hop)))) continue;
    groups.set(key, { ...group, left: group.left.filter((hop) => !isDown(state, node, hop)) });
  }
  return { groups, lost, stuck: known.stuck };
}

function isDown({ wiring }: SimulationState, node: number, hop: FibHop): boolean {
  return wiring.nodes[node]?.interfaces.find(({ name }) => name === hop.interface)?.up === false;
}

interface Use {
  readonly clock: number;
  /** How long a group stays that no route uses: seconds. */
  readonly keep: number;
  readonly inUse: Readonly<Record<FamilyName, readonly ReadonlySet<number>[]>>;
}

function nodeGroups(
  state: SimulationState,
  node: number,
  known: NodeGroups,
  { clock, keep, inUse }: Use,
): NodeGroups {
  const groups = new Map(
    [...known.groups].map(([key, group]) => [
      key,
      { ...group, unusedSince: group.unusedSince ?? clock } as Group,
    ]),
  );
  const lost = new Set(known.lost);
  const stuck = new Map<string, readonly FibHop[]>();
  for (const family of familyNames) {
    const { prefixes, hopSets } = state.families[family];
    const gone = new Set<number>();
    for (const set of inUse[family][node] ?? []) {
      const hops = hopSets.sets[set] ?? [];
      for (const hop of hops) lost.delete(hopText(hop));
      if (hops.length < 2) continue;
      const key = keyOf(hops);
      const left = groups.get(key)?.left ?? hops;
      groups.set(key, { hops, left, unusedSince: null });
      if (left.length === 0) gone.add(set);
    }
    if (gone.size === 0) continue;
    for (const { prefix, fib } of prefixes)
      if (gone.has(fib.at(node)))
        stuck.set(routeKey(family, prefix.text), earlier(state, family, prefix.text, node, known));
  }
  for (const [key, { unusedSince }] of groups)
    if (unusedSince !== null && clock - unusedSince >= keep) groups.delete(key);
  return { groups, lost, stuck };
}

/** The sets of next hops each node has routes with, in the order of the prefixes: few, while prefixes are many. */
function setsInUse({ prefixes }: FamilyState, nodes: number): readonly ReadonlySet<number>[] {
  const sets = Array.from({ length: nodes }, () => new Set<number>());
  const last = new Uint32Array(nodes);
  // Prefix by prefix, as they lie in memory.
  for (const { fib } of prefixes) {
    for (let node = 0; node < nodes; node++) {
      const set = fib.at(node);
      if (set !== last[node]) sets[node]?.add(set);
      last[node] = set;
    }
  }
  return sets;
}

/** The hops the route had before. */
function earlier(
  { past }: SimulationState,
  family: FamilyName,
  prefix: string,
  node: number,
  known: NodeGroups,
): readonly FibHop[] {
  const stuck = known.stuck.get(routeKey(family, prefix));
  if (stuck) return stuck;
  const before = past?.previous.families[family];
  return before?.hopSets.sets[before.byText.get(prefix)?.fib.at(node) ?? 0] ?? [];
}

function routeKey(family: FamilyName, prefix: string): string {
  return `${family} ${prefix}`;
}

function keyOf(hops: readonly FibHop[]): string {
  return hops.map(hopText).join(' ');
}
