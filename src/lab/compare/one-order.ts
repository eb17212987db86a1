import type { FabricTables, HostTables, TablePath } from '../tables.ts';

/** What never settles in the usual order may settle in another; so much of the orders is spent on finding it. */
const CIRCLING_SHARE = 0.25;

/** One prefix in the tables of all hosts, as text: equal texts, equal tables. */
type Outcome = string;

/** How real tables stand to the simulated ones. */
export interface Comparison {
  /**
   * 'equal': to the usual order; 'one-order': every prefix is as some order has it; 'oscillates': what is neither never settles, as the
   * simulator says; 'mismatch': some prefix is as no order has it.
   */
  readonly verdict: 'equal' | 'one-order' | 'oscillates' | 'mismatch';
  /** Prefixes whose outcome is another than the usual order's, with how many outcomes were seen among the orders tried. */
  readonly byOrder: Readonly<Record<string, number>>;
  readonly mismatched: readonly string[];
  /** Prefixes that never settle, and are as no order has them. */
  readonly circling: readonly string[];
}

/** Real tables as they are held against simulated ones: what cannot be foretold is taken over. */
export type View = (real: FabricTables, simulated: FabricTables) => FabricTables;

export interface CompareOptions {
  readonly view?: View;
  readonly circling?: ReadonlySet<string>;
  /** Asked before each order but the usual one; after the first no, no more are tried. */
  readonly goOn?: () => boolean;
}

/**
 * Holds real tables against the simulated ones. What hangs on the order of messages cannot be foretold, but it cannot be just anything
 * either: it has to be the outcome of some order. `simulated` gives the tables of the order of that number, 0 being the usual one.
 * `circling`: prefixes that never settle in the usual order, and may be anything.
 */
export function compareTables(
  real: FabricTables,
  simulated: (order: number) => FabricTables,
  orders: number,
  { view = (tables) => tables, circling = new Set(), goOn = () => true }: CompareOptions = {},
): Comparison {
  const first = simulated(0);
  const wanted = outcomes(view(real, first));
  const usual = outcomes(first);
  const prefixes = [...new Set([...wanted.keys(), ...usual.keys()])].sort();
  const different = prefixes.filter((prefix) => usual.get(prefix) !== wanted.get(prefix));
  let missing = different;
  const seen = new Map(different.map((prefix) => [prefix, new Set([usual.get(prefix)])]));
  const most = () => (missing.some((prefix) => !circling.has(prefix)) ? orders : orders * CIRCLING_SHARE);
  for (let order = 1; order <= most() && missing.length > 0 && goOn(); order++) {
    const tables = simulated(order);
    const other = outcomes(tables);
    const has = outcomes(view(real, tables));
    for (const prefix of different) seen.get(prefix)?.add(other.get(prefix));
    missing = missing.filter((prefix) => other.get(prefix) !== has.get(prefix));
  }
  const found = different.filter((prefix) => !missing.includes(prefix));
  const mismatched = missing.filter((prefix) => !circling.has(prefix));
  return {
    verdict:
      mismatched.length > 0
        ? 'mismatch'
        : missing.length > 0
          ? 'oscillates'
          : different.length > 0
            ? 'one-order'
            : 'equal',
    byOrder: Object.fromEntries(found.map((prefix) => [prefix, seen.get(prefix)?.size ?? 0])),
    mismatched,
    circling: missing.filter((prefix) => circling.has(prefix)),
  };
}

/** Sessions count as a prefix of their own: they hang on no order. */
export const SESSIONS = 'sessions';

function outcomes(tables: FabricTables): ReadonlyMap<string, Outcome> {
  const hosts = Object.entries(tables);
  const prefixes = new Set(
    hosts.flatMap(([, { bgp, kernel }]) => [...Object.keys(bgp), ...Object.keys(kernel)]),
  );
  const of = (read: (host: HostTables) => unknown) =>
    JSON.stringify(hosts.map(([name, host]) => [name, read(host)]));
  return new Map([
    [SESSIONS, of(({ sessions }) => sessions)],
    ...[...prefixes].map((prefix): [string, Outcome] => [
      prefix,
      of(({ bgp, kernel }) => [(bgp[prefix] ?? []).map(inOneOrder), kernel[prefix] ?? []]),
    ]),
  ]);
}

/** Each daemon's adapter fills in what it knows in an order of its own. */
function inOneOrder(path: TablePath): unknown {
  return Object.entries(path).sort(([a], [b]) => (a < b ? -1 : 1));
}
