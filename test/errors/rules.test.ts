import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../src/base/diagnostic.ts';
import { rules } from '../../src/inventory/rules/registry.ts';
import { casesIn, diagnose, goldenOf, inventoryOf, printed } from './cases.ts';

/**
 * One case per lint rule and more: a small inventory that breaks it, with the exact output in the `.txt` beside it. The header
 * names the rule (`# rule:`, by default the name of the file) and how to repair it (`# repair: OLD => NEW`), after which the rule
 * must be silent.
 */
const cases = casesIn('rules').map(({ name, files }) => {
  const text = files.files.get('hosts.yml') ?? '';
  const header = text.split('\n').filter((line) => line.startsWith('#'));
  const body = text.slice(header.join('\n').length);
  const rule = header.flatMap((line) => /^# rule: (.*)$/.exec(line)?.[1] ?? [])[0] ?? name;
  const repairs = header.flatMap((line) => {
    const match = /^# repair: (.*) => (.*)$/.exec(line);
    return match ? [[match[1] ?? '', match[2] ?? ''] as const] : [];
  });
  return { name, files, rule, body, repairs };
});

describe('a fabric that breaks one rule', () => {
  it.each(cases)('$name prints exactly this', async ({ name, files }) => {
    await expect(printed(files)).toMatchFileSnapshot(goldenOf('rules', name));
  });

  it.each(cases)('$name: repaired, $rule is silent', ({ files, rule, body, repairs }) => {
    expect(diagnose(files).map((one) => one.rule)).toContain(rule);
    expect(repairs.length).toBeGreaterThan(0);
    let repaired = body;
    for (const [from, to] of repairs) {
      expect(repaired).toContain(from);
      repaired = repaired.replaceAll(from, to);
    }
    const left = diagnose(inventoryOf({ 'hosts.yml': repaired }, 'hosts.yml'));
    expect(left.filter((one) => one.rule === rule)).toEqual([]);
    expect(left.filter((one) => hasErrors([one]))).toEqual([]);
  });

  it('every rule of the registry has a case', () => {
    const covered = new Set<string>(cases.map((one) => one.rule));
    expect(rules.map((rule) => rule.id).filter((id) => !covered.has(id))).toEqual([]);
  });
});
