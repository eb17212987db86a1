import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSource } from '../../src/base/source.ts';
import { ansibleInventoryList } from '../../src/inventory/ansible-list.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { stdinSource } from '../../src/inventory/sources.ts';
import { inventoryText, inventoryView } from '../../src/inventory/view.ts';

const load = (files: Record<string, string>, executables: string[] = []) =>
  loadInventory({
    root: 'inv',
    entry: null,
    files: new Map(Object.entries(files)),
    executables: new Set(executables),
  });
const complaints = (files: Record<string, string>, executables: string[] = []): string[] =>
  load(files, executables).diagnostics.map(
    ({ severity, rule, ranges, message }) =>
      `${severity} ${rule} ${ranges[0] ? formatSource(ranges[0]) : '-'} ${message}`,
  );
const good = 'all: { hosts: { web01: } }\n';

describe('what is wrong with an inventory', () => {
  it.each<[string, string]>([
    [
      'all:\n  host:\n    a:\n',
      'error inventory-unknown-key inv/hosts.yml:2:3 The group all has the unknown key host',
    ],
    [
      'all:\n  hosts: [a]\n',
      'error inventory-structure inv/hosts.yml:2:10 The hosts of group all must be a mapping, not a list',
    ],
    ['all:\n  hosts:\n    10:\n', 'error inventory-host-name inv/hosts.yml:3:5 The host name 10 is not text'],
    [
      'all:\n  hosts:\n    "":\n',
      'error inventory-host-name inv/hosts.yml:3:5 A host of group all has an empty name',
    ],
    ['no: { hosts: { a: } }\n', 'error inventory-host-name inv/hosts.yml:1:1 The group name no is not text'],
    [
      '- a\n',
      'error inventory-structure inv/hosts.yml:1:1 An inventory must be a mapping of groups, not a list',
    ],
    [
      'web: [a]\n',
      'error inventory-structure inv/hosts.yml:1:6 The group web must be a mapping with vars, children and hosts, not a list',
    ],
    [
      'all: { hosts: { a: 5 } }\n',
      'error inventory-structure inv/hosts.yml:1:20 The host a must have a mapping of variables or nothing, not the number 5',
    ],
    [
      'a: { children: { b: } }\nb: { children: { a: } }\n',
      'error inventory-group-cycle inv/hosts.yml:2:18 The group a contains itself: a > b > a',
    ],
    [
      'a: { children: { a: } }\n',
      'error inventory-group-cycle inv/hosts.yml:1:18 The group a is a child of itself',
    ],
    [
      'all: { hosts: { "w[5:1]": } }\n',
      'error inventory-host-range inv/hosts.yml:1:17 The host w[5:1] has the range [5:1], which runs backwards',
    ],
    [
      'all: { hosts: { "w[01:100]": } }\n',
      'error inventory-host-range inv/hosts.yml:1:17 The host w[01:100] has the range [01:100], whose ends differ in length',
    ],
    [
      'all: { hosts: { "w[1:9999999]": } }\n',
      'error inventory-host-range inv/hosts.yml:1:17 The host w[1:9999999] stands for 9999999 hosts, more than 100000',
    ],
    [
      'all: { hosts: { "w[1:900]x[1:900]": } }\n',
      'error inventory-host-range inv/hosts.yml:1:17 The host w[1:900]x[1:900] stands for 810000 hosts, more than 100000',
    ],
    [
      'all: { hosts: { "w[1:3:0]": } }\n',
      'error inventory-host-range inv/hosts.yml:1:17 The host w[1:3:0] has the step 0 in the range [1:3:0]',
    ],
    [
      'all: { hosts: { "w[]": } }\n',
      'error inventory-host-range inv/hosts.yml:1:17 The host w[] has the range [], which is not begin:end or begin:end:step',
    ],
    [
      'all: { hosts: { "w[1:3": } }\n',
      'error inventory-host-range inv/hosts.yml:1:17 The host w[1:3 has a range without its closing bracket',
    ],
    [
      'all: { vars: { ansible_group_priority: high } }\n',
      'error inventory-structure inv/hosts.yml:1:40 The ansible_group_priority of group all must be a whole number, not the text high',
    ],
    [
      'plugin: aws_ec2\n',
      'error inventory-format inv/hosts.yml:1:9 The file inv/hosts.yml holds settings of the inventory plugin aws_ec2, not an inventory',
    ],
    [
      '#!/bin/sh\n',
      'error inventory-format inv/hosts.yml:1:1 The file inv/hosts.yml is a program (a dynamic inventory), which fabricgen does not run',
    ],
    [
      '[web]\nweb01 a=1\n',
      'error inventory-format inv/hosts.yml:1:1 The file inv/hosts.yml is an INI inventory, which fabricgen does not read',
    ],
    [
      'all: { hosts: { web: } }\nweb: { hosts: { a: } }\n',
      'warning inventory-name-conflict inv/hosts.yml:1:17 web is the name of a host and of a group',
    ],
    ['', 'warning inventory-empty inv/hosts.yml:1:1 The file inv/hosts.yml is empty'],
    ['all:\n', 'error inventory-empty - The inventory inv has no hosts'],
  ])('%j', (text, complaint) => {
    expect(complaints({ 'hosts.yml': text })).toContain(complaint);
  });

  it.each<[string, string, string]>([
    [
      'group_vars/all.yml',
      '- a\n',
      'error inventory-structure inv/group_vars/all.yml:1:1 A file of variables must be a mapping, not a list',
    ],
    [
      'group_vars/al.yml',
      'a: 1\n',
      'warning inventory-orphan-file inv/group_vars/al.yml:1:1 inv/group_vars/al.yml is for the group al, which the inventory does not have',
    ],
    [
      'host_vars/web01.yml',
      '$ANSIBLE_VAULT;1.1;AES256\n31\n',
      'warning inventory-format inv/host_vars/web01.yml:1:1 The file inv/host_vars/web01.yml is encrypted with Ansible Vault; its variables are not read',
    ],
    [
      'hosts',
      '[web]\nweb01\n',
      'error inventory-format inv/hosts:1:1 The file inv/hosts is an INI inventory, which fabricgen does not read',
    ],
    [
      'hosts.toml',
      '[web]\n',
      'error inventory-format inv/hosts.toml:1:1 The file inv/hosts.toml is a TOML inventory, which fabricgen does not read',
    ],
    [
      'notes.log',
      'x\n',
      'warning inventory-format inv/notes.log:1:1 The file inv/notes.log is neither YAML nor JSON and is passed over',
    ],
  ])('%s', (path, text, complaint) => {
    expect(complaints({ 'hosts.yml': good, [path]: text })).toEqual([complaint]);
  });

  it('says which of two files of one group Ansible takes', () => {
    const files = { 'hosts.yml': good, 'group_vars/all/a.yml': 'a: 1', 'group_vars/all.yml': 'a: 2' };
    expect(complaints(files)).toEqual([
      'warning inventory-shadowed-file inv/group_vars/all.yml:1:1 inv/group_vars/all.yml is not read, because Ansible takes inv/group_vars/all alone',
    ]);
  });

  it('takes an executable without a data ending for a program', () => {
    expect(complaints({ 'hosts.yml': good, ec2: 'x' }, ['ec2', 'hosts.yml'])).toEqual([
      'error inventory-format inv/ec2:1:1 The file inv/ec2 is a program (a dynamic inventory), which fabricgen does not run',
    ]);
  });
});

describe('the view', () => {
  const files = {
    'hosts.yml':
      'all:\n  vars:\n    bgp_asn: 65000\n    t: { a: 1 }\n  hosts:\n    web01: { bgp_asn: 65500 }\n',
    'group_vars/all.yml': 'bgp_asn: 65100\n',
  };
  it('tells value, place and what was replaced, last loser first', () => {
    expect(inventoryView(load(files), ['web01', 'nobody'])).toEqual({
      web01: {
        groups: ['all', 'ungrouped'],
        vars: {
          bgp_asn: {
            value: 65500,
            source: 'hosts.yml:6:23',
            replaced: [
              { value: 65100, source: 'group_vars/all.yml:1:10' },
              { value: 65000, source: 'hosts.yml:3:14' },
            ],
          },
          t: { value: { a: 1 }, source: 'hosts.yml:4:8', replaced: [] },
        },
      },
    });
  });

  it('prints columns for people', () => {
    expect(inventoryText(inventoryView(load(files)))).toBe(
      [
        'web01 (all, ungrouped)',
        '  bgp_asn     65500    hosts.yml:6:23',
        '    replaces  65100    group_vars/all.yml:1:10',
        '    replaces  65000    hosts.yml:3:14',
        '  t           {"a":1}  hosts.yml:4:8',
        '',
      ].join('\n'),
    );
  });
});

describe('anything may come', () => {
  const real =
    readFileSync('test/inventories/yaml11/hosts.yml', 'utf8') +
    readFileSync('test/inventories/ranges/hosts.yml', 'utf8').slice(5);
  const everything = (text: string): void => {
    const inventory = loadInventory({
      root: 'i',
      entry: null,
      files: new Map([
        ['hosts.yml', text],
        ['group_vars/all', text],
        ['x.json', text],
      ]),
    });
    inventoryText(inventoryView(inventory));
    ansibleInventoryList(loadInventory(stdinSource(text)));
    for (const found of inventory.diagnostics) expect(found.fix).toBeTruthy();
  };

  it('any bytes give diagnostics', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((raw) => new TextDecoder().decode(raw));
    fc.assert(fc.property(fc.oneof(bytes, fc.json()), everything), { numRuns: 300 });
  });

  it('any change to a real inventory gives diagnostics', () => {
    const change = fc.tuple(
      fc.nat(real.length),
      fc.nat(20),
      fc.constantFrom(
        '',
        '\t',
        '\n',
        '  ',
        '[',
        ']',
        '{',
        '}',
        ':',
        '"',
        '&a ',
        '*a',
        '- ',
        '[1:3]',
        '\u0000',
        'hosts:',
        'children:',
        'vars:',
      ),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        everything(
          changes.reduce((text, [at, cut, add]) => text.slice(0, at) + add + text.slice(at + cut), real),
        );
      }),
      { numRuns: 200 },
    );
  });
});
