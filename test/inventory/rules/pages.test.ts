import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleTitles } from '../../../src/base/rule-ids.ts';
import { rules } from '../../../src/inventory/rules/registry.ts';

const folder = join(import.meta.dirname, '../../../docs/rules');
const pages = new Map(
  readdirSync(folder).map((name) => [name.replace(/\.md$/, ''), readFileSync(join(folder, name), 'utf8')]),
);
const lint = new Set<string>(rules.map((rule) => rule.id));

describe('docs/rules', () => {
  it('has a page for every id and no other', () => {
    expect([...pages.keys()].sort()).toEqual(Object.keys(ruleTitles).sort());
  });

  it.each([...pages])('%s begins with its id and title and is at most a page long', (id, text) => {
    const title = ruleTitles[id as keyof typeof ruleTitles];
    expect(text).toMatch(new RegExp(`^# ${id.replaceAll('.', '\\.')}\n\n`));
    expect(text).toContain(title);
    expect(text.split('\n').length).toBeLessThan(60);
  });

  it.each([...pages])('%s says what to do', (id, text) => {
    if (lint.has(id)) for (const part of ['## Bad', '## Good', `rule: ${id}`]) expect(text).toContain(part);
    else expect(text).toContain('## What to do');
  });
});

describe('the registry', () => {
  it('names each rule once', () => {
    expect(lint.size).toBe(rules.length);
  });
});
