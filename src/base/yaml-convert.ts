import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Diagnostic } from './diagnostic.ts';
import type { RangeAt } from './line-index.ts';
import { type ParsedDocument, setKey } from './parsed.ts';
import type { Positioned, PositionedEntry, SourceRange } from './source.ts';
import { readPlainScalar, readTagged } from './yaml-scalar.ts';

/** How many nodes aliases may stand for in one file; ten nested lists of ten aliases would be ten thousand million. */
const MAX_ALIASED = 1_000_000;
const CORE_TAG = 'tag:yaml.org,2002:';

interface Anchor {
  readonly node: Positioned | null;
  /** Nodes behind it, aliases inside counted in full. */
  readonly size: number;
}

interface Context {
  readonly text: string;
  readonly at: RangeAt;
  readonly diagnostics: Diagnostic[];
  readonly anchors: Map<string, Anchor>;
  count: number;
  aliased: number;
}

type Node = ParsedNode | null | undefined;
type Item = Pair<ParsedNode, ParsedNode | null>;

interface Entry extends PositionedEntry {
  readonly name: string;
}

/** Turns the composed tree into plain values with places: anchors, merge keys, tags and scalars as PyYAML has them. */
export function convertYaml(text: string, at: RangeAt, contents: ParsedNode | null): ParsedDocument {
  const context: Context = { text, at, diagnostics: [], anchors: new Map(), count: 0, aliased: 0 };
  if (contents === null || isEmpty(contents)) return { root: null, diagnostics: [] };
  const root = convert(context, contents);
  const fatal = context.diagnostics.some((found) => found.rule !== 'yaml-duplicate-key');
  return { root: fatal ? null : root, diagnostics: context.diagnostics };
}

function isEmpty(node: ParsedNode): boolean {
  return isScalar(node) && node.type === Scalar.PLAIN && node.source === '' && !node.tag;
}

function convert(context: Context, node: Node): Positioned {
  context.count++;
  if (!node) return { value: null, source: context.at(0) };
  if (isAlias(node)) return convertAlias(context, node.source, rangeOf(context, node));
  const name = 'anchor' in node ? node.anchor : undefined;
  const before = context.count;
  if (name) context.anchors.set(name, { node: null, size: 0 });
  const converted = isMap(node)
    ? convertMap(context, node as YAMLMap.Parsed)
    : isSeq(node)
      ? convertSeq(context, node as YAMLSeq.Parsed)
      : convertScalar(context, node);
  if (name) context.anchors.set(name, { node: converted, size: context.count - before + 1 });
  return converted;
}

function rangeOf(context: Context, node: ParsedNode): SourceRange {
  return context.at(node.range[0], node.range[1]);
}

/** The value's place is the alias; what is inside keeps the places under the anchor. */
function convertAlias(context: Context, name: string, source: SourceRange): Positioned {
  const anchor = context.anchors.get(name);
  if (!anchor?.node) {
    const problem = anchor ? 'stands inside the value it refers to' : 'has no anchor before it';
    const fix = `Write &${name} at an earlier value, or quote the text if *${name} is not meant as an alias.`;
    fault(context, source, `The alias *${name} ${problem}`, fix);
    return { value: null, source };
  }
  context.count += anchor.size;
  context.aliased += anchor.size;
  if (context.aliased > MAX_ALIASED) {
    if (!context.diagnostics.some((found) => found.rule === 'yaml-limit'))
      context.diagnostics.push(tooLarge(source));
    return { value: null, source };
  }
  return { ...anchor.node, source };
}

function convertScalar(context: Context, node: Scalar.Parsed): Positioned {
  const source = rangeOf(context, node);
  const text = scalarText(context, node);
  if (node.tag && node.tag !== '!') return { value: tagged(context, node.tag, text, source), source };
  if (node.type !== Scalar.PLAIN) return { value: text, source };
  const { value, written, error } = readPlainScalar(text);
  if (error) fault(context, source, `The value ${text} cannot be read: ${error}`, 'Put the value in quotes.');
  return written === undefined ? { value, source } : { value, source, written };
}

/** Where the file ends within a block scalar without a line end, PyYAML adds none; the library does. */
function scalarText(context: Context, node: Scalar.Parsed): string {
  const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
  const cut = isBlock && node.range[1] >= context.text.length && !context.text.endsWith('\n');
  return cut ? node.source.replace(/\n$/, '') : node.source;
}

/**
 * Vault and unsafe text is carried in the form that `ansible-inventory --list` prints it. Any other tag is refused,
 * as by Ansible.
 */
function tagged(context: Context, tag: string, text: string, source: SourceRange): unknown {
  if (tag === '!vault' || tag === '!vault-encrypted') return { __ansible_vault: text };
  if (tag === '!unsafe') return { __ansible_unsafe: text };
  const value = tag.startsWith(CORE_TAG) ? readTagged(tag.slice(CORE_TAG.length), text) : undefined;
  if (value === undefined) unknownTag(context, tag, source);
  return value ?? null;
}

function unknownTag(context: Context, tag: string, source: SourceRange): void {
  const name = tag.startsWith(CORE_TAG) ? `!!${tag.slice(CORE_TAG.length)}` : tag;
  fault(
    context,
    source,
    `The tag ${name} cannot be read here`,
    'Remove the tag, or use !vault or !unsafe as Ansible knows them.',
  );
}

function collectionTag(
  context: Context,
  tag: string | undefined,
  kind: 'map' | 'seq',
  source: SourceRange,
): void {
  if (tag && tag !== `${CORE_TAG}${kind}` && tag !== '!unsafe' && tag !== '!')
    unknownTag(context, tag, source);
}

function convertSeq(context: Context, node: YAMLSeq.Parsed): Positioned {
  const source = rangeOf(context, node);
  collectionTag(context, node.tag, 'seq', source);
  const items = node.items.map((item) => convert(context, item as ParsedNode));
  return { value: items.map((item) => item.value), source, items };
}

function convertMap(context: Context, node: YAMLMap.Parsed): Positioned {
  const source = rangeOf(context, node);
  collectionTag(context, node.tag, 'map', source);
  const own: Entry[] = [];
  const merged: Entry[] = [];
  for (const pair of node.items as Item[]) {
    if (isMergeKey(pair.key)) merged.push(...mergedEntries(context, pair));
    else own.push(...entryOf(context, pair));
  }
  const entries = new Map<string, PositionedEntry>();
  const value: Record<string, unknown> = {};
  for (const entry of merged) put(entries, value, entry);
  const seen = new Map<string, Entry>();
  for (const entry of own) {
    const first = seen.get(entry.name);
    if (first) duplicate(context, entry, first);
    else seen.set(entry.name, entry);
    put(entries, value, entry);
  }
  return { value, source, entries };
}

function put(entries: Map<string, PositionedEntry>, value: Record<string, unknown>, entry: Entry): void {
  const { key, node, written } = entry;
  entries.set(entry.name, written === undefined ? { key, node } : { key, node, written });
  setKey(value, entry.name, node.value);
}

function isMergeKey(key: ParsedNode): boolean {
  return isScalar(key) && key.type === Scalar.PLAIN && key.source === '<<' && !key.tag;
}

/** PyYAML's order: of several sources the earlier wins, so it comes later; the mapping's own keys come last. */
function mergedEntries(context: Context, pair: Item): Entry[] {
  const node = convert(context, pair.value);
  const sources = node.items ? [...node.items].reverse() : [node];
  const entries: Entry[] = [];
  for (const source of sources) {
    if (source.entries) for (const [name, entry] of source.entries) entries.push({ ...entry, name });
    else
      fault(
        context,
        source.source,
        'A merge key << needs a mapping or a list of mappings',
        'Give an alias of a mapping (<<: *name), or quote the key.',
      );
  }
  return entries;
}

function entryOf(context: Context, pair: Item): Entry[] {
  const key = convertKey(context, pair.key);
  if (!key) return [];
  const node = pair.value ? convert(context, pair.value) : { value: null, source: key.source };
  return [
    { name: key.name, key: key.source, node, ...(key.written === undefined ? {} : { written: key.written }) },
  ];
}

function convertKey(
  context: Context,
  key: ParsedNode,
): { name: string; source: SourceRange; written?: string } | null {
  if (isMap(key) || isSeq(key)) {
    const source = rangeOf(context, key);
    const jinja =
      context.text.startsWith('{', key.range[0] - 1) || context.text.startsWith('{{', key.range[0]);
    if (jinja)
      fault(
        context,
        source,
        'A template expression {{ }} stands without quotes',
        'Quote the whole value: "{{ ... }}".',
      );
    else
      fault(context, source, 'A mapping or list stands where a key is needed', 'Use plain text as the key.');
    return null;
  }
  if (isScalar(key) && key.tag === '!unsafe') return { name: key.source, source: rangeOf(context, key) };
  const node = convert(context, key);
  if (typeof node.value === 'string') return { name: node.value, source: node.source };
  if (node.value !== null && typeof node.value === 'object') {
    fault(
      context,
      node.source,
      'A mapping or list stands where a key is needed',
      'Use plain text as the key.',
    );
    return null;
  }
  const written = isScalar(key) ? key.source : String(node.value);
  return { name: String(node.value), source: node.source, written };
}

function duplicate(context: Context, entry: Entry, first: PositionedEntry): void {
  context.diagnostics.push({
    rule: 'yaml-duplicate-key',
    severity: 'error',
    message: `The key ${entry.name} stands twice in the same mapping`,
    ranges: [entry.key],
    related: [{ ...first.key, note: 'first written here' }],
    fix: 'Keep one of the two; Ansible would silently use the last.',
  });
}

function fault(context: Context, source: SourceRange, message: string, fix: string): void {
  context.diagnostics.push({ rule: 'yaml-syntax', severity: 'error', message, ranges: [source], fix });
}

function tooLarge(source: SourceRange): Diagnostic {
  return {
    rule: 'yaml-limit',
    severity: 'error',
    message: `The aliases of this file stand for more than ${MAX_ALIASED} values`,
    ranges: [source],
    fix: "Write shared values in a group's variables instead of nesting aliases.",
  };
}
