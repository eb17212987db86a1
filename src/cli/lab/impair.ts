import { Command, InvalidArgumentError } from 'commander';
import { impaired, impairWords } from '../../lab/impair.ts';
import { missing } from '../../lab/programs.ts';
import { attach } from '../../lab/run/run.ts';
import { openLab } from '../../lab/run/state.ts';
import { type ExitCode, exit, type Io, type Report } from '../io.ts';
import { wholeNumber } from '../options.ts';
import { knownHost, named } from './ask.ts';
import { saying } from './work.ts';

interface ImpairOptions {
  readonly name?: string;
  readonly quiet?: boolean;
  readonly delay?: number;
  readonly jitter?: number;
  readonly loss?: number;
  readonly rate?: number;
}

/** `lab impair HOST INTERFACE`. */
export function impairCommand(io: Io, report: Report): Command {
  return named(new Command('impair'))
    .description('delay, lose or slow down what leaves an interface (tc netem); without an option as before')
    .argument('<host>', 'on which host')
    .argument('<interface>', 'name of the interface there')
    .option('--delay <ms>', 'milliseconds', wholeNumber(1, 60_000))
    .option('--jitter <ms>', 'milliseconds by which the delay varies to either side', wholeNumber(1, 60_000))
    .option('--loss <percent>', 'of the packets', percent)
    .option('--rate <kbit>', 'kilobits per second', wholeNumber(1))
    .action(async (host: string, device: string, options: ImpairOptions) =>
      report(await impair(host, device, options, io)),
    );
}

function percent(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0 || value > 100)
    throw new InvalidArgumentError('a number above 0, at most 100, is needed.');
  return value;
}

function impair(host: string, device: string, options: ImpairOptions, io: Io): Promise<ExitCode> {
  return saying(io, async () => {
    const lab = attach(openLab(options.name));
    knownHost(lab, host);
    if (missing({ programs: ['tc'] }).length > 0) throw new Error('tc (iproute2) is not installed');
    const { delay = null, jitter = null, loss = null, rate = null } = options;
    const words = impairWords(device, { delay, jitter, loss, rate });
    const off = words[1] === 'del';
    impaired(host, device, off, await lab.fabric.namespaces.askExec(host, 'tc', words));
    const what = words.slice(words.indexOf('netem') + 1).join(' ');
    if (!options.quiet) io.out(`${host} ${device}: ${off ? 'as before' : what}\n`);
    return exit.clean;
  });
}
