import type { CarriedDestination, CarriedRoute } from '../../bgp/carried/carried-rib.ts';
import { carriedText } from '../../bgp/carried/destinations.ts';
import type { Candidate } from '../../bgp/rib/candidate.ts';
import { stepValue } from '../../bgp/rib/step-values.ts';
import { safi } from '../../bgp/wire/registry.ts';
import type { CarriedTables } from '../carried/carried-tables.ts';
import type { Neighbor } from '../neighbor/neighbor.ts';
import { pathView } from './path-view.ts';
import type { AdjInRow, AdjOutRow, Page, PathView, RibRow } from './types.ts';

/** Loc-RIB of a family whose routes are passed on. */
export function carriedPage(tables: CarriedTables, after: number, limit: number): Page<RibRow> {
  return page(tables, after, limit, (destination, prefix) => {
    const losses = new Map<Candidate, string>();
    const { process } = tables.router;
    tables.rib.explain(destination, (loser, winner, step) => {
      const [own, other] = [loser, winner].map((one) => stepValue(process, step, one));
      const values = own === '' ? '' : ` ${own} against ${other}`;
      losses.set(loser, `${step}${values} of ${winner.peer?.name ?? 'this speaker'}`);
    });
    const paths = tables.rib.usable(destination).map((route) => ({
      ...viewOf(tables, route, route.path),
      from: route.peer?.name ?? null,
      pathId: route.pathId,
      best: route.selected,
      reason: route.selected ? null : (losses.get(route) ?? 'another path is better'),
    }));
    return paths.length === 0 ? [] : [{ prefix, paths }];
  });
}

/** What a neighbor said. */
export function carriedIn(
  tables: CarriedTables,
  neighbor: Neighbor,
  after: number,
  limit: number,
): Page<AdjInRow> {
  return page(tables, after, limit, ({ routes }, prefix) =>
    routes
      .filter(({ peerNumber }) => peerNumber === neighbor.number)
      .map((route) => ({
        prefix,
        pathId: route.pathId,
        received: viewOf(tables, route, route.wire),
        accepted: route.refused === null ? viewOf(tables, route, route.path) : null,
        refused: route.refused,
      })),
  );
}

/** What a neighbor was told last. */
export function carriedOut(
  tables: CarriedTables,
  neighbor: Neighbor,
  after: number,
  limit: number,
): Page<AdjOutRow> {
  const out = neighbor.carried.members.get(tables.key)?.out;
  return page(tables, after, limit, (destination, prefix) =>
    (out?.sentOf(destination) ?? []).map(({ pathId, path, attached }) => ({
      prefix,
      pathId,
      sent: { ...pathView(path, null), attached },
    })),
  );
}

function viewOf(
  tables: CarriedTables,
  { peer, attached }: CarriedRoute,
  path: CarriedRoute['path'],
): PathView {
  const kind = tables.key % 256;
  const flow = kind === safi.flowspec || kind === safi.flowspecVpn;
  return { ...pathView(path, flow ? null : (peer?.nextHop?.text ?? null)), attached };
}

/** Destinations by their names: each page begins behind the place where the one before ended. */
function page<Row>(
  { rib }: CarriedTables,
  after: number,
  limit: number,
  rowsOf: (destination: CarriedDestination, name: string) => readonly Row[],
): Page<Row> {
  const all = [...rib.destinations.values()].map((one) => ({ one, name: carriedText(one.bare) }));
  all.sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows: Row[] = [];
  for (const [place, { one, name }] of all.entries()) {
    if (place <= after) continue;
    if (rows.length >= limit) return { rows, next: place - 1 };
    rows.push(...rowsOf(one, name));
  }
  return { rows, next: null };
}
