import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bird } from '../../../src/lab/daemons/bird.ts';
import { Exabgp } from '../../../src/lab/daemons/exabgp.ts';
import { Frr } from '../../../src/lab/daemons/frr.ts';
import { Gobgp } from '../../../src/lab/daemons/gobgp.ts';
import { Openbgpd } from '../../../src/lab/daemons/openbgpd.ts';
import type { Namespaces } from '../../../src/lab/netns.ts';
import type { PeerOptions } from './recording.ts';
import { bird, exabgp, frr, gobgp, openbgpd } from './vector-words.ts';

/** One thing a daemon is told, in the words that stand in the vector's origin, and how it is told. */
export interface Step {
  readonly words: string;
  run(): void | Promise<void>;
}

/** A daemon with its configuration, the peer that records it, and what it is told once they are up. */
export interface Source {
  /** The daemon, its version, and the options of this run. */
  readonly name: string;
  readonly version: string;
  readonly peer: PeerOptions;
  /** What is sent to it in the end, as hexadecimal digits, and why. */
  readonly last: { readonly words: string; readonly hex: string } | null;
  start(namespaces: Namespaces, host: string): Promise<readonly Step[]>;
  close(): void;
}

/** Own addresses of the daemon and of the peer, in both families. */
export const daemonAddresses = ['10.0.0.1/24', '2001:db8::1/64'] as const;
export const peerAddresses = ['10.0.0.2/24', '2001:db8::2/64'] as const;

const files = (name: string, text: string) => new Map([[name, text]]);
const goodPeer = (asn: number, ...options: string[]): PeerOptions => ({ asn, options });
const marker = 'ff'.repeat(16);
const nobody = () => undefined;

const gobgpSource = (name: string, config: string, peer: PeerOptions, routes: readonly string[]): Source => ({
  name: `GoBGP ${name}`,
  version: 'GoBGP 3.10.0',
  peer,
  last: null,
  start: async (namespaces, host) => {
    await Gobgp.start(namespaces, host, files('gobgp.toml', config));
    return routes.map((words) => ({
      words: `gobgp ${words}`,
      run: () => void namespaces.exec(host, 'sh', ['-c', `gobgp ${words}`]),
    }));
  },
  close: nobody,
});

const frrSource = (
  name: string,
  config: string,
  peer: PeerOptions,
  steps: readonly (readonly string[])[],
): Source => ({
  name: `FRR ${name}`,
  version: 'FRR 8.4.4',
  peer,
  last: null,
  start: async (namespaces, host) => {
    const daemon = await Frr.start(namespaces, host, files('frr.conf', config));
    return steps.map((lines) => ({
      words: lines.join('; '),
      run: () => void daemon.vtysh(lines.join('\n')),
    }));
  },
  close: nobody,
});

/** BIRD and OpenBGPD are told by another file: each step adds its lines. */
const birdSource = (
  name: string,
  config: (lines: readonly string[]) => string,
  peer: PeerOptions,
  routes: readonly string[],
): Source => ({
  name: `BIRD ${name}`,
  version: 'BIRD 2.0.12',
  peer,
  last: { words: 'an UPDATE whose lengths lead outside is answered', hex: `${marker}001702ffff0000` },
  start: async (namespaces, host) => {
    const daemon = await Bird.start(namespaces, host, files('bird.conf', config([])));
    const told: string[] = [];
    return routes.map((words) => ({
      words,
      run: async () => {
        told.push(words);
        await daemon.reload(files('bird.conf', config(told)));
      },
    }));
  },
  close: nobody,
});

const exabgpSource = (
  name: string,
  config: (feed: string) => string,
  peer: PeerOptions,
  routes: readonly string[],
): Source => {
  const folder = mkdtempSync(join(tmpdir(), 'fabricgen-feed-'));
  const feed = join(folder, 'feed');
  writeFileSync(feed, '');
  return {
    name: `ExaBGP ${name}`,
    version: 'ExaBGP 4.2.21',
    peer,
    last: null,
    start: async (namespaces, host) => {
      await Exabgp.start(namespaces, host, files('exabgp.conf', config(feed)));
      return routes.map((words) => ({ words, run: () => appendFileSync(feed, `${words}\n`) }));
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};

const openbgpdSource = (
  name: string,
  config: string,
  peer: PeerOptions,
  routes: readonly string[],
): Source => ({
  name: `OpenBGPD ${name}`,
  version: 'OpenBGPD 7.7',
  peer,
  last: { words: 'a message that is not synchronized is answered', hex: '00'.repeat(19) },
  start: async (namespaces, host) => {
    const daemon = await Openbgpd.start(namespaces, host, files('bgpd.conf', config));
    return routes.map((words) => ({ words: `bgpctl ${words}`, run: () => void daemon.ask(words) }));
  },
  close: nobody,
});

/** Every program that vectors are taken from. */
export function vectorSources(): readonly Source[] {
  return [
    gobgpSource('capabilities', gobgp.config(65001, gobgp.families, true), goodPeer(65001), []),
    gobgpSource('ibgp', gobgp.config(65001, gobgp.families, false), goodPeer(65001), gobgp.routes),
    gobgpSource('rtc', gobgp.config(65001, ['rtc'], false), goodPeer(65001), gobgp.membership),
    gobgpSource('two-octet', gobgp.config(65002, gobgp.two, false), goodPeer(65002, 'two-octet'), [
      ...gobgp.wide,
      ...gobgp.end,
    ]),
    frrSource('ibgp', frr.config('internal', frr.many), goodPeer(65001), frr.steps),
    frrSource('ebgp', frr.config('65002', frr.few), goodPeer(65002, 'two-octet'), frr.ebgpSteps),
    frrSource('wrong AS', frr.config('65002', ''), goodPeer(65003), []),
    birdSource('ibgp', bird.config(65001, bird.channels), goodPeer(65001), bird.routes),
    birdSource('ebgp', bird.config(65002, bird.few), goodPeer(65002, 'two-octet'), bird.ebgp),
    exabgpSource('ibgp', exabgp.config(65001, exabgp.capabilities), goodPeer(65001), exabgp.routes),
    exabgpSource('two-octet', exabgp.config(65002, exabgp.few), goodPeer(65002, 'two-octet'), exabgp.wide),
    openbgpdSource('ibgp', openbgpd.config(65001), goodPeer(65001), openbgpd.routes),
  ];
}
