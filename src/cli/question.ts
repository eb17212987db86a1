import type { Command } from 'commander';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Fabric } from '../model/fabric.ts';
import { formatDiagnosticText } from '../report/diagnostics-text.ts';
import { formatUnmodelled } from '../report/simulation-text.ts';
import type { SimulationState } from '../simulator/state.ts';
import { type ExitCode, exit, type Io } from './io.ts';
import { machineText } from './machine-formats.ts';
import { configsOption, failOption, formatOption, withOutput } from './options.ts';
import { errStyle } from './project.ts';
import { refuseArgument, refuseName } from './refuse.ts';
import { codeOf, runSimulation, type Simulation, type SimulationSource } from './simulation.ts';

export interface AskOptions extends SimulationSource {
  readonly fail: readonly string[];
  readonly phase?: string;
  readonly format: 'text' | 'json';
}

/** A converged network to ask questions of. */
export interface Asked {
  readonly state: SimulationState;
  /** null: the configurations come from a folder, not from an inventory. */
  readonly fabric: Fabric | null;
  /** Is there a line that is not modelled and may change the answer? */
  readonly unmodelled: boolean;
}

/** What commands take that ask one question of a simulated network. */
export function withQuestion(command: Command): Command {
  return withOutput(command)
    .addOption(configsOption('ask'))
    .addOption(
      failOption('after link:NAME, link:HOST-HOST, host:NAME or session:HOST-HOST has failed (repeatable)'),
    )
    .option('--phase <name>', 'at a moment that the events of topology.yml record')
    .addOption(formatOption(['text', 'json']));
}

/**
 * Simulates what the options name. What is wrong with the files themselves is said on standard error, what the checks find in the
 * tables is left to `simulate`. Where there is nothing to ask, JSON is the same as of `simulate`. Else the exit code.
 */
export async function askNetwork(options: AskOptions, io: Io): Promise<Asked | ExitCode> {
  const { fail, phase } = options;
  const running = { withoutChecks: true, ...(fail.length > 0 ? { fail } : {}) };
  const simulation = await runSimulation(options, false, running, io);
  if (typeof simulation === 'number') return simulation;
  const { result, fabric, texts } = simulation;
  const lines = { ...result, unmodelled: result.unmodelled.filter(({ matters }) => matters) };
  const findings = aboutFiles(simulation);
  if (!options.quiet || !simulation.state) io.err(formatDiagnosticText(findings, texts, errStyle(io)));
  if (!options.quiet) io.err(formatUnmodelled(lines, errStyle(io)));
  if (findings.some(({ rule }) => rule === 'failure-target')) return exit.usage;
  if (!simulation.state) {
    if (options.format === 'json') io.out(machineText(result, result, texts, 'json'));
    return codeOf(simulation);
  }
  const state = phase === undefined ? simulation.state : simulation.phases.get(phase);
  if (!state) return unknownPhase(phase ?? '', [...simulation.phases.keys()], io);
  return { state, fabric, unmodelled: lines.unmodelled.length > 0 };
}

/** All but what the checks say of the tables. */
function aboutFiles({ result }: Simulation): readonly Diagnostic[] {
  const checked = new Set(result.checks.flatMap(({ findings }) => findings));
  return result.findings.filter((finding) => !checked.has(finding) && finding.rule !== 'not-announced');
}

function unknownPhase(name: string, names: readonly string[], io: Io): ExitCode {
  const message = `no moment is recorded as ${JSON.stringify(name)}`;
  if (names.length > 0) return refuseName(io, message, name, names);
  return refuseArgument(io, message, 'leave out --phase, or give an event of topology.yml a `record`');
}

/** A host that is not in the network, with the nearest name. */
export function unknownHost(name: string, { network }: SimulationState, io: Io): ExitCode {
  return refuseName(
    io,
    `there is no host ${name}`,
    name,
    network.nodes.map((node) => node.name),
  );
}
