import { spawn } from 'node:child_process';
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
  const child = spawn(process.execPath, [command(), 'lab', ...words], { cwd: root });
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
