import type { Cursor } from './cursor.ts';
import { readDebugMask, readDumpMask, readMask } from './masks.ts';
import { readBool, readNumber, readText, readTime } from './option-reader.ts';

/** Statements that say how BIRD logs, prints and is asked: no table hangs on them, and what BIRD refuses of them keeps it from starting. */

const readers: Readonly<Record<string, (cursor: Cursor) => void>> = {
  log: readLog,
  debug: readDebug,
  mrtdump: readDump,
  timeformat: readTimeFormat,
  watchdog: (cursor) => {
    cursor.oneOf(['warning', 'timeout']);
    readTime(cursor);
  },
};

export const housekeeping: readonly string[] = Object.keys(readers);

/** False: another statement comes now. */
export function readHousekeeping(cursor: Cursor): boolean {
  const word = housekeeping.find((one) => cursor.take(one));
  if (word === undefined) return false;
  readers[word]?.(cursor);
  return true;
}

const logClasses = ['debug', 'trace', 'info', 'remote', 'warning', 'error', 'auth', 'fatal', 'bug'];

/** sysdep/unix/config.Y `log_config`. */
function readLog(cursor: Cursor): void {
  if (cursor.take('syslog')) {
    if (cursor.take('name')) readText(cursor);
  } else if (!cursor.take('stderr')) {
    if (cursor.is('all') || cursor.is('{'))
      cursor.fail('syslog, stderr or the name of a file in quotes is expected here');
    readText(cursor);
    if (cursor.token.kind === 'number') {
      readNumber(cursor);
      readText(cursor);
    }
  }
  readMask(cursor, ['all'], logClasses);
}

function readDebug(cursor: Cursor): void {
  if (cursor.take('protocols') || cursor.take('channels')) readDebugMask(cursor);
  else if (cursor.take('commands')) readNumber(cursor);
  else if (cursor.take('latency', 'limit')) readTime(cursor);
  else {
    cursor.expect('latency');
    readBool(cursor);
  }
}

function readDump(cursor: Cursor): void {
  if (cursor.take('protocols')) readDumpMask(cursor);
  else readText(cursor);
}

function readTimeFormat(cursor: Cursor): void {
  cursor.oneOf(['route', 'protocol', 'base', 'log']);
  if (!cursor.take('iso')) {
    readText(cursor);
    if (cursor.is(';')) return;
    readNumber(cursor);
    readText(cursor);
    return;
  }
  cursor.oneOf(['short', 'long']);
  if (!cursor.take('ms')) cursor.take('us');
}
