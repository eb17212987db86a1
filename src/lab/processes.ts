import { readFileSync } from 'node:fs';
import { until } from './shell.ts';

/** Sends the signal to those that still run. */
export function signalAll(
  pids: readonly number[],
  signal: 'SIGTERM' | 'SIGKILL' | 'SIGHUP' | 'SIGUSR1' | 'SIGSTOP' | 'SIGCONT',
): void {
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
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}

/** SIGTERM, and wait until all are gone. */
export async function stopAll(what: string, pids: readonly number[]): Promise<void> {
  signalAll(pids, 'SIGTERM');
  await until(`${what} ends`, 20, () => (pids.some(isRunning) ? null : true));
}
