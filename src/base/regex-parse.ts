/**
 * POSIX extended regular expressions, read into a tree; with `border`, `_` stands for `(^|[,{}() ]|$)` as FRR and GoBGP
 * take it for AS_PATHs and communities. Own code, since JavaScript's engine backtracks: a hostile expression would hang it.
 */
export type RegexNode =
  | { readonly kind: 'char'; readonly accepts: (code: number) => boolean }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'group'; readonly item: RegexNode; readonly group: number }
  | { readonly kind: 'same'; readonly group: number }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly item: RegexNode; readonly min: number; readonly max: number };

export class RegexSyntaxError extends Error {}

const MAX_DEPTH = 100;
const MAX_LENGTH = 2000;
/** RE_DUP_MAX of POSIX. */
const MAX_REPEAT = 255;

const BORDER = '(^|[,{}() ]|$)';

export interface RegexOptions {
  /** `_` is FRR's and GoBGP's border. */
  readonly border: boolean;
  /** A `)` that closes nothing stands for itself (POSIX's regcomp). */
  readonly looseClose?: boolean;
  /** `\\1` is the text of the first group again (glibc's regcomp); groups of borders count. */
  readonly references?: boolean;
}

interface Cursor {
  readonly text: string;
  readonly looseClose: boolean;
  readonly references: boolean;
  /** Numbers of the groups that are closed. */
  readonly closed: Set<number>;
  at: number;
  depth: number;
  groups: number;
}

/** Throws RegexSyntaxError for what is malformed or over the bounds. */
export function parseRegex(text: string, options: RegexOptions): RegexNode {
  const { border, looseClose = false, references = false } = options;
  if (text.length > MAX_LENGTH) throw new RegexSyntaxError(`longer than ${MAX_LENGTH} characters`);
  // The daemons put it in as text, in the middle of a bracket expression too.
  const whole = border ? text.replaceAll('_', BORDER) : text;
  const cursor: Cursor = {
    text: whole,
    looseClose,
    references,
    closed: new Set(),
    at: 0,
    depth: 0,
    groups: 0,
  };
  const node = parseChoice(cursor);
  if (cursor.at < whole.length) throw new RegexSyntaxError(`unmatched ) at ${cursor.at + 1}`);
  return node;
}

function parseChoice(cursor: Cursor): RegexNode {
  const items = [parseSequence(cursor)];
  while (cursor.text[cursor.at] === '|') {
    cursor.at++;
    items.push(parseSequence(cursor));
  }
  return items.length === 1 && items[0] ? items[0] : { kind: 'choice', items };
}

function parseSequence(cursor: Cursor): RegexNode {
  const items: RegexNode[] = [];
  for (;;) {
    const next = cursor.text[cursor.at];
    const closes = next === ')' && (cursor.depth > 0 || !cursor.looseClose);
    if (next === undefined || next === '|' || closes) return { kind: 'sequence', items };
    items.push(parseRepeats(cursor, parseAtom(cursor)));
  }
}

function parseRepeats(cursor: Cursor, atom: RegexNode): RegexNode {
  let node = atom;
  for (;;) {
    const bounds = repeatBounds(cursor);
    if (!bounds) return node;
    if (cursor.text[cursor.at] === '?') cursor.at++;
    node = { kind: 'repeat', item: node, min: bounds[0], max: bounds[1] };
  }
}

function repeatBounds(cursor: Cursor): readonly [number, number] | null {
  const next = cursor.text[cursor.at];
  if (next === '*' || next === '+' || next === '?') {
    cursor.at++;
    return next === '*' ? [0, Infinity] : next === '+' ? [1, Infinity] : [0, 1];
  }
  const interval = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(cursor.text.slice(cursor.at, cursor.at + 12));
  if (!interval) return null;
  cursor.at += interval[0].length;
  const min = Number(interval[1]);
  const max = interval[2] === undefined ? min : interval[3] ? Number(interval[3]) : Infinity;
  if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT) || max < min) {
    throw new RegexSyntaxError(`bad repetition ${interval[0]}`);
  }
  return [min, max];
}

function parseAtom(cursor: Cursor): RegexNode {
  const char = cursor.text[cursor.at++];
  switch (char) {
    case '(':
      return parseGroup(cursor);
    case '[':
      return { kind: 'char', accepts: parseBracket(cursor) };
    case '.':
      return { kind: 'char', accepts: () => true };
    case '^':
      return { kind: 'start' };
    case '$':
      return { kind: 'end' };
    case '\\':
      return parseReference(cursor) ?? { kind: 'char', accepts: parseEscape(cursor) };
    case '*':
    case '+':
    case '?':
      throw new RegexSyntaxError(`nothing to repeat before ${char} at ${cursor.at}`);
    default:
      return { kind: 'char', accepts: is(char ?? '') };
  }
}

function parseGroup(cursor: Cursor): RegexNode {
  if (++cursor.depth > MAX_DEPTH) throw new RegexSyntaxError(`more than ${MAX_DEPTH} nested groups`);
  const counts = !cursor.text.startsWith('?:', cursor.at);
  if (!counts) cursor.at += 2;
  const group = counts ? ++cursor.groups : 0;
  const item = parseChoice(cursor);
  if (cursor.text[cursor.at++] !== ')') throw new RegexSyntaxError('unmatched (');
  cursor.depth--;
  cursor.closed.add(group);
  return counts ? { kind: 'group', item, group } : item;
}

/** Only a group that is closed can be referred to. */
function parseReference(cursor: Cursor): RegexNode | null {
  const digit = cursor.text[cursor.at] ?? '';
  if (!cursor.references || !/[1-9]/.test(digit)) return null;
  if (!cursor.closed.has(Number(digit))) throw new RegexSyntaxError(`no group ${digit} before \\${digit}`);
  cursor.at++;
  return { kind: 'same', group: Number(digit) };
}

const isDigit = (code: number) => code >= 48 && code <= 57;
const isSpace = (code: number) => code === 32 || (code >= 9 && code <= 13);
const isWord = (code: number) => isDigit(code) || isAlpha(code) || code === 95;
const isAlpha = (code: number) => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const is = (char: string) => (code: number) => code === char.charCodeAt(0);

const namedClasses: Readonly<Record<string, (code: number) => boolean>> = {
  digit: isDigit,
  alpha: isAlpha,
  alnum: (code) => isDigit(code) || isAlpha(code),
  space: isSpace,
  blank: (code) => code === 32 || code === 9,
  upper: (code) => code >= 65 && code <= 90,
  lower: (code) => code >= 97 && code <= 122,
  xdigit: (code) => isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102),
  punct: (code) => code > 32 && code < 127 && !isDigit(code) && !isAlpha(code),
  graph: (code) => code > 32 && code < 127,
  print: (code) => code >= 32 && code < 127,
  cntrl: (code) => code < 32 || code === 127,
};

function parseEscape(cursor: Cursor): (code: number) => boolean {
  const char = cursor.text[cursor.at++];
  if (char === undefined) throw new RegexSyntaxError('trailing backslash');
  if (char === 'd') return isDigit;
  if (char === 'D') return (code) => !isDigit(code);
  if (char === 'w') return isWord;
  if (char === 'W') return (code) => !isWord(code);
  if (char === 's') return isSpace;
  if (char === 'S') return (code) => !isSpace(code);
  if (/[a-zA-Z0-9]/.test(char)) throw new RegexSyntaxError(`escape \\${char} is not known`);
  return is(char);
}

function parseBracket(cursor: Cursor): (code: number) => boolean {
  const { text } = cursor;
  const negated = text[cursor.at] === '^';
  if (negated) cursor.at++;
  const tests: ((code: number) => boolean)[] = [];
  for (let first = true; ; first = false) {
    const char = text[cursor.at++];
    if (char === undefined) throw new RegexSyntaxError('unmatched [');
    if (char === ']' && !first) break;
    const named = char === '[' ? /^:(\w+):\]/.exec(text.slice(cursor.at, cursor.at + 12)) : null;
    if (named) {
      const test = namedClasses[named[1] ?? ''];
      if (!test) throw new RegexSyntaxError(`class [:${named[1]}:] is not known`);
      cursor.at += named[0].length;
      tests.push(test);
      continue;
    }
    tests.push(bracketItem(cursor, char));
  }
  return (code) => tests.some((test) => test(code)) !== negated;
}

function bracketItem(cursor: Cursor, char: string): (code: number) => boolean {
  const { text } = cursor;
  if (char === '\\' && text[cursor.at] !== undefined && text[cursor.at] !== ']') return parseEscape(cursor);
  const last = text[cursor.at + 1];
  if (text[cursor.at] !== '-' || last === undefined || last === ']') return is(char);
  cursor.at += 2;
  const [low, high] = [char.charCodeAt(0), last.charCodeAt(0)];
  if (high < low) throw new RegexSyntaxError(`range ${char}-${last} is empty`);
  return (code) => code >= low && code <= high;
}
