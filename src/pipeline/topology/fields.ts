import type { Diagnostic } from '../../base/diagnostic.ts';
import { nearestName } from '../../base/nearest.ts';
import type { Positioned, PositionedEntry, SourceRange } from '../../base/source.ts';

/** Collects every fault of a file; reading goes on after each. */
export type Faults = Diagnostic[];

/** The entries of a mapping; a fault and none where it is something else. */
export function mapping(
  node: Positioned,
  what: string,
  faults: Faults,
): ReadonlyMap<string, PositionedEntry> {
  if (node.entries) return node.entries;
  faults.push(wrongType(node, what, 'a mapping'));
  return new Map();
}

/** The entries of a list; null (an empty key) counts as an empty one. */
export function list(node: Positioned, what: string, faults: Faults): readonly Positioned[] {
  if (node.items) return node.items;
  if (node.value !== null) faults.push(wrongType(node, what, 'a list'));
  return [];
}

/** A text, or a number as it was written (`version: 8.4`). */
export function text(node: Positioned, what: string, faults: Faults): string | null {
  if (typeof node.value === 'string' && node.value !== '') return node.value;
  if (typeof node.value === 'number') return node.written ?? String(node.value);
  faults.push(wrongType(node, what, 'a text'));
  return null;
}

/** A fault for each key that is not known, with the nearest one that is. */
export function onlyKeys(
  entries: ReadonlyMap<string, PositionedEntry>,
  known: readonly string[],
  what: string,
  faults: Faults,
): void {
  for (const [key, { key: place }] of entries) {
    if (known.includes(key)) continue;
    const nearest = nearestName(key, known);
    faults.push({
      rule: 'unknown-key',
      severity: 'error',
      message: `${what} has no key ${shown(key)}`,
      ranges: [place],
      found: shown(key),
      expected: known.join(', '),
      ...(nearest ? { nearest } : {}),
      fix: nearest ? `write ${nearest}` : 'remove the key',
    });
  }
}

export function missingKey(what: string, key: string, source: SourceRange): Diagnostic {
  return {
    rule: 'missing-key',
    severity: 'error',
    message: `${what} needs the key ${key}`,
    ranges: [source],
    expected: key,
    fix: `add ${key}`,
  };
}

export function invalid(
  source: SourceRange,
  message: string,
  detail: Pick<Diagnostic, 'found' | 'expected' | 'nearest' | 'fix' | 'related'>,
): Diagnostic {
  return { rule: 'invalid-value', severity: 'error', message, ranges: [source], ...detail };
}

function wrongType(node: Positioned, what: string, expected: string): Diagnostic {
  return {
    rule: 'wrong-type',
    severity: 'error',
    message: `${what} is not ${expected}`,
    ranges: [node.source],
    found: kindOf(node),
    expected,
    fix: `write ${expected} here`,
  };
}

function kindOf({ value, entries, items }: Positioned): string {
  if (entries) return 'a mapping';
  if (items) return 'a list';
  return value === null ? 'nothing' : shown(String(value));
}

/** Names from outside, short enough for a sentence. */
export function shown(name: string): string {
  return name.length > 60 ? `${name.slice(0, 57)}...` : name;
}
