import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isFault } from '../../src/bgp/wire/fault.ts';
import { familyText } from '../../src/bgp/wire/negotiated.ts';
import { decodeOpen } from '../../src/bgp/wire/open.ts';
import { Namespaces } from '../../src/lab/netns.ts';
import { decodeWhole } from '../bgp/wire/support/again.ts';
import { toJson } from '../bgp/wire/support/canonical.ts';
import { sessionOf, type Vector, vectorFolder, vectorText } from '../bgp/wire/support/vector-file.ts';
import { Recording } from './support/recording.ts';
import { describeLab } from './support/requirements.ts';
import { daemonAddresses, peerAddresses, type Source, vectorSources } from './support/vector-sources.ts';

/** Not a test of its own: scripts/record-vectors runs it to write test/vectors/. */
const asked = process.env['RECORD_VECTORS'];

if (asked === undefined) {
  it.skip('records vectors when scripts/record-vectors asks for it', () => {});
} else {
  const programs = ['ip', 'bgpd', 'gobgpd', 'bird', 'exabgp', 'openbgpd'];
  describeLab('recording', { root: true, programs }, () => {
    const sources = vectorSources().filter(({ name }) => asked === '' || name.startsWith(asked));
    it.each(sources.map((source) => [source.name, source] as const))(
      '%s',
      { timeout: 400_000 },
      async (name, source) => {
        const vectors = await record(source);
        expect(vectors.length).toBeGreaterThan(0);
        const file = `${name.toLowerCase().replaceAll(' ', '-')}.txt`;
        writeFileSync(join(vectorFolder, file), vectorText(vectors));
      },
    );
  });
}

async function record(source: Source): Promise<readonly Vector[]> {
  const namespaces = new Namespaces('vec');
  try {
    namespaces.segment('lan');
    for (const [host, addresses] of [
      ['daemon', daemonAddresses],
      ['peer', peerAddresses],
    ] as const) {
      namespaces.add(host);
      namespaces.plug(host, 'eth0', 'lan', `p-${host}`, addresses);
    }
    const steps = await source.start(namespaces, 'daemon');
    const recording = new Recording(namespaces, 'peer', daemonAddresses[0].split('/')[0] ?? '', source.peer);
    const vectors = new Vectors(source);
    vectors.take('the session begins', [...(await recording.next(true)), ...(await recording.next(true))]);
    for (const step of steps) {
      try {
        await step.run();
      } catch (error) {
        console.warn(`${source.name}: ${step.words}: ${String(error)}`.slice(0, 400));
        continue;
      }
      vectors.take(step.words, await recording.next(true));
    }
    if (source.last) {
      recording.send(source.last.hex);
      vectors.take(source.last.words, await recording.next(true));
    }
    recording.close();
    return vectors.list;
  } finally {
    source.close();
    namespaces.close();
  }
}

/** Collects the messages of one run; the first OPEN says how the others are read. */
class Vectors {
  readonly #source: Source;
  readonly #known = new Set<string>();
  readonly list: Vector[] = [];
  #session = 'as2';

  constructor(source: Source) {
    this.#source = source;
  }

  take(words: string, messages: readonly string[]): void {
    if (messages.length === 0) console.warn(`${this.#source.name}: nothing was said for: ${words}`);
    for (const hex of messages) {
      if (hex.slice(36, 38) === '01') this.#session = sessionText(hex, this.#source.peer.options);
      if (this.#known.has(hex)) continue;
      this.#known.add(hex);
      const session = hex.slice(36, 38) === '01' ? 'as2' : this.#session;
      const message = decodeWhole(Uint8Array.from(Buffer.from(hex, 'hex')), sessionOf(session));
      // A message that is refused is worth a look, whoever is wrong.
      if (isFault(message)) console.warn(`${this.#source.name}: ${words}: ${message.message}\n${hex}`);
      else {
        const origin = `${this.#source.version}, ${words}`;
        this.list.push({ origin, session, hex, json: toJson(message) });
        const faults = message.kind === 'update' ? message.faults : [];
        for (const fault of faults) console.warn(`${this.#source.name}: ${words}: ${fault.message}\n${hex}`);
      }
    }
  }
}

/** The recording peer offers what the daemon offers, but for what its options leave out. */
function sessionText(hex: string, options: readonly string[]): string {
  const open = decodeOpen(Uint8Array.from(Buffer.from(hex, 'hex')).subarray(19));
  if (isFault(open)) throw new Error(`${open.message}\n${hex}`);
  const { fourOctetAs, extendedMessage, addPath = [] } = open.capabilities;
  const four = fourOctetAs !== undefined && !options.includes('two-octet') ? 'as4' : 'as2';
  const extended = extendedMessage && !options.includes('short') ? ' extended' : '';
  const sent = addPath.filter(({ send }) => send).map(({ family }) => family);
  if (sent.length > 0) console.info(`add-path: ${sent.map(familyText).join(', ')}`);
  return `${four}${extended}${sent.length > 0 ? ` add-path ${sent.join(',')}` : ''}`;
}
