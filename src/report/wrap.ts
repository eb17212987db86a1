/** Columns of a terminal that nobody has made wider. */
const WIDTH = 80;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escapes and take no room on the screen
const escapes = /\u001b\[\d+m/g;

/** Breaks a line at blanks, so that it fits a terminal; the first line is indented by `indent`, the others by `hanging`. */
export function wrapped(text: string, indent: string, hanging = indent): string {
  const lines: string[] = [];
  let line = indent;
  let empty = true;
  for (const word of text.split(' ')) {
    const longer = empty ? `${line}${word}` : `${line} ${word}`;
    if (!empty && longer.replace(escapes, '').length > WIDTH) {
      lines.push(line);
      line = `${hanging}${word}`;
    } else line = longer;
    empty = false;
  }
  return [...lines, line].map((one) => `${one.trimEnd()}\n`).join('');
}
