import { type Diagnostic, hasErrors } from '../base/diagnostic.ts';
import { type Selection, selectHosts } from '../inventory/pattern.ts';
import type { Fabric } from '../model/fabric.ts';
import { locateMissing } from '../pipeline/locate.ts';
import { type HostFiles, readBack } from '../pipeline/read-back.ts';
import { type FabricOptions, simulateFabric } from '../pipeline/simulate.ts';
import { intentsOf } from '../pipeline/sources.ts';
import { unknownStarters } from '../pipeline/starters.ts';
import { readTopologyFolder } from '../pipeline/topology/files.ts';
import { failed, simulateConfigs } from '../pipeline/topology/simulate-configs.ts';
import type { Outcome, SimulationResult } from '../simulator/result/result.ts';
import type { SimulationState } from '../simulator/state.ts';
import { loadTemplates } from '../targets/template-files.ts';
import { choiceAmong, type FoundChecks, findChecks, selectAmong, selectFrom } from './checks-file.ts';
import { editedFiles, outputFolder, renderedFiles } from './fabric-files.ts';
import { type ExitCode, exit, type Io } from './io.ts';
import { machineText, type ResultFormat } from './machine-formats.ts';
import type { OutputOptions } from './options.ts';
import { exitOf, loadProject, type OnRefusal, type Project, sayDiagnostics } from './project.ts';

/** What `simulate` and `check` take alike. */
export interface SimulationSource extends OutputOptions {
  readonly configs?: string;
  readonly checks?: string;
  /** What is wrong before anything is simulated is printed in this format as well, as a result without tables; people read it on standard error. */
  readonly format?: ResultFormat;
}

/** A fabric that was simulated, from an inventory or from a folder of foreign configurations. */
export interface Simulation {
  readonly result: SimulationResult;
  /** null: there was nothing to simulate. */
  readonly state: SimulationState | null;
  /** The network at each recorded moment, by name. */
  readonly phases: ReadonlyMap<string, SimulationState>;
  /** null: the configurations come from a folder, not from an inventory. */
  readonly fabric: Fabric | null;
  /** Hosts to be shown. */
  readonly hosts: readonly string[];
  /** Names for sets of hosts: the groups of an inventory, and `all`. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly texts: ReadonlyMap<string, string>;
}

export interface RunOptions extends FabricOptions {
  /** Leave checks.yml alone. */
  readonly withoutChecks?: boolean;
}

const outcomeCodes: Readonly<Record<Outcome, ExitCode>> = {
  pass: exit.clean,
  fail: exit.findings,
  inconclusive: exit.inconclusive,
};

/** What a result makes of the exit code: where nothing could be read, nothing was judged. */
export function codeOf({ result, state }: Simulation): ExitCode {
  const unread = state === null && result.findings.some(({ rule }) => rule === 'file-unreadable');
  return unread ? exit.usage : outcomeCodes[result.outcome];
}

const noChecks: FoundChecks = { file: null, diagnostics: [] };

/** The way in for commands that simulate; `tables`: the result holds those of the hosts shown. The exit code after saying what is wrong. */
export async function runSimulation(
  source: SimulationSource,
  tables: boolean,
  options: RunOptions,
  io: Io,
): Promise<Simulation | ExitCode> {
  if (source.configs !== undefined) return simulateFolder(source.configs, source, tables, options, io);
  const project = await loadProject(source, io, printer(source, io));
  if (typeof project === 'number') return project;
  const checks = options.withoutChecks
    ? noChecks
    : findChecks(source.checks, source.inventory, () => selectFrom(project.inventory));
  if (hasErrors(checks.diagnostics)) return refuse(checks.diagnostics, project.texts, source, io);
  const withChecks = checks.file ? { ...options, checks: checks.file } : options;
  return simulateProject(project, source, tables, withChecks, io) ?? exit.findings;
}

/** A folder of foreign configurations; what cannot be read of it fails with the rest of the findings. */
function simulateFolder(
  directory: string,
  source: SimulationSource,
  tables: boolean,
  options: RunOptions,
  io: Io,
): Simulation | ExitCode {
  const { topology, configs, diagnostics } = readTopologyFolder(directory);
  if (!topology)
    return {
      result: failed(diagnostics),
      state: null,
      phases: new Map(),
      fabric: null,
      hosts: [],
      groups: new Map(),
      texts: new Map(),
    };
  const checks = options.withoutChecks ? noChecks : findChecks(source.checks, directory, selectAmong);
  if (hasErrors(checks.diagnostics)) return refuse(checks.diagnostics, new Map(), source, io);
  const withChecks = checks.file ? { ...options, checks: checks.file } : options;
  let limited: Selection = { hosts: [], diagnostics: [] };
  const { result, state, phases, hosts, texts } = simulateConfigs(topology, configs, withChecks, (names) => {
    limited = limitedTo(source.limit, names);
    return tables ? limited.hosts : [];
  });
  if (hasErrors(limited.diagnostics)) return refuse(limited.diagnostics, texts, source, io);
  const outcome = hasErrors(diagnostics) ? 'fail' : result.outcome;
  return {
    result: { ...result, outcome, findings: [...diagnostics, ...result.findings] },
    state,
    phases,
    fabric: null,
    hosts: limited.hosts,
    groups: new Map([['all', hosts]]),
    texts: withFile(texts, checks.file),
  };
}

/** Says what is wrong, to people and to programs. */
function refuse(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  source: SimulationSource,
  io: Io,
): ExitCode {
  sayDiagnostics(diagnostics, texts, io);
  printer(source, io)(diagnostics, texts);
  return exitOf(diagnostics);
}

function printer({ format = 'text' }: SimulationSource, io: Io): OnRefusal {
  return (diagnostics, texts) => {
    if (format === 'text') return;
    const result = failed(diagnostics);
    io.out(machineText(result, result, texts, format));
  };
}

/** The hosts of a topology that `--limit` leaves, in the order of the topology. */
function limitedTo(pattern: string | undefined, names: readonly string[]): Selection {
  if (pattern === undefined) return { hosts: names, diagnostics: [] };
  const { hosts, diagnostics } = selectHosts(choiceAmong(names), pattern);
  const chosen = new Set(hosts);
  return { hosts: names.filter((name) => chosen.has(name)), diagnostics };
}

/** Renders, reads back and simulates; null after saying why it could not render. */
function simulateProject(
  project: Project,
  source: SimulationSource,
  tables: boolean,
  options: RunOptions,
  io: Io,
): Simulation | null {
  const { output, quiet } = source;
  const folder = outputFolder(output);
  const wrong: Diagnostic[] = [...(folder?.diagnostics ?? [])];
  if (!quiet && folder) wrong.push(...editedFiles(folder));
  const files = (): Generator<HostFiles, void> => renderedFiles(project, output, folder, wrong);
  const back = readBack(files());
  const starters = unknownStarters([...project.fabric.hosts.keys()], 'the inventory', options);
  const read = { ...back, diagnostics: [...starters, ...back.diagnostics] };
  sayDiagnostics(wrong, project.texts, io);
  if (hasErrors(wrong)) {
    printer(source, io)(wrong, project.texts);
    return null;
  }
  const intents = intentsOf(project.fabric.hosts.values());
  const hosts = project.hosts.map(({ name }) => name);
  const { result, state, phases } = simulateFabric(read, intents, tables ? hosts : [], options);
  const located = locateMissing(
    result.findings,
    intents,
    files,
    project.templates,
    () => loadTemplates(null).templates,
  );
  return {
    result: { ...result, findings: located.findings },
    state,
    phases,
    fabric: project.fabric,
    hosts,
    groups: groupsOf(project),
    texts: withFile(new Map([...project.texts, ...read.texts, ...located.texts]), options.checks),
  };
}

/** `all` comes first, then the groups nearest to the hosts: a set of hosts gets the name that says most. */
function groupsOf({ inventory, fabric }: Project): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>([['all', [...fabric.hosts.keys()]]]);
  for (const { name, groups: own } of inventory.hosts.values()) {
    for (const group of own) {
      if (group === 'all' || group === 'ungrouped') continue;
      const members = groups.get(group);
      if (members) members.push(name);
      else groups.set(group, [name]);
    }
  }
  return groups;
}

function withFile(
  texts: ReadonlyMap<string, string>,
  file: FabricOptions['checks'] | null,
): ReadonlyMap<string, string> {
  return file ? new Map([...texts, [file.path, file.text]]) : texts;
}
