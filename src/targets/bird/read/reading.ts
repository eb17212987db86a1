import type { Diagnostic } from '../../../base/diagnostic.ts';
import { nearestName } from '../../../base/nearest.ts';
import type { SourceRange } from '../../../base/source.ts';
import type { LineReport } from '../../target.ts';

/** What is said while a host's files are read. */
export class Reading {
  readonly diagnostics: Diagnostic[] = [];
  readonly lines: LineReport[] = [];
  /** Network types that have a table so far: the first of a type is where its channels lead (`def_tables`). */
  readonly tableTypes = new Set(['ipv4', 'ipv6']);

  /** Has BIRD stopped at something already? */
  get faulty(): boolean {
    return this.diagnostics.length > 0 || this.lines.some(({ status }) => status === 'unrecognised');
  }

  /** A line that is known and not (fully) modelled. */
  note(source: SourceRange, text: string, effect: string, matters: boolean, carried = false): void {
    const line = { status: 'unmodelled', matters, text, effect, source } as const;
    this.lines.push(carried ? { ...line, carried } : line);
  }

  /** A word BIRD does not know at this place: it does not start. */
  unrecognised(source: SourceRange, text: string, known: Iterable<string>): void {
    const near = nearestName(text, known);
    const effect = near
      ? `BIRD does not start: it knows no '${text}' here, the nearest is '${near}'`
      : `BIRD does not start: it knows no '${text}' here`;
    this.lines.push({ status: 'unrecognised', matters: true, text, effect, source });
  }

  /** What BIRD stops at. */
  refuse(source: SourceRange, message: string, fix: string, found?: string): void {
    this.diagnostics.push({
      rule: 'config-refused',
      severity: 'error',
      message: `BIRD does not start: ${message}`,
      ranges: [source],
      ...(found === undefined ? {} : { found }),
      fix,
    });
  }

  undefinedName(source: SourceRange, what: string, name: string, known: Iterable<string>): void {
    const near = nearestName(name, known);
    this.diagnostics.push({
      rule: 'config-undefined-name',
      severity: 'error',
      message: `BIRD does not start: there is no ${what} '${name}'`,
      ranges: [source],
      found: name,
      ...(near ? { nearest: near } : {}),
      fix: near ? `Write '${near}'.` : `Define the ${what} above this line.`,
    });
  }
}
