import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan, planWrite, type WriteOptions } from '../../src/targets/output-folder.ts';
import { readOutputFolder } from '../../src/targets/output-read.ts';
import type { RenderedFile, RenderedHost } from '../../src/targets/render.ts';
import { host } from './sample.ts';

let base: string;
let out: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'fabricgen-output-'));
  out = join(base, 'build');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function file(path: string, text: string, mode = '0644'): RenderedFile {
  return {
    path,
    target: 't',
    text,
    destination: `/etc/${path}`,
    owner: 'root:root',
    mode,
    check: null,
    apply: 'true',
  };
}

function web(name: string, ...files: readonly RenderedFile[]): RenderedHost {
  return { host: host(name), complete: true, files, diagnostics: [] };
}

const normal: WriteOptions = { force: false, removeOthers: true, check: false };

/** Plans and applies; the counts on success, else the rules of the findings. */
function write(renderings: Iterable<RenderedHost>, options: Partial<WriteOptions> = {}) {
  const plan = planWrite(out, renderings, { ...normal, ...options });
  const findings = applyPlan(plan);
  return findings.length > 0 ? findings.map(({ rule }) => rule) : plan.counts;
}

function counts(created: number, updated: number, unchanged: number, removed: number) {
  return { created, updated, unchanged, removed };
}

/** Every file below the output folder with its text; manifests by name only. */
function tree(folder = out): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isText = entry.isFile() && entry.name !== 'manifest.json';
    if (!entry.isDirectory()) found[path.slice(folder.length + 1)] = isText ? readFileSync(path, 'utf8') : '';
  }
  return found;
}

const a = file('a.conf', 'A\n');
const b = file('b.conf', 'B\n');

describe('writing', () => {
  it('creates, leaves alone, updates and removes', () => {
    expect(write([web('web01', a, b), web('web02', a)])).toEqual(counts(5, 0, 0, 0));
    expect(write([web('web01', a, b), web('web02', a)])).toEqual(counts(0, 0, 5, 0));
    expect(write([web('web01', file('a.conf', 'new\n'), b), web('web02', a)])).toEqual(counts(0, 2, 3, 0));
    expect(tree()['web01/a.conf']).toBe('new\n');
    expect(write([web('web01', b), web('web02', a)])).toEqual(counts(0, 1, 3, 1));
    expect(write([web('web02', a)])).toEqual(counts(0, 0, 2, 2));
    expect(Object.keys(tree())).toEqual(['web02/a.conf', 'web02/manifest.json']);
    expect(readdirSync(out)).toEqual(['web02']);
  });

  it.each(['/', '//', '/tmp/..'])('refuses %s, the root of the file system', (root) => {
    const plan = planWrite(root, [web('web01', a)], { ...normal, force: true });
    expect(applyPlan(plan)).toMatchObject([
      { rule: 'file-unwritable', severity: 'error', fix: 'give a folder with -o, such as -o build' },
    ]);
    expect(existsSync('/web01')).toBe(false);
  });

  it('gives files their mode, and repairs it', () => {
    write([web('web01', file('a.conf', 'secret', '0640'), b)]);
    const mode = () => statSync(join(out, 'web01/a.conf')).mode & 0o777;
    expect(mode()).toBe(0o640);
    chmodSync(join(out, 'web01/a.conf'), 0o644);
    expect(write([web('web01', file('a.conf', 'secret', '0640'), b)])).toEqual(counts(0, 1, 2, 0));
    expect(mode()).toBe(0o640);
  });

  it('gives files their mode whatever the mask of the process', () => {
    const mask = process.umask(0o077);
    try {
      write([web('web01', file('a.conf', 'x', '0644'))]);
    } finally {
      process.umask(mask);
    }
    expect(statSync(join(out, 'web01/a.conf')).mode & 0o777).toBe(0o644);
  });

  it('with --limit leaves the other hosts alone', () => {
    write([web('web01', a), web('web02', a)]);
    expect(write([web('web01', b)], { removeOthers: false })).toEqual(counts(1, 1, 0, 1));
    expect(Object.keys(tree())).toContain('web02/a.conf');
  });

  it('with --check writes nothing and says what it would do', () => {
    write([web('web01', a, b)]);
    const before = tree();
    const plan = planWrite(out, [web('web01', file('a.conf', 'x')), web('web03', a)], {
      ...normal,
      check: true,
    });
    expect(plan.changes.map(({ host: name, file: path, change }) => `${change} ${name}/${path}`)).toEqual([
      'update web01/a.conf',
      'update web01/manifest.json',
      'remove web01/b.conf',
      'create web03/a.conf',
      'create web03/manifest.json',
    ]);
    expect(applyPlan(plan)).toEqual([]);
    expect(tree()).toEqual(before);
    const nowhere = join(base, 'nowhere');
    planWrite(nowhere, [web('web01', a)], { ...normal, check: true });
    expect(existsSync(nowhere)).toBe(false);
  });

  it('never touches what it did not write', () => {
    write([web('web01', a), web('web02', a)]);
    writeFileSync(join(out, 'web02/notes.txt'), 'mine');
    writeFileSync(join(out, 'README'), 'mine');
    mkdirSync(join(out, 'other'));
    writeFileSync(join(out, 'other/manifest.json'), '{"generator":"somebody"}');
    expect(write([web('web01', a)])).toEqual(counts(0, 0, 2, 2));
    expect(Object.keys(tree()).sort()).toEqual([
      'README',
      'other/manifest.json',
      'web01/a.conf',
      'web01/manifest.json',
      'web02/notes.txt',
    ]);
  });

  it('removes a file that is gone already without a word', () => {
    write([web('web01', a, b)]);
    rmSync(join(out, 'web01/b.conf'));
    expect(write([web('web01', a)])).toEqual(counts(0, 1, 1, 0));
  });

  it('writes nothing where one host could not be rendered, and tells the findings of all', () => {
    const finding = { rule: 'template-error', severity: 'error', message: 'm', ranges: [] } as const;
    const broken: RenderedHost = { ...web('web02'), complete: false, diagnostics: [finding] };
    expect(write([web('web01', a), broken, web('..', a)])).toEqual(['template-error', 'output-name']);
    expect(existsSync(out)).toBe(false);
  });
});

describe('edits by hand', () => {
  beforeEach(() => {
    write([web('web01', a, b)]);
    writeFileSync(join(out, 'web01/a.conf'), 'by hand\n');
  });

  it('are refused, and nothing else is written either', () => {
    const before = tree();
    expect(write([web('web01', file('a.conf', 'new'), file('b.conf', 'new'))])).toEqual(['output-edited']);
    expect(write([web('web01', b)])).toEqual(['output-edited']);
    expect(write([])).toEqual(['output-edited']);
    expect(tree()).toEqual(before);
  });

  it('are replaced with --force', () => {
    expect(write([web('web01', a, b)], { force: true })).toEqual(counts(0, 1, 2, 0));
    expect(tree()['web01/a.conf']).toBe('A\n');
  });

  it('that are what is wanted now are taken over', () => {
    expect(write([web('web01', file('a.conf', 'by hand\n'), b)])).toEqual(counts(0, 1, 2, 0));
  });
});

describe('what stands in the way', () => {
  it('a file that is not ours is refused; with --force replaced', () => {
    mkdirSync(join(out, 'web01'), { recursive: true });
    writeFileSync(join(out, 'web01/a.conf'), 'mine');
    expect(write([web('web01', a)])).toEqual(['output-not-ours']);
    expect(tree()['web01/a.conf']).toBe('mine');
    expect(write([web('web01', a)], { force: true })).toEqual(counts(1, 1, 0, 0));
  });

  it.each([
    ['a folder', (path: string) => mkdirSync(path), 'output-not-ours'],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path]), 'output-not-ours'],
    ['a link out of the folder', (path: string) => symlinkSync(join(base, 'victim'), path), 'output-symlink'],
    ['a dangling link', (path: string) => symlinkSync('/nowhere/at/all', path), 'output-symlink'],
  ])('%s where a file goes is refused, --force or not', (_, make, rule) => {
    writeFileSync(join(base, 'victim'), 'untouched');
    mkdirSync(join(out, 'web01'), { recursive: true });
    make(join(out, 'web01/a.conf'));
    expect(write([web('web01', a)])).toEqual([rule]);
    expect(write([web('web01', a)], { force: true })).toEqual([rule]);
    expect(readFileSync(join(base, 'victim'), 'utf8')).toBe('untouched');
    expect(existsSync(join(out, 'web01/manifest.json'))).toBe(false);
  });

  it.each([
    ['a link', (path: string) => symlinkSync(join(base, 'elsewhere'), path), 'output-symlink'],
    ['a file', (path: string) => writeFileSync(path, ''), 'output-not-ours'],
  ])('%s where the folder of a host goes is refused', (_, make, rule) => {
    mkdirSync(join(base, 'elsewhere'));
    mkdirSync(out);
    make(join(out, 'web01'));
    expect(write([web('web01', a)], { force: true })).toEqual([rule]);
    expect(readdirSync(join(base, 'elsewhere'))).toEqual([]);
  });

  it('a link in the place of a host that is gone is left alone', () => {
    write([web('web01', a)]);
    mkdirSync(join(base, 'elsewhere'));
    symlinkSync(join(base, 'elsewhere'), join(out, 'web02'));
    expect(write([web('web01', a)])).toEqual(counts(0, 0, 2, 0));
    expect(lstatSync(join(out, 'web02')).isSymbolicLink()).toBe(true);
  });

  it.each(['..', '.', 'a/b', '../x', 'a\\b', '', 'a\nb', '.fabricgen-staging'])(
    'the host name %j is refused',
    (name) => {
      expect(write([web(name, a)])).toEqual(['output-name']);
      expect(existsSync(out)).toBe(false);
    },
  );

  it('a manifest that is not ours is refused', () => {
    mkdirSync(join(out, 'web01'), { recursive: true });
    writeFileSync(join(out, 'web01/manifest.json'), '{}');
    expect(write([web('web01', a)])).toEqual(['output-manifest']);
    expect(write([web('web01', a)], { force: true })).toEqual(counts(1, 1, 0, 0));
  });

  it('a manifest that names files elsewhere removes nothing there', () => {
    write([web('web01', a), web('web02', a)]);
    writeFileSync(join(base, 'victim'), 'A\n');
    for (const name of ['web01', 'web02']) {
      const path = join(out, name, 'manifest.json');
      writeFileSync(path, readFileSync(path, 'utf8').replace('"path": "a.conf"', '"path": "../../victim"'));
    }
    expect(write([web('web01', a)])).toEqual(['output-manifest']);
    write([web('web01', a)], { force: true });
    expect(existsSync(join(base, 'victim'))).toBe(true);
  });
});

describe('a disk that refuses', () => {
  it.each([
    ['a file on the way', () => writeFileSync(out, '')],
    ['a name that is too long', () => undefined],
  ])('%s is a finding', (what, prepare) => {
    prepare();
    const name = what.startsWith('a name') ? 'x'.repeat(300) : 'web01';
    expect(write([web(name, a)])).toEqual([
      what.startsWith('a name') ? 'file-unwritable' : 'file-unreadable',
    ]);
  });

  it('a run that is going on is left alone; one that was killed is cleaned up', () => {
    write([web('web01', a)]);
    const staging = join(out, '.fabricgen-staging');
    mkdirSync(staging);
    writeFileSync(join(staging, 'pid'), String(process.ppid));
    expect(write([web('web01', b)])).toEqual(['output-busy']);
    expect(existsSync(staging)).toBe(true);
    writeFileSync(join(staging, 'pid'), '999999999');
    expect(write([web('web01', b)])).toEqual(counts(1, 1, 0, 1));
    expect(existsSync(staging)).toBe(false);
  });

  it('undoes everything where a step of the end fails', () => {
    write([web('web01', a), web('web02', a)]);
    const before = tree();
    const plan = planWrite(out, [web('web00', a), web('web01', b), web('web03', a)], normal);
    // Another program takes the place between planning and applying.
    mkdirSync(join(out, 'web03'));
    writeFileSync(join(out, 'web03/mine'), '');
    const [finding] = applyPlan(plan);
    expect(finding?.rule).toBe('file-unwritable');
    expect(finding?.message).toMatch(/; nothing was changed$/);
    expect(tree()).toEqual({ ...before, 'web03/mine': '' });
    expect(readdirSync(out).sort()).toEqual(['web01', 'web02', 'web03']);
  });

  const isRoot = process.getuid?.() === 0;
  it.skipIf(!isRoot)('a full disk leaves the folder as it was (needs root to mount a small one)', () => {
    mkdirSync(out);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', out]);
    try {
      expect(write([web('web01', a)])).toEqual(counts(2, 0, 0, 0));
      const before = tree();
      const big = file('big.conf', 'x'.repeat(30_000));
      const plan = planWrite(
        out,
        [web('web01', b), web('web02', big), web('web03', big), web('web04', big)],
        normal,
      );
      expect(
        plan.diagnostics.map(({ rule, message }) => `${rule}: ${message.replace(out, 'build')}`),
      ).toEqual([
        expect.stringMatching(/^file-unwritable: 'build.*' cannot be written: no space is left on the disk$/),
      ]);
      expect(tree()).toEqual(before);
      expect(readdirSync(out)).toEqual(['web01']);
    } finally {
      execFileSync('umount', [out]);
    }
  });
});

describe('reading', () => {
  it('gives what was written, and which files were edited', () => {
    write([web('web01', a, b), web('web02')]);
    writeFileSync(join(out, 'web01/b.conf'), 'edited');
    const { hosts, diagnostics } = readOutputFolder(out);
    expect(diagnostics).toEqual([]);
    expect([...hosts.keys()]).toEqual(['web01', 'web02']);
    const web01 = hosts.get('web01');
    expect(web01?.files.get('a.conf')).toEqual({ path: join(out, 'web01/a.conf'), text: 'A\n' });
    expect(web01?.edited).toEqual(['b.conf']);
    expect(web01?.manifest.interfaces).toEqual({ eth1: { addresses: ['10.0.0.1/24'], link: 'lan' } });
  });

  it.each([
    ['not JSON', '{'],
    ['another program', '{"generator":"x"}'],
    ['another version', '{"generator":"fabricgen","version":2}'],
    [
      'no files',
      '{"generator":"fabricgen","version":1,"host":"web01","daemon":"frr","daemonVersion":"8.4","docker":null}',
    ],
    ['null', 'null'],
    ['deep', '['.repeat(100_000)],
  ])('a manifest of %s is a finding', (_, text) => {
    mkdirSync(join(out, 'web01'), { recursive: true });
    writeFileSync(join(out, 'web01/manifest.json'), text);
    expect(readOutputFolder(out).diagnostics.map(({ rule }) => rule)).toEqual(['output-manifest']);
  });

  it('follows no link, waits on no pipe, misses no file', () => {
    write([web('web01', a, b, file('c.conf', 'C'))]);
    for (const name of ['a.conf', 'b.conf', 'c.conf']) rmSync(join(out, 'web01', name));
    symlinkSync('/etc/passwd', join(out, 'web01/a.conf'));
    execFileSync('mkfifo', [join(out, 'web01/b.conf')]);
    const { hosts, diagnostics } = readOutputFolder(out);
    expect(diagnostics.map(({ rule }) => rule)).toEqual([
      'output-symlink',
      'output-not-ours',
      'config-missing',
    ]);
    expect(hosts.get('web01')?.files.size).toBe(0);
  });

  it('a folder that is not there is a finding', () => {
    expect(readOutputFolder(join(base, 'x')).diagnostics.map(({ rule }) => rule)).toEqual([
      'file-unreadable',
    ]);
  });
});
