import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Diagnostic } from './diagnostic.ts';
import { type RangeAt, rangesOf } from './line-index.ts';
import { MAX_DEPTH, type ParsedDocument, setKey } from './parsed.ts';
import type { Positioned, PositionedEntry } from './source.ts';

/** The first faults tell the story; a missing quote makes an error of every following token. */
const MOST = 5;

/**
 * Reads strict JSON (RFC 8259: no comments, no trailing commas) and keeps every place. Never throws: faults are
 * diagnostics (`json-syntax`, `yaml-duplicate-key`). After a duplicate key the last value stands.
 */
export function parseJson(text: string, file: string): ParsedDocument {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  const at = rangesOf(file, source);
  const errors: ParseError[] = [];
  const deep = depthFault(source);
  if (deep !== undefined) return { root: null, diagnostics: [tooDeep(at, deep)] };
  const tree = parseTree(source, errors, { disallowComments: true, allowTrailingComma: false });
  if (errors.length > 0 || !tree)
    return { root: null, diagnostics: errors.slice(0, MOST).map((error) => syntax(at, error)) };
  const diagnostics: Diagnostic[] = [];
  return { root: convert(tree, at, diagnostics), diagnostics };
}

/** Offset of the first bracket that nests too deep; the parser behind recurses, so it is asked before. */
function depthFault(text: string): number | undefined {
  let depth = 0;
  for (const match of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[{]|[\]}]/g)) {
    if (match[0] === '[' || match[0] === '{') depth++;
    else if (match[0] === ']' || match[0] === '}') depth--;
    if (depth > MAX_DEPTH) return match.index;
  }
  return undefined;
}

function convert(node: Node, at: RangeAt, diagnostics: Diagnostic[]): Positioned {
  const source = at(node.offset, node.offset + node.length);
  if (node.type === 'array') {
    const items = (node.children ?? []).map((child) => convert(child, at, diagnostics));
    return { value: items.map((item) => item.value), source, items };
  }
  if (node.type !== 'object') return { value: node.value, source };
  const entries = new Map<string, PositionedEntry>();
  const value: Record<string, unknown> = {};
  for (const property of node.children ?? []) {
    const [key, inner] = property.children ?? [];
    if (!key || !inner) continue;
    const name = String(key.value);
    const place = at(key.offset, key.offset + key.length);
    const first = entries.get(name);
    if (first) diagnostics.push(duplicate(name, place, first));
    const entry = { key: place, node: convert(inner, at, diagnostics) };
    entries.set(name, entry);
    setKey(value, name, entry.node.value);
  }
  return { value, source, entries };
}

function duplicate(name: string, place: PositionedEntry['key'], first: PositionedEntry): Diagnostic {
  return {
    rule: 'yaml-duplicate-key',
    severity: 'error',
    message: `The key ${name} stands twice in the same object`,
    ranges: [place],
    related: [{ ...first.key, note: 'first written here' }],
    fix: 'Keep one of the two; most readers silently use the last.',
  };
}

function syntax(at: RangeAt, error: ParseError): Diagnostic {
  const words = printParseErrorCode(error.error).replace(/([a-z])([A-Z])/g, '$1 $2');
  return {
    rule: 'json-syntax',
    severity: 'error',
    message: `Not JSON at this place: ${words.toLowerCase()}`,
    ranges: [at(error.offset, error.offset + error.length)],
    fix: remedies[printParseErrorCode(error.error)] ?? 'Correct the JSON at this place.',
  };
}

function tooDeep(at: RangeAt, offset: number): Diagnostic {
  return {
    rule: 'yaml-limit',
    severity: 'error',
    message: `The document is nested more than ${MAX_DEPTH} levels deep`,
    ranges: [at(offset, offset + 1)],
    fix: 'Flatten the document; look for brackets that were never closed.',
  };
}

const remedies: Readonly<Record<string, string>> = {
  InvalidSymbol: 'Put text in double quotes; JSON knows only true, false, null and numbers without them.',
  InvalidNumberFormat: 'Write the number without leading zero or sign +, or put it in double quotes.',
  PropertyNameExpected: 'Put the key in double quotes, and remove a comma before the closing brace.',
  ValueExpected: 'Add the value, or remove a comma before the closing bracket.',
  ColonExpected: 'Put a colon between key and value.',
  CommaExpected: 'Put a comma between the entries.',
  CloseBraceExpected: 'Close the object with }.',
  CloseBracketExpected: 'Close the list with ].',
  EndOfFileExpected: 'Keep one JSON value per file and remove what follows it.',
  InvalidCommentToken: 'Remove the comment; strict JSON has none.',
  UnexpectedEndOfString: 'Close the string with a double quote.',
  InvalidCharacter: 'Write control characters as \\uXXXX.',
  InvalidEscapeCharacter: 'Write a backslash as \\\\.',
};
