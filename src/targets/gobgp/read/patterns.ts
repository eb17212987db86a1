import { compileRegex } from '../../../base/regex.ts';
import { communityText } from '../../../bgp/communities.ts';
import type { CommunitySet } from '../../../bgp/policy/types.ts';
import { knownCommunity } from './community.ts';
import type { Table } from './decode.ts';
import type { Reading } from './reading.ts';

/** Patterns are tried on each community by itself (ParseCommunityRegexp). */
export function communityPatterns(
  name: string,
  texts: readonly string[],
  pattern: (text: string) => string,
  table: Table,
  reading: Reading,
): CommunitySet {
  const entries = texts.map((text) => {
    const regex = pattern(text);
    checkRegex(regex, false, table, reading);
    return { permit: true, regex };
  });
  return { name, eachCommunity: true, entries };
}

/** GoBGP's own test for a plain community (_regexpCommunity2); with our engine, since it would make JavaScript's backtrack. */
const plainCommunity = compileRegex('^([0-9]+.)*[0-9]+:[0-9]+$', { border: false });

export function standardPattern(text: string): string {
  if (typeof plainCommunity !== 'string' && plainCommunity.test(text)) return `^${text}$`;
  const value = knownCommunity(text.toLowerCase().replaceAll('_', '-')) ?? numbered(text);
  return value === null ? text : `^${communityText(value)}$`;
}

function numbered(text: string): number | null {
  return /^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff ? Number(text) : null;
}

export function largePattern(text: string): string {
  return /^\d+:\d+:\d+$/.test(text) ? `^${text}$` : text;
}

/** Looking around and back is not in Go's expressions, and a repetition needs something before it. */
const NOT_IN_GO = /\(\?<?[=!]|(?:^|[^\\])(?:\\\\)*\\[1-9]|^[*+?]/;

/** Go's expressions know more than ours; what ours cannot read is said, and fits nothing. What Go cannot read costs all policies. */
export function checkRegex(regex: string, border: boolean, table: Table, reading: Reading): void {
  const compiled = compileRegex(regex, { border });
  if (typeof compiled !== 'string') return;
  if (NOT_IN_GO.test(regex) || compiled.startsWith('unmatched')) {
    const message = `it cannot compile the regular expression ${regex} (${compiled})`;
    reading.losePolicies(table.source, message, 'Correct the expression.', regex);
    return;
  }
  reading.note(table.source, regex, `the regular expression cannot be followed (${compiled})`, true);
}
