/** RE_DUP_MAX of glibc. */
const MOST_REPEATS = 32767;
const BORDER = '(^|[,{}() ]|$)';
const CLASSES = new Set(
  'alnum alpha blank cntrl digit graph lower print punct space upper xdigit'.split(' '),
);

/**
 * What glibc's regcomp (REG_EXTENDED) refuses an expression for, in words; null: it takes it. Held against FRR 8.4: `)` alone,
 * `a**`, `()` and empty alternatives are fine, a repetition where an expression begins is not (`^*` too).
 */
export function posixFault(expression: string): string | null {
  const text = expression.replaceAll('_', BORDER);
  const closed = new Set<number>();
  const open: number[] = [];
  let groups = 0;
  /** May a repetition stand here? */
  let repeatable = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    if ('*+?{'.includes(letter)) {
      if (!repeatable) return `\`${letter}\` repeats nothing`;
      if (letter !== '{') continue;
      const repeat = intervalAt(text, at);
      if (typeof repeat === 'string') return repeat;
      at = repeat.end;
      continue;
    }
    repeatable = true;
    if (letter === '(') open.push(++groups);
    else if (letter === ')') closed.add(open.pop() ?? 0);
    if ('(|^$'.includes(letter)) repeatable = false;
    else if (letter === '[') {
      const bracket = bracketAt(text, at);
      if (typeof bracket === 'string') return bracket;
      at = bracket.end;
    } else if (letter === '\\') {
      const fault = escapeFault(text[++at], closed);
      if (fault !== null) return fault;
    }
  }
  return open.length > 0 ? 'a `(` is not closed' : null;
}

function escapeFault(letter: string | undefined, closed: ReadonlySet<number>): string | null {
  if (letter === undefined) return 'it ends with a backslash';
  const refers = /^[1-9]$/.test(letter) && !closed.has(Number(letter));
  return refers ? `\`\\${letter}\` names no group before it` : null;
}

type Ended = { readonly end: number } | string;

/** `{2}`, `{2,}`, `{2,5}` or `{,5}`. */
function intervalAt(text: string, start: number): Ended {
  const found = /^\{(?:(\d+)(?:,(\d*))?|,(\d*))\}/.exec(text.slice(start, start + 24));
  if (!found) return 'a `{` does not begin a number of repetitions';
  const [whole, first = '0', second, only] = found;
  const most = Number(second || only || first);
  if (most < Number(first)) return `\`${whole}\` counts backwards`;
  if (most > MOST_REPEATS) return `\`${whole}\` is more than ${MOST_REPEATS} repetitions`;
  return { end: start + whole.length - 1 };
}

/** A bracket expression: `]` in front is a member of it. */
function bracketAt(text: string, start: number): Ended {
  let at = start + (text[start + 1] === '^' ? 2 : 1);
  for (let first = true; at < text.length; first = false) {
    if (text[at] === ']' && !first) return { end: at };
    const special = /^\[([:.=])(.*?)\1\]/.exec(text.slice(at, at + 32));
    if (special?.[1] === ':' && !CLASSES.has(special[2] ?? ''))
      return `\`${special[0]}\` is no class of characters`;
    if (special) {
      at += special[0].length;
      continue;
    }
    const [from = '', dash, to] = text.slice(at, at + 3);
    if (dash !== '-' || to === undefined || to === ']') at++;
    else if (to < from || text.startsWith('[:', at + 2)) return `\`${from}-${to}\` is no range of characters`;
    else at += 3;
  }
  return 'a `[` is not closed';
}
