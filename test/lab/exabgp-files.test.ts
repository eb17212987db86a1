import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { communityText } from '../../src/bgp/communities.ts';
import { run } from '../../src/lab/shell.ts';
import { community } from '../../src/targets/exabgp/read/values.ts';
import { peersOf, readText, type Sent, sentTo } from '../targets/exabgp/read-text.ts';
import { refusedFiles } from '../targets/exabgp/refused.ts';
import { describeLab } from './support/requirements.ts';

interface Judged {
  readonly ok: boolean;
  readonly error?: string;
  readonly neighbors?: readonly JudgedNeighbor[];
}

interface JudgedNeighbor {
  readonly peer: string;
  readonly local: string;
  readonly source: string;
  readonly routerId: string;
  readonly localAs: number;
  readonly peerAs: number;
  readonly hold: number;
  readonly passive: boolean;
  readonly connect: number;
  readonly password: string | null;
  readonly families: readonly string[];
  readonly sent: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const judge = join(import.meta.dirname, 'support', 'exabgp-judge.py');
const examples = '/usr/share/doc/exabgp/examples';
const own = join(import.meta.dirname, '..', 'targets', 'exabgp', 'files');

/** What ExaBGP's own parser makes of the files; Debian's interpreter, since the package belongs to it. */
function judged(files: readonly string[]): readonly Judged[] {
  const lines = run('/usr/bin/python3', [judge, ...files])
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Judged);
}

/** ExaBGP's words in the form of ours. */
function wordsOf(sent: JudgedNeighbor['sent']): Sent {
  const entries = Object.entries(sent).flatMap(([key, attributes]) => {
    const [family = '', kind, prefix = ''] = key.split(' ');
    if (kind !== 'unicast') return [];
    const list = (text: string | undefined) =>
      (text ?? '')
        .replace(/[[\],]/g, ' ')
        .trim()
        .split(/\s+/);
    const numbers = list(attributes['community']).filter((text) => text !== '');
    const words = Object.entries(attributes).map(([name, value]): [string, string] => {
      if (name === 'community') {
        const values = numbers.map((text) => community(text) ?? 0).sort((a, b) => a - b);
        return [name, values.map(communityText).join(' ')];
      }
      if (name === 'large-community' || name === 'cluster-list') return [name, list(value).join(' ')];
      return [name, name === 'atomic-aggregate' ? 'yes' : value.replace('[ (', '[  (')];
    });
    // An empty AS_PATH is not shown.
    const all = { 'as-path': '[  ]', ...Object.fromEntries(words) };
    return [[family === '' ? key : prefix, all] as const];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sortedCommunities(sent: Sent): Sent {
  return Object.fromEntries(
    Object.entries(sent).map(([prefix, words]) => {
      const numbers = words['community']?.split(' ').map((text) => community(text) ?? 0);
      const sorted = numbers?.sort((a, b) => a - b).map(communityText);
      return [prefix, sorted ? { ...words, community: sorted.join(' ') } : words];
    }),
  );
}

describeLab('exabgp.conf as ExaBGP 4.2 itself reads it', { programs: ['exabgp'] }, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'fabricgen-exabgp-files-'));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  const folders = [own, examples].filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.conf'))
      .map((name) => join(folder, name)),
  );

  const verdicts = judged(files);
  it.each(files.map((file, index) => [basename(file), file, verdicts[index]] as const))(
    'agrees on what is announced, to whom, and how sessions are made: %s',
    (_, file, verdict) => {
      const ours = readText(readFileSync(file, 'utf8'));
      // Whether a program exists cannot be known from the file.
      if (verdict?.error?.includes('can not locate the the program')) return;
      expect([file, ours.router?.bgp !== null], verdict?.error).toEqual([file, verdict?.ok]);
      const peers = peersOf(ours);
      for (const neighbor of verdict?.neighbors ?? []) {
        const peer = peers.find(
          ({ source, audience }) =>
            audience?.startsWith(`${neighbor.peer}/`) ||
            audience?.startsWith(`${neighbor.peer} `) ||
            source === null,
        );
        expect(peer, `${file} ${neighbor.peer}`).toBeDefined();
        if (!peer) continue;
        expect(
          {
            file,
            remoteAs: peer.remoteAs,
            localAs: peer.localAs?.asn ?? ours.router?.bgp?.asn,
            routerId: peer.routerId?.text,
            hold: peer.timers.hold,
            passive: peer.passive,
            port: peer.port,
            password: peer.password,
            source: peer.updateSource && 'text' in peer.updateSource ? peer.updateSource.text : null,
            families: Object.keys(peer.families),
          },
          file,
        ).toEqual({
          file,
          remoteAs: neighbor.peerAs,
          localAs: neighbor.localAs,
          routerId: neighbor.routerId,
          hold: neighbor.hold,
          passive: neighbor.passive,
          port: neighbor.connect || 179,
          password: neighbor.password,
          source: neighbor.source,
          families: neighbor.families
            .filter((name) => /^ipv[46] unicast$/.test(name))
            .map((name) => name.replace(' ', '-')),
        });
        if ('failure' in neighbor.sent)
          expect(
            ours.diagnostics.map(({ rule }) => rule),
            file,
          ).toContain('config-refused');
        else
          expect(sortedCommunities(sentTo(ours, peer)), `${file} ${neighbor.peer}`).toEqual(
            wordsOf(neighbor.sent),
          );
      }
    },
  );

  it('agrees on what is refused', () => {
    const paths = refusedFiles.map(({ name, text }) => {
      const path = join(scratch, `${name.replace(/\W+/g, '-')}.conf`);
      writeFileSync(path, text);
      return path;
    });
    const accepted = judged(paths).flatMap(({ ok }, index) => (ok ? [refusedFiles[index]?.name] : []));
    expect(accepted).toEqual([]);
  });
});
