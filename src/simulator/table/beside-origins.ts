import type { Topology } from '../engine/topology.ts';
import type { KernelTable } from '../kernel/kernel-table.ts';
import type { Wiring } from '../kernel/wiring.ts';
import type { BesideOrigins } from '../prefix-states.ts';
import type { LeadsByHost } from './leads.ts';
import { type LocalTable, localRoutes, localTable } from './local-routes.ts';

/** The local routes of tables beside that of the family. */
export function besideOrigins(
  { beside, routers }: Pick<Topology, 'beside' | 'routers'>,
  { nodes }: Wiring,
  leads: LeadsByHost,
): readonly BesideOrigins[] {
  return beside.tables.map(({ host, name }, place) => {
    const [router, wired] = [routers[host], nodes[host]];
    return {
      host,
      node: beside.first + place,
      paths: router && wired ? localRoutes(router, wired, leads.get(host), name) : [],
    };
  });
}

/** What next hops are looked up in, with the tables beside behind those of all nodes. */
export function withBeside(
  tables: readonly KernelTable[],
  locals: readonly (LocalTable | null)[],
  beside: readonly BesideOrigins[],
): { readonly tables: readonly KernelTable[]; readonly locals: readonly (LocalTable | null)[] } {
  if (beside.length === 0) return { tables, locals };
  return {
    tables: [...tables, ...beside.flatMap(({ host }) => tables[host] ?? [])],
    locals: [...locals, ...beside.map(({ paths }) => localTable(paths))],
  };
}
