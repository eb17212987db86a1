import { type FamilyName, familyNames } from '../../base/family.ts';
import { compareAddresses } from '../../base/ip.ts';
import { ownAddressOf, peerTableOf } from '../../bgp/peer-table.ts';
import { candidateOf, type Engine } from '../engine/engine.ts';
import { isHistory } from '../engine/flaps.ts';
import { hopNames } from '../kernel/fib.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { settlePrefix } from '../timeline/carry.ts';
import { kernelHopsOf } from '../timeline/kernel-groups.ts';
import { pathResults } from './path-results.ts';
import type { HostResult, PathResult, SessionResult } from './result.ts';

/** Prefixes counted per session end. */
interface Counts {
  readonly received: Uint32Array;
  readonly accepted: Uint32Array;
}

/**
 * The `hosts` part of the result, for the named hosts (default: all). Prefixes are converged again one by one, so that tables
 * exist for one prefix at a time only; nothing but what is asked for is kept.
 */
export function hostResults(
  state: SimulationState,
  hosts: readonly string[] = state.network.nodes.map(({ name }) => name),
): Readonly<Record<string, HostResult>> {
  if (hosts.length === 0) return {};
  const wanted = hosts.map((name) => state.wiring.indexOf.get(name)).filter((node) => node !== undefined);
  const tables = new Map(wanted.map((node) => [node, {} as Record<string, readonly PathResult[]>]));
  const counts: Counts = {
    received: new Uint32Array(state.ends.length),
    accepted: new Uint32Array(state.ends.length),
  };
  for (const family of familyNames) {
    const familyState = state.families[family];
    for (const prefix of familyState.prefixes) {
      holdPrefix(state, familyState, prefix);
      countPrefix(familyState, counts);
      for (const [node, bgp] of tables) {
        if (state.routers[node]?.config.profile.quirks.originatesOnly) continue;
        const paths = pathResults(familyState.engine, node, family);
        if (paths.length > 0) bgp[prefix.prefix.text] = paths;
      }
    }
  }
  const places = placesOf(state, wanted);
  const results = wanted.map(
    (node) =>
      [
        nameOf(state, node),
        hostOf(state, node, tables.get(node) ?? {}, places.get(node) ?? [], counts),
      ] as const,
  );
  return Object.fromEntries(results.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** The sessions of the named hosts, as far as they hang on no table. */
export function hostSessions(
  state: SimulationState,
  hosts: readonly string[],
): ReadonlyMap<string, readonly SessionFacts[]> {
  const wanted = hosts.map((name) => state.wiring.indexOf.get(name)).filter((node) => node !== undefined);
  const all = [...placesOf(state, wanted)];
  return new Map(
    all.map(([node, places]) => [
      nameOf(state, node),
      listedEnds(state, node, places).map(({ end }) => factsOf(state, end)),
    ]),
  );
}

export type SessionFacts = Omit<SessionResult, 'prefixesReceived' | 'prefixesAccepted'>;

/** By node: the places of its session ends. */
function placesOf(state: SimulationState, nodes: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const places = new Map(nodes.map((node) => [node, [] as number[]]));
  for (let place = 0; place < state.ends.length; place++) places.get(state.ends.nodeOf(place))?.push(place);
  return places;
}

/** The paths of one host for one prefix. */
export function hostPaths(
  state: SimulationState,
  host: string,
  family: FamilyName,
  prefix: string,
): readonly PathResult[] {
  const node = state.wiring.indexOf.get(host);
  const familyState = state.families[family];
  const kept = familyState.byText.get(prefix);
  if (node === undefined || !kept) return [];
  holdPrefix(state, familyState, kept);
  return pathResults(familyState.engine, node, family);
}

/** Makes the engine hold the tables of one prefix again. */
export function holdPrefix(state: SimulationState, familyState: FamilyState, kept: PrefixState): void {
  settlePrefix(state, familyState, kept);
}

function countPrefix({ engine }: FamilyState, counts: Counts): void {
  const { received, inList, topology } = engine;
  for (let slot = 0; slot < topology.copies.first; slot++) {
    if (received[slot] === 0) continue;
    const end = topology.sessions[slot] ?? 0;
    counts.received[end] = (counts.received[end] ?? 0) + 1;
    if (inList[slot] === 0 || isKeptForHistory(engine, slot)) continue;
    counts.accepted[end] = (counts.accepted[end] ?? 0) + 1;
  }
}

function isKeptForHistory(engine: Engine, slot: number): boolean {
  return engine.damping ? isHistory(engine.damping.flaps.get(candidateOf(engine, slot))) : false;
}

function nameOf(state: SimulationState, node: number): string {
  return state.network.nodes[node]?.name ?? '';
}

function hostOf(
  state: SimulationState,
  node: number,
  bgp: Readonly<Record<string, readonly PathResult[]>>,
  places: readonly number[],
  counts: Counts,
): HostResult {
  const sessions = listedEnds(state, node, places).map(({ end, place }) => ({
    ...factsOf(state, end),
    prefixesReceived: counts.received[place] ?? 0,
    prefixesAccepted: counts.accepted[place] ?? 0,
  }));
  return { sessions, bgp, fib: fibOf(state, node) };
}

/** Those that the host shows, in its order. */
function listedEnds(
  state: SimulationState,
  node: number,
  places: readonly number[],
): readonly { readonly end: SessionEnd; readonly place: number }[] {
  const own = places.flatMap((place) => {
    const end = state.ends.at(place);
    // A neighbor that a range let in is forgotten with its session, or with the routes that are kept for its restart.
    if (!end || (end.dynamic && end.state !== 'Established' && !end.silent && !end.listed)) return [];
    return isListed(state, node, end) ? [{ end, place }] : [];
  });
  return own.sort(
    (a, b) => compareRanks(rankOf(state, a.end), rankOf(state, b.end)) || byAddress(a.end, b.end),
  );
}

function isListed({ speakers }: SimulationState, node: number, { config }: SessionEnd): boolean {
  if (speakers[node]?.config.profile.quirks.listsPeersByFamily !== true) return true;
  return Object.keys(config.families).length > 0 || config.carried !== undefined;
}

/** Sessions stand in the order of the configuration, those accepted through a range after them. */
function rankOf(state: SimulationState, { node, config, dynamic }: SessionEnd): number {
  const bgp = state.speakers[node]?.bgp;
  if (!bgp || dynamic) return Infinity;
  const place = config.address
    ? peerTableOf(bgp).placeOf(config.address, ownAddressOf(config.updateSource))
    : bgp.peers.findIndex((peer) => peer.address === null && peer.interface === config.interface);
  return place < 0 ? Infinity : place;
}

function compareRanks(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function byAddress(a: SessionEnd, b: SessionEnd): number {
  return a.peerAddress && b.peerAddress ? compareAddresses(a.peerAddress, b.peerAddress) : 0;
}

function factsOf(state: SimulationState, end: SessionEnd): SessionFacts {
  return {
    peer: end.config.writtenAs ?? end.peerAddress?.text ?? end.config.interface ?? '',
    host: end.peerNode === null ? '' : nameOf(state, end.peerNode),
    localAddress: end.localAddress?.text ?? '',
    localAs: end.localAs,
    remoteAs: end.remoteAs,
    type: end.type === 'ibgp' ? 'ibgp' : 'ebgp',
    families: end.families,
    state: end.state,
    reason: end.reason,
  };
}

function fibOf(state: SimulationState, node: number): Readonly<Record<string, readonly string[]>> {
  const fib: Record<string, readonly string[]> = {};
  for (const family of familyNames) {
    const familyState = state.families[family];
    for (const kept of familyState.prefixes) {
      const hops = kernelHopsOf(state, familyState, node, kept);
      if (hops) fib[kept.prefix.text] = hopNames(hops);
    }
  }
  return fib;
}
