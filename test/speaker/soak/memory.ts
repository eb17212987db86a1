/** One look at the process of the speaker: seconds since the start, and octets. */
export interface MemorySample {
  readonly seconds: number;
  /** What V8 holds with what it has not collected yet, and array buffers: tables are made of these. */
  readonly heap: number;
  readonly resident: number;
}

export interface MemoryVerdict {
  /** The lowest heap of each sixth of the run, in MiB: what is left after a collection. */
  readonly floors: readonly number[];
  readonly mostResident: number;
  /** By how much the floor rose from the second sixth to the lowest of the last two, in MiB. */
  readonly rise: number;
  readonly flat: boolean;
}

const MIB = 1024 * 1024;
const PARTS = 6;

/**
 * Does memory stay where it is? The first sixth is for tables that fill and code that is compiled; from there on the floor may rise by a tenth and `slack` MiB, which is
 * what one collection more or less makes in a short run.
 */
export function judgeMemory(samples: readonly MemorySample[], slack: number): MemoryVerdict {
  const length = samples.length / PARTS;
  const floors = Array.from({ length: PARTS }, (_, part) => {
    const own = samples.slice(Math.floor(part * length), Math.floor((part + 1) * length));
    return Math.round((Math.min(...own.map(({ heap }) => heap)) / MIB) * 10) / 10;
  });
  const [, early = 0, , , late = 0, last = 0] = floors;
  const rise = Math.min(late, last) - early;
  const mostResident = Math.round(Math.max(...samples.map(({ resident }) => resident)) / MIB);
  return { floors, mostResident, rise, flat: rise <= early / 10 + slack };
}
