import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Random } from '../../src/lab/fuzz/random.ts';
import { programPath } from '../../src/lab/programs.ts';
import { tryRun } from '../../src/lab/shell.ts';
import { birdTarget } from '../../src/targets/bird/index.ts';
import { frrTarget } from '../../src/targets/frr/index.ts';
import { filesNamed, mistype, vocabulary } from './support/mistype.ts';
import { describeLab } from './support/requirements.ts';

/** FABRICGEN_MISTYPE_SEED, FABRICGEN_MISTYPES: other mistakes, and more of them. */
const seed = Number(process.env.FABRICGEN_MISTYPE_SEED ?? 1);
const count = Number(process.env.FABRICGEN_MISTYPES ?? 250);

const folder = mkdtempSync(join(tmpdir(), 'fabricgen-mistyped-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BIRD_TOKEN =
  /\s+|#[^\n]*|"[^"\n]*"|'[^'\n]*'|[A-Za-z_]\w*|\d+(?:\.\d+){3}|[0-9a-fA-F]*:[0-9a-fA-F:]+|\d+|[<>=!~&|]+|./g;

function birdKind(token: string): string {
  if (/^[\s#]/.test(token)) return 'space';
  if (/^[A-Za-z_]/.test(token)) return 'word';
  if (/^\d/.test(token)) return token.includes('.') ? 'address' : 'number';
  return token.length > 1 && token.includes(':') ? 'address' : /^["']/.test(token) ? 'text' : 'sign';
}

/** BIRD takes a range of an ASN and an address in a mask of an AS_PATH, which nobody writes. */
const leftBird = /two ends of the range/;

describeLab('reader and bird agree on files with one word mistyped', { programs: ['bird'] }, () => {
  it(`seed ${seed}, ${count} files`, { timeout: 300_000 }, () => {
    const random = new Random(seed);
    const files = filesNamed('bird.conf').filter((text) => text.length < 6000 && !text.includes('include'));
    const tokens = files.map((text) => text.match(BIRD_TOKEN) ?? []);
    const known = vocabulary(
      tokens.flat().filter((one) => birdKind(one) !== 'space'),
      birdKind,
    );
    const file = join(folder, 'bird.conf');
    const disagreements: string[] = [];
    for (let i = 0; i < count; i++) {
      const words = random.pick(tokens);
      const places = [...words.keys()].filter((place) => birdKind(words[place] ?? '') !== 'space');
      const at = random.pick(places);
      const text = mistype(random, words, at, known).join('');
      writeFileSync(file, text);
      const { code, stderr } = tryRun(programPath('bird') ?? 'bird', ['-p', '-c', file]);
      const read = birdTarget.read(new Map([['bird.conf', { path: 'bird.conf', text }]]), {
        host: 'h',
        version: '2.0',
      });
      const said = read.diagnostics.map(({ message }) => message).join(' | ');
      if ((read.router !== null) === (code === 0) || leftBird.test(said)) continue;
      disagreements.push(
        `bird ${code}: ${stderr.trim()}; we: ${said}\n${words.slice(at - 8, at + 9).join('')}\n${text}`,
      );
    }
    expect(disagreements).toEqual([]);
  });
});

const FRR_BLOCK =
  /^\s*(?:no )?(?:router|address-family|route-map|exit|end|line|bfd|interface|vrf|frr|hostname|log|debug|show|list|find|output|!)/;

/** A name of an interface may be any word to FRR, an address of the other family too; words of one or two letters begin many, and passwords are let be. */
const leftFrr = /^(?:no )?ip(?:v6)? route|password|^\S{1,2} /;

describeLab('reader and vtysh agree on lines with one word mistyped', { programs: ['vtysh'] }, () => {
  it(`seed ${seed}, ${count} lines`, { timeout: 300_000 }, () => {
    const random = new Random(seed);
    const files = filesNamed('frr.conf')
      .filter((text) => text.length < 6000)
      .map((text) => text.split('\n'));
    const known = vocabulary(
      files.flat().flatMap((line) => line.trim().split(/\s+/)),
      frrKind,
    );
    const file = join(folder, 'frr.conf');
    const disagreements: string[] = [];
    for (let i = 0; i < count; i++) {
      const lines = random.pick(files).slice();
      const at = random.int(0, lines.length - 1);
      const [line = '', words] = [lines[at], (lines[at] ?? '').trim().split(/\s+/)];
      const now = mistype(random, words, random.int(0, words.length - 1), known).join(' ');
      if (line.trim() === '' || FRR_BLOCK.test(line) || FRR_BLOCK.test(now) || leftFrr.test(now)) continue;
      lines[at] = ` ${now}`;
      const text = lines.join('\n');
      writeFileSync(file, text);
      const { stdout, stderr } = tryRun('vtysh', ['-C', '-f', file]);
      const refused = (stdout + stderr).includes(`line ${at + 1}: %`);
      const { lines: read } = frrTarget.read(new Map([['frr.conf', { path: 'frr.conf', text }]]), {
        host: 'h',
        version: '8.4',
      });
      const unknown = read.find(({ status, source }) => status === 'unrecognised' && source.line === at + 1);
      if (refused !== (unknown !== undefined))
        disagreements.push(
          `vtysh ${refused ? 'refuses' : 'takes'} '${now}' in place of '${line}'; we: ${unknown?.effect ?? 'take it'}`,
        );
    }
    expect(disagreements).toEqual([]);
  });
});

function frrKind(word: string): string {
  if (/^[0-9a-f.:]+\/\d+$/.test(word)) return word.includes(':') ? 'IPv6 prefix' : 'IPv4 prefix';
  if (/^\d+(?:\.\d+){3}$/.test(word)) return 'IPv4 address';
  if (/^\d+:\d+$/.test(word)) return 'community';
  if (/^\d+$/.test(word)) return 'number';
  return word.includes(':') ? 'IPv6 address' : /^[a-z-]+$/.test(word) ? 'keyword' : 'name';
}
