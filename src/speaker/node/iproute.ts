import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { KernelTable } from '../kernel/installer.ts';
import { batchFailures, type KernelMark, standingRoutes } from '../kernel/ip-route.ts';

/** The kernel's main table through iproute2, the only way to it from Node. */
export function iproute({ protocol }: KernelMark): KernelTable {
  return {
    standing: async () => {
      const both = ([4, 6] as const).map(async (family) => {
        const { code, out, words } = await ip([
          ...['-json', `-${family}`, 'route', 'show', 'table', 'main', 'proto', String(protocol)],
        ]);
        if (code !== 0) throw new Error(words.trim() || `ip ended with ${code}`);
        return standingRoutes(out, family);
      });
      return (await Promise.all(both)).flat();
    },
    apply: async (lines) => {
      const { code, words } = await ip(['-force', '-batch', '-'], lines);
      const failures = batchFailures(words);
      if (code !== 0 && failures.length === 0) throw new Error(words.trim() || `ip ended with ${code}`);
      return failures;
    },
  };
}

/** May this process change the kernel's routes? Reading them is allowed to everybody. */
export function mayChangeRoutes(): boolean {
  return !existsSync(STATUS) || holdsNetAdmin(readFileSync(STATUS, 'utf8'));
}

/** Is CAP_NET_ADMIN (capabilities(7)) among the effective capabilities of a `/proc/PID/status`? */
export function holdsNetAdmin(status: string): boolean {
  const [, effective] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return effective !== undefined && ((BigInt(`0x${effective}`) >> CAP_NET_ADMIN) & 1n) === 1n;
}

const STATUS = '/proc/self/status';
const CAP_NET_ADMIN = 12n;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly words: string;
}

/** Rejects where there is no such program. */
function ip(args: readonly string[], lines: readonly string[] = []): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { PATH, LC_ALL: 'C' };
    const child = spawn('ip', [...args], { stdio: 'pipe', env, timeout: LONGEST, killSignal: 'SIGKILL' });
    const out: Buffer[] = [];
    const words: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => out.push(piece));
    child.stderr.on('data', (piece: Buffer) => words.push(piece));
    child.once('error', reject);
    // It may end before it has read everything: how it ended says why.
    child.stdin.on('error', () => undefined);
    child.once('close', (code) =>
      resolve({ code, out: Buffer.concat(out).toString(), words: Buffer.concat(words).toString() }),
    );
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  });
}

/** Milliseconds; a batch takes less than a second. One that hangs must not hold up all that come after it. */
const LONGEST = 60_000;

/** Words of other languages would not be understood, nor a program of the same name in the working directory be meant. */
const PATH = '/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin';
