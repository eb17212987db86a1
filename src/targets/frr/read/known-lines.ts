import type { DialectId } from './dialect.ts';
import type { Match } from './grammar.ts';
import { climb, type GrammarName, grammarsOf } from './grammars.ts';
import type { FamilyCommand, Mode, Reading } from './reading.ts';

/**
 * Lines about a neighbor that were understood before, by dialect, by where they stand and by what follows the neighbor's name. Most
 * lines of a large file say of one neighbor what the line above said of another.
 */
export interface KnownLine {
  readonly grammar: GrammarName;
  readonly command: FamilyCommand;
  /** The neighbor's name in `id` is that of the last line that was looked up. */
  readonly args: Map<string, string>;
}

const known = new Map<DialectId, Map<Mode, Map<string, KnownLine>>>();
/** Descriptions and AS numbers differ from line to line; beyond this the oldest go. */
const MOST = 1024;
const WORD = 'neighbor ';

/** What the line says, where the same was said of a neighbor before; null: not known. */
export function knownLine(reading: Reading, text: string): KnownLine | null {
  if (!text.startsWith(WORD) || reading.mode === 'skipped') return null;
  const space = text.indexOf(' ', WORD.length);
  if (space <= WORD.length) return null;
  const found = linesOf(reading).get(text.slice(space + 1));
  if (!found) return null;
  found.args.set('id', text.slice(WORD.length, space));
  return found;
}

/** Remembers a line where its second word can be any. `words` were separated by one space each. */
export function noteKnown(
  reading: Reading,
  words: readonly string[],
  grammar: GrammarName,
  { command, args }: Match<Reading>,
): void {
  if (words.length < 3 || args.get('id') !== words[1] || words.join(' ') !== reading.text) return;
  if (!takesAnyName(reading, grammar)) return;
  const lines = linesOf(reading);
  if (lines.size >= MOST) lines.delete(lines.keys().next().value ?? '');
  lines.set(words.slice(2).join(' '), { grammar, command, args: new Map(args) });
}

function linesOf({ dialect, mode }: Reading): Map<string, KnownLine> {
  let modes = known.get(dialect);
  if (!modes) {
    modes = new Map();
    known.set(dialect, modes);
  }
  let lines = modes.get(mode);
  if (!lines) {
    lines = new Map();
    modes.set(mode, lines);
  }
  return lines;
}

/** Would every grammar that is asked up to this one take the line whatever its second word is? */
function takesAnyName({ dialect, mode }: Reading, grammar: GrammarName): boolean {
  const grammars = grammarsOf(dialect);
  const asked = climb[mode].slice(0, climb[mode].indexOf(grammar) + 1);
  return asked.every((name) => {
    const at = grammars[name].root.literals.get('neighbor');
    return !at || (at.literals.size === 0 && at.variables.every(({ type }) => type === 'WORD'));
  });
}
