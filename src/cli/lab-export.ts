import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { containerlabTopology, FRR_DAEMONS } from '../lab/export/containerlab.ts';
import { readPlan } from '../lab/plan/plan.ts';
import { nameFor } from '../lab/run/names.ts';
import { type ExitCode, exit, type Io } from './io.ts';
import { planWriter, sourceName } from './lab-source.ts';
import { saying, type WorkOptions } from './lab-work.ts';
import type { Report } from './main.ts';
import { withInventory } from './options.ts';

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
    .option(
      '-c, --configs <dir>',
      'configurations that fabricgen did not write: DIR/topology.yml, DIR/configs/',
    )
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
      const name = options.name ?? nameFor(sourceName(options));
      for (const host of plan.hosts) {
        const folder = join(options.output, 'configs', host.name);
        mkdirSync(folder, { recursive: true });
        for (const [file, text] of host.files) writeFileSync(join(folder, file), text);
      }
      writeFileSync(join(options.output, 'configs', 'frr-daemons'), FRR_DAEMONS);
      const file = join(options.output, `${name}.clab.yml`);
      writeFileSync(file, containerlabTopology(name, plan, 'configs'));
      if (!options.quiet) io.out(`${file}: ${plan.hosts.length} nodes\n`);
      return exit.clean;
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}
