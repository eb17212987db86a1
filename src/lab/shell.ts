import { execFile, spawnSync } from 'node:child_process';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MOST_OUTPUT = 1 << 28;

/** Runs a command and waits for it; never throws for its exit code. */
export function tryRun(
  command: string,
  args: readonly string[],
  options: { timeout?: number; input?: string } = {},
): Ran {
  const settings = {
    encoding: 'utf8',
    timeout: options.timeout ?? 60_000,
    maxBuffer: MOST_OUTPUT,
    // A session of its own (Node takes it here as for `spawn`): Ctrl-C is for us, and must not end what cleans up.
    detached: true,
    ...(options.input === undefined ? {} : { input: options.input }),
  } as const;
  const ran = spawnSync(command, args, settings);
  return {
    code: ran.status ?? 124,
    stdout: ran.stdout ?? '',
    stderr: ran.error ? String(ran.error) : (ran.stderr ?? ''),
  };
}

/** Runs a command that must succeed and returns what it printed. */
export function run(command: string, args: readonly string[], input?: string): string {
  return succeeded(command, args, tryRun(command, args, input === undefined ? {} : { input }));
}

/** The same without holding up the others: for what many hosts do at once. `env` adds to the environment. */
export function ask(
  command: string,
  args: readonly string[],
  { timeout = 60_000, env }: { timeout?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { timeout, maxBuffer: MOST_OUTPUT, env: env ?? process.env };
    execFile(command, args, options, (error, stdout, stderr) => {
      const { code } = (error ?? { code: 0 }) as { code?: unknown };
      resolve({
        code: typeof code === 'number' ? code : 124,
        stdout,
        stderr: error && typeof code !== 'number' ? String(error) : stderr,
      });
    });
  });
}

/** Runs a command that must succeed, without holding up the others. */
export async function asked(
  command: string,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<string> {
  return succeeded(command, args, await ask(command, args, env ? { env } : {}));
}

function succeeded(command: string, args: readonly string[], ran: Ran): string {
  if (ran.code !== 0)
    throw new Error(`${command} ${args.join(' ')}: exit ${ran.code}\n${ran.stderr}${ran.stdout}`);
  return ran.stdout;
}

/** Asks again and again until the answer is not null; throws with the last state once `seconds` are over. */
export async function until<T>(
  what: string,
  seconds: number,
  question: () => T | null | Promise<T | null>,
  state: () => string = () => '',
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await question();
    if (answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s\n${state()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Does something for each, some at a time; the first failure is thrown once all that had begun are done. */
export async function forEachOf<T>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = [...items];
  let failure: { readonly error: unknown } | null = null;
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined && !failure; item = rest.shift()) {
      try {
        await act(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failure) throw (failure as { readonly error: unknown }).error;
}
