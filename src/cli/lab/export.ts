import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { systemReason } from '../../base/system-reason.ts';
import { LabError } from '../../lab/error.ts';
import { containerlabTopology, FRR_DAEMONS } from '../../lab/export/containerlab.ts';
import { type LabPlan, readPlan } from '../../lab/plan/plan.ts';
import { nameFor } from '../../lab/run/names.ts';
import { makeFolders } from '../../targets/output-staging.ts';
import { type ExitCode, exit, type Io, type Report } from '../io.ts';
import { configsOption, withInventory } from '../options.ts';
import { planWriter, sourceName } from './source.ts';
import { saying, type WorkOptions } from './work.ts';

interface ExportOptions extends WorkOptions {
  readonly containerlab?: boolean;
}

/** `lab export --containerlab`: nothing is run. */
export function exportCommand(io: Io, report: Report): Command {
  return withInventory(new Command('export'))
    .description('write the fabric as a topology for another lab')
    .requiredOption(
      '--containerlab',
      'for containerlab: NAME.clab.yml with the rendered files bound to their places',
    )
    .addOption(configsOption('write'))
    .option('--name <name>', 'name of the topology (default: that of the inventory or folder)')
    .option('-o, --output <dir>', 'where it is written', 'containerlab')
    .action(async (options: ExportOptions) => report(await run(options, io)));
}

/** Versions as the inventory has them: containerlab brings the daemons. */
const every = new Map([
  ['frr', '8.4'],
  ['gobgp', '3.10'],
  ['bird', '2.0'],
  ['exabgp', '4.2'],
]);

function run(options: ExportOptions, io: Io): Promise<ExitCode> {
  return saying(io, async () => {
    const made = await planWriter({ ...options, output: '', containers: 'namespaces' }, io);
    if (typeof made === 'number') return made;
    const scratch = mkdtempSync(join(tmpdir(), 'fabricgen-export-'));
    try {
      made.write(scratch, every);
      const plan = readPlan(scratch);
      const file = writeTopology(options.output, options.name ?? nameFor(sourceName(options)), plan);
      if (!options.quiet) io.out(`${file}: ${plan.hosts.length} nodes\n`);
      return exit.clean;
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}

/** Gives the path of the topology. Throws LabError where something cannot be written. */
function writeTopology(output: string, name: string, plan: LabPlan): string {
  const file = join(output, `${name}.clab.yml`);
  try {
    for (const host of plan.hosts) {
      const folder = join(output, 'configs', host.name);
      makeFolders(folder);
      for (const [own, text] of host.files) {
        const file = join(folder, own);
        makeFolders(dirname(file));
        writeFileSync(file, text);
      }
    }
    writeFileSync(join(output, 'configs', 'frr-daemons'), FRR_DAEMONS);
    writeFileSync(file, containerlabTopology(name, plan, 'configs'));
    return file;
  } catch (error) {
    throw new LabError({
      rule: 'file-unwritable',
      severity: 'error',
      message: `${(error as NodeJS.ErrnoException).path ?? output} cannot be written: ${systemReason(error)}`,
      ranges: [],
      fix: 'name a folder you may write with --output',
    });
  }
}
