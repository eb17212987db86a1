import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readInventoryFiles } from '../../src/inventory/files.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { selectHosts } from '../../src/inventory/pattern.ts';
import { ansible, hasAnsible } from './ansible.ts';

const path = resolve('test/inventories/ranges');
const { source } = await readInventoryFiles(path);
const inventory = loadInventory(source);

/** Pattern, and the hosts that `ansible PATTERN --list-hosts` prints. */
const known: readonly (readonly [string, string])[] = [
  ['web01', 'web01'],
  ['padded', 'web01 web02 web03 web04 web05'],
  ['padded[0]', 'web01'],
  ['padded[-1]', 'web05'],
  ['padded[1:2]', 'web02 web03'],
  ['padded[3:]', 'web04 web05'],
  ['padded[0:0]', 'web01'],
  ['web*[1]', 'web02'],
  ['web0?', 'web01 web02 web03 web04 web05'],
  // Digits in brackets are a subscript of what stands before them, not a wildcard.
  ['web0[24]', ''],
  ['web0[2-3]', ''],
  ['web0[!1-3]*', 'web04 web05'],
  ['~web0[24]', 'web02 web04'],
  ['~r\\d-s0[12]$', 'r1-s01 r1-s02 r2-s01 r2-s02'],
  ['~(web|node)0', 'web01 web02 web03 web04 web05 node01-x node04-x node07-x'],
  ['padded,stepped', 'web01 web02 web03 web04 web05 node01-x node04-x node07-x node10-x'],
  ['padded:stepped', 'web01 web02 web03 web04 web05 node01-x node04-x node07-x node10-x'],
  ['padded:&~.*[12]', 'web01 web02'],
  ['padded:!web03', 'web01 web02 web04 web05'],
  ['!web*,padded,o1', 'o1'],
  ['!product', ''],
  ['fd00::2', 'fd00::2'],
  ['*.example.com', 'db8.example.com db9.example.com db10.example.com db11.example.com'],
  ['10.1.0.*', '10.1.0.1 10.1.0.2'],
  [' web01 , web02 ', 'web01 web02'],
  ['web01,web01,padded', 'web01 web02 web03 web04 web05'],
];

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

describe('host patterns', () => {
  it.each(known.filter(([, hosts]) => hosts !== ''))('%s', (pattern, hosts) => {
    expect(selectHosts(inventory, pattern)).toEqual({ hosts: words(hosts), diagnostics: [] });
  });

  it.runIf(hasAnsible).each(known)('%s as Ansible says now', { timeout: 60_000 }, async (pattern) => {
    const printed = await ansible('ansible', ['-i', path, '--list-hosts', pattern]);
    const theirs = printed
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    expect([...selectHosts(inventory, pattern).hosts].sort()).toEqual(theirs.sort());
  });

  it('gives all hosts for all, for nothing and for a wildcard', () => {
    for (const pattern of ['all', '', '*'])
      expect(selectHosts(inventory, pattern).hosts).toHaveLength(inventory.hosts.size);
  });

  it.each([
    ['webb01', 'web01', /^The host pattern webb01 matches no host and no group$/],
    ['paded:&all', 'padded', /^The host pattern paded in paded:&all matches no host/],
    ['xyzzy*', undefined, /matches no host/],
    ['~(', undefined, /cannot be read: unmatched \(/],
    ['@hosts.txt', undefined, /names a file/],
    ['padded[9]', undefined, /padded has 5 hosts/],
    ['padded:!padded', undefined, /leaves no host/],
  ])('complains about %s', (pattern, nearest, message) => {
    const { hosts, diagnostics } = selectHosts(inventory, pattern);
    expect(hosts).toEqual([]);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.message).toMatch(message);
    expect(diagnostics[0]?.nearest).toBe(nearest);
  });

  it('takes digits in brackets for a subscript, as Ansible does', () => {
    expect(selectHosts(inventory, 'web0[2-3]').hosts).toEqual([]);
    expect(selectHosts(inventory, 'web0[2-3]*').hosts).toEqual(['web02', 'web03']);
  });

  it('does not hang on a catastrophic expression', () => {
    const hosts = new Map([
      [
        `${'a'.repeat(5000)}!`,
        { name: 'a', source: { file: '', line: 1, column: 1 }, groups: [], vars: new Map() },
      ],
    ]);
    const started = performance.now();
    selectHosts({ ...inventory, hosts }, '~(a+)+$');
    selectHosts({ ...inventory, hosts }, '*a*a*a*a*a*a*a*a*b');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
