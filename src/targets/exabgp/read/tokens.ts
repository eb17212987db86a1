import type { SourceRange } from '../../../base/source.ts';
import type { ConfigFile } from '../../target.ts';

export interface Word {
  readonly text: string;
  readonly source: SourceRange;
}

/** Words up to what ends them: `;` a command, `{` the head of a section, `}` the end of one. */
export interface Statement {
  readonly words: readonly Word[];
  readonly end: ';' | '{' | '}';
  readonly source: SourceRange;
}

export interface Tokenised {
  readonly statements: readonly Statement[];
  /** Words that ExaBGP drops without a word: alone on a line, without `;`. */
  readonly dropped: readonly Word[];
  /** Where ExaBGP stops reading with "invalid syntax"; null: nowhere. */
  readonly fault: { readonly source: SourceRange; readonly message: string } | null;
}

/** One letter with its place, escapes resolved. */
interface Letter {
  readonly letter: string;
  readonly line: number;
  readonly column: number;
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Cuts a file as ExaBGP 4.2 does (configuration/core/format.py): a statement ends on the line it begins on, a backslash at the end
 * continues the line, `[`, `]` and `,` are words of their own, parentheses are not, `#` begins a comment, quotes hold
 * words together.
 */
export function tokenise({ path, text }: ConfigFile): Tokenised {
  const statements: Statement[] = [];
  const dropped: Word[] = [];
  for (const letters of logicalLines(text)) {
    const line = new LineReader(path, letters);
    const fault = line.read();
    statements.push(...line.statements);
    if (line.dropped) dropped.push(line.dropped);
    if (fault) return { statements, dropped, fault };
  }
  return { statements, dropped, fault: null };
}

/** Lines with those that a backslash continues, escapes resolved. */
function* logicalLines(text: string): Generator<readonly Letter[]> {
  let letters: Letter[] = [];
  const lines = text.split(/\r\n|\n|\r/);
  for (const [index, raw] of lines.entries()) {
    const line = raw.trimEnd();
    for (let at = 0; at < line.length; at++)
      letters.push({ letter: line[at] ?? '', line: index + 1, column: at + 1 });
    if (line.endsWith('\\') && index < lines.length - 1) continue;
    yield unescaped(letters);
    letters = [];
  }
}

function unescaped(letters: readonly Letter[]): readonly Letter[] {
  if (!letters.some(({ letter }) => letter === '\\')) return letters;
  const found: Letter[] = [];
  for (let at = 0; at < letters.length; at++) {
    const one = letters[at];
    if (!one) break;
    if (one.letter !== '\\') {
      found.push(one);
      continue;
    }
    const next = letters[++at]?.letter ?? '';
    if (next === 'u') {
      const code = letters.slice(at + 1, at + 5).map(({ letter }) => letter);
      at += 4;
      found.push({ ...one, letter: String.fromCharCode(Number.parseInt(code.join(''), 16) || 0) });
    } else if (next !== '') found.push({ ...one, letter: escapes[next] ?? next });
  }
  return found;
}

/** Reads one logical line. */
class LineReader {
  readonly statements: Statement[] = [];
  dropped: Word | null = null;
  readonly #file: string;
  readonly #letters: readonly Letter[];
  #words: Word[] = [];
  #word = '';
  /** Place of the first letter of the word being read; -1: none yet. */
  #from = -1;

  constructor(file: string, letters: readonly Letter[]) {
    this.#file = file;
    this.#letters = letters;
  }

  /** The fault that ends the file, if there is one. */
  read(): Tokenised['fault'] {
    let quote = '';
    for (const [at, { letter }] of this.#letters.entries()) {
      if (quote === '' && letter === '#') {
        // A comment right behind a word takes the word with it.
        if (this.#word !== '') this.#words.push({ text: '#', source: this.#source(at) });
        this.#word = '';
        break;
      }
      if (letter === '"' || letter === "'") {
        if (quote === letter) {
          quote = '';
          this.#push(at);
        } else {
          quote = letter;
          if (this.#from < 0) this.#from = at;
        }
      } else if (quote !== '') this.#add(letter, at);
      else if (letter === ';' || letter === '{' || letter === '}') this.#end(letter, at);
      else if (letter === ',' || letter === '[' || letter === ']') {
        this.#flush(at);
        this.#from = at;
        this.#word = letter;
        this.#push(at + 1);
      } else if (/[ \t\r\n]/.test(letter)) this.#flush(at);
      else this.#add(letter, at);
    }
    return this.#atEnd();
  }

  #atEnd(): Tokenised['fault'] {
    const last = this.#letters.length;
    if (this.#words.length === 0) {
      if (this.#word !== '') this.dropped = { text: this.#word, source: this.#source(last) };
      return null;
    }
    const source = this.#words[0]?.source ?? this.#source(last);
    return { source, message: 'a statement ends on the line it begins on, with ;, { or }' };
  }

  #add(letter: string, at: number): void {
    if (this.#from < 0) this.#from = at;
    this.#word += letter;
  }

  #flush(at: number): void {
    if (this.#word !== '') this.#push(at);
    this.#from = -1;
  }

  #push(at: number): void {
    this.#words.push({ text: this.#word, source: this.#source(at) });
    this.#word = '';
    this.#from = -1;
  }

  #end(end: Statement['end'], at: number): void {
    this.#flush(at);
    const first = this.#words[0]?.source;
    const own = this.#at(at, at + 1);
    this.statements.push({ words: this.#words, end, source: first ? { ...first, ...endOf(own) } : own });
    this.#words = [];
  }

  /** From where the word began to before the letter at `at`. */
  #source(at: number): SourceRange {
    return this.#at(this.#from < 0 ? Math.max(0, at - 1) : this.#from, at);
  }

  #at(from: number, to: number): SourceRange {
    const first = this.#letters[from];
    const last = this.#letters[to - 1] ?? first;
    return {
      file: this.#file,
      line: first?.line ?? 1,
      column: first?.column ?? 1,
      endLine: last?.line ?? 1,
      endColumn: (last?.column ?? 0) + 1,
    };
  }
}

function endOf({ line, column, endLine = line, endColumn = column }: SourceRange) {
  return { endLine, endColumn };
}
