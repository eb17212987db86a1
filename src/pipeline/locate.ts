import type { Diagnostic, RelatedRange } from '../base/diagnostic.ts';
import type { Intent } from '../simulator/kernel/network.ts';
import type { TemplateFiles } from '../targets/template.ts';
import { expectedAt } from './expected-line.ts';
import type { HostFiles } from './read-back.ts';
import { templateChanges } from './template-change.ts';

/** Adds to each "not announced" the line of the file where the announcement was expected, and a template that was changed. */
export function locateMissing(
  findings: readonly Diagnostic[],
  intents: readonly Intent[],
  files: () => Iterable<HostFiles>,
  templates: TemplateFiles,
  shipped: () => TemplateFiles,
): { findings: readonly Diagnostic[]; texts: ReadonlyMap<string, string> } {
  const texts = new Map<string, string>();
  const wanted = new Set(findings.filter(({ rule }) => rule === 'not-announced').map(({ host }) => host));
  if (wanted.size === 0) return { findings, texts };
  const byHost = new Map<string, HostFiles>();
  for (const host of files()) if (wanted.has(host.name)) byHost.set(host.name, host);
  const changed = templateChanges(templates, shipped());
  for (const { file } of changed) texts.set(file, textOf(file, templates));
  const located = findings.map((finding) => {
    const host = byHost.get(finding.host ?? '');
    const intent = intents.find(
      ({ prefix, host: name }) => name === finding.host && prefix.text === finding.found,
    );
    if (finding.rule !== 'not-announced' || !host || !intent) return finding;
    const place = expectedAt(host.files, intent.prefix);
    for (const { shown, text } of host.files) if (shown === place?.file) texts.set(shown, text);
    const related: RelatedRange[] = [...(finding.related ?? []), ...(place ? [place] : []), ...changed];
    return { ...finding, related };
  });
  return { findings: located, texts };
}

function textOf(path: string, templates: TemplateFiles): string {
  for (const file of templates.values()) if (file.path === path) return file.text;
  return '';
}
