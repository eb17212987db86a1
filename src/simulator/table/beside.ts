import { type FamilyName, ipFamilyOf } from '../../base/family.ts';
import type { IpFamily } from '../../base/ip.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { PolicyChain } from '../../bgp/policy/types.ts';
import type { Router } from '../../bgp/router.ts';
import type { TablePipe } from '../../bgp/table-config.ts';
import type { Topology } from '../engine/topology.ts';

/**
 * Tables of a router beside that of the family (BIRD's `ipv4 table NAME`). Each is a node of the topology behind all routers, with
 * sessions, paths, a decision and neighbours to tell of its own; the router's own node is the table of the family.
 */
export interface TablesBeside {
  /** The first node that is such a table. */
  readonly first: number;
  /** By node, from `first` on. */
  readonly tables: readonly { readonly host: number; readonly name: string }[];
}

/** The slots behind all sessions and lanes: what pipes make of the path of another slot, in another table. */
export interface Copies {
  readonly first: number;
  /** By slot, from `first` on. A source lies before its copies. */
  readonly list: readonly Copy[];
  /** Slot → its copies in the tables next to its own. */
  readonly of: ReadonlyMap<number, readonly number[]>;
}

export interface Copy {
  readonly source: number;
  readonly node: number;
  readonly policy: PolicyChain;
}

type WithTables = Pick<Topology, 'beside' | 'routers'>;

export function tablesBeside(family: FamilyName, routers: readonly (Router | null)[]): TablesBeside {
  const tables = routers.flatMap((router, host) =>
    (router?.config.table?.beside ?? [])
      .filter((table) => table.family === family)
      .map(({ name }) => ({ host, name })),
  );
  return { first: routers.length, tables };
}

/** The router that a node belongs to. */
export function hostOf({ beside }: Pick<Topology, 'beside'>, node: number): number {
  return node < beside.first ? node : (beside.tables[node - beside.first]?.host ?? -1);
}

/** The name of the table that a node is; null: that of the family. */
export function tableOf({ beside }: Pick<Topology, 'beside'>, node: number): string | null {
  return node < beside.first ? null : (beside.tables[node - beside.first]?.name ?? null);
}

/** The node of a table; -1: there is none of the name. */
export function nodeOfTable({ beside }: Pick<Topology, 'beside'>, host: number, name: string | null): number {
  if (name === null) return host;
  const place = beside.tables.findIndex((table) => table.host === host && table.name === name);
  return place < 0 ? -1 : beside.first + place;
}

/** The node of the table in which next hops of a family are looked up: that of the session, if it is one of the family (BIRD `bgp_default_igp_table`). */
export function tableOfNextHops(
  topology: Pick<Topology, 'beside' | 'family'>,
  node: number,
  { options }: Peer,
  family: IpFamily,
): number {
  const host = hostOf(topology, node);
  const named = options.nextHopTables?.[family];
  if (named !== undefined) return Math.max(nodeOfTable(topology, host, named), host);
  return ipFamilyOf(topology.family) === family ? node : host;
}

/** All nodes of a router, its own first. */
export function nodesOf({ beside }: Pick<Topology, 'beside'>, host: number): readonly number[] {
  if (beside.tables.length === 0) return [host];
  const places = beside.tables.flatMap((table, place) => (table.host === host ? [beside.first + place] : []));
  return [host, ...places];
}

/** The slots of the sessions of a router, whatever table they are in. */
export function sessionSlots(
  topology: Pick<Topology, 'beside' | 'slotStart'>,
  host: number,
): readonly number[] {
  const { slotStart } = topology;
  return nodesOf(topology, host).flatMap((node) => {
    const start = slotStart[node] ?? 0;
    return Array.from({ length: (slotStart[node + 1] ?? start) - start }, (_, place) => start + place);
  });
}

/** Where a pipe leads from a table, and what its routes have to pass. */
export interface WayOn {
  readonly pipe: TablePipe;
  readonly table: string | null;
  readonly policy: PolicyChain;
}

/** The pipes that lead on from a table, but for the one by which a route came in. */
export function waysOn({ config }: Router, table: string | null, cameBy: TablePipe | null): readonly WayOn[] {
  return (config.table?.pipes ?? []).flatMap((pipe): readonly WayOn[] => {
    const [a, b] = pipe.ends;
    const far = a.table === table ? b : b.table === table ? a : null;
    return far?.policy && pipe !== cameBy ? [{ pipe, table: far.table, policy: far.policy }] : [];
  });
}

/** The topology with a slot for each copy that pipes make of what comes in over a slot. */
export function withCopies(topology: Omit<Topology, 'copies'>): Topology {
  const { peers, owner } = topology;
  const first = peers.length;
  const list: Copy[] = [];
  const of = new Map<number, number[]>();
  const follow = (source: number, node: number, cameBy: TablePipe | null) => {
    for (const { pipe, to, policy } of waysFrom(topology, node, cameBy)) {
      const slot = first + list.push({ source, node: to, policy }) - 1;
      of.set(source, [...(of.get(source) ?? []), slot]);
      follow(slot, to, pipe);
    }
  };
  if (topology.beside.tables.length > 0)
    for (let slot = 0; slot < first; slot++) follow(slot, owner[slot] ?? -1, null);
  if (list.length === 0) return { ...topology, copies: { first, list, of } };
  const sources = list.map(({ source }) => sessionSlotOf(peers, list, first, source));
  return {
    ...topology,
    owner: Int32Array.from([...owner, ...list.map(({ node }) => node)]),
    // Nothing is sent from them, and nothing comes in over them.
    reverse: Int32Array.from([...topology.reverse, ...list.map(() => -1)]),
    sessions: Int32Array.from([
      ...topology.sessions,
      ...sources.map((source) => topology.sessions[source] ?? -1),
    ]),
    peers: peers.withExtra(sources),
    copies: { first, list, of },
  };
}

function waysFrom(topology: WithTables, node: number, cameBy: TablePipe | null) {
  const router = topology.routers[node];
  if (!router?.config.table?.pipes) return [];
  const host = hostOf(topology, node);
  return waysOn(router, tableOf(topology, node), cameBy).flatMap(({ pipe, table, policy }) => {
    const to = nodeOfTable(topology, host, table);
    return to < 0 ? [] : [{ pipe, to, policy }];
  });
}

/** The slot of the session whose path a copy goes back to. */
function sessionSlotOf(peers: Topology['peers'], list: readonly Copy[], first: number, slot: number): number {
  let at = slot;
  while (at >= first) at = list[at - first]?.source ?? -1;
  return peers.sessionSlot(at);
}

/** What a slot is a copy of; null: it is none. */
export function copyAt({ copies }: Pick<Topology, 'copies'>, slot: number): Copy | null {
  return slot < copies.first ? null : (copies.list[slot - copies.first] ?? null);
}

/** The node that the same table is in another topology; -1: there is none there. */
export function sameTable(from: WithTables, to: WithTables, node: number): number {
  return node < from.beside.first ? node : nodeOfTable(to, hostOf(from, node), tableOf(from, node));
}

/** Which slot before each copy was, once that is known of what they are copies of (`slots`, by slot). */
export function placeCopies(
  earlier: Topology,
  { beside, routers, copies }: Topology,
  slots: Int32Array,
): void {
  copies.list.forEach(({ source, node }, place) => {
    const old = earlier.copies.of.get(slots[source] ?? -1) ?? [];
    const table = sameTable({ beside, routers }, earlier, node);
    slots[copies.first + place] = old.find((slot) => copyAt(earlier, slot)?.node === table) ?? -1;
  });
}
