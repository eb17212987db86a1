import { Command, CommanderError } from 'commander';
import type { Diagnostic } from '../base/diagnostic.ts';
import { formatDiagnosticText } from '../report/diagnostics-text.ts';
import { checkCommand } from './check.ts';
import { diffCommand } from './diff.ts';
import { explainCommand } from './explain.ts';
import { explainRuleCommand } from './explain-rule.ts';
import { initCommand } from './init.ts';
import { inventoryCommand } from './inventory.ts';
import { type ExitCode, exit, type Io, type Report } from './io.ts';
import { labCommand } from './lab/lab.ts';
import { renderCommand } from './render.ts';
import { schemaCommand } from './schema.ts';
import { simulateCommand } from './simulate.ts';
import { speakerCommand } from './speaker/speaker.ts';
import { traceCommand } from './trace.ts';
import { validateCommand } from './validate.ts';
import { version } from './version.ts';

const subcommands = [
  initCommand,
  validateCommand,
  inventoryCommand,
  renderCommand,
  simulateCommand,
  checkCommand,
  explainCommand,
  traceCommand,
  diffCommand,
  labCommand,
  speakerCommand,
  schemaCommand,
  explainRuleCommand,
];

/**
 * Runs one command line (without the program's name) and returns the exit code; never throws. Whatever goes wrong inside is
 * said as a diagnostic; FABRICGEN_DEBUG in the environment is the only way to see a stack.
 */
export async function main(args: readonly string[], io: Io, debug = false): Promise<ExitCode> {
  let code: ExitCode = exit.clean;
  const program = programOf(io, (reported) => {
    code = reported;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.clean : exit.usage;
    io.err(formatDiagnosticText([internalError(error)]));
    if (debug && error instanceof Error) io.err(`${error.stack}\n`);
    return exit.usage;
  }
}

const exitCodes = `
Exit codes: 0 clean, 1 errors found or failed checks, 2 usage, or something that
cannot be read or written, 3 inconclusive, 4 changes (diff --exit-code).`;

function programOf(io: Io, report: Report): Command {
  const program = new Command('fabricgen')
    .description(
      'Describe a BGP fabric once; render every host, simulate its routes, see what a change does.',
    )
    .version(version, '-V, --version')
    // What stands behind a command's name is for that command, also where `speaker` and its own commands share a name.
    .enablePositionalOptions()
    .addHelpText('afterAll', exitCodes);
  for (const make of subcommands) program.addCommand(make(io, report));
  for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)]) {
    command
      .exitOverride()
      .showHelpAfterError('(run with --help for the options)')
      // The terms of some commands are long: what stands behind them is wrapped all the same.
      .configureHelp({ minWidthToWrap: 20, subcommandTerm })
      .configureOutput({
        writeOut: io.out,
        writeErr: io.err,
        getOutHasColors: () => io.colours.out,
        getErrHasColors: () => io.colours.err,
      });
  }
  return program;
}

/** Name and arguments; that a command has options need not be said of each. */
function subcommandTerm(command: Command): string {
  const words = command.registeredArguments.map((one) => {
    const name = `${one.name()}${one.variadic ? '...' : ''}`;
    return one.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...words].join(' ');
}

function internalError(error: unknown): Diagnostic {
  return {
    rule: 'internal',
    severity: 'error',
    message: `fabricgen failed: ${error instanceof Error ? error.message : String(error)}`,
    ranges: [],
    fix: 'this is a mistake in fabricgen: please report it with the command and, if you can, the inventory',
  };
}
