import { familyNames } from '../../base/family.ts';
import type { CarriedTables } from '../carried/carried-tables.ts';
import type { Speaker } from '../speaker.ts';
import { dotted } from './path-view.ts';
import type { StatusView } from './types.ts';

export function statusView(speaker: Speaker, name: string): StatusView {
  const { router, environment, startedAt, neighbors } = speaker;
  return {
    name,
    asn: router.bgp.asn,
    routerId: dotted(router.routerId),
    uptimeSeconds: Math.floor((environment.now() - startedAt) / 1000),
    deferring: speaker.defers,
    neighbors: {
      configured: neighbors.length,
      established: neighbors.filter(({ establishedAt }) => establishedAt !== null).length,
    },
    tables: [
      ...familyNames.flatMap((family) => {
        const table = speaker.tables.get(family)?.table;
        return table ? { family, prefixes: table.prefixes, routes: table.routes } : [];
      }),
      ...carriedInUse(speaker).map(({ family, rib }) => ({
        family,
        prefixes: rib.prefixes,
        routes: rib.routes,
      })),
    ],
    idle: speaker.originations.idle.map(({ prefix, why }) => ({ prefix: prefix.text, why })),
  };
}

/** The families of which there are routes, or somebody to have them from. */
function carriedInUse({ carried, neighbors }: Speaker): readonly CarriedTables[] {
  return [...carried.values()].filter(
    ({ family, rib }) => rib.routes > 0 || neighbors.some(({ config }) => config.carried?.[family]),
  );
}
