import { spawnSync } from 'node:child_process';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command and waits for it; never throws for its exit code. */
export function tryRun(command: string, args: readonly string[], options: { timeout?: number } = {}): Ran {
  const ran = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: options.timeout ?? 60_000,
    maxBuffer: 1 << 28,
  });
  return {
    code: ran.status ?? 124,
    stdout: ran.stdout ?? '',
    stderr: ran.error ? String(ran.error) : (ran.stderr ?? ''),
  };
}

/** Runs a command that must succeed and returns what it printed. */
export function run(command: string, args: readonly string[]): string {
  const ran = tryRun(command, args);
  if (ran.code !== 0)
    throw new Error(`${command} ${args.join(' ')}: exit ${ran.code}\n${ran.stderr}${ran.stdout}`);
  return ran.stdout;
}

/** Asks again and again until the answer is not null; throws with the last state once `seconds` are over. */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => T | null,
  state: () => string = () => '',
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = ask();
    if (answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s\n${state()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
