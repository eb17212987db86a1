import { Command } from 'commander';
import { runs } from '../../lab/processes.ts';
import { cleanUp, everyLab } from '../../lab/run/clean.ts';
import { LABS } from '../../lab/run/names.ts';
import { load, severalLabs, spare } from '../../lab/run/state.ts';
import { type ExitCode, exit, type Io, type Report } from '../io.ts';
import { askCommands } from './ask.ts';
import { exportCommand } from './export.ts';
import { fuzzCommand } from './fuzz.ts';
import { impairCommand } from './impair.ts';
import { rolloutCommand } from './rollout.ts';
import { runCommands } from './run.ts';
import { saying } from './work.ts';

interface DownOptions {
  readonly name?: string;
  readonly all?: boolean;
  readonly leftBehind?: boolean;
  readonly quiet?: boolean;
}

/** `fabricgen lab`: the same fabric on the real daemons. */
export function labCommand(io: Io, report: Report): Command {
  const command = new Command('lab')
    .description(
      'run the fabric on the real daemons in network namespaces, and hold their tables against the simulator',
    )
    .enablePositionalOptions();
  for (const one of [
    ...runCommands(io, report),
    ...askCommands(io, report),
    impairCommand(io, report),
    rolloutCommand(io, report),
    fuzzCommand(io, report),
    exportCommand(io, report),
    downCommand(io, report),
  ])
    command.addCommand(one);
  return command;
}

function downCommand(io: Io, report: Report): Command {
  return new Command('down')
    .description('take a lab down: processes, namespaces, mounts, files')
    .option('--name <name>', 'which one (default: the only one there is)')
    .option('--all', `every lab, also what killed runs have left (${LABS}, namespaces)`)
    .option('--left-behind', 'only where the run that made it is gone')
    .option('-q, --quiet', 'print what is wrong only')
    .action(async (options: DownOptions) => report(await down(options, io)));
}

function down(options: DownOptions, io: Io): Promise<ExitCode> {
  return saying(io, async () => {
    const there = everyLab();
    if (options.name === undefined && !options.all && there.length > 1) throw severalLabs(there);
    const names = options.all ? there : options.name === undefined ? there : [options.name];
    for (const name of names) {
      const owner = load(name)?.owner;
      if (options.leftBehind && owner && runs(owner)) continue;
      if (options.name === undefined && !options.all) spare(name);
      await cleanUp(name);
      if (!options.quiet) io.out(there.includes(name) ? `${name} is down\n` : `no lab is called ${name}\n`);
    }
    if (names.length === 0 && !options.quiet) io.out('no lab is up\n');
    return exit.clean;
  });
}
