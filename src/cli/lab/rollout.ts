import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { readPlan } from '../../lab/plan/plan.ts';
import { type Rollout, rollOut } from '../../lab/rollout/rollout.ts';
import { labFolder } from '../../lab/run/names.ts';
import { fabricFolder } from '../../lab/run/state.ts';
import { installedVersions } from '../../lab/versions.ts';
import { formatRollout } from '../../report/lab-rollout-text.ts';
import { type ExitCode, exit, type Io, type Report } from '../io.ts';
import { formatOption } from '../options.ts';
import { outStyle } from '../project.ts';
import { refuseArgument } from '../refuse.ts';
import { withBound } from './run.ts';
import { type LabSource, planWriter } from './source.ts';
import { withLab } from './work.ts';

interface RolloutOptions {
  readonly name?: string;
  readonly quiet?: boolean;
  readonly restartQuagga?: boolean;
  readonly bound: number;
  readonly format: 'text' | 'json';
}

/** `lab rollout OLD NEW`. */
export function rolloutCommand(io: Io, report: Report): Command {
  return withBound(new Command('rollout'))
    .description('start OLD on the real daemons, let packets flow, apply NEW, and count what is lost')
    .argument('<old>', 'what runs today: an inventory, or a folder with topology.yml')
    .argument('<new>', 'what is applied while packets flow')
    .option('--name <name>', 'name of the lab')
    .option(
      '--restart-quagga',
      'restart the hosts of Quagga, as their manifest says, where FRR in their place would reload',
    )
    .option('-q, --quiet', 'print findings and results only')
    .addOption(formatOption(['text', 'json']))
    .action(async (old: string, next: string, options: RolloutOptions) =>
      report(await run(old, next, options, io)),
    );
}

async function run(old: string, next: string, options: RolloutOptions, io: Io): Promise<ExitCode> {
  const missing = [old, next].find((path) => !existsSync(path));
  if (missing !== undefined)
    return refuseArgument(io, `there is no ${missing}`, 'name an inventory, or a folder with topology.yml');
  const common = { ...options, ...sourceOf(old) };
  const made = await planWriter({ ...sourceOf(next), quiet: true }, io);
  if (typeof made === 'number') return made;
  return withLab(common, true, io, async (state, steps) => {
    const folder = join(labFolder(state.name), 'next');
    const notes = [...new Set([...state.notes, ...made.write(folder, installedVersions())])];
    const plans = [readPlan(fabricFolder(state.name)), readPlan(folder)] as const;
    const restarts = options.restartQuagga === true;
    const settings = { name: state.name, bound: options.bound, notes, restarts };
    const rollout = await rollOut(...plans, settings, steps);
    if (options.format === 'json') io.out(`${JSON.stringify(rollout, null, 2)}\n`);
    else io.out(formatRollout(rollout, outStyle(io)));
    return { code: codeOf(rollout), keep: false };
  });
}

/** A folder with topology.yml is one of configurations, anything else an inventory. */
function sourceOf(path: string): LabSource {
  const configs = existsSync(join(path, 'topology.yml')) ? { configs: path } : {};
  // Nobody's edits of rendered files: both sides are what the inventories say. The stream starts in namespaces.
  return { ...configs, inventory: path, output: join(path, '.none'), containers: 'namespaces' };
}

function codeOf({ packetsLost, sessionsReset, agreement }: Rollout): ExitCode {
  if (agreement.outcome === 'inconclusive') return exit.inconclusive;
  return packetsLost > 0 || sessionsReset > 0 || agreement.outcome === 'differs' ? exit.findings : exit.clean;
}
