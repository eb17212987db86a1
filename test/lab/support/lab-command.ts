import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markedWith } from '../../../src/lab/processes.ts';
import { LABS, PREFIX } from '../../../src/lab/run/names.ts';
import { command, root } from './command.ts';

export interface LabEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** `fabricgen lab` with these words; `after` milliseconds it gets a signal. */
export function lab(
  words: readonly string[],
  stop?: { readonly after: number; readonly signal: NodeJS.Signals },
): Promise<LabEnd> {
  return ended(spawn(process.execPath, [command(), 'lab', ...words], { cwd: root }), stop);
}

/** The same with another program in front, and other variables: in a mount namespace, without some program on its PATH. */
export function labWithin(
  before: readonly string[],
  words: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<LabEnd> {
  const [program = '', ...rest] = [...before, process.execPath, command(), 'lab', ...words];
  return ended(spawn(program, rest, { cwd: root, env }));
}

/** The same at a terminal, where Ctrl-C is pressed as soon as it says `step`; standard error is part of `out`. */
export function labAtTerminal(words: readonly string[], step: string): Promise<LabEnd> {
  // `exec`: a shell that waits for its command (dash) would die of Ctrl-C itself, and its exit code would be heard.
  const line = ['exec', process.execPath, command(), 'lab', ...words].join(' ');
  const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: root });
  let said = '';
  let pressed = false;
  child.stdout.on('data', (piece: Buffer) => {
    said += piece.toString('utf8');
    if (!pressed && said.includes(`lab: ${step}`)) pressed = child.stdin.write('\x03') || true;
  });
  return ended(child);
}

function ended(
  child: ChildProcessWithoutNullStreams,
  stop?: { readonly after: number; readonly signal: NodeJS.Signals },
): Promise<LabEnd> {
  let out = '';
  let err = '';
  child.stdout.on('data', (piece: Buffer) => {
    out += piece.toString('utf8');
  });
  child.stderr.on('data', (piece: Buffer) => {
    err += piece.toString('utf8');
  });
  const timer = stop && setTimeout(() => child.kill(stop.signal), stop.after);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, out, err });
    });
  });
}

/** Everything there is of a lab, each in a few words; empty: the machine is clean. */
export function leftovers(name: string): readonly string[] {
  const within = (folder: string, wanted: (entry: string) => boolean) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter(wanted)
          .map((entry) => join(folder, entry))
      : [];
  const own = `${PREFIX}.${name}`;
  const groups = within('/sys/fs/cgroup', () => true).flatMap((one) =>
    existsSync(join(one, `${PREFIX}-${name}`)) ? [join(one, `${PREFIX}-${name}`)] : [],
  );
  return [
    ...within('/run/netns', (entry) => entry.startsWith(`${own}.`)),
    ...within(LABS, (entry) => entry === name),
    ...markedWith(`FABRICGEN_LAB=${own}`).map((pid) => `process ${pid} ${readComm(pid)}`),
    ...readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .filter((line) => line.includes(join(LABS, `${name}/`)) || line.includes(`/run/netns/${own}.`)),
    ...groups,
  ];
}

function readComm(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
