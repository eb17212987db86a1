import { Command, Option } from 'commander';
import { runRealChecks } from '../../lab/checks/run.ts';
import type { Agreement } from '../../lab/compare/compare.ts';
import { readPlan } from '../../lab/plan/plan.ts';
import {
  bringUp,
  type ComparedAtRest,
  compareAtRest,
  compareEvents,
  type Lab,
  leaveUp,
  settle,
} from '../../lab/run/run.ts';
import { fabricFolder } from '../../lab/run/state.ts';
import type { Steps } from '../../lab/steps.ts';
import { formatAgreementJunit } from '../../report/lab-junit.ts';
import { formatAgreement } from '../../report/lab-text.ts';
import { type ExitCode, exit, type Io, type Report } from '../io.ts';
import { configsOption, formatOption, wholeNumber, withOutput } from '../options.ts';
import { outStyle } from '../project.ts';
import type { LabMaterial } from './source.ts';
import { type WorkOptions, withLab } from './work.ts';

export const agreementFormats = ['text', 'json', 'junit'] as const;
export type AgreementFormat = (typeof agreementFormats)[number];

export const outcomeCodes: Readonly<Record<Agreement['outcome'], ExitCode>> = {
  agrees: exit.clean,
  differs: exit.findings,
  inconclusive: exit.inconclusive,
};

interface RunOptions extends WorkOptions {
  readonly bound: number;
  readonly keep?: boolean;
  readonly format: AgreementFormat;
}

/** What every command takes that makes a lab. */
export function withSource(command: Command): Command {
  return withOutput(command)
    .addOption(configsOption('run'))
    .option('--name <name>', 'name of the lab (default: that of the inventory or folder)')
    .addOption(
      new Option('--containers <kind>', 'what stands behind docker0: a real container, or a namespace')
        .choices(['auto', 'docker', 'namespaces'])
        .default('auto'),
    );
}

/** Seconds; what Node can wait for ends soon after. */
const A_DAY = 86_400;

export function withBound(command: Command): Command {
  return command.option(
    '--bound <seconds>',
    'give up on daemons that do not come to rest',
    wholeNumber(1, A_DAY),
    120,
  );
}

/** `lab up` and `lab run`. */
export function runCommands(io: Io, report: Report): readonly Command[] {
  const up = withBound(withSource(new Command('up')))
    .description('start every host with its real daemon in a network namespace, and leave them up')
    .action(async (options: RunOptions) => report(await upLab(options, io)));
  const run = withBound(withSource(new Command('run')))
    .description(
      'start every host, wait until all is at rest, compare with the simulator, take everything down',
    )
    .option('--keep', 'leave it up for a closer look where something differs')
    .addOption(formatOption(agreementFormats))
    .action(async (options: RunOptions) => report(await runLab(options, io)));
  return [up, run];
}

function upLab(options: Pick<RunOptions, keyof WorkOptions | 'bound'>, io: Io): Promise<ExitCode> {
  return withLab(options, false, io, async (state, steps) => {
    const lab = await bringUp(state, steps);
    const { convergence } = await settle(lab, options.bound, steps);
    leaveUp(lab);
    if (!options.quiet) {
      for (const one of state.notes) io.err(`note: ${one}\n`);
      const rest = convergence.settled ? 'at rest' : `not at rest after ${options.bound} s`;
      io.out(`${state.name} is up: ${lab.plan.hosts.length} hosts, ${rest}\n`);
    }
    return { code: exit.clean, keep: true };
  });
}

function runLab(options: RunOptions, io: Io): Promise<ExitCode> {
  return withLab(options, true, io, async (state, steps, checks) => {
    if (readPlan(fabricFolder(state.name)).events !== null) {
      const agreement = await compareEvents(state, steps);
      printAgreement(agreement, options.format, io);
      return { code: outcomeCodes[agreement.outcome], keep: false };
    }
    const begin = performance.now();
    const lab = await bringUp(state, steps);
    const booted = (performance.now() - begin) / 1000;
    const compared = await compareAtRest(lab, options.bound, steps);
    const { convergence, expectation } = compared;
    const agreement = await withChecks(compared, checks, lab, steps);
    const code = codeOf(agreement);
    printAgreement(agreement, options.format, io);
    if (options.format === 'text' && !options.quiet) {
      const times = [`up in ${booted.toFixed(1)} s`, `at rest ${convergence.seconds.toFixed(1)} s later`];
      io.out(`${times.join(', ')}; simulated in ${(expectation.took / 1000).toFixed(3)} s\n`);
    }
    const keep = options.keep === true && code !== exit.clean;
    if (keep) leaveUp(lab);
    return { code, keep };
  });
}

/** What checks.yml asks, asked of the daemons as well. */
async function withChecks(
  { agreement, convergence: { tables }, expectation }: ComparedAtRest,
  checks: LabMaterial['checks'],
  lab: Lab,
  steps: Steps,
): Promise<Agreement> {
  if (checks.length === 0) return agreement;
  steps.say(`asking ${checks.length} checks`);
  const { outcomes, notAsked } = await runRealChecks(checks, { lab, tables, expectation });
  return { ...agreement, checks: outcomes, notes: [...agreement.notes, ...notAsked] };
}

function codeOf({ outcome, checks = [] }: Agreement): ExitCode {
  return checks.some(({ passed }) => !passed) ? exit.findings : outcomeCodes[outcome];
}

export function printAgreement(agreement: Agreement, format: AgreementFormat, io: Io): void {
  if (format === 'json') io.out(`${JSON.stringify(agreement, null, 2)}\n`);
  else if (format === 'junit') io.out(formatAgreementJunit(agreement));
  else io.out(formatAgreement(agreement, outStyle(io)));
}
