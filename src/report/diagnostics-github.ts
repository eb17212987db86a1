import type { Diagnostic, Severity } from '../base/diagnostic.ts';
import { sentence } from './diagnostics-sarif.ts';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** Workflow commands (`::error file=…,line=…::…`) that GitHub Actions turns into annotations. */
export function formatDiagnosticGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((diagnostic) => `${annotation(diagnostic)}\n`).join('');
}

function annotation(diagnostic: Diagnostic): string {
  const [range] = diagnostic.ranges;
  const properties = [
    ...(range ? [`file=${property(range.file)}`, `line=${range.line}`, `col=${range.column}`] : []),
    ...(range?.endLine === undefined ? [] : [`endLine=${range.endLine}`]),
    ...(range?.endColumn === undefined ? [] : [`endColumn=${range.endColumn}`]),
    `title=${property(`fabricgen ${diagnostic.rule}`)}`,
  ];
  return `::${commands[diagnostic.severity]} ${properties.join(',')}::${data(sentence(diagnostic))}`;
}

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
