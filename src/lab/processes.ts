import { readdirSync, readFileSync } from 'node:fs';
import { until } from './shell.ts';

export type Signal = 'SIGTERM' | 'SIGKILL' | 'SIGHUP' | 'SIGUSR1' | 'SIGSTOP' | 'SIGCONT';

/** A process that cannot be taken for a later one with the same number. */
export interface Process {
  readonly pid: number;
  /** Clock ticks from boot to its start (field 22 of /proc/PID/stat). */
  readonly start: string;
}

/** null: there is no such process. */
export function processOf(pid: number): Process | null {
  const fields = statFields(pid);
  return fields === null || fields[0] === 'Z' || fields[0] === 'X' ? null : { pid, start: fields[19] ?? '' };
}

/** Does this very process still run? */
export function runs({ pid, start }: Process): boolean {
  return processOf(pid)?.start === start;
}

/** Sends the signal to those that still run. */
export function signalAll(pids: readonly number[], signal: Signal): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone already.
    }
  }
}

/** A zombie does not run: where nobody collects orphans it stays for good. */
export function isRunning(pid: number): boolean {
  return processOf(pid) !== null;
}

/** Seconds a process gets to end by itself. */
const PATIENCE = 10;

/** SIGTERM, and SIGKILL to what is still there once `patience` seconds are over; comes back when all are gone. */
export async function stopAll(what: string, pids: readonly number[], patience = PATIENCE): Promise<void> {
  const processes = pids.flatMap((pid) => processOf(pid) ?? []);
  const left = () => processes.filter(runs).map(({ pid }) => pid);
  signalAll(left(), 'SIGTERM');
  const begin = Date.now();
  await until(`${what} ends`, patience + 10, () => {
    if (Date.now() - begin > patience * 1000) signalAll(left(), 'SIGKILL');
    return left().length > 0 ? null : true;
  });
}

/** Every process whose environment says `NAME=VALUE`, or a value below it (`VALUE.more`); those that may not be looked into are not ours. */
export function markedWith(mark: string): readonly number[] {
  return allPids().filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      return words.some((word) => word === mark || word.startsWith(`${mark}.`));
    } catch {
      return false;
    }
  });
}

/** This process and those that started it: they are never killed to clean up. */
export function ancestors(): ReadonlySet<number> {
  const found = new Set<number>();
  for (let pid = process.pid; pid > 0 && !found.has(pid); ) {
    found.add(pid);
    pid = Number(statFields(pid)?.[1] ?? 0);
  }
  return found;
}

function allPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number);
}

/** Fields of /proc/PID/stat from the third on (state first): the second may hold blanks and brackets. */
function statFields(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
