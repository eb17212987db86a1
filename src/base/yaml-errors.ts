import type { ErrorCode } from 'yaml';
import type { Diagnostic } from './diagnostic.ts';
import type { RangeAt } from './line-index.ts';

/** How many syntax errors of one file are told; what follows the first ones is mostly their echo. */
const MOST = 5;

export interface SyntaxFault {
  readonly offset: number;
  readonly code: ErrorCode | 'CONTROL_CHARACTER';
  readonly message: string;
}

/** One diagnostic per line, in file order, each with a remedy. */
export function syntaxDiagnostics(text: string, at: RangeAt, faults: readonly SyntaxFault[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  const lines = new Set<number>();
  let misaligned = Number.NEGATIVE_INFINITY;
  for (const fault of [...faults].sort((a, b) => a.offset - b.offset)) {
    const within = Math.min(fault.offset, text.length);
    const { line } = at(within);
    if (lines.has(line)) continue;
    lines.add(line);
    // A line that is indented wrongly makes the parser complain of each good line after it.
    const echo = line === misaligned + 1 && echoes.has(fault.code);
    if (echo || isMisaligned(text, within, fault)) misaligned = line;
    if (echo) continue;
    const offset = tabBefore(text, within) ?? within;
    const place = at(offset);
    found.push({ rule: 'yaml-syntax', severity: 'error', ranges: [place], ...explain(text, offset, fault) });
    if (found.length === MOST) break;
  }
  return found;
}

const NO_DASH = /^Sequence item without - indicator/;
const echoes: ReadonlySet<SyntaxFault['code']> = new Set(['BAD_INDENT', 'BLOCK_AS_IMPLICIT_KEY']);

/** Is the fault one of the line's indentation? */
function isMisaligned(text: string, offset: number, { code, message }: SyntaxFault): boolean {
  return code === 'BAD_INDENT' || NO_DASH.test(message) || tabBefore(text, offset) !== undefined;
}

/** The first tab in the indentation of the line, where the fault lies at or after it. */
function tabBefore(text: string, offset: number): number | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(start, start + 1000))?.[0] ?? '';
  const tab = indent.indexOf('\t');
  return tab < 0 ? undefined : start + tab;
}

function explain(text: string, offset: number, fault: SyntaxFault): { message: string; fix: string } {
  if (text[offset] === '\t')
    return { message: 'A tab indents this line', fix: 'Use spaces instead of tabs for indentation.' };
  const message = firstSentence(fault.message);
  if (NO_DASH.test(message)) {
    return {
      message: 'This line is indented like the items of a list, but does not begin with "- "',
      fix: 'Align this line with the entries of the item above, or begin it with "- ".',
    };
  }
  const open = /^Flow (?:map|sequence) .*end with a ([}\]])$/.exec(message);
  if (open) {
    const [begin, end] = open[1] === '}' ? '{}' : '[]';
    return {
      message: `A ${begin} before this place is not closed`,
      fix: `Add the missing ${end}, or indent this line if it belongs inside the brackets.`,
    };
  }
  const fix =
    remedies[fault.code] ?? 'Correct the YAML at this place; quote the value if it is meant as text.';
  return { message, fix };
}

function firstSentence(message: string): string {
  const line = message.split('\n')[0] ?? message;
  return line.replace(/ at line \d+, column \d+:?$/, '').replace(/[.:]$/, '');
}

const remedies: Partial<Record<SyntaxFault['code'], string>> = {
  BAD_ALIAS: 'Define the anchor (&name) before the alias (*name), or quote a value that begins with *.',
  BAD_DQ_ESCAPE: 'Write a backslash in double quotes as \\\\, or use single quotes.',
  BAD_INDENT: 'Align this line with the other entries of the same mapping or list.',
  BAD_SCALAR_START: 'Put the value in quotes: a plain value cannot begin with this character.',
  BLOCK_AS_IMPLICIT_KEY:
    'Put the value in quotes if it holds ": ", or move the nested mapping to its own indented lines.',
  CONTROL_CHARACTER: 'Remove the character; YAML allows printable text only.',
  KEY_OVER_1024_CHARS: 'Shorten the key, or close the quotation that was left open.',
  MISSING_CHAR: 'Add the missing character; often a quote, a bracket or a space after ":" was forgotten.',
  MULTILINE_IMPLICIT_KEY: 'Add the ":" after the key, or quote a value that runs over several lines.',
  MULTIPLE_DOCS: 'Keep one document per file: remove the second "---".',
  TAB_AS_INDENT: 'Use spaces instead of tabs for indentation.',
  UNEXPECTED_TOKEN: 'Check the indentation, quotes and brackets up to this place.',
};
