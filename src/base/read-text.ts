import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/** A text file as it was read; `stats` are those of the open file. */
export interface ReadText {
  readonly text: string;
  readonly stats: Stats;
}

export interface ReadTextOptions {
  /** Bytes; a longer file is refused with EFBIG. What a file says of its size is not believed: those below /proc say 0. */
  readonly most: number;
  /** Is something that is no plain file (a device, a pipe) refused, with ERR_NOT_A_FILE? */
  readonly plain: boolean;
  /** Is text that is not UTF-8 refused? Else its bytes are replaced, and a byte order mark stays. */
  readonly strict: boolean;
}

/**
 * Reads a text file and ends, whatever stands there: a device without an end, a log of the kernel that waits for its next line.
 * Throws what `systemReason` has words for.
 */
export function readText(path: string, { most, plain, strict }: ReadTextOptions): ReadText {
  // Without O_NONBLOCK already opening a pipe would wait for its writer; where a pipe is welcome, it should.
  const file = openSync(path, plain ? constants.O_RDONLY | constants.O_NONBLOCK : constants.O_RDONLY);
  try {
    const stats = fstatSync(file);
    if (stats.isDirectory()) throw systemError('EISDIR');
    if (plain && !stats.isFile()) throw systemError('ERR_NOT_A_FILE');
    const bytes = readAtMost(file, most, stats.size);
    const text = strict ? new TextDecoder('utf-8', { fatal: true }).decode(bytes) : bytes.toString('utf8');
    return { text, stats };
  } finally {
    closeSync(file);
  }
}

const CHUNK = 1 << 16;

function readAtMost(file: number, most: number, expected: number): Buffer {
  if (expected > most) throw systemError('EFBIG');
  let held = Buffer.allocUnsafe(expected > 0 ? expected + 1 : CHUNK);
  let length = 0;
  for (;;) {
    const count = readSync(file, held, length, held.length - length, null);
    if (count === 0) return held.subarray(0, length);
    length += count;
    if (length > most) throw systemError('EFBIG');
    if (length === held.length) held = Buffer.concat([held], Math.min(held.length * 2, most + 1));
  }
}

function systemError(code: 'EISDIR' | 'EFBIG' | 'ERR_NOT_A_FILE'): Error {
  return Object.assign(new Error(code), { code });
}
