import { defaultPrefix } from '../../bgp/originate.ts';
import type { Peer } from '../../bgp/peer.ts';
import { holdsAny } from '../compact/held-slots.ts';
import { isAnyIn, noNodes, withoutNodes } from '../compact/node-set.ts';
import type { Origins } from '../engine/converge.ts';
import { inTurns } from '../engine/first-announcement.ts';
import type { KernelRoute, KernelTable } from '../kernel/kernel-table.ts';
import { resolveNextHop } from '../kernel/next-hops.ts';
import { hasCompany } from '../peers/company.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { onlyNetworksDiffer } from './networks-differ.ts';
import type { Past } from './past.ts';
import { reopenedSlots } from './reopened.ts';

/**
 * Most of what happens to a network leaves most prefixes alone. Which slots held a path of a prefix at the end is kept
 * (`PrefixState.holding`); a prefix none of whose slots went or is judged differently is as it was, and is not worked out again.
 */
export interface Disturbance {
  /** The state from which sessions have only gone since, or gone and come again. All slots below are its slots, as are those of `holding`. */
  readonly base: FamilyState;
  /** Slots that are gone at routers that go on, or whose next hop is and in which nothing arrives any more; and all since `base`, as marks. */
  readonly gone: readonly number[];
  readonly isGone: Uint8Array;
  /** Marks of the slots in which nothing arrives any more, and those of them that are there all the same. */
  readonly closed: Uint8Array;
  readonly silent: readonly number[];
  /** Slots of sessions that have come up again as they were, in the order in which their routers tell the peers what they have: those that do so at the same time together. */
  readonly opened: readonly (readonly number[])[];
  /** Slots whose peer's next hop, or routes to it, have changed; and all since `base`. */
  readonly judged: readonly number[];
  readonly judgedSince: readonly number[];
  /** Both `gone` and `judged`. */
  readonly bits: readonly number[];
  /** Slot → that slot of `base`. */
  readonly bitOf: Int32Array;
  /** Routers whose routes without BGP are others; and all since `base`. */
  readonly rerouted: ReadonlySet<number>;
  readonly reroutedSince: ReadonlySet<number>;
  /** Routers that do not run any more, and whose routes are gone as well. */
  readonly dead: readonly number[];
  /** Prefixes to which a route without BGP came, went or changed. */
  readonly routes: ReadonlySet<string>;
}

/** By the family of the state that grew out of another; null: every prefix has to be worked out. */
const disturbances = new WeakMap<FamilyState, Disturbance | null>();

/** Takes over from the state before what stays as it is; false: the prefix has to be worked out. */
export function takeOver(state: SimulationState, familyState: FamilyState, kept: PrefixState): boolean {
  const { past } = state;
  const old = past?.previous.families[familyState.family].byText.get(kept.prefix.text);
  if (!past || !old?.holding || old.full.length + kept.full.length > 0) return false;
  const { holding } = old;
  const disturbance = disturbanceOf(state, past, familyState);
  if (!disturbance || disturbance.routes.has(kept.prefix.text)) return false;
  if (disturbance.opened.length > 0 || holdsAny(holding, disturbance.bits)) return false;
  if (isAnyIn(old.foreign, disturbance.rerouted)) return false;
  if (!sameOrigins(kept.configured, old.configured) || kept.idle.size + old.idle.size > 0) return false;
  const { dead } = disturbance;
  kept.fib = dead.length === 0 ? old.fib : old.fib.with(dead, () => 0);
  kept.byAge = withoutNodes(old.byAge, dead);
  kept.metrics =
    old.metrics.size > 0 ? new Map([...old.metrics].filter(([node]) => !dead.includes(node))) : old.metrics;
  kept.holding = holding;
  kept.foreign = old.foreign ?? noNodes;
  kept.standing = old.standing;
  kept.oscillation = null;
  kept.throughBgp = false;
  kept.events = 0;
  return true;
}

function sameOrigins(a: Origins, b: Origins): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [node, paths] of a) {
    const others = b.get(node);
    if (others?.length !== paths.length || paths.some((path, i) => path !== others[i])) return false;
  }
  return true;
}

/** What has happened to the prefixes since the state before; null: not a thing that can be told in brief. */
export function disturbanceOf(
  state: SimulationState,
  past: Past,
  familyState: FamilyState,
): Disturbance | null {
  let found = disturbances.get(familyState);
  if (found === undefined) {
    found = isSimple(state, past, familyState) ? disturb(state, past, familyState) : null;
    disturbances.set(familyState, found);
  }
  return found;
}

/** Sessions went or came, or nothing happened to them; nobody started, nothing was loaded but other networks to announce, and no prefix hangs on another. */
function isSimple(
  state: SimulationState,
  past: Past,
  { family, topology, dependencies }: FamilyState,
): boolean {
  const { previous, started, reread, slots } = past;
  const before = previous.families[family];
  const lanes = [topology, before.topology].map((one) => one.lanes.size + one.leftLanes.size);
  if (started.size + (lanes[0] ?? 0) + (lanes[1] ?? 0) > 0) return false;
  if (topology.copies.list.length + before.topology.copies.list.length > 0) return false;
  for (const { aggregators, gates, conditions } of [dependencies, before.dependencies])
    if (aggregators.length + gates.length + conditions.length > 0) return false;
  for (let node = 0; node < state.routers.length; node++) {
    const [router, earlier] = [state.routers[node], previous.routers[node]];
    if (router === earlier || !router) continue;
    if (!reread.has(node) || !earlier || !onlyNetworksDiffer(earlier, router)) return false;
  }
  const { reverse } = topology;
  return slots[family].every(
    (old, slot) => old < 0 || (reverse[slot] ?? -1) < 0 || (before.topology.reverse[old] ?? -1) >= 0,
  );
}

function disturb(state: SimulationState, past: Past, familyState: FamilyState): Disturbance | null {
  const { previous, leftover } = past;
  const slots = past.slots[familyState.family];
  const before = previous.families[familyState.family];
  const places = placesIn(before, familyState, slots);
  if (!places) return null;
  const { earlier, base, bitOf, opened } = places;
  const gone: number[] = [];
  const isGone = earlier ? earlier.isGone.slice() : new Uint8Array(base.topology.peers.length);
  const takeOut = (slot: number) => {
    if (isGone[slot] === 0) gone.push(slot);
    isGone[slot] = 1;
  };
  const stays = new Uint8Array(before.topology.peers.length);
  for (const old of slots) stays[old] = 1;
  const { owner } = before.topology;
  for (let old = 0; old < stays.length; old++)
    if (stays[old] === 0 && state.routers[owner[old] ?? -1]) takeOut(earlier?.bitOf[old] ?? old);
  for (const slot of opened.flat()) isGone[slot] = 0;
  const closed = new Uint8Array(base.topology.peers.length).fill(1);
  const silent: number[] = [];
  familyState.topology.reverse.subarray(0, slots.length).forEach((other, slot) => {
    if (other >= 0) closed[bitOf[slot] ?? 0] = 0;
    else silent.push(bitOf[slot] ?? 0);
  });
  const { changed, routes } = changedTables(state, previous.tables);
  const judgedSlots = judgedOtherwise(before, familyState, places, slots, changed);
  if (!judgedSlots) return null;
  const judged: number[] = [];
  for (const slot of judgedSlots) {
    const own = bitOf[slot] ?? 0;
    if (closed[own] === 1 && isUseless(familyState, slot)) takeOut(own);
    else judged.push(own);
  }
  if (opened.length > 0 && gone.length > 0) return null;
  if ([...gone, ...opened.flat()].some((slot) => hasCompany(base.topology, slot))) return null;
  return {
    ...{ base, gone, isGone, closed, silent, opened, judged, bits: [...gone, ...judged], bitOf },
    judgedSince: earlier ? [...new Set([...earlier.judgedSince, ...judged])] : judged,
    dead: previous.routers.flatMap((router, node) =>
      router && !state.routers[node] && !leftover.has(node) ? [node] : [],
    ),
    rerouted: changed,
    reroutedSince: earlier ? new Set([...earlier.reroutedSince, ...changed]) : changed,
    routes,
  };
}

interface Places extends Pick<Disturbance, 'base' | 'bitOf' | 'opened'> {
  readonly earlier: Disturbance | null;
}

/** Which slots of `base` those of now are; null: a session is none of them. */
function placesIn(before: FamilyState, now: FamilyState, slots: Int32Array): Places | null {
  const earlier = disturbances.get(before) ?? null;
  const base = earlier?.base ?? before;
  const fresh: number[] = [];
  slots.forEach((old, slot) => {
    if (old < 0) fresh.push(slot);
  });
  const reopened = reopenedSlots(now, base, fresh);
  if (!reopened) return null;
  const bitOf = slots.map((old, slot) => reopened.get(slot) ?? earlier?.bitOf[old] ?? old);
  const opened = inTurns(now.topology, fresh).map((slots) => slots.map((slot) => bitOf[slot] ?? 0));
  return { earlier, base, bitOf, opened };
}

/** Slots whose peer's next hop, or routes to it, have changed; null: one whose path was taken out is not as it was in `base`. */
function judgedOtherwise(
  before: FamilyState,
  now: FamilyState,
  { earlier, base, bitOf }: Places,
  slots: Int32Array,
  changed: ReadonlySet<number>,
): readonly number[] | null {
  const judged: number[] = [];
  for (let slot = 0; slot < slots.length; slot++) {
    const [old, own] = [slots[slot] ?? -1, bitOf[slot] ?? 0];
    if (old < 0) {
      if (!isJudgedAlike(base, now, own, slot, null)) return null;
    } else if (!isJudgedAlike(before, now, old, slot, changed)) {
      if (earlier?.isGone[own] === 1) return null;
      judged.push(slot);
    }
  }
  return judged;
}

/** Running routers whose routes without BGP are others, and the prefixes of these routes. */
function changedTables(
  { routers, tables }: SimulationState,
  before: readonly KernelTable[],
): { readonly changed: ReadonlySet<number>; readonly routes: ReadonlySet<string> } {
  const changed = new Set<number>();
  const routes = new Set<string>();
  tables.forEach((table, node) => {
    const old = before[node];
    if (!old || old === table || !routers[node]) return;
    for (const text of new Set([...old.routes.keys(), ...table.routes.keys()])) {
      if (isSameRoute(old.routes.get(text), table.routes.get(text))) continue;
      changed.add(node);
      routes.add(text);
    }
  });
  return { changed, routes };
}

function isSameRoute(a: KernelRoute | undefined, b: KernelRoute | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && routeText(a) === routeText(b));
}

function routeText({ kind, distance, metric, tag, via, hops }: KernelRoute): string {
  return [kind, distance, metric, tag, via?.text, hopsText(hops)].join();
}

function hopsText(hops: KernelRoute['hops']): string {
  return hops.map((hop) => `${hop.gateway?.text ?? ''}%${hop.interface}${hop.dead ? '!' : ''}`).join(' ');
}

/** Does a path whose next hop is its sender go the same way as before, as far as this slot has to say? `changed` null: any router may have changed. */
function isJudgedAlike(
  before: FamilyState,
  now: FamilyState,
  old: number,
  slot: number,
  changed: ReadonlySet<number> | null,
): boolean {
  const [peer, earlier] = [now.topology.peers.at(slot), before.topology.peers.at(old)];
  if (!peer || !earlier) return false;
  const node = now.topology.owner[slot] ?? -1;
  const isChanged = changed === null || changed.has(node);
  if (peer === earlier && !isChanged) return true;
  if (
    peer.nextHop?.text !== earlier.nextHop?.text ||
    peer.interface !== earlier.interface ||
    peer.routerId !== earlier.routerId
  )
    return false;
  if (!isChanged || peer.nextHop === null || peer.viaLinkLocal) return true;
  const resolved = resolvedText(now, node, peer);
  return resolved !== null && resolvedText(before, node, earlier) === resolved;
}

/** Is there no way to the peer, whatever BGP's own routes? Then what stands in the slot counts for nothing. */
function isUseless({ topology, nextHops }: FamilyState, slot: number): boolean {
  const node = topology.owner[slot] ?? -1;
  const [router, peer] = [topology.routers[node], topology.peers.at(slot)];
  if (!router || !peer || peer.nextHop === null || peer.viaLinkLocal) return false;
  const own = defaultPrefix(topology.family);
  const { problem, throughBgp } = resolveNextHop(nextHops, node, router, peer, peer.nextHop, own);
  return problem !== null && !throughBgp;
}

/** null: a route of BGP's own is, or may be, in it. */
function resolvedText({ topology, nextHops }: FamilyState, node: number, peer: Peer): string | null {
  const router = topology.routers[node];
  if (!router || peer.nextHop === null) return '';
  const resolved = resolveNextHop(nextHops, node, router, peer, peer.nextHop, defaultPrefix(topology.family));
  const { problem, metric, hops, throughBgp, inactive, recursive } = resolved;
  return throughBgp ? null : [problem, metric, inactive, recursive, hopsText(hops)].join();
}
