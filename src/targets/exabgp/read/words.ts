import type { SourceRange } from '../../../base/source.ts';
import type { Word } from './tokens.ts';

/** The words of a statement, taken one after another; behind the last one there are only empty ones, as in ExaBGP. */
export class Words {
  readonly #words: readonly Word[];
  readonly #end: SourceRange;
  #at = 0;

  /** `place` is what diagnostics point at once the words are used up. */
  constructor(words: readonly Word[], place: SourceRange) {
    this.#words = words;
    this.#end = words.at(-1)?.source ?? place;
  }

  next(): Word {
    return this.#words[this.#at++] ?? { text: '', source: this.#end };
  }

  has(text: string): boolean {
    return this.#words.some((word) => word.text === text);
  }

  get last(): Word {
    return this.#words.at(-1) ?? { text: '', source: this.#end };
  }

  /** What nobody took. */
  get rest(): readonly Word[] {
    return this.#words.slice(this.#at);
  }

  /** One word, or those between brackets; null: the closing bracket is missing. */
  list(): readonly Word[] | null {
    const first = this.next();
    if (first.text !== '[') return [first];
    const found: Word[] = [];
    for (let word = this.next(); word.text !== ']'; word = this.next()) {
      if (word.text === '') return null;
      found.push(word);
    }
    return found;
  }

  /** Passes over one word or one bracketed list, brackets within counted. */
  skip(): void {
    let depth = 0;
    do {
      const { text } = this.next();
      if (text === '') return;
      if (text === '[' || text === '(') depth++;
      if (text === ']' || text === ')') depth--;
    } while (depth > 0);
  }
}
