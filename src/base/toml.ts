import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { MAX_DEPTH, type ParsedDocument, setKey } from './parsed.ts';
import type { DataPath, Positioned, PositionedEntry, SourceRange } from './source.ts';

/**
 * Reads TOML 1.0 and keeps every place: a value's is the value, a table's the header that opened it. Integers beyond 2^53 and
 * dates come as numbers and texts. Never throws: a fault is one diagnostic (`toml-syntax`), since the parser stops at the first.
 */
export function parseToml(text: string, file: string): ParsedDocument {
  try {
    const [program] = parseTOML(text, { tomlVersion: '1.0' }).body;
    return { root: documentOf(program, file), diagnostics: [] };
  } catch (failure) {
    const known = failure instanceof ParseError;
    // The parser recurses over what is nested: where the stack ends, the file is no configuration.
    if (!known && !(failure instanceof RangeError) && !(failure instanceof TooDeep)) throw failure;
    const place = known ? { line: failure.lineNumber, column: failure.column + 1 } : { line: 1, column: 1 };
    const why = known ? failure.message : 'it is nested too deep';
    return {
      root: null,
      diagnostics: [
        {
          rule: 'toml-syntax',
          severity: 'error',
          message: `Not TOML at this place: ${why.charAt(0).toLowerCase()}${why.slice(1)}`,
          ranges: [{ file, ...place }],
          fix: 'Correct the TOML at this place.',
        },
      ],
    };
  }
}

class TooDeep extends Error {}

/** A node while it grows; `toPositioned` makes the readonly form at the end. */
type Growing =
  | { readonly kind: 'value'; readonly value: unknown; readonly source: SourceRange }
  | { readonly kind: 'list'; readonly source: SourceRange; readonly items: Growing[] }
  | {
      readonly kind: 'table';
      readonly source: SourceRange;
      readonly entries: Map<string, { readonly key: SourceRange; readonly node: Growing }>;
    };

type Table = Extract<Growing, { kind: 'table' }>;

const tableAt = (source: SourceRange): Table => ({ kind: 'table', source, entries: new Map() });

function documentOf(program: AST.TOMLTopLevelTable, file: string): Positioned {
  const root = tableAt({ file, line: 1, column: 1 });
  for (const node of program.body) {
    if (node.type === 'TOMLKeyValue') addKeyValue(root, node, file);
    else {
      const table = openTable(root, node, file);
      for (const pair of node.body) addKeyValue(table, pair, file);
    }
  }
  return toPositioned(root, 0);
}

/** The table a header opens; the parser has already refused headers that contradict each other. */
function openTable(root: Table, header: AST.TOMLTable, file: string): Table {
  const places = header.key.keys.map((key) => rangeOf(key, file));
  let place = -1;
  const path: DataPath = header.resolvedKey;
  let node: Growing = root;
  for (const [index, step] of path.entries()) {
    if (typeof step === 'number') {
      if (node.kind !== 'list') return root;
      const existing: Growing | undefined = node.items[step];
      const opened: Growing = existing ?? tableAt(places[place] ?? rangeOf(header, file));
      node.items[step] = opened;
      node = opened;
      continue;
    }
    place++;
    if (node.kind !== 'table') return root;
    const key = places[place] ?? rangeOf(header, file);
    const isList = typeof path[index + 1] === 'number';
    const opened: Growing =
      node.entries.get(step)?.node ?? (isList ? { kind: 'list', source: key, items: [] } : tableAt(key));
    if (!node.entries.has(step)) node.entries.set(step, { key, node: opened });
    node = opened;
  }
  return node.kind === 'table' ? node : root;
}

function addKeyValue(table: Table, pair: AST.TOMLKeyValue, file: string): void {
  let inner = table;
  const keys = pair.key.keys;
  for (const [index, key] of keys.entries()) {
    const name = key.type === 'TOMLBare' ? key.name : key.value;
    const place = rangeOf(key, file);
    if (index === keys.length - 1) {
      inner.entries.set(name, { key: place, node: contentOf(pair.value, file, 0) });
      return;
    }
    const existing = inner.entries.get(name)?.node;
    const next = existing?.kind === 'table' ? existing : tableAt(place);
    if (!existing) inner.entries.set(name, { key: place, node: next });
    inner = next;
  }
}

function contentOf(node: AST.TOMLContentNode, file: string, depth: number): Growing {
  if (depth > MAX_DEPTH) throw new TooDeep();
  const source = rangeOf(node, file);
  if (node.type === 'TOMLArray') {
    return {
      kind: 'list',
      source,
      items: node.elements.map((element) => contentOf(element, file, depth + 1)),
    };
  }
  if (node.type === 'TOMLInlineTable') {
    const table = tableAt(source);
    for (const pair of node.body) addKeyValue(table, pair, file);
    return table;
  }
  return { kind: 'value', value: node.value instanceof Date ? node.value.toISOString() : node.value, source };
}

function toPositioned(node: Growing, depth: number): Positioned {
  if (depth > MAX_DEPTH) throw new TooDeep();
  if (node.kind === 'value') return { value: node.value, source: node.source };
  if (node.kind === 'list') {
    const items = node.items.map((item) => toPositioned(item, depth + 1));
    return { value: items.map(({ value }) => value), source: node.source, items };
  }
  const value: Record<string, unknown> = {};
  const entries = new Map<string, PositionedEntry>();
  for (const [name, { key, node: inner }] of node.entries) {
    const entry = { key, node: toPositioned(inner, depth + 1) };
    entries.set(name, entry);
    setKey(value, name, entry.node.value);
  }
  return { value, source: node.source, entries };
}

function rangeOf({ loc }: AST.TOMLNode, file: string): SourceRange {
  return {
    file,
    line: loc.start.line,
    column: loc.start.column + 1,
    endLine: loc.end.line,
    endColumn: loc.end.column + 1,
  };
}
