/**
 * Where a value came from. Lines and columns count from 1, as editors show them; `column` counts
 * UTF-16 code units. `file` is the path as the user would type it, relative to where he stands.
 */
export interface SourceRange {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** `hosts.yml:4:14`, the form editors and terminals turn into a link. */
export function formatSource(source: SourceRange): string {
  return `${source.file}:${source.line}:${source.column}`;
}

/** One step into nested data: a mapping's key or a sequence's index. */
export type DataPath = readonly (string | number)[];

/**
 * A value that remembers its place. `value` is plain data (shared, never changed); `entries` and `items`
 * hold the places of what is inside a mapping or a sequence.
 */
export interface Positioned {
  readonly value: unknown;
  readonly source: SourceRange;
  readonly entries?: ReadonlyMap<string, PositionedEntry>;
  readonly items?: readonly Positioned[];
  /** The text of an unquoted scalar, where what it means is not what it looks like (YAML 1.1 `yes`, `0123`). */
  readonly written?: string;
}

export interface PositionedEntry {
  readonly key: SourceRange;
  readonly node: Positioned;
  /** The text of an unquoted key that is not text to YAML (`10`, `no`, `~`); the map's key is then its JSON form. */
  readonly written?: string;
}

/** The node at `path`, or the closest parent that exists. */
export function nodeAt(root: Positioned, path: DataPath): Positioned {
  let node = root;
  for (const step of path) {
    const next = typeof step === 'number' ? node.items?.[step] : node.entries?.get(step)?.node;
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** The place of the value at `path`, or of its closest parent. */
export function sourceAt(root: Positioned, path: DataPath): SourceRange {
  return nodeAt(root, path).source;
}

/** The place of the key at the end of `path` (for "unknown key"), or of the closest parent. */
export function keySourceAt(root: Positioned, path: DataPath): SourceRange {
  const parent = nodeAt(root, path.slice(0, -1));
  const last = path.at(-1);
  if (typeof last === 'string') return parent.entries?.get(last)?.key ?? parent.source;
  return sourceAt(root, path);
}
