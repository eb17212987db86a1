import type { FunctionDefinition, RouteOrigin, Value, ValueType } from '../../../bgp/policy/program/types.ts';
import type { Policy } from '../../../bgp/policy/types.ts';
import type { ProtocolDraft } from './draft.ts';
import { enumValue } from './filter-words.ts';
import { reserved } from './keywords.ts';
import { placeOf, type Token } from './lexer.ts';
import type { Reading } from './reading.ts';

/** What a name stands for; names have to be defined above their use. */
export type Meaning =
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'variable'; readonly slot: number; readonly type: ValueType }
  | { readonly kind: 'function'; readonly function: FunctionDefinition }
  | { readonly kind: 'filter'; readonly policy: Policy }
  /** `origins`: what static routes of a ROA table say. */
  | { readonly kind: 'table'; readonly family: string; readonly origins: RouteOrigin[] }
  | { readonly kind: 'protocol'; readonly draft: ProtocolDraft }
  | { readonly kind: 'template'; readonly draft: ProtocolDraft }
  | { readonly kind: 'attribute'; readonly type: ValueType };

/** Ends the reading of one statement; what is wrong has been said. */
export class Stop extends Error {}

/** Deeper nesting of brackets and blocks than anybody writes. */
const DEEPEST = 200;

/** The place in the tokens of a configuration, with the names that are known there. */
export class Cursor {
  readonly reading: Reading;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  readonly #scopes: Map<string, Meaning>[] = [new Map()];

  constructor(tokens: readonly Token[], reading: Reading) {
    this.#tokens = tokens;
    this.reading = reading;
  }

  get token(): Token {
    return this.ahead(0);
  }

  ahead(places: number): Token {
    const token = this.#tokens[Math.min(this.#at + places, this.#tokens.length - 1)];
    if (!token) throw new Stop();
    return token;
  }

  next(): Token {
    const { token } = this;
    if (this.#at < this.#tokens.length - 1) this.#at++;
    return token;
  }

  get position(): number {
    return this.#at;
  }

  /** Is the coming token this word or sign? Names in apostrophes and strings are neither. */
  is(text: string, places = 0): boolean {
    const token = this.ahead(places);
    return (token.kind === 'word' || token.kind === 'sign') && token.text === text;
  }

  /** Takes the words where all of them come now. */
  take(...words: readonly string[]): boolean {
    if (!words.every((word, place) => this.is(word, place))) return false;
    for (const _ of words) this.next();
    return true;
  }

  expect(text: string): Token {
    if (!this.is(text)) this.fail(`'${text}' is expected here, not ${shown(this.token)}`);
    return this.next();
  }

  /** Takes one of these words. */
  oneOf(words: readonly string[]): string {
    const found = words.find((word) => this.take(...word.split(' ')));
    return found ?? this.fail(`${words.join(', ')} can stand here, not ${shown(this.token)}`);
  }

  /** Says what is wrong at the coming token and gives the statement up. */
  fail(message: string, fix = 'Correct the line.', token = this.token): never {
    this.reading.refuse(placeOf(token), message, fix, token.text);
    throw new Stop();
  }

  /** Runs `read` one level deeper. */
  nested<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) this.fail('brackets are nested too deeply');
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  /** Passes over the rest of a block whose brace has been taken. */
  skipBlock(): void {
    for (let open = 1; open > 0; this.next()) {
      if (this.token.kind === 'end') this.fail("'}' is missing", 'Close the block.');
      if (this.is('{')) open++;
      if (this.is('}')) open--;
    }
  }

  /** Goes on behind the statement that could not be read: its `;`, or the block it opens. */
  skipStatement(from: number): void {
    this.#at = from;
    let open = 0;
    for (; this.token.kind !== 'end'; this.next()) {
      if (this.is('{')) open++;
      else if (this.is('}')) {
        if (open === 0) return;
        if (--open === 0 && !this.is(';', 1)) {
          this.next();
          return;
        }
      } else if (this.is(';') && open === 0) {
        this.next();
        return;
      }
    }
  }

  /** The text of the tokens from a place up to here, as one line. */
  textFrom(start: number): string {
    const parts = this.#tokens.slice(start, Math.min(this.#at, start + 12)).map(({ text }) => text);
    return parts.join(' ');
  }

  meaning(name: string): Meaning | null {
    for (let scope = this.#scopes.length - 1; scope >= 0; scope--) {
      const found = this.#scopes[scope]?.get(name);
      if (found) return found;
    }
    return null;
  }

  names(kind: Meaning['kind']): readonly string[] {
    return this.#scopes.flatMap((scope) =>
      [...scope].filter(([, meaning]) => meaning.kind === kind).map(([name]) => name),
    );
  }

  /** A name may be defined once in each scope. */
  define(at: Token, meaning: Meaning): void {
    const scope = this.#scopes.at(-1);
    if (scope?.has(at.text)) this.fail(`'${at.text}' is defined already`, 'Give it another name.', at);
    scope?.set(at.text, meaning);
  }

  /** Defines a name in the scope around the innermost one. */
  defineOutside(at: Token, meaning: Meaning): void {
    const inner = this.#scopes.pop();
    try {
      this.define(at, meaning);
    } finally {
      if (inner) this.#scopes.push(inner);
    }
  }

  scoped<T>(read: () => T): T {
    this.#scopes.push(new Map());
    try {
      return read();
    } finally {
      this.#scopes.pop();
    }
  }

  /** A name, in apostrophes or without. */
  name(what: string): Token {
    const { token } = this;
    if (token.kind !== 'word' && token.kind !== 'quoted')
      this.fail(`${what} is expected here, not ${shown(token)}`);
    if (token.kind === 'word' && (reserved.has(token.text) || enumValue(token.text)))
      this.fail(
        `${what} is expected here, and '${token.text}' is a word of BIRD's own`,
        'Use another name, or put it into apostrophes.',
      );
    return this.next();
  }

  /** A word of any kind, BIRD's own included. */
  word(what: string): Token {
    if (this.token.kind !== 'word') this.fail(`${what} is expected here, not ${shown(this.token)}`);
    return this.next();
  }

  known<K extends Meaning['kind']>(kind: K, what: string): Extract<Meaning, { kind: K }> {
    const at = this.name(`the name of a ${what}`);
    const found = this.meaning(at.text);
    if (found?.kind === kind) return found as Extract<Meaning, { kind: K }>;
    this.reading.undefinedName(placeOf(at), what, at.text, this.names(kind));
    throw new Stop();
  }
}

export function shown({ kind, text }: Token): string {
  return kind === 'end' ? 'the end of the file' : `'${text}'`;
}

export function asTable(meaning: Meaning | null): boolean {
  return meaning?.kind === 'table';
}
