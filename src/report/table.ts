import stringWidth from 'string-width';

const GAP = 2;

/** Columns of text, aligned, without borders: reads well in a terminal and in a pasted message. Every line starts with `indent`. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  indent = '',
): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) =>
    lines.reduce((widest, line) => Math.max(widest, widthOf(line[column] ?? '')), 0),
  );
  return lines
    .map((line) => {
      const cells = line.map(
        (cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell) + GAP),
      );
      return `${indent}${cells.join('')}`.trimEnd();
    })
    .filter((line) => line !== '')
    .map((line) => `${line}\n`)
    .join('');
}

/** A simulation prints millions of cells, and nearly all of them are plain. */
function widthOf(cell: string): number {
  return /^[ -~]*$/.test(cell) ? cell.length : stringWidth(cell);
}
