import type { Diagnostic } from '../base/diagnostic.ts';
import type { Fabric } from '../model/fabric.ts';
import { formatDiagnosticText } from '../report/diagnostics-text.ts';
import { formatUnmodelled } from '../report/simulation-text.ts';
import type { SimulationState } from '../simulator/state.ts';
import { type ExitCode, exit, type Io } from './io.ts';
import { errStyle } from './project.ts';
import { runSimulation, type Simulation, type SimulationSource } from './simulation.ts';

export type AskOptions = SimulationSource;

/** A converged network to ask questions of. */
export interface Asked {
  readonly state: SimulationState;
  /** null: the configurations come from a folder, not from an inventory. */
  readonly fabric: Fabric | null;
  /** Is there a line that is not modelled and may change the answer? */
  readonly unmodelled: boolean;
}

/**
 * Simulates what the options name. What is wrong with the files themselves is said on standard error, what the checks find in the
 * tables is left to `simulate`. Else the exit code.
 */
export async function askNetwork(options: AskOptions, io: Io): Promise<Asked | ExitCode> {
  const simulation = await runSimulation(options, false, {}, io);
  if (typeof simulation === 'number') return simulation;
  const { result, state, fabric, texts } = simulation;
  const style = errStyle(io);
  const lines = { ...result, unmodelled: result.unmodelled.filter(({ matters }) => matters) };
  if (!options.quiet || !state) io.err(formatDiagnosticText(aboutFiles(simulation), texts, style));
  if (!options.quiet) io.err(formatUnmodelled(lines, style));
  if (!state)
    return result.findings.some(({ rule }) => rule === 'file-unreadable') ? exit.usage : exit.findings;
  return { state, fabric, unmodelled: lines.unmodelled.length > 0 };
}

function aboutFiles({ result }: Simulation): readonly Diagnostic[] {
  const checked = new Set(result.checks.flatMap(({ findings }) => findings));
  return result.findings.filter((finding) => !checked.has(finding) && finding.rule !== 'not-announced');
}
