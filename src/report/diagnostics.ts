import type { Diagnostic } from '../base/diagnostic.ts';
import { formatDiagnosticGithub } from './diagnostics-github.ts';
import { formatDiagnosticSarif } from './diagnostics-sarif.ts';
import { formatDiagnosticText, type Texts } from './diagnostics-text.ts';
import type { Style } from './style.ts';

export const diagnosticFormats = ['text', 'json', 'sarif', 'github'] as const;
export type DiagnosticFormat = (typeof diagnosticFormats)[number];

/** Diagnostics in the format asked for. JSON is versioned: fields are added, never changed. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  format: DiagnosticFormat,
  about: { readonly texts: Texts; readonly style: Style; readonly version: string },
): string {
  switch (format) {
    case 'text':
      return formatDiagnosticText(diagnostics, about.texts, about.style);
    case 'json':
      return `${JSON.stringify({ version: 1, diagnostics }, null, 2)}\n`;
    case 'sarif':
      return formatDiagnosticSarif(diagnostics, about.version);
    case 'github':
      return formatDiagnosticGithub(diagnostics);
  }
}
