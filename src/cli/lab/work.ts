import { setImmediate } from 'node:timers/promises';
import { diagnosticOf, Interrupted } from '../../lab/error.ts';
import { ownCommand } from '../../lab/own-command.ts';
import { cleanUp } from '../../lab/run/clean.ts';
import { Guard } from '../../lab/run/guard.ts';
import { checkedName, nameFor } from '../../lab/run/names.ts';
import { checkNeeds, note } from '../../lab/run/run.ts';
import { claim, fabricFolder, type LabState } from '../../lab/run/state.ts';
import type { Steps } from '../../lab/steps.ts';
import { installedVersions } from '../../lab/versions.ts';
import { type ExitCode, exit, type Io } from '../io.ts';
import { sayDiagnostics } from '../project.ts';
import { type LabMaterial, type LabSource, planWriter, sourceName, type WritePlan } from './source.ts';

export interface WorkOptions extends LabSource {
  readonly name?: string;
  /** What writes the plan, where it does not come from an inventory or a folder. */
  readonly plan?: WritePlan;
}

/** What a piece of work leaves: whether the lab stands on, and the exit code. */
export interface Done {
  readonly code: ExitCode;
  readonly keep: boolean;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Steps on standard error, where somebody watches; the first SIGINT, SIGTERM or SIGHUP asks for the end. */
export async function watched<T>(
  quiet: boolean | undefined,
  io: Io,
  work: (steps: Steps) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const end = () => controller.abort();
  for (const name of signals) process.on(name, end);
  const say = (step: string) => {
    if (!quiet && io.interactive) io.err(`lab: ${step}\n`);
  };
  try {
    return await work({ say, signal: controller.signal });
  } catch (error) {
    // Ctrl-C at a terminal reaches the programs that run as well: what they say of it is no fault of theirs. It may have ended one
    // that held up everything here: this process hears of it with the next turns of the event loop.
    await setImmediate();
    await setImmediate();
    throw controller.signal.aborted ? new Interrupted() : error;
  } finally {
    for (const name of signals) process.off(name, end);
  }
}

/**
 * Makes a lab, does some work with it and takes it down again, whatever happens: an error, a signal, SIGKILL (a guard waits for
 * that). `alone`: the default name gets the pid behind it, since nobody has to find the lab again.
 */
export async function withLab(
  options: WorkOptions,
  alone: boolean,
  io: Io,
  work: (state: LabState, steps: Steps, checks: LabMaterial['checks']) => Promise<Done>,
): Promise<ExitCode> {
  return saying(io, () =>
    watched(options.quiet, io, async (steps) => {
      checkNeeds(null);
      const name = nameOf(options, alone);
      const made = options.plan ? { write: options.plan, checks: [] } : await planWriter(options, io);
      if (typeof made === 'number') return made;
      const guard = new Guard(downCommand(name));
      let state: LabState;
      try {
        state = claim(name, sourceName(options));
      } catch (error) {
        guard.dismiss();
        throw error;
      }
      let keep = false;
      try {
        const notes = made.write(fabricFolder(name), installedVersions());
        state = note(state, notes);
        const done = await work(state, steps, made.checks);
        keep = done.keep;
        return done.code;
      } finally {
        if (!keep) {
          steps.say(steps.signal.aborted ? 'interrupted: taking everything down' : 'taking everything down');
          await cleanUp(name);
        }
        guard.dismiss();
      }
    }),
  );
}

/** Runs a command; what it throws is said, and nothing else. */
export async function saying(io: Io, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Interrupted) io.err('interrupted: nothing of the lab is left\n');
    else sayDiagnostics([diagnosticOf(error)], new Map(), io);
    return exit.usage;
  }
}

function nameOf(options: WorkOptions, alone: boolean): string {
  if (options.name !== undefined) return checkedName(options.name);
  const name = nameFor(sourceName(options));
  const tail = `-${process.pid}`;
  return checkedName(alone ? `${name.slice(0, 24 - tail.length).replace(/-+$/, '')}${tail}` : name);
}

/** What cleans up after this process where it is killed. */
function downCommand(name: string): readonly string[] {
  return [...ownCommand(), 'lab', 'down', '--name', name, '--quiet', '--left-behind'];
}
