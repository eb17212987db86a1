import type { Diagnostic, Severity } from '../base/diagnostic.ts';
import { formatSource, type SourceRange } from '../base/source.ts';
import { plain, type Style } from './style.ts';

/** Text of the files that diagnostics point into, by the name the ranges carry. */
export type Texts = ReadonlyMap<string, string>;

/**
 * Diagnostics for a person: one line that says where and what, the source line with a caret, then what was found, what was
 * expected and what to do. Ends with a line break unless there is nothing to say.
 */
export function formatDiagnosticText(
  diagnostics: readonly Diagnostic[],
  texts: Texts = new Map(),
  style: Style = plain,
): string {
  const lines = new LineCache(texts);
  const { shown, left } = withoutFlood(diagnostics);
  return shown.map((diagnostic) => formatOne(diagnostic, lines, style)).join('') + floodText(left, style);
}

/**
 * Of one rule so many are printed: what stands in the vars of a group is found once for each of its hosts, and whoever has mended
 * the first ones has mended them all. A file that is no configuration has a fault in every line. JSON has all.
 */
const MOST_OF_A_RULE = 20;
const MOST_LINES = 50;

interface Flood {
  readonly shown: readonly Diagnostic[];
  /** How many more there are, by rule, and by file where lines of it are counted. */
  readonly left: ReadonlyMap<string, number>;
}

function withoutFlood(diagnostics: readonly Diagnostic[]): Flood {
  const counts = new Map<string, number>();
  const left = new Map<string, number>();
  const shown = diagnostics.filter(({ rule, severity, ranges: [first] }) => {
    const ofLines = first !== undefined && rule.startsWith('config-');
    const kind = `${severity} ${rule}`;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count <= (ofLines ? MOST_LINES : MOST_OF_A_RULE)) return true;
    const key = ofLines ? `[${rule}] in ${first.file}` : `[${rule}]`;
    left.set(key, (left.get(key) ?? 0) + 1);
    return false;
  });
  return { shown, left };
}

const MOST_LEFT = 10;

function floodText(left: ReadonlyMap<string, number>, style: Style): string {
  const lines = [...left].map(([key, count]) => `and ${count} more ${key}\n`);
  const others = lines.length - MOST_LEFT;
  const more = others > 0 ? `and more in ${others} other ${others === 1 ? 'file' : 'files'}\n` : '';
  const text = lines.slice(0, MOST_LEFT).join('') + more;
  return text === '' ? '' : style.dim(text);
}

/** How to read on: the rules of the findings, errors first, each once; nothing where the finding already says all there is. */
export function rulesText(diagnostics: readonly Diagnostic[], style: Style = plain): string {
  const bySeverity = (severity: Severity) =>
    diagnostics.filter((one) => one.severity === severity && !saysAll.has(one.rule)).map(({ rule }) => rule);
  const [first, ...others] = new Set([
    ...bySeverity('error'),
    ...bySeverity('warning'),
    ...bySeverity('info'),
  ]);
  if (first === undefined) return '';
  const about =
    others.length > 0
      ? ` (or ${others.slice(0, MOST_RULES).join(', ')}${others.length > MOST_RULES ? ', …' : ''})`
      : '';
  return `${style.dim(`What the rule means: fabricgen explain-rule ${first}${about}`)}\n`;
}

const MOST_RULES = 4;

/** A page on these would tell nobody more. */
const saysAll: ReadonlySet<string> = new Set([
  'command-line',
  'file-unreadable',
  'file-unwritable',
  'internal',
]);

function formatOne(diagnostic: Diagnostic, lines: LineCache, style: Style): string {
  const [first, ...others] = diagnostic.ranges;
  const colour = style[diagnostic.severity];
  const where = first ? `${formatSource(first)} ` : '';
  let out = `${style.strong(where)}${colour(diagnostic.severity)} ${printable(diagnostic.message)} ${style.dim(`[${diagnostic.rule}]`)}\n`;
  if (first) out += excerpt(first, lines, colour);
  for (const range of others) out += `  also at ${formatSource(range)}\n${excerpt(range, lines, colour)}`;
  for (const range of diagnostic.related ?? []) {
    out += `  ${printable(range.note)}: ${formatSource(range)}\n${excerpt(range, lines, style.info)}`;
  }
  return out + facts(diagnostic, style);
}

function facts(diagnostic: Diagnostic, style: Style): string {
  let out = '';
  if (diagnostic.found !== undefined) out += `  found:    ${printable(diagnostic.found)}\n`;
  if (diagnostic.expected !== undefined) out += `  expected: ${printable(diagnostic.expected)}\n`;
  if (diagnostic.nearest !== undefined)
    out += `  did you mean ${style.good(printable(diagnostic.nearest))}?\n`;
  if (diagnostic.fix !== undefined) out += `  ${style.good('fix:')}      ${printable(diagnostic.fix)}\n`;
  return out;
}

const TAB_WIDTH = 4;
const WIDEST = 160;

/** The source line under its number and a caret under the place; nothing where the text is not at hand. */
function excerpt(range: SourceRange, lines: LineCache, colour: (text: string) => string): string {
  const line = lines.line(range.file, range.line);
  if (line === undefined || line.trim() === '') return '';
  const start = Math.min(range.column, line.length + 1);
  const sameLine = range.endLine === undefined || range.endLine === range.line;
  const end = sameLine ? Math.max(range.endColumn ?? start + 1, start + 1) : line.length + 1;
  // A long line is cut around the place, so that the caret stays on the screen.
  const from = start > WIDEST || (end > WIDEST + 1 && end - start < WIDEST / 2) ? start - WIDEST / 2 : 1;
  const shown = line.slice(from - 1, from - 1 + WIDEST);
  const before = widthOf(line.slice(from - 1, start - 1));
  const under = Math.max(1, Math.min(widthOf(line.slice(start - 1, end - 1)), WIDEST - before));
  const gutter = String(range.line).padStart(5);
  return `${gutter} | ${visible(shown)}\n      | ${' '.repeat(before)}${colour('^'.repeat(under))}\n`;
}

function widthOf(text: string): number {
  return visible(text).length;
}

/** Tabs become blanks and control characters a dot, so that columns stay true and no file can drive the terminal. */
function visible(text: string): string {
  return text.replace(/\t/g, ' '.repeat(TAB_WIDTH)).replace(/\p{Cc}/gu, '·');
}

/** A value on one line: control characters escaped, at most a few hundred characters. */
function printable(text: string): string {
  const clean = text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
  return clean.length > 500 ? `${clean.slice(0, 500)}…` : clean;
}

/** Splits each file once, and only when a line of it is asked for. */
class LineCache {
  readonly #texts: Texts;
  readonly #split = new Map<string, readonly string[]>();

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  line(file: string, line: number): string | undefined {
    let lines = this.#split.get(file);
    if (lines === undefined) {
      lines = (this.#texts.get(file) ?? '').split(/\r\n|\n|\r/);
      this.#split.set(file, lines);
    }
    return this.#texts.has(file) ? lines[line - 1] : undefined;
  }
}

/** `2 errors, 1 warning`, or nothing. */
export function countText(diagnostics: readonly Diagnostic[]): string {
  const count = { error: 0, warning: 0, info: 0 };
  for (const diagnostic of diagnostics) count[diagnostic.severity]++;
  const word = (n: number, text: string) => (n === 0 ? [] : [`${n} ${text}${n === 1 ? '' : 's'}`]);
  return [...word(count.error, 'error'), ...word(count.warning, 'warning'), ...word(count.info, 'note')].join(
    ', ',
  );
}
