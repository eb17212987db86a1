import type { SourceRange } from './source.ts';

/** Turns offsets (UTF-16 code units) of one text into places. */
export type RangeAt = (start: number, end?: number) => SourceRange;

/** Lines end at LF; a CR before it belongs to its line. Asking in rising order of offsets is nearly free. */
export function rangesOf(file: string, text: string): RangeAt {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  let last = 0;
  const lineOf = (offset: number): number => {
    for (const near of [last, last + 1]) if (holds(starts, near, offset)) return near;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return (start, end) => {
    const line = lineOf(start);
    last = line;
    const place = { file, line: line + 1, column: start - (starts[line] ?? 0) + 1 };
    if (end === undefined || end < start) return place;
    const endLine = holds(starts, line, end) ? line : lineOf(end);
    return { ...place, endLine: endLine + 1, endColumn: end - (starts[endLine] ?? 0) + 1 };
  };
}

function holds(starts: readonly number[], line: number, offset: number): boolean {
  const start = starts[line];
  const next = starts[line + 1];
  return start !== undefined && start <= offset && (next === undefined || offset < next);
}
