import type { Diagnostic } from '../base/diagnostic.ts';
import { hasErrors } from '../base/diagnostic.ts';
import { runChecks } from '../simulator/checks/declared/run.ts';
import type { CheckOutcome, DeclaredCheck } from '../simulator/checks/declared/types.ts';
import { alwaysOnOutcomes } from '../simulator/checks/index.ts';
import type { Intent, Network } from '../simulator/kernel/network.ts';
import { hostResults } from '../simulator/result/hosts.ts';
import type { Outcome, SimulationResult, Summary, UnmodelledLine } from '../simulator/result/result.ts';
import type { SimulationOptions } from '../simulator/simulate.ts';
import type { SimulationState } from '../simulator/state.ts';
import { converged, runTimeline, type Timeline, type TimelineEvent } from '../simulator/timeline/timeline.ts';
import type { SweepRequest } from '../simulator/what-if/sweep.ts';
import { type ReadChecks, readChecks } from './checks/read.ts';
import type { SelectHosts } from './checks/reading.ts';
import { checkWithoutIntents, originated } from './originated.ts';
import type { HostLine, ReadFabric } from './read-back.ts';
import { unsettledPhases } from './unsettled-phases.ts';
import { type Failed, failNamed, outcomesOfFailed, whatIf } from './what-if.ts';

export interface Simulated {
  readonly state: SimulationState;
  /** The network at each recorded moment, by name. */
  readonly phases: ReadonlyMap<string, SimulationState>;
  /** The whole result; `hosts` holds those asked for. */
  readonly result: SimulationResult;
}

export interface FabricOptions extends SimulationOptions {
  /** A part of the fabric is not simulated: what the checks find may be its fault, so that nothing fails for it. */
  readonly incomplete?: boolean;
  /** What happens, one after the other; the checks look at the end. */
  readonly events?: readonly TimelineEvent[];
  /** What fails after the fabric has converged: `link:l1`, `host:r2`, `session:r1-r3`. */
  readonly fail?: readonly string[];
  /** Let everything of these kinds fail in turn. */
  readonly sweep?: SweepRequest;
  /** Try so many other orders of start. */
  readonly orders?: number;
  /** checks.yml, and how it chooses among the hosts of these names. */
  readonly checks?: ChecksFile;
}

export interface ChecksFile {
  readonly path: string;
  readonly text: string;
  readonly select: (hosts: readonly string[]) => SelectHosts;
}

/**
 * Converges a fabric as it was read, runs the always-on checks and judges: fail where anything is wrong, inconclusive where the
 * tables went round in circles or hang on a line that is not modelled, pass otherwise (rule 4). `hosts` names those whose tables
 * are wanted (default: all); checks always see all. Without an inventory `intents` is null: whatever is originated is meant.
 */
export function simulateFabric(
  read: ReadFabric,
  intents: readonly Intent[] | null,
  hosts?: Iterable<string>,
  options: FabricOptions = {},
): Simulated {
  const network: Network = { nodes: read.nodes };
  const timeline = options.events ? runTimeline(network, options.events, options) : null;
  const failed = failNamed(timeline?.state ?? converged(network, options), options.fail ?? []);
  const { state } = failed;
  const wanted = hosts && [...hosts];
  const declared = declaredChecks(failed.before, options.checks);
  const outcomes = outcomesOf(failed, intents, declared.checks).map((one) =>
    options.incomplete ? inDoubt(one) : one,
  );
  const unsettled = timeline ? unsettledPhases(timeline) : [];
  const asked = whatIf(state, declared, options);
  const findings = [
    ...readingFindings(read, intents !== null),
    ...failed.diagnostics,
    ...declared.diagnostics,
    ...outcomes.flatMap((one) => one.findings),
    ...unsettled,
    ...asked.findings,
  ];
  const unmodelled = read.lines.filter(({ status }) => status === 'unmodelled').map(unmodelledLine);
  const outcome = outcomeOf(findings, unmodelled, state.inconclusive.length + unsettled.length > 0);
  return {
    state,
    phases: new Map(timeline?.phases.map((phase) => [phase.name, phase.state])),
    result: {
      version: 1,
      outcome,
      summary: summaryOf(state),
      findings,
      checks: outcomes,
      unmodelled,
      hosts: hostResults(state, wanted),
      ...(failed.failure ? { failed: options.fail ?? [] } : {}),
      ...asked.result,
      ...(timeline ? { phases: phasesOf(timeline, wanted) } : {}),
    },
  };
}

function phasesOf({ phases }: Timeline, hosts: readonly string[] | undefined): SimulationResult['phases'] {
  return Object.fromEntries(phases.map(({ name, state }) => [name, { hosts: hostResults(state, hosts) }]));
}

/** Of an undisturbed fabric everything is asked; after a failure what has to last. */
function outcomesOf(
  failed: Failed,
  intents: readonly Intent[] | null,
  checks: readonly DeclaredCheck[],
): readonly CheckOutcome[] {
  if (failed.failure) return outcomesOfFailed(failed, intents ?? originated(failed.state), checks);
  const { state } = failed;
  return [
    ...(intents ? alwaysOnOutcomes(state, intents) : checkWithoutIntents(state)),
    ...runChecks(state, checks),
  ];
}

function declaredChecks({ network }: SimulationState, file: ChecksFile | undefined): ReadChecks {
  if (!file) return { checks: [], diagnostics: [] };
  const hosts = network.nodes.map(({ name }) => name);
  return readChecks(file.text, file.path, file.select(hosts), hosts);
}

/** What is wrong with the files alone: lines their daemons would refuse, and what the readers found. `rendered`: from templates. */
export function readingFindings(read: ReadFabric, rendered: boolean): readonly Diagnostic[] {
  const refused = read.lines.filter(({ status }) => status === 'unrecognised');
  return [...refused.map((line) => unrecognised(line, rendered)), ...read.diagnostics];
}

function summaryOf({ network, ends, families }: SimulationState): Summary {
  return {
    hosts: network.nodes.length,
    sessionEnds: ends.length,
    established: ends.filter(({ state }) => state === 'Established').length,
    prefixes: Object.values(families).reduce((sum, { prefixes }) => sum + prefixes.length, 0),
  };
}

function inDoubt(outcome: CheckOutcome): CheckOutcome {
  return { ...outcome, findings: outcome.findings.map(asWarning) };
}

function asWarning(finding: Diagnostic): Diagnostic {
  return finding.severity === 'error' ? { ...finding, severity: 'warning' } : finding;
}

function outcomeOf(
  findings: readonly Diagnostic[],
  unmodelled: readonly UnmodelledLine[],
  circles: boolean,
): Outcome {
  if (hasErrors(findings)) return 'fail';
  return circles || unmodelled.some(({ matters }) => matters) ? 'inconclusive' : 'pass';
}

function unrecognised(line: HostLine, rendered: boolean): Diagnostic {
  return {
    rule: 'config-unrecognised',
    severity: 'error',
    message: `${line.host}: ${line.effect || 'this line is not one the daemon knows'}`,
    ranges: [line.source],
    host: line.host,
    found: line.text.trim(),
    fix: `correct the line${rendered ? ', or the template that printed it' : ''}`,
  };
}

function unmodelledLine({ host, source, text, effect, matters }: HostLine): UnmodelledLine {
  return { host, file: source.file, line: source.line, text: text.trim(), effect, matters };
}
