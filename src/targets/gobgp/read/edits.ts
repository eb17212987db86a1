import type { SourceRange } from '../../../base/source.ts';
import { type Entry, type Table, tableAt, textAt } from './decode.ts';

/** Values of a table that a command fills in, nested as in a file. */
export interface Values {
  readonly [key: string]: string | number | boolean | readonly string[] | Values | readonly Table[];
}

/** A table as the file would have it, all of it from one place. */
export function tableOf(values: Values, source: SourceRange): Table {
  return merged({ source, entries: new Map() }, values, source);
}

/** The table with these values laid over what it has; tables inside are merged, everything else is replaced. */
export function merged(table: Table, values: Values, source: SourceRange): Table {
  const entries = new Map<string, Entry>(table.entries);
  for (const [key, value] of Object.entries(values)) {
    const inner = isValues(value)
      ? merged(tableAt(table, key) ?? { source, entries: new Map() }, value, source)
      : value;
    entries.set(key, { source, key: source, value: inner });
  }
  return { source: table.source, entries };
}

function isValues(value: Values[string]): value is Values {
  return typeof value === 'object' && !Array.isArray(value);
}

/** The tables of a list with the one that is called so changed, or added; `change` is given null where there is none. */
export function withNamed(
  tables: readonly Table[],
  key: string,
  name: string,
  change: (found: Table | null) => Table,
): readonly Table[] {
  const at = tables.findIndex((table) => textAt(table, key) === name);
  const changed = change(tables[at] ?? null);
  return at < 0 ? [...tables, changed] : tables.with(at, changed);
}

/** The table without these keys of the table at the end of `path`. */
export function without(table: Table, path: readonly string[], keys: ReadonlySet<string>): Table {
  const [step, ...behind] = path;
  if (step === undefined)
    return { source: table.source, entries: new Map([...table.entries].filter(([key]) => !keys.has(key))) };
  const inner = tableAt(table, step);
  const entry = table.entries.get(step);
  if (!inner || !entry) return table;
  const left = without(inner, behind, keys);
  return {
    source: table.source,
    entries: new Map([...table.entries, [step, { ...entry, value: left }]]),
  };
}
