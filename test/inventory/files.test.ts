import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatSource } from '../../src/base/source.ts';
import { readInventoryFiles } from '../../src/inventory/files.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { temporaryFolder } from '../support/temporary.ts';

const root = temporaryFolder();
const folder = (name: string, files: Record<string, string | Uint8Array>): string => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, name, path, '..'), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
};
const told = async (path: string): Promise<string[]> =>
  (await readInventoryFiles(path)).diagnostics.map((found) => found.message);
const hosts = 'all: { hosts: { a: } }\n';

describe('reading an inventory from disk', () => {
  it('reads a folder: sources, group_vars and host_vars, and nothing that Ansible ignores', async () => {
    const path = folder('whole', {
      'hosts.yml': hosts,
      'sub/more.yml': hosts,
      'README.md': 'x',
      'old.ini': 'x',
      '.git/config': 'x',
      'checks.yml': 'x',
      'templates/frr/frr.conf.hbs': 'x',
      'group_vars/all/a.yml': 'a: 1',
      'host_vars/a.yml': 'b: 2',
      'host_vars/.a.yml.swp': 'b: 2',
    });
    const { source, diagnostics } = await readInventoryFiles(`${path}/`);
    expect(diagnostics).toEqual([]);
    expect(source.root).toBe(path);
    expect([...source.files.keys()].sort()).toEqual([
      'group_vars/all/a.yml',
      'host_vars/a.yml',
      'hosts.yml',
      'sub/more.yml',
    ]);
  });

  it('reads a single file with the variables beside it; places can be opened', async () => {
    const path = folder('single', { 'lab.yml': hosts, 'other.yml': 'x: {', 'group_vars/all.yml': 'a: 1' });
    const { source } = await readInventoryFiles(join(path, 'lab.yml'));
    const value = loadInventory(source).hosts.get('a')?.vars.get('a');
    expect(value && formatSource(value.node.source)).toBe(`${path}/group_vars/all.yml:1:4`);
  });

  it('takes standard input for -', async () => {
    const { source } = await readInventoryFiles('-', '{"_meta": {"hostvars": {"h": {"x": 1}}}, "g": ["h"]}');
    const inventory = loadInventory(source);
    expect(inventory.diagnostics).toEqual([]);
    expect(inventory.hosts.get('h')?.vars.get('x')?.node).toMatchObject({
      value: 1,
      source: { file: '<stdin>' },
    });
  });

  it('tells what cannot be read', async () => {
    expect(await told(join(root, 'nowhere'))).toEqual([`Cannot read ${root}/nowhere: it does not exist`]);
    const bad = folder('bad', { 'hosts.yml': new Uint8Array([0x61, 0xff, 0xfe]), group_vars: 'x' });
    expect(await told(bad)).toEqual([
      `Cannot read ${bad}/hosts.yml: it is not UTF-8 text`,
      `Cannot read ${bad}/group_vars: it is not a folder`,
    ]);
  });

  it('notices links that lead in a circle, and follows others', async () => {
    const path = folder('links', { 'hosts.yml': hosts, 'sub/more.yml': hosts });
    symlinkSync('..', join(path, 'sub', 'up'));
    symlinkSync('self', join(path, 'self'));
    symlinkSync('hosts.yml', join(path, 'zz.yml'));
    expect(await told(path)).toEqual([
      `Cannot read ${path}/self: symbolic links lead in a circle`,
      `Cannot read ${path}/sub/up: a symbolic link leads back to a folder above it`,
    ]);
    expect((await readInventoryFiles(path)).source.files.get('zz.yml')).toBe(hosts);
  });

  it('knows a program by its executable bit', async () => {
    const path = folder('program', { ec2: 'x', 'hosts.yml': hosts });
    chmodSync(join(path, 'ec2'), 0o755);
    const { source } = await readInventoryFiles(path);
    expect([...(source.executables ?? [])]).toEqual(['ec2']);
  });

  it('does not wait for a device', async () => {
    expect(await told('/dev/null')).toEqual(['Cannot read /dev/null: it is not a regular file']);
  });

  it('gives up on a folder that is no inventory', async () => {
    const strange = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [`f${n + 10}`, new Uint8Array([0xff])]),
    );
    const path = folder('strange', strange);
    const words = await told(path);
    expect(words).toHaveLength(21);
    expect(words[19]).toBe(`Cannot read ${path}/f29: it is not UTF-8 text`);
    expect(words[20]).toBe(
      `Cannot read ${path}: 20 files and folders in it cannot be read, and the rest was left alone`,
    );
  });

  it.runIf(process.platform === 'linux')('ends whatever stands below /proc', async () => {
    expect((await told('/proc/self')).at(-1)).toMatch(/the rest was left alone$/);
  });

  it.runIf(process.getuid?.() !== 0)('tells of missing permission', async () => {
    const path = folder('denied', { 'hosts.yml': hosts });
    chmodSync(join(path, 'hosts.yml'), 0);
    expect(await told(path)).toEqual([`Cannot read ${path}/hosts.yml: permission is denied`]);
  });
});
