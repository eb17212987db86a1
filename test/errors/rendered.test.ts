import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { formatDiagnosticText } from '../../src/report/diagnostics-text.ts';
import { targetNamed } from '../../src/targets/registry.ts';
import type { LineReport } from '../../src/targets/target.ts';
import { goldenOf } from './cases.ts';

/**
 * Rendered files that somebody edited by hand to what the daemon would refuse, or would take for something else. A folder is called
 * TARGET-VERSION-WHAT and holds the files; the exact findings are in the `.txt` beside it.
 */
const folder = join(import.meta.dirname, 'rendered');
const cases = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

function readCase(name: string): { readonly findings: number; readonly text: string } {
  const [target = '', version = ''] = name.split('-');
  const texts = new Map<string, string>();
  const files = readdirSync(join(folder, name)).map((file) => {
    const path = `build/web01/${file}`;
    const text = readFileSync(join(folder, name, file), 'utf8');
    texts.set(path, text);
    return [file, { path, text }] as const;
  });
  const read = targetNamed(target)?.read(new Map(files), { host: 'web01', version });
  if (!read) throw new Error(`no target ${target}`);
  const lines = read.lines.filter((line) => line.status === 'unrecognised').map(asDiagnostic);
  const diagnostics = [...read.diagnostics, ...lines];
  return { findings: diagnostics.length, text: formatDiagnosticText(diagnostics, texts) };
}

function asDiagnostic(line: LineReport): Diagnostic {
  return {
    rule: 'config-unrecognised',
    severity: 'error',
    message: `not recognised: ${line.text.trim()} (${line.effect})`,
    ranges: [line.source],
  };
}

describe('a rendered file that the daemon would not take', () => {
  it.each(cases)('%s', async (name) => {
    const { findings, text } = readCase(name);
    expect(findings).toBeGreaterThan(0);
    await expect(text).toMatchFileSnapshot(goldenOf('rendered', name));
  });
});
