import type { Diagnostic } from '../../../base/diagnostic.ts';
import { nearestName } from '../../../base/nearest.ts';
import type { SourceRange } from '../../../base/source.ts';
import type { LineReport } from '../../target.ts';

/** What is said while a host's files are read. */
export class Reading {
  readonly diagnostics: Diagnostic[] = [];
  readonly lines: LineReport[] = [];
  /** gobgpd 3 starts, and without any of the file's policies, where it cannot make one of them (SetPolicies; seen on 3.10). */
  policiesLost = false;
  /** It does not start at all. */
  stopped = false;

  /** A line that is known and not (fully) modelled. */
  note(source: SourceRange, text: string, effect: string, matters: boolean, carried = false): void {
    const line = { status: 'unmodelled', matters, text, effect, source } as const;
    this.lines.push(carried ? { ...line, carried } : line);
  }

  unrecognised(source: SourceRange, text: string, effect: string): void {
    this.lines.push({ status: 'unrecognised', matters: true, text, effect, source });
  }

  /** What gobgpd or gobgp stops at. */
  refuse(source: SourceRange, message: string, fix: string, found?: string): void {
    this.diagnostics.push({
      rule: 'config-refused',
      severity: 'error',
      message,
      ranges: [source],
      ...(found === undefined ? {} : { found }),
      fix,
    });
  }

  /** What gobgpd does not start with. */
  stop(source: SourceRange, what: string, fix: string, found?: string): void {
    this.stopped = true;
    this.refuse(source, `gobgpd does not start: ${what}`, fix, found);
  }

  /** What costs all policies. */
  losePolicies(source: SourceRange, message: string, fix: string, found?: string): void {
    this.policiesLost = true;
    this.refuse(source, `gobgpd runs without any policy: ${message}`, fix, found);
  }

  /** A set nobody defines costs all policies. */
  undefinedSet(source: SourceRange, what: string, name: string, known: Iterable<string>): void {
    this.policiesLost = true;
    this.undefinedName(source, what, name, known, 'gobgpd runs without any policy');
  }

  undefinedName(
    source: SourceRange,
    what: string,
    name: string,
    known: Iterable<string>,
    consequence?: string,
  ): void {
    if (consequence === undefined) this.stopped = true;
    const near = nearestName(name, known);
    this.diagnostics.push({
      rule: 'config-undefined-name',
      severity: 'error',
      message: `${consequence ?? 'gobgpd does not start'}: there is no ${what} '${name}'`,
      ranges: [source],
      found: name,
      ...(near ? { nearest: near } : {}),
      fix: near ? `Write '${near}'.` : `Define the ${what}.`,
    });
  }
}
