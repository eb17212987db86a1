/**
 * An expression of a list, in the words that all readers share. FRR's are those of glibc's regcomp (REG_EXTENDED): `\d` is the letter d, a
 * backslash between brackets is one, and `?` behind a repetition is another repetition (held against regcomp of glibc 2.36).
 */
export function sharedExpression(posix: string): string {
  return posix.includes('\\') || REPEATED_TWICE.test(posix)
    ? posix.replace(PARTS, (part) => (part.startsWith('[') ? bracket(part) : outside(part)))
    : posix;
}

const REPEATED_TWICE = /[*+?]\?/;
/** A bracket expression with its classes, an escaped character, or a repetition of a repetition. */
const PARTS = /\[\^?\]?(?:\[:\w+:\]|[^\]])*\]|\\.|[*+?]\?+/g;
/** Escapes that say the same in both: words, spaces, groups, and what is no letter. */
const KEPT = /^\\[wWsS1-9]|^\\[^A-Za-z0-9]/;

function bracket(part: string): string {
  return part.replaceAll('\\', '\\\\');
}

function outside(part: string): string {
  if (part.startsWith('\\')) return KEPT.test(part) || BORDERS.test(part) ? part : part.slice(1);
  return part.startsWith('?') ? '?' : '*';
}

/** Borders of words, which are not known here: the expression fits nothing. */
const BORDERS = /^\\[bB]/;
