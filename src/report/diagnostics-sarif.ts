import type { Diagnostic, Severity } from '../base/diagnostic.ts';
import { type RuleId, ruleTitles } from '../base/rule-ids.ts';
import type { SourceRange } from '../base/source.ts';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** SARIF 2.1.0 (OASIS), the form code hosts show beside the lines of a change. `version` is fabricgen's. */
export function formatDiagnosticSarif(diagnostics: readonly Diagnostic[], version: string): string {
  const used = [...new Set(diagnostics.map((diagnostic) => diagnostic.rule))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'fabricgen', version, rules: used.map(ruleOf) } },
        results: diagnostics.map(resultOf),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(id: RuleId) {
  return { id, shortDescription: { text: ruleTitles[id] } };
}

function resultOf(diagnostic: Diagnostic) {
  return {
    ruleId: diagnostic.rule,
    level: levels[diagnostic.severity],
    message: { text: sentence(diagnostic) },
    locations: diagnostic.ranges.slice(0, 1).map((range) => locationOf(range)),
    relatedLocations: [
      ...diagnostic.ranges.slice(1).map((range) => locationOf(range)),
      ...(diagnostic.related ?? []).map((range) => locationOf(range, range.note)),
    ],
  };
}

function locationOf(range: SourceRange, note?: string) {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(range.file) },
      region: {
        startLine: range.line,
        startColumn: range.column,
        ...(range.endLine === undefined ? {} : { endLine: range.endLine }),
        ...(range.endColumn === undefined ? {} : { endColumn: range.endColumn }),
      },
    },
    ...(note === undefined ? {} : { message: { text: note } }),
  };
}

/** The whole finding on one line, for readers that show only a message. */
export function sentence(diagnostic: Diagnostic): string {
  const parts = [diagnostic.message];
  if (diagnostic.found !== undefined) parts.push(`found ${diagnostic.found}`);
  if (diagnostic.expected !== undefined) parts.push(`expected ${diagnostic.expected}`);
  if (diagnostic.nearest !== undefined) parts.push(`did you mean ${diagnostic.nearest}?`);
  if (diagnostic.fix !== undefined) parts.push(`fix: ${diagnostic.fix}`);
  return parts.join('; ');
}
