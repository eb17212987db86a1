import { formatDiagnostics } from '../report/diagnostics.ts';
import { formatJunit } from '../report/junit.ts';
import { plain } from '../report/style.ts';
import type { SimulationResult } from '../simulator/result/result.ts';
import { version } from './version.ts';

/** What `simulate` and `check` can print. */
export const resultFormats = ['text', 'json', 'junit', 'sarif', 'github'] as const;
export type ResultFormat = (typeof resultFormats)[number];

/** The result of a simulation for a program; `json` is what JSON is to hold of it. */
export function machineText(
  result: SimulationResult,
  json: object,
  texts: ReadonlyMap<string, string>,
  format: Exclude<ResultFormat, 'text'>,
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(json, null, 2)}\n`;
    case 'junit':
      return formatJunit(result);
    case 'sarif':
    case 'github':
      return formatDiagnostics(result.findings, format, { texts, style: plain, version });
  }
}
