import type { FabricTables, HostTables } from '../tables.ts';

/** One prefix in the tables of all hosts, as text: equal texts, equal tables. */
type Outcome = string;

/** How real tables stand to the simulated ones. */
export interface Comparison {
  /** 'equal': to the usual order; 'one-order': every prefix is as some order has it; 'mismatch': some prefix is as none has it. */
  readonly verdict: 'equal' | 'one-order' | 'mismatch';
  /** Prefixes whose outcome is another than the usual order's, with how many outcomes were seen among the orders tried. */
  readonly byOrder: Readonly<Record<string, number>>;
  readonly mismatched: readonly string[];
}

/** Real tables as they are held against simulated ones: what cannot be foretold is taken over. */
export type View = (real: FabricTables, simulated: FabricTables) => FabricTables;

/**
 * Holds real tables against the simulated ones. What hangs on the order of messages cannot be foretold, but it cannot be just anything
 * either: it has to be the outcome of some order. `simulated` gives the tables of the order of that number, 0 being the usual one.
 */
export function compareTables(
  real: FabricTables,
  simulated: (order: number) => FabricTables,
  orders: number,
  view: View = (tables) => tables,
): Comparison {
  const first = simulated(0);
  const wanted = outcomes(view(real, first));
  const usual = outcomes(first);
  const prefixes = [...new Set([...wanted.keys(), ...usual.keys()])].sort();
  let missing = prefixes.filter((prefix) => usual.get(prefix) !== wanted.get(prefix));
  const different = missing;
  const seen = new Map(different.map((prefix) => [prefix, new Set([usual.get(prefix)])]));
  for (let order = 1; order <= orders && missing.length > 0; order++) {
    const tables = simulated(order);
    const other = outcomes(tables);
    const has = outcomes(view(real, tables));
    for (const prefix of different) seen.get(prefix)?.add(other.get(prefix));
    missing = missing.filter((prefix) => other.get(prefix) !== has.get(prefix));
  }
  const found = different.filter((prefix) => !missing.includes(prefix));
  return {
    verdict: missing.length > 0 ? 'mismatch' : different.length > 0 ? 'one-order' : 'equal',
    byOrder: Object.fromEntries(found.map((prefix) => [prefix, seen.get(prefix)?.size ?? 0])),
    mismatched: missing,
  };
}

/** Sessions count as a prefix of their own: they hang on no order. */
function outcomes(tables: FabricTables): ReadonlyMap<string, Outcome> {
  const hosts = Object.entries(tables);
  const prefixes = new Set(
    hosts.flatMap(([, { bgp, kernel }]) => [...Object.keys(bgp), ...Object.keys(kernel)]),
  );
  const of = (read: (host: HostTables) => unknown) =>
    JSON.stringify(hosts.map(([name, host]) => [name, read(host)]));
  return new Map([
    ['sessions', of(({ sessions }) => sessions)],
    ...[...prefixes].map((prefix): [string, Outcome] => [
      prefix,
      of(({ bgp, kernel }) => [bgp[prefix] ?? [], kernel[prefix] ?? []]),
    ]),
  ]);
}
