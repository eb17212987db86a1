import type { Diagnostic } from '../base/diagnostic.ts';
import { isSafeName } from '../base/file-name.ts';
import type { Fabric, Host } from '../model/fabric.ts';
import { MANIFEST } from './manifest.ts';
import { targets as everyTarget } from './registry.ts';
import type { FilePlan, Target } from './target.ts';
import { type TemplateEngine, type TemplateFiles, templateEngine } from './template.ts';

/** One file of a host, ready to be written. */
export interface RenderedFile {
  readonly path: string;
  /** Name of the target that wrote it. */
  readonly target: string;
  readonly text: string;
  readonly destination: string;
  readonly owner: string;
  readonly mode: string;
  readonly check: string | null;
  readonly apply: string;
}

/** Everything one host gets. */
export interface RenderedHost {
  readonly host: Host;
  /** False: something could not be rendered, and `files` must not be used. */
  readonly complete: boolean;
  readonly files: readonly RenderedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

const engines = new WeakMap<TemplateFiles, TemplateEngine>();

/** Templates are compiled once for each set of template files, whoever asks. */
function engineFor(templates: TemplateFiles): TemplateEngine {
  const known = engines.get(templates);
  if (known) return known;
  const engine = templateEngine(templates);
  engines.set(templates, engine);
  return engine;
}

/** Renders one host. Never throws: a template that cannot print is a diagnostic at its place in the template. */
export function renderHost(
  host: Host,
  fabric: Fabric,
  templates: TemplateFiles,
  targets: readonly Target[] = everyTarget,
): RenderedHost {
  const engine = engineFor(templates);
  const files: RenderedFile[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const target of targets) {
    if (!target.applies(host)) continue;
    for (const plan of target.files(host, fabric)) {
      const printed = printPlan(plan, engine);
      if ('diagnostics' in printed) diagnostics.push(...printed.diagnostics);
      else addFile(files, diagnostics, host, rendered(plan, target, printed.text));
    }
  }
  return { host, complete: diagnostics.length === 0, files, diagnostics };
}

/**
 * Renders the hosts (default: all) one by one, in the order of the fabric, so that the texts of a large fabric never stand in
 * memory together. A template that fails for every host is reported for the first only.
 */
export function* renderFabric(
  fabric: Fabric,
  templates: TemplateFiles,
  hosts: Iterable<Host> = fabric.hosts.values(),
  targets: readonly Target[] = everyTarget,
): Generator<RenderedHost, void> {
  const said = new Set<string>();
  for (const host of hosts) {
    const rendering = renderHost(host, fabric, templates, targets);
    const diagnostics = rendering.diagnostics.filter((diagnostic) => {
      const key = JSON.stringify([diagnostic.rule, diagnostic.message, diagnostic.ranges]);
      return !said.has(key) && said.add(key);
    });
    yield rendering.complete ? rendering : { ...rendering, diagnostics };
  }
}

/** What the chosen daemons cannot express, for every host (default: all); to be asked before anything is rendered. */
export function targetLimits(
  fabric: Fabric,
  hosts: Iterable<Host> = fabric.hosts.values(),
  targets: readonly Target[] = everyTarget,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const host of hosts) {
    for (const target of targets) if (target.applies(host)) diagnostics.push(...target.limits(host, fabric));
  }
  return saidOnce(diagnostics);
}

/** What a group gives to all its hosts is said of the first; an error, which has to be mended at each place, for each place. */
function saidOnce(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const first = new Map<string, { readonly diagnostic: Diagnostic; readonly hosts: Set<string> }>();
  for (const diagnostic of diagnostics) {
    const { rule, severity, message, host = '', ranges } = diagnostic;
    const places = severity === 'error' ? ranges : [];
    const key = JSON.stringify([rule, severity, message.replace(`${host}: `, ''), places]);
    const known = first.get(key);
    if (known) known.hosts.add(host);
    else first.set(key, { diagnostic, hosts: new Set([host]) });
  }
  return [...first.values()].map(({ diagnostic, hosts }) => {
    const others = hosts.size - 1;
    const more = others === 0 ? '' : ` (and ${others} more ${others === 1 ? 'host' : 'hosts'})`;
    return { ...diagnostic, message: `${diagnostic.message}${more}` };
  });
}

function printPlan(plan: FilePlan, engine: TemplateEngine): ReturnType<TemplateEngine['print']> {
  if (typeof plan.context === 'string') return { text: plan.context };
  return engine.print(plan.template ?? plan.path, plan.context);
}

function rendered(plan: FilePlan, target: Target, text: string): RenderedFile {
  const { path, destination, owner, mode, check, apply } = plan;
  return { path, target: target.name, text, destination, owner, mode, check, apply };
}

/** Two targets may agree on a file; they may not write the same name with different texts. */
function addFile(files: RenderedFile[], diagnostics: Diagnostic[], host: Host, file: RenderedFile): void {
  const same = files.find(({ path }) => path === file.path);
  if (same?.text === file.text) return;
  if (!same && isSafeName(file.path) && file.path !== MANIFEST) {
    files.push(file);
    return;
  }
  const why = same
    ? `the targets ${same.target} and ${file.target} both write it`
    : 'it is not a plain file name';
  diagnostics.push({
    rule: 'internal',
    severity: 'error',
    message: `${host.name}: '${file.path}' cannot be rendered: ${why}`,
    ranges: [host.source],
    host: host.name,
  });
}
