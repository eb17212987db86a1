import type { SourceRange } from '../../../base/source.ts';
import { type Grammar, nearestCommand, whereItLeaves } from './grammar.ts';
import { climb, grammarsOf } from './grammars.ts';
import type { Reading } from './reading.ts';
import { expectedWords } from './tokens.ts';

/** Says of a line that no grammar takes at which word it leaves them, and what could stand there. */
export function noteUnknown(reading: Reading, words: readonly string[]): void {
  const grammars = climb[reading.mode].map((name) => grammarsOf(reading.dialect)[name]);
  const negated = words[0] === 'no' && words.length > 1;
  const positive = negated ? words.slice(1) : words;
  const left = leaving(grammars, positive);
  const nearest = nearestOf(grammars, positive);
  const hint = nearest === null ? '' : `; did you mean \`${negated ? 'no ' : ''}${nearest}\`?`;
  if (!left) {
    reading.unrecognised(`the daemon would refuse this line${hint}`);
    return;
  }
  const word = positive[left.index];
  const expected = listed(left.expected);
  const at = word === undefined ? 'it ends too early' : `it cannot go on with \`${shortened(word)}\``;
  const wanted = expected === '' ? '' : `, expected ${expected}`;
  reading.unrecognised(
    `the daemon would refuse this line: ${at}${wanted}${hint}`,
    placeOfWord(reading, left.index + (negated ? 1 : 0)),
  );
}

interface Left {
  readonly index: number;
  readonly expected: ReadonlySet<string>;
}

/** Where those grammars leave the line that take most of it; null: none takes even its first word. */
function leaving(grammars: readonly Grammar<Reading>[], words: readonly string[]): Left | null {
  const all = grammars.map((grammar) => whereItLeaves(grammar, words));
  const index = Math.max(...all.map((one) => one.index));
  const deepest = all.filter((one) => one.index === index);
  return index > 0 ? { index, expected: new Set(deepest.flatMap((one) => [...one.expected])) } : null;
}

function nearestOf(grammars: readonly Grammar<Reading>[], words: readonly string[]): string | null {
  for (const grammar of grammars) {
    const nearest = nearestCommand(grammar, words);
    if (nearest !== null) return nearest;
  }
  return null;
}

/** More than these would bury what is meant. */
const MOST = 5;

function listed(expected: ReadonlySet<string>): string {
  const words = [...new Set([...expected].map(expectedWords))];
  if (words.length === 0 || words.length > MOST) return '';
  return words.length === 1 ? `${words[0]}` : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

const LONGEST = 60;

function shortened(word: string): string {
  return word.length > LONGEST ? `${word.slice(0, LONGEST)}…` : word;
}

/** The place of a word of the line; behind the line: its last letter. */
function placeOfWord({ file, line, column, text }: Reading, index: number): SourceRange {
  const found = [...text.matchAll(/\S+/g)][index];
  const start = found ? found.index : text.length - 1;
  const length = found ? found[0].length : 1;
  return { file, line, column: column + start, endLine: line, endColumn: column + start + length };
}
