import { isCarried, type TableFamily } from '../../base/family.ts';
import { contains, type Prefix } from '../../base/ip.ts';
import { importPath } from '../../bgp/import.ts';
import { describeReason } from '../../bgp/policy/describe.ts';
import type { Candidate } from '../../bgp/rib/candidate.ts';
import type { DecidingStep } from '../../bgp/rib/decide.ts';
import { stepValue } from '../../bgp/rib/step-values.ts';
import type { CarriedTables } from '../carried/carried-tables.ts';
import type { Neighbor } from '../neighbor/neighbor.ts';
import { familyKeys } from '../session/our-open.ts';
import type { Speaker } from '../speaker.ts';
import type { Tables } from '../tables/tables.ts';
import { carriedIn, carriedOut, carriedPage } from './carried-views.ts';
import { pathView } from './path-view.ts';
import type { AdjInRow, AdjOutRow, Page, RibRow } from './types.ts';

/** Which part of a table. */
export interface Selection {
  readonly family: TableFamily;
  /** null: every prefix. */
  readonly prefix: Prefix | null;
  /** Also what lies inside the prefix. */
  readonly longer: boolean;
  /** Place in the table behind which the page begins; -1: from the start. */
  readonly after: number;
  readonly limit: number;
}

/** Looks at most at so many places for one page: a page is never the whole of a large table. */
const MOST_LOOKS = 100_000;

/** Loc-RIB: every usable path with what beat it. */
export function ribPage(speaker: Speaker, selection: Selection): Page<RibRow> {
  const carried = carriedOf(speaker, selection);
  if (carried) return carriedPage(carried, selection.after, selection.limit);
  return page(speaker, selection, (tables, place) => {
    const losses = new Map<Candidate, string>();
    const { process } = tables.router;
    const note = (loser: Candidate, winner: Candidate, step: DecidingStep) => {
      const [own, other] = [loser, winner].map((one) => stepValue(process, step, one));
      const values = own === '' ? '' : ` ${own} against ${other}`;
      losses.set(loser, `${step}${values} of ${winner.peer?.name ?? 'this speaker'}`);
    };
    const routes = tables.table.candidates(place, note);
    if (routes.length === 0) return null;
    return {
      prefix: tables.table.index.prefixAt(place).text,
      paths: routes.map((route) => {
        const isBest = route.selected;
        return {
          ...pathView(route.path, route.peer?.nextHop?.text ?? null),
          from: route.peer?.name ?? null,
          pathId: route.peer ? route.pathId : 0,
          best: isBest,
          reason: isBest ? null : (route.invalid ?? losses.get(route) ?? 'another path is better'),
        };
      }),
    };
  });
}

/** Adj-RIB-In of a neighbor: as received, and as the import policy left it. */
export function adjInPage(speaker: Speaker, neighbor: Neighbor, selection: Selection): Page<AdjInRow> {
  const carried = carriedOf(speaker, selection);
  if (carried) return carriedIn(carried, neighbor, selection.after, selection.limit);
  return page(speaker, selection, (tables, place) => {
    const rows: AdjInRow[] = [];
    const prefix = tables.table.index.prefixAt(place);
    tables.table.forEachRoute(place, (number, pathId, wire, accepted) => {
      if (number !== neighbor.number) return;
      const peer = tables.peerAt(number);
      const unnamed = peer?.nextHop?.text ?? null;
      rows.push({
        prefix: prefix.text,
        pathId,
        received: pathView(tables.pathAt(wire), unnamed),
        accepted: accepted === 0 ? null : pathView(tables.pathAt(accepted), unnamed),
        refused: accepted === 0 && peer ? refusedBecause(tables, peer, prefix, wire) : null,
      });
    });
    return rows.length === 0 ? null : rows;
  });
}

function refusedBecause(
  tables: Tables,
  peer: NonNullable<ReturnType<Tables['peerAt']>>,
  prefix: Prefix,
  wire: number,
): string {
  const outcome = importPath(tables.router, peer, prefix, tables.pathAt(wire));
  if (outcome.path !== null) return 'refused';
  return outcome.reason ? `${outcome.refused}: ${describeReason(outcome.reason)}` : outcome.refused;
}

/** Adj-RIB-Out of a neighbor: what it was told last. */
export function adjOutPage(speaker: Speaker, neighbor: Neighbor, selection: Selection): Page<AdjOutRow> {
  const carried = carriedOf(speaker, selection);
  if (carried) return carriedOut(carried, neighbor, selection.after, selection.limit);
  const member = neighbor.members.get(familyKeys[selection.family]);
  return page(speaker, selection, (tables, place) => {
    const own = member?.peer.ownNextHop?.text ?? null;
    const prefix = tables.table.index.prefixAt(place).text;
    return (member?.out.sentOf(place) ?? []).map(({ pathId, wire }) => ({
      prefix,
      pathId,
      sent: pathView(tables.pathAt(wire), own),
    }));
  });
}

function carriedOf(speaker: Speaker, { family }: Selection): CarriedTables | undefined {
  return isCarried(family) ? speaker.carried.get(familyKeys[family]) : undefined;
}

function page<Row>(
  speaker: Speaker,
  { family, prefix, longer, after, limit }: Selection,
  rowsAt: (tables: Tables, place: number) => Row | readonly Row[] | null,
): Page<Row> {
  const tables = isCarried(family) ? undefined : speaker.tables.get(family);
  if (!tables) return { rows: [], next: null };
  const { index } = tables.table;
  if (prefix && !longer) {
    const place = index.find(prefix);
    return { rows: place < 0 ? [] : listOf(rowsAt(tables, place)), next: null };
  }
  const rows: Row[] = [];
  for (let place = after + 1; place < index.size; place++) {
    if (rows.length >= limit || place > after + MOST_LOOKS) return { rows, next: place - 1 };
    // A place given back names nothing.
    if (tables.table.isEmpty(place) || (prefix && !contains(prefix, index.prefixAt(place)))) continue;
    rows.push(...listOf(rowsAt(tables, place)));
  }
  return { rows, next: null };
}

function listOf<Row>(found: Row | readonly Row[] | null): readonly Row[] {
  if (found === null) return [];
  return Array.isArray(found) ? (found as readonly Row[]) : [found as Row];
}
