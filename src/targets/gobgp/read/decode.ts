import { nearestName } from '../../../base/nearest.ts';
import type { Positioned, SourceRange } from '../../../base/source.ts';
import type { Reading } from './reading.ts';
import type { Kind, TableSchema } from './schema.ts';

/**
 * A table after decoding: only known keys, in lower case (viper folds them), with values of their kinds. What gobgpd could not
 * decode has been said and is left out.
 */
export interface Table {
  readonly source: SourceRange;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly source: SourceRange;
  /** The place of the key, for what is said of the line as a whole. */
  readonly key: SourceRange;
  readonly value:
    | string
    | number
    | boolean
    | readonly string[]
    | readonly number[]
    | Table
    | readonly Table[];
}

/** Decodes as gobgpd does: every unknown key and every value that does not convert is a refusal, all of them at once. */
export function decode(node: Positioned, schema: TableSchema, reading: Reading, where: string): Table {
  const entries = new Map<string, Entry>();
  for (const [written, { key, node: inner }] of node.entries ?? []) {
    const name = written.toLowerCase();
    const place = where === '' ? name : `${where}.${name}`;
    if (name === 'state' && 'config' in schema.keys) {
      reading.note(key, place, 'a file cannot set what gobgpd measures', false);
      continue;
    }
    const kind = Object.hasOwn(schema.keys, name) ? schema.keys[name] : undefined;
    if (kind === undefined) {
      unknownKey(written, place, key, schema, reading);
      continue;
    }
    const value = decodeValue(inner, kind, reading, place);
    if (value !== null) entries.set(name, { source: inner.source, key, value });
  }
  return { source: node.source, entries };
}

function unknownKey(
  written: string,
  place: string,
  key: SourceRange,
  schema: TableSchema,
  reading: Reading,
): void {
  const near = nearestName(written, Object.keys(schema.keys));
  reading.stopped = true;
  reading.diagnostics.push({
    rule: 'config-refused',
    severity: 'error',
    message: `gobgpd does not start: it does not know the key '${place}'`,
    ranges: [key],
    found: written,
    ...(near ? { nearest: near } : {}),
    fix: near ? `Write '${near}'.` : 'Remove the key.',
  });
}

function decodeValue(
  node: Positioned,
  kind: Kind | TableSchema | readonly [TableSchema],
  reading: Reading,
  place: string,
): Entry['value'] | null {
  if (typeof kind === 'string') return decodeScalars(node, kind, reading, place);
  if (!isList(kind)) {
    if (node.entries) return decode(node, kind, reading, place);
    return refuse(node, 'a table', reading, place);
  }
  const items = node.items ?? (node.entries ? [node] : null);
  if (!items?.every((item) => item.entries)) return refuse(node, 'an array of tables', reading, place);
  return items.map((item) => decode(item, kind[0], reading, place));
}

function isList(kind: TableSchema | readonly [TableSchema]): kind is readonly [TableSchema] {
  return Array.isArray(kind);
}

const kindNames: Readonly<Record<Kind, string>> = {
  text: 'a text',
  number: 'a number that is not negative',
  flag: 'true or false',
  texts: 'a list of texts',
  numbers: 'a list of numbers',
};

function decodeScalars(node: Positioned, kind: Kind, reading: Reading, place: string): Entry['value'] | null {
  if (kind === 'number') return decodeNumber(node, reading, place);
  if (kind === 'text' || kind === 'flag') {
    return convert(node.value, kind) ?? refuse(node, kindNames[kind], reading, place);
  }
  // One value stands for a list of one (mapstructure decodes weakly).
  const values = (node.items ?? [node]).map(({ value }) =>
    convert(value, kind === 'texts' ? 'text' : 'number'),
  );
  if (values.includes(null)) return refuse(node, kindNames[kind], reading, place);
  return values as readonly string[] | readonly number[];
}

const BITS_32 = 2 ** 32;

/** A number that does not fit into 32 bits loses what stands above them (mapstructure; seen on 3.10), and beyond 63 TOML knows none. */
function decodeNumber(node: Positioned, reading: Reading, place: string): number | null {
  const number = convert(node.value, 'number');
  if (typeof number !== 'number') return refuse(node, kindNames.number, reading, place);
  if (number < BITS_32) return number;
  if (number >= 2 ** 63) return refuse(node, 'a number below 2^63', reading, place);
  reading.refuse(
    node.source,
    `gobgpd cuts '${place}' to 32 bits, and takes ${number % BITS_32}`,
    'Write a number up to 4294967295.',
    String(node.value),
  );
  return number % BITS_32;
}

/** mapstructure's weak decoding: texts that spell numbers, numbers for texts, 0 and 1 for flags. */
function convert(value: unknown, kind: 'text' | 'number' | 'flag'): string | number | boolean | null {
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (!scalar) return null;
  if (kind === 'text') return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
  if (kind === 'number') {
    const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
    // -1 is how `port` says not to listen.
    return Number.isFinite(number) && (number >= 0 || number === -1) ? number : null;
  }
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  const flags: Readonly<Record<string, boolean>> = {
    true: true,
    false: false,
    '1': true,
    '0': false,
    '': false,
  };
  return flags[value.toLowerCase()] ?? null;
}

function refuse(node: Positioned, expected: string, reading: Reading, place: string): null {
  reading.stopped = true;
  reading.diagnostics.push({
    rule: 'config-refused',
    severity: 'error',
    message: `gobgpd does not start: '${place}' must be ${expected}`,
    ranges: [node.source],
    found: JSON.stringify(node.value),
    expected,
    fix: `Give ${expected}.`,
  });
  return null;
}

/** The table at the end of `path`; null where a part of it is not there. */
export function tableAt(table: Table | null, ...path: readonly string[]): Table | null {
  let current = table;
  for (const step of path) {
    const value = current?.entries.get(step)?.value;
    current = isTable(value) ? value : null;
  }
  return current;
}

export function tablesAt(table: Table | null, key: string): readonly Table[] {
  const value = table?.entries.get(key)?.value;
  return Array.isArray(value) ? (value as readonly Table[]) : [];
}

export function textAt(table: Table | null, key: string): string {
  const value = table?.entries.get(key)?.value;
  return typeof value === 'string' ? value : '';
}

export function numberAt(table: Table | null, key: string): number {
  const value = table?.entries.get(key)?.value;
  return typeof value === 'number' ? value : 0;
}

export function flagAt(table: Table | null, key: string): boolean {
  return table?.entries.get(key)?.value === true;
}

export function textsAt(table: Table | null, key: string): readonly string[] {
  const value = table?.entries.get(key)?.value;
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

function isTable(value: Entry['value'] | undefined): value is Table {
  return typeof value === 'object' && !Array.isArray(value);
}
