import { Command, Option } from 'commander';
import { nearestName } from '../../base/nearest.ts';
import { logLevels } from '../../speaker/node/logger.ts';
import type { Io, Report } from '../io.ts';
import { repeatable, wholeNumber } from '../options.ts';
import { askCommands } from './ask.ts';
import { formats } from './config.ts';
import { pcapCommand } from './replay.ts';
import { runSpeaker, type SpeakerOptions } from './run.ts';

/** Seconds: the field has twelve bits (RFC 4724 section 3). */
const MOST_RESTART_TIME = 4095;
const MOST_METRIC = 0xffff_ffff;

/** `fabricgen speaker`: the daemon, and the commands that talk to one. */
export function speakerCommand(io: Io, report: Report): Command {
  const command = new Command('speaker')
    .description('run the reference BGP speaker, or talk to one that runs')
    // An option behind the name of a command is that command's.
    .enablePositionalOptions()
    .option('-c, --config <file>', 'frr.conf, bgpd.conf, gobgp.toml, bird.conf or exabgp.conf')
    .addOption(
      new Option('--format <format>', 'which daemon the file is for, where its name does not say').choices(
        Object.keys(formats),
      ),
    )
    .option('-i, --inventory <path>', 'render the configuration of --host from this inventory')
    .option('--host <name>', 'host of the inventory')
    .option('--name <name>', 'name in logs and of the socket (default: the host, or speaker)')
    .option('--port <port>', 'TCP port to listen on', wholeNumber(1, 65535), 179)
    .addOption(
      new Option('--listen <address>', 'listen on this address (repeatable)')
        .argParser(repeatable)
        .default([], 'all, IPv4 and IPv6'),
    )
    .option('--no-listen', 'take no calls')
    .option('--socket <path>', 'unix socket of the control API (default: /run/fabricgen/NAME.sock)')
    .option('--api <address:port>', 'control API on a loopback address instead of a unix socket')
    .option('--no-api', 'no control API')
    .option(
      '--graceful [seconds]',
      'ask peers to keep our routes for so long while we restart (RFC 4724, default 120)',
      wholeNumber(1, MOST_RESTART_TIME),
    )
    .option('--install-routes', 'put the best routes into the kernel (needs root and iproute2)')
    .option('--kernel-protocol <number>', 'whose routes they are in the kernel', wholeNumber(1, 255), 179)
    .option(
      '--kernel-metric <number>',
      'how they rank against other routes of the kernel',
      wholeNumber(1, MOST_METRIC),
      20,
    )
    .option('--stdin', 'take announce and withdraw lines from standard input')
    .option('--record <file>', 'write every input to a file, for --replay')
    .option('--replay <file>', 'repeat a recording without sockets and print what came of it')
    .option('--check', 'read the configuration, say what is in it, and end')
    .addOption(new Option('--log-level <level>', 'least level of the log').choices(logLevels).default('info'))
    // It has an action of its own, so that a command that there is not would only count as an argument too many.
    .allowExcessArguments()
    .action(async (options: SpeakerOptions) => {
      const [unknown] = command.args;
      if (unknown !== undefined) refuseUnknown(command, unknown);
      report(await runSpeaker(options, io));
    });
  for (const one of [...askCommands(io, report), pcapCommand(io, report)]) command.addCommand(one);
  return command;
}

function refuseUnknown(command: Command, name: string): never {
  const nearest = nearestName(
    name,
    command.commands.map((one) => one.name()),
  );
  return command.error(
    `error: unknown command '${name}'${nearest === null ? '' : `\n(Did you mean ${nearest}?)`}`,
  );
}
