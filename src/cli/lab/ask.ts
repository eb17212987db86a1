import { spawn } from 'node:child_process';
import { Command } from 'commander';
import { parseAddress } from '../../base/ip.ts';
import { nearestName } from '../../base/nearest.ts';
import { LabError } from '../../lab/error.ts';
import { type Pinged, ping } from '../../lab/ping.ts';
import { everyLab } from '../../lab/run/clean.ts';
import { attach, compareAtRest, type Lab } from '../../lab/run/run.ts';
import { load, openLab } from '../../lab/run/state.ts';
import { statusOf } from '../../lab/run/status.ts';
import { formatPing, formatStatus } from '../../report/lab-text.ts';
import { type ExitCode, exit, type Io, type Report } from '../io.ts';
import { formatOption } from '../options.ts';
import { outStyle } from '../project.ts';
import { type AgreementFormat, agreementFormats, outcomeCodes, printAgreement, withBound } from './run.ts';
import { saying, watched } from './work.ts';

interface AskOptions {
  readonly name?: string;
  readonly quiet?: boolean;
  readonly format: 'text' | 'json';
}

interface CompareOptions {
  readonly name?: string;
  readonly quiet?: boolean;
  readonly bound: number;
  readonly format: AgreementFormat;
}

/** Commands that ask a lab which `lab up` has left up. */
export function askCommands(io: Io, report: Report): readonly Command[] {
  const status = named(new Command('status'))
    .description('the labs there are, and whether every daemon of each runs')
    .addOption(formatOption(['text', 'json']))
    .action(async (options: AskOptions) => report(await showStatus(options, io)));
  const compare = withBound(named(new Command('compare')))
    .description('wait until all is at rest, and hold the tables of the daemons against the simulator')
    .addOption(formatOption(agreementFormats))
    .action(async (options: CompareOptions) => report(await compareLab(options, io)));
  const exec = named(new Command('exec'))
    .description('run a command on a host of the lab (lab exec web01 -- ip route)')
    .argument('<host>', 'on which host')
    .argument('<command...>', 'program and arguments; -- in front keeps its options from being read here')
    .passThroughOptions()
    .action(async (host: string, words: readonly string[], options: AskOptions) =>
      report(await execOn(host, words, options, io)),
    );
  const pinging = named(new Command('ping'))
    .description(
      'ping from the container of a host (or the host) to another, and say whether the source address survived',
    )
    .argument('<from>', 'a host')
    .argument('<to>', 'a host, or an address')
    .addOption(formatOption(['text', 'json']))
    .action(async (from: string, to: string, options: AskOptions) =>
      report(await pingFrom(from, to, options, io)),
    );
  const capture = named(new Command('capture'))
    .description(
      "print packets of a host's interface until Ctrl-C (tcpdump; filters follow: lab capture web01 eth1 -- port 179)",
    )
    .argument('<host>', 'on which host')
    .argument('<interface>', 'name of the interface there, or any')
    .argument('[filter...]', 'options and filter of tcpdump, behind --')
    .passThroughOptions()
    .action(async (host: string, device: string, words: readonly string[], options: AskOptions) =>
      report(
        await execOn(
          host,
          ['tcpdump', '-n', '-l', '-i', device, ...words.filter((one) => one !== '--')],
          options,
          io,
        ),
      ),
    );
  return [status, compare, exec, pinging, capture];
}

/** What every command takes that asks a lab which is up. */
export function named(command: Command): Command {
  return command
    .option('--name <name>', 'which lab (default: the only one there is)')
    .option('-q, --quiet', 'print findings and results only');
}

function showStatus({ name, format }: AskOptions, io: Io): Promise<ExitCode> {
  return saying(io, async () => {
    const names = name === undefined ? everyLab() : [openLab(name).name];
    const found = names.map((one) => statusOf(one, load(one)));
    if (format === 'json') io.out(`${JSON.stringify({ version: 1, labs: found }, null, 2)}\n`);
    else io.out(formatStatus(found, outStyle(io)));
    return found.every(({ healthy }) => healthy) ? exit.clean : exit.findings;
  });
}

function compareLab(options: CompareOptions, io: Io): Promise<ExitCode> {
  return saying(io, () =>
    watched(options.quiet, io, async (steps) => {
      const { agreement } = await compareAtRest(attach(openLab(options.name)), options.bound, steps);
      printAgreement(agreement, options.format, io);
      return outcomeCodes[agreement.outcome];
    }),
  );
}

function execOn(host: string, words: readonly string[], { name }: AskOptions, io: Io): Promise<ExitCode> {
  return saying(io, async () => {
    const lab = attach(openLab(name));
    knownHost(lab, host);
    const { namespaces } = lab.fabric;
    const daemon = lab.fabric.daemons.get(host);
    const env = {
      ...process.env,
      ...namespaces.mark,
      // `vtysh` and `birdc` find the daemon of the host by these.
      ...(daemon ? { VTYSH_SOCKET: daemon.folder, FABRICGEN_HOST_FOLDER: daemon.folder } : {}),
    };
    const full = withSocket(words, daemon?.folder);
    const child = spawn('ip', ['netns', 'exec', namespaces.name(host), ...full], { stdio: 'inherit', env });
    const ignore = () => undefined;
    process.on('SIGINT', ignore);
    const code = await new Promise<number>((resolve) => {
      child.on('error', () => resolve(127));
      child.on('exit', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 0 : 1)));
    });
    process.off('SIGINT', ignore);
    return (code === 0 ? exit.clean : exit.findings) as ExitCode;
  });
}

/** vtysh and birdc are told where the daemon of this very host listens. */
function withSocket(words: readonly string[], folder: string | undefined): readonly string[] {
  const [program = '', ...rest] = words;
  if (program === '--') return withSocket(rest, folder);
  if (folder === undefined) return words;
  if (program === 'vtysh') return [program, '--vty_socket', folder, '--config_dir', folder, ...rest];
  if (program === 'birdc') return [program, '-s', `${folder}/ctl`, ...rest];
  return words;
}

function pingFrom(from: string, to: string, { name, format }: AskOptions, io: Io): Promise<ExitCode> {
  return saying(io, async () => {
    const lab = attach(openLab(name));
    const start = startOf(lab, from);
    const goal = goalOf(lab, to);
    const result = await ping(lab.fabric.namespaces, start, goal.address, goal.container);
    const told = { from, to, address: goal.address, expected: start.address, kind: start.kind, ...result };
    if (format === 'json') io.out(`${JSON.stringify({ version: 1, ...told }, null, 2)}\n`);
    else io.out(formatPing(told, outStyle(io)));
    return received(result) ? exit.clean : exit.findings;
  });
}

function received({ received: count }: Pinged): boolean {
  return count > 0;
}

/** The container of a host, or the host itself where it has none. */
function startOf(lab: Lab, host: string) {
  knownHost(lab, host);
  const container = lab.containers.get(host);
  if (container) return { exec: container.exec, address: container.addresses, kind: container.kind } as const;
  const exec = (program: string, words: readonly string[]) =>
    lab.fabric.namespaces.askExec(host, program, words);
  return { exec, address: [], kind: 'host' } as const;
}

function goalOf(lab: Lab, to: string) {
  const literal = parseAddress(to);
  const containers = [...lab.containers.values()];
  if (literal) {
    const container = containers.find(({ addresses }) => addresses.includes(literal.text));
    return { address: literal.text, container: container ?? null };
  }
  const { interfaces } = knownHost(lab, to);
  const container = lab.containers.get(to) ?? null;
  const address =
    container?.addresses[0] ?? interfaces.flatMap(({ addresses }) => addresses)[0]?.text.split('/')[0];
  if (address !== undefined) return { address, container };
  throw new LabError({
    rule: 'lab-host',
    severity: 'error',
    message: `${to} has no address that could be pinged`,
    ranges: [],
    host: to,
    fix: 'give an address instead',
  });
}

/** The host of the lab with this name; throws where there is none. */
export function knownHost(lab: Lab, host: string) {
  const found = lab.plan.hosts.find(({ name }) => name === host);
  if (found) return found;
  const names = lab.plan.hosts.map(({ name }) => name);
  const nearest = nearestName(host, names);
  throw new LabError({
    rule: 'lab-host',
    severity: 'error',
    message: `the lab ${lab.state.name} has no host ${host}`,
    ranges: [],
    found: host,
    ...(nearest ? { nearest } : {}),
    fix: nearest
      ? `write ${nearest}`
      : `use ${names.slice(0, 12).join(', ')}${names.length > 12 ? ' ...' : ''}`,
  });
}
