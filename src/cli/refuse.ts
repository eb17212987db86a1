import type { Diagnostic } from '../base/diagnostic.ts';
import { nearestName } from '../base/nearest.ts';
import { systemReason } from '../base/system-reason.ts';
import { type ExitCode, exit, type Io } from './io.ts';
import { sayDiagnostics } from './project.ts';

/** Says on standard error why nothing was done; the exit code of a command line that cannot be followed. */
export function refuse(io: Io, ...diagnostics: readonly Diagnostic[]): ExitCode {
  sayDiagnostics(diagnostics, new Map(), io);
  return exit.usage;
}

/** An argument that asks for what there is not; `fix` is one sentence. */
export function refuseArgument(io: Io, message: string, fix: string): ExitCode {
  return refuse(io, { rule: 'command-line', severity: 'error', message, ranges: [], fix });
}

const MOST_NAMES = 20;

/** A name on the command line that is none of the known ones: `message` says which, the nearest and the first few are offered. */
export function refuseName(io: Io, message: string, name: string, known: Iterable<string>): ExitCode {
  const names = [...known];
  const nearest = nearestName(name, names);
  const shown = `${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ', …' : ''}`;
  return refuse(io, {
    rule: 'command-line',
    severity: 'error',
    message,
    ranges: [],
    ...(nearest ? { nearest } : {}),
    fix: nearest ? `write ${nearest}` : `use ${names.length === 1 ? '' : 'one of '}${shown}`,
  });
}

/** What the system said when a file that the user named was to be written. */
export function unwritable(path: string, error: unknown): Diagnostic {
  return {
    rule: 'file-unwritable',
    severity: 'error',
    message: `${path} cannot be written: ${systemReason(error)}`,
    ranges: [],
    fix: 'name a file in a folder that is there and may be written to',
  };
}
