import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { interopDaemons } from './interop-daemons.ts';

type Result = 'yes' | 'no' | 'lacks';

const readme = join(import.meta.dirname, '../../../src/speaker/README.md');
const [BEGIN, END] = [
  '<!-- interoperability: scripts/speaker-interop -->',
  '<!-- end of interoperability -->',
];

/** What came of every feature with every daemon: printed at the end, and written into the README when scripts/speaker-interop asks. */
export class InteropResults {
  readonly #results = new Map<string, Map<string, Result>>();
  readonly #lacks = new Map<string, string>();

  note(daemon: string, feature: string, result: Result, words = ''): void {
    const row = this.#results.get(feature) ?? new Map<string, Result>();
    this.#results.set(feature, row.set(daemon, result));
    if (words !== '') this.#lacks.set(`${daemon}: ${feature}`, words);
  }

  finish(): void {
    if (this.#results.size === 0) return;
    const table = this.#table();
    console.info(table);
    if (process.env['RECORD_INTEROP'] === undefined) return;
    const text = readFileSync(readme, 'utf8');
    const before = text.includes(BEGIN)
      ? text.slice(0, text.indexOf(BEGIN))
      : `${text.trimEnd()}\n\n## Interoperability\n\n`;
    const after = text.includes(END) ? text.slice(text.indexOf(END) + END.length) : '\n';
    writeFileSync(readme, `${before}${BEGIN}\n\n${table}\n${END}${after}`);
  }

  /** One line for each reason, with every feature it is the reason for. */
  #notes(): readonly string[] {
    const features = new Map<string, string[]>();
    for (const [where, words] of [...this.#lacks].sort()) {
      const [daemon = '', feature = ''] = where.split(': ');
      const key = `${daemon}\n${words}`;
      features.set(key, [...(features.get(key) ?? []), feature]);
    }
    return [...features].map(([key, list]) => {
      const [daemon, words] = key.split('\n');
      return `- ${daemon}: ${list.join('; ')}: ${words}.`;
    });
  }

  #table(): string {
    const names = interopDaemons
      .map(({ name }) => name)
      .filter((name) => [...this.#results.values()].some((row) => row.has(name)));
    const rows = [...this.#results].map(([feature, row]) => [
      feature,
      ...names.map((name) => word(row.get(name))),
    ]);
    const all = [['', ...names], ...rows];
    const widths =
      all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0), 3)) ?? [];
    const line = (row: readonly string[]) =>
      `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
    const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
    const notes = this.#notes();
    return `${[line(all[0] ?? []), rule, ...rows.map(line), '', ...notes].join('\n')}\n`;
  }
}

function word(result: Result | undefined): string {
  return result === undefined ? '' : result === 'lacks' ? '-' : result;
}
