import type { Diagnostic } from '../../../base/diagnostic.ts';
import { nearestName } from '../../../base/nearest.ts';
import type { SourceRange } from '../../../base/source.ts';
import type { LineReport } from '../../target.ts';
import type { Word } from './tokens.ts';

/** What is said while a file is read. One refusal, and ExaBGP does not start. */
export class Reading {
  readonly diagnostics: Diagnostic[] = [];
  readonly lines: LineReport[] = [];
  refused = false;
  /**
   * The IPv6 network of length 32 that was read last, null where an IPv4 host came after it: lengths are one object for both families, which then
   * counts 128 bits (`NetMask.create`).
   */
  sixOf32: SourceRange | null = null;

  /** A line that is known and not (fully) modelled. */
  note(source: SourceRange, text: string, effect: string, matters: boolean): void {
    this.lines.push({ status: 'unmodelled', matters, text, effect, source });
  }

  unrecognised(source: SourceRange, text: string, effect: string): void {
    this.lines.push({ status: 'unrecognised', matters: true, text, effect, source });
  }

  /** What ExaBGP stops at when it reads the file. Returns null, for values that could not be read. */
  refuse(source: SourceRange, message: string, fix: string, found?: string): null {
    this.refused = true;
    return this.#error(source, `exabgp does not start: ${message}`, fix, found);
  }

  /** What ExaBGP reads without complaint and fails at later. */
  fails(source: SourceRange, message: string, fix: string): null {
    return this.#error(source, message, fix);
  }

  #error(source: SourceRange, message: string, fix: string, found?: string): null {
    this.diagnostics.push({
      rule: 'config-refused',
      severity: 'error',
      message,
      ranges: [source],
      ...(found === undefined ? {} : { found }),
      fix,
    });
    return null;
  }

  /** A word that stands where ExaBGP knows other ones. */
  unknown(word: Word | undefined, place: SourceRange, where: string, known: Iterable<string>): void {
    const names = [...known];
    const found = word?.text ?? '';
    const nearest = nearestName(found, names);
    const source = word?.source ?? place;
    const named = found === '' ? 'an empty statement' : `'${found}'`;
    this.refused = true;
    this.diagnostics.push({
      rule: 'config-unrecognised',
      severity: 'error',
      message: `exabgp does not start: it knows no ${named} in ${where}`,
      ranges: [source],
      found,
      expected: names.join(', '),
      ...(nearest ? { nearest } : {}),
      fix: nearest ? `Write '${nearest}'.` : 'Remove the line.',
    });
  }

  undefinedName(source: SourceRange, message: string, name: string, known: Iterable<string>): void {
    const near = nearestName(name, known);
    this.diagnostics.push({
      rule: 'config-undefined-name',
      severity: 'error',
      message,
      ranges: [source],
      found: name,
      ...(near ? { nearest: near } : {}),
      fix: near ? `Write '${near}'.` : 'Define it before it is used.',
    });
  }
}
