import type { Diagnostic } from '../base/diagnostic.ts';

/** What ends a lab before it has an answer: said as a diagnostic, once everything is cleaned up. */
export class LabError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** Somebody asked for the end (Ctrl-C, SIGTERM): no fault, but no result either. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
  }
}

const full: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left',
  EDQUOT: 'the quota is used up',
  EROFS: 'it cannot be written to',
  EACCES: 'this user may not write there',
  ENOENT: 'the folder has gone',
};

/** The last lines that say something: the end of a log is where the reason stands. */
function lastOf(lines: readonly string[]): string {
  const told = lines.map((line) => line.trim()).filter((line) => line !== '');
  return told.slice(-MOST_LINES).join(' | ');
}

const MOST_LINES = 8;

/** Whatever went wrong, as a diagnostic: what is ours as it is, a failing disk as such, anything else in its own words. */
export function diagnosticOf(error: unknown): Diagnostic {
  if (error instanceof LabError) return error.diagnostic;
  const { code = '', path, message = String(error) } = error as NodeJS.ErrnoException;
  const why = full[code];
  if (why)
    return {
      rule: 'file-unwritable',
      severity: 'error',
      message: `${path ?? 'the folder of the lab'} cannot be written: ${why}`,
      ranges: [],
      fix: 'make room there and run the command again: nothing of this run was left behind',
    };
  const [first = '', ...rest] = message.trim().split('\n');
  return {
    rule: 'lab-failed',
    severity: 'error',
    message: first.replace(/\.$/, ''),
    ranges: [],
    ...(rest.length > 0 ? { found: lastOf(rest) } : {}),
    fix: 'see what the daemon says, mend its files, and run the command again',
  };
}
