import { nearestName } from '../../../base/nearest.ts';
import { isOfType, restTypes } from './tokens.ts';

/**
 * A command grammar as a word tree, so that a line is looked up word by word and never tried against every command. Patterns:
 * `word`, `{name:TYPE}` or `{name:0-255}` (see tokens.ts), `{name=a|b}` one of these words, `[...]` optional, `{name:LINE}` and
 * the other rest types the rest of the line.
 */
export interface Command<State> {
  readonly pattern: string;
  /** Options that may follow in any order and number: `['as-set', 'route-map {map:WORD}']`. */
  readonly anyOrder?: readonly string[];
  readonly run: (state: State, args: Arguments, negated: boolean) => void;
}

/** Words bound to the names of the pattern; optional literals are bound to themselves. */
export type Arguments = ReadonlyMap<string, string>;

interface Node<State> {
  readonly literals: Map<string, Node<State>>;
  readonly variables: { readonly type: string; readonly name: string; readonly next: Node<State> }[];
  /** Literals that are bound as arguments: name of the argument by word. */
  readonly bound: Map<string, string>;
  command: Command<State> | null;
}

export interface Grammar<State> {
  readonly root: Node<State>;
}

export interface Match<State> {
  readonly command: Command<State>;
  readonly args: Arguments;
}

function node<State>(): Node<State> {
  return { literals: new Map(), variables: [], bound: new Map(), command: null };
}

export function buildGrammar<State>(commands: readonly Command<State>[]): Grammar<State> {
  const root = node<State>();
  for (const command of commands) {
    const ends = insert([root], splitPattern(command.pattern), false);
    for (const end of ends) {
      end.command ??= command;
      for (const option of command.anyOrder ?? []) insertLoop(end, splitPattern(option));
    }
  }
  return { root };
}

/** Words of a pattern; `[...]` stays one word. */
function splitPattern(pattern: string): string[] {
  const words: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= pattern.length; i++) {
    const char = pattern[i];
    if (char === '[' || char === '{') depth++;
    if (char === ']' || char === '}') depth--;
    if ((char === ' ' || char === undefined) && depth === 0) {
      if (i > start) words.push(pattern.slice(start, i));
      start = i + 1;
    }
  }
  return words;
}

function insert<State>(from: readonly Node<State>[], words: readonly string[], bind: boolean): Node<State>[] {
  let nodes = [...from];
  for (const word of words) {
    if (word.startsWith('[')) {
      const through = insert(nodes, splitPattern(word.slice(1, -1)), true);
      nodes = [...new Set([...nodes, ...through])];
    } else {
      nodes = [...new Set(nodes.flatMap((at) => step(at, word, bind)))];
    }
  }
  return nodes;
}

function step<State>(at: Node<State>, word: string, bind: boolean): Node<State>[] {
  if (!word.startsWith('{')) return [literal(at, word, bind ? word : null)];
  const body = word.slice(1, -1);
  const choice = body.indexOf('=');
  const typed = body.indexOf(':');
  if (choice > 0 && (typed < 0 || choice < typed)) {
    const name = body.slice(0, choice);
    return body
      .slice(choice + 1)
      .split('|')
      .map((one) => literal(at, one, name));
  }
  return [variable(at, body.slice(typed + 1), body.slice(0, typed))];
}

function literal<State>(at: Node<State>, word: string, argument: string | null): Node<State> {
  const next = at.literals.get(word) ?? node<State>();
  at.literals.set(word, next);
  if (argument !== null) at.bound.set(word, argument);
  return next;
}

function variable<State>(at: Node<State>, type: string, name: string): Node<State> {
  const known = at.variables.find((one) => one.type === type && one.name === name);
  if (known) return known.next;
  const next = node<State>();
  at.variables.push({ type, name, next });
  return next;
}

/** Adds an option after which the command may end or take further options: the last word leads back to `end`. */
function insertLoop<State>(end: Node<State>, words: readonly string[]): void {
  const before = insert([end], words.slice(0, -1), false);
  const last = words.at(-1) ?? '';
  for (const at of before) {
    if (!last.startsWith('{')) {
      at.literals.set(last, end);
      at.bound.set(last, last);
    } else {
      const typed = last.indexOf(':');
      at.variables.push({ type: last.slice(typed + 1, -1), name: last.slice(1, typed), next: end });
    }
  }
}

/**
 * The command these words are, or null. With `negated` (the `no` is not among the words) values at the end may be missing; with
 * `cutShort` keywords may be, as far as one command alone begins so.
 */
export function match<State>(
  grammar: Grammar<State>,
  words: readonly string[],
  negated: boolean,
  cutShort = false,
): Match<State> | null {
  const args = new Map<string, string>();
  const command = walk(grammar.root, { words, args, negated, cutShort, tries: { left: MOST_TRIES } }, 0);
  return command && command !== 'ambiguous' ? { command, args } : null;
}

interface Line {
  readonly words: readonly string[];
  readonly args: Map<string, string>;
  readonly negated: boolean;
  /** Keywords may be cut short (`neigh 10.0.0.1 remote 65001`), and so many may still be tried for such words. */
  readonly cutShort: boolean;
  readonly tries: { left: number };
}

/** A line of options that begin alike would be tried for ever. */
const MOST_TRIES = 10_000;

/** 'ambiguous': cut short as the words are, they are more than one command. */
type Walked<State> = Command<State> | 'ambiguous' | null;

/** Values that can look like the beginning of a keyword. */
const names: ReadonlySet<string> = new Set(['WORD', 'IFNAME']);

/** A keyword in full goes before one that is cut short, and that before a value (FRR's `disambiguate_tokens`), also where no other word is cut short. */
function walk<State>(at: Node<State>, line: Line, index: number): Walked<State> {
  const { words, negated } = line;
  const word = words[index];
  if (word === undefined) return at.command ?? (negated ? endByValues(at, 0) : null);
  const next = at.literals.get(word);
  return (
    (next && alongKeyword(at, next, word, line, index)) ??
    alongShortened(at, word, line, index) ??
    alongValue(at, word, line, index)
  );
}

function alongKeyword<State>(
  at: Node<State>,
  next: Node<State>,
  keyword: string,
  line: Line,
  index: number,
): Walked<State> {
  const found = walk(next, line, index + 1);
  if (!found) return null;
  const argument = at.bound.get(keyword);
  if (argument !== undefined && !line.args.has(argument)) line.args.set(argument, keyword);
  return found;
}

function alongShortened<State>(at: Node<State>, word: string, line: Line, index: number): Walked<State> {
  if (!line.cutShort && !(at.literals.size > 0 && at.variables.some(({ type }) => names.has(type))))
    return null;
  const found: { readonly command: Walked<State>; readonly args: Map<string, string> }[] = [];
  for (const [keyword, next] of at.literals) {
    if (keyword === word || !keyword.startsWith(word) || line.tries.left-- <= 0) continue;
    const args = new Map(line.args);
    const command = alongKeyword(at, next, keyword, { ...line, args }, index);
    if (command) found.push({ command, args });
  }
  const [only, another] = found;
  if (!only) return null;
  if (another) return 'ambiguous';
  for (const [name, value] of only.args) line.args.set(name, value);
  return only.command;
}

function alongValue<State>(at: Node<State>, word: string, line: Line, index: number): Walked<State> {
  const { words, args } = line;
  for (const one of at.variables) {
    const rest = restTypes[one.type];
    if (rest) {
      if (!one.next.command || !words.slice(index).every(rest)) continue;
      args.set(one.name, words.slice(index).join(' '));
      return one.next.command;
    }
    if (!isOfType(one.type, word)) continue;
    const found = walk(one.next, line, index + 1);
    if (!found) continue;
    if (!args.has(one.name)) args.set(one.name, word);
    return found;
  }
  return null;
}

/** `no bgp router-id`: complete where only values are missing. */
function endByValues<State>(at: Node<State>, depth: number): Command<State> | null {
  if (at.command || depth > 4) return at.command;
  for (const one of at.variables) {
    const found = endByValues(one.next, depth + 1);
    if (found) return found;
  }
  for (const [word, next] of at.literals) {
    if (!at.bound.has(word)) continue;
    const found = endByValues(next, depth + 1);
    if (found) return found;
  }
  return null;
}

/** The word that was probably meant at the place where the line leaves the grammar, as a whole corrected line. */
export function nearestCommand<State>(grammar: Grammar<State>, words: readonly string[]): string | null {
  let at = grammar.root;
  for (const [index, word] of words.entries()) {
    const next = at.literals.get(word) ?? at.variables.find((one) => isOfType(one.type, word))?.next;
    if (next) {
      at = next;
      continue;
    }
    const nearest = nearestName(word, at.literals.keys());
    return nearest && [...words.slice(0, index), nearest, ...words.slice(index + 1)].join(' ');
  }
  return null;
}

/**
 * How many words some command shares with the line, and what the grammar knows behind them: literals, and types as `{TYPE}`.
 * The line is one that no command takes.
 */
export function whereItLeaves<State>(
  grammar: Grammar<State>,
  words: readonly string[],
): { readonly index: number; readonly expected: ReadonlySet<string> } {
  let deepest = 0;
  let expected = new Set<string>();
  const seen = new Map<Node<State>, Set<number>>();
  const visit = (at: Node<State>, index: number): void => {
    const places = seen.get(at) ?? new Set<number>();
    if (places.has(index)) return;
    seen.set(at, places.add(index));
    if (index > deepest) [deepest, expected] = [index, new Set()];
    if (index === deepest) {
      for (const word of at.literals.keys()) expected.add(word);
      for (const { type } of at.variables) expected.add(`{${type}}`);
    }
    const word = words[index];
    if (word === undefined) return;
    const next = at.literals.get(word);
    if (next) visit(next, index + 1);
    for (const one of at.variables) if (isOfType(one.type, word)) visit(one.next, index + 1);
  };
  visit(grammar.root, 0);
  return { index: deepest, expected };
}
