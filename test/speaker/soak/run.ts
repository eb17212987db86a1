import type { AdjOutRow, NeighborView, Page } from '../../../src/speaker/api/types.ts';
import { generator } from '../../bgp/wire/support/fuzz.ts';
import { messageBytes } from '../support/caller.ts';
import { announcement, withdrawal } from './churn.ts';
import { judgeMemory, type MemorySample, type MemoryVerdict } from './memory.ts';
import { SoakPeer } from './peer.ts';
import { SoakProcess } from './process.ts';

/** What came of a soak. */
export interface SoakResult {
  readonly seconds: number;
  /** UPDATEs said by the peers, each with an attribute set of its own. */
  readonly updates: number;
  readonly memory: MemoryVerdict;
  /** Sessions that should have stayed up and did not. */
  readonly losses: number;
  /** Longest pause of the speaker's event loop in seconds, and the longest that its own work explains: on a busy machine it waits for its turn. */
  readonly longestPause: number;
  readonly longestOwnPause: number;
  readonly cpuSeconds: number;
  /** Destinations that the listener has otherwise than the speaker says it told it. */
  readonly differences: readonly string[];
  readonly routes: number;
  /** How the speaker ended. */
  readonly exit: string | null;
}

const sleep = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** Milliseconds between two rounds of churn, and UPDATEs of each feeder in one. */
const ROUND = 100;
const UPDATES = 60;

const addresses = {
  feeders: ['127.0.1.2', '127.0.1.3'],
  listener: '127.0.1.4',
  slow: '127.0.1.5',
  flapping: '127.0.1.6',
  hostile: '127.0.1.7',
  stranger: '127.0.1.8',
} as const;

/** The configuration; `preference` is what a reload changes. */
function config(preference: number): string {
  const { feeders, listener, slow, flapping, hostile } = addresses;
  const peers = [...feeders, listener, slow, flapping, hostile].map((address, n) => [
    ` neighbor ${address} remote-as ${65002 + n}`,
    ` neighbor ${address} passive`,
  ]);
  // The next hop stays as it is: whether the host has an IPv6 address of its own is nothing to this test.
  const active = [...feeders, listener, slow, flapping, hostile].flatMap((one) => [
    `  neighbor ${one} activate`,
    `  neighbor ${one} attribute-unchanged next-hop`,
  ]);
  return [
    'router bgp 65001',
    ' bgp router-id 10.0.0.1',
    ' no bgp ebgp-requires-policy',
    ' no bgp network import-check',
    ...peers.flat(),
    ' address-family ipv4 unicast',
    `  neighbor ${feeders[0]} route-map prefer in`,
    '  network 192.0.2.0/24',
    ' exit-address-family',
    ' address-family ipv6 unicast',
    ...active,
    `  neighbor ${feeders[0]} route-map prefer in`,
    ' exit-address-family',
    'route-map prefer permit 10',
    ` set local-preference ${preference}`,
    '',
  ].join('\n');
}

/** A speaker under everything that happens to it, for so long. */
export class Soak {
  readonly #seconds: number;
  readonly #port: number;
  readonly #below: (limit: number) => number;
  readonly #process: SoakProcess;
  readonly #feeders: readonly SoakPeer[];
  readonly #listener: SoakPeer;
  readonly #slow: SoakPeer;
  readonly #flapping: SoakPeer;
  readonly #hostile: SoakPeer;
  readonly #samples: (MemorySample & { readonly lag: number; readonly cpu: number })[] = [];
  #updates = 0;
  #rounds = 0;

  constructor(seconds: number, port: number, seed: number) {
    this.#seconds = seconds;
    this.#port = port;
    this.#below = generator(seed);
    this.#process = new SoakProcess(port, config(100));
    const peer = (address: string, asn: number, listens = false) => new SoakPeer(address, port, asn, listens);
    this.#feeders = addresses.feeders.map((address, n) => peer(address, 65002 + n));
    this.#listener = peer(addresses.listener, 65004, true);
    this.#slow = peer(addresses.slow, 65005);
    this.#flapping = peer(addresses.flapping, 65006);
    this.#hostile = peer(addresses.hostile, 65007);
  }

  /** `progress` is told of each sample. */
  async run(progress: (words: string) => void): Promise<SoakResult> {
    try {
      await this.#until('the speaker answers', async () => (await this.#process.ask('/v1/status')) !== null);
      for (const peer of this.#lasting) peer.begin();
      await this.#until('the sessions are up', async () => this.#lasting.every(({ up }) => up));
      await this.#churn(progress);
      const differences = await this.#differences();
      const routes = this.#listener.told.size;
      const losses = this.#lasting.reduce((sum, one) => sum + one.losses, 0);
      const exit = await this.#process.stop();
      return {
        seconds: this.#seconds,
        updates: this.#updates,
        memory: judgeMemory(this.#samples, SLACK),
        losses,
        longestPause: Math.max(...this.#samples.slice(2).map(({ lag }) => lag)),
        longestOwnPause: Math.max(
          ...this.#samples
            .slice(2)
            .map(({ lag, cpu }, n) => Math.min(lag, cpu - (this.#samples[n + 1]?.cpu ?? 0))),
        ),
        cpuSeconds: Math.max(...this.#samples.map(({ cpu }) => cpu)),
        differences,
        routes,
        exit,
      };
    } finally {
      await this.close();
    }
  }

  /** Nothing of it stays, whatever happened. */
  async close(): Promise<void> {
    for (const peer of [...this.#lasting, this.#flapping, this.#hostile]) peer.end(true);
    await this.#process.stop();
  }

  get #lasting(): readonly SoakPeer[] {
    return [...this.#feeders, this.#listener, this.#slow];
  }

  async #until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + 60_000;
    while (!(await holds())) {
      if (Date.now() > end || this.#process.exit !== null)
        throw new Error(`never: ${what}: ${this.#process.lastWords}`);
      await sleep(50);
    }
  }

  async #churn(progress: (words: string) => void): Promise<void> {
    const end = Date.now() + this.#seconds * 1000;
    while (Date.now() < end) {
      this.#round();
      if (this.#rounds % 5 === 0) await this.#look(progress);
      if (this.#process.exit !== null) throw new Error(`the speaker is gone: ${this.#process.lastWords}`);
      await sleep(ROUND);
    }
  }

  #round(): void {
    const round = this.#rounds++;
    for (const [n, feeder] of this.#feeders.entries()) {
      // A feeder that is not listened to waits, as TCP would have it.
      if (feeder.backlog > 1_000_000) continue;
      const address = addresses.feeders[n] ?? '';
      for (let update = 0; update < UPDATES; update++)
        feeder.say(announcement(this.#below, 65002 + n, address));
      for (let update = 0; update < UPDATES / 4; update++) feeder.say(withdrawal(this.#below));
      this.#updates += UPDATES;
    }
    this.#slow.listen(round % 200 < 100);
    if (round % 10 === 0) this.#operate(round / 10);
    if (round % 50 === 25) this.#flap(round);
    if (round % 60 === 30) this.#attack();
    if (round % 70 === 35) this.#listener.say(messageBytes(5, [0, 1, 0, 1]));
  }

  /** Sessions that come with routes and go, in good order, with a reset, or with a word. */
  #flap(round: number): void {
    const peer = this.#flapping;
    if (!peer.isConnected) peer.begin();
    else if (round % 150 === 25) peer.say(messageBytes(3, [6, 4]));
    else peer.end(round % 100 === 25);
    for (let update = 0; update < 50; update++)
      peer.say(announcement(this.#below, 65006, addresses.flapping));
  }

  /** An OPEN, a KEEPALIVE and then octets, and a call of somebody whom nobody knows. */
  #attack(): void {
    this.#hostile.end(true);
    this.#hostile.begin();
    const body = Array.from({ length: this.#below(200) }, () => this.#below(256));
    this.#hostile.say(messageBytes(2, body));
    const stranger = new SoakPeer(addresses.stranger, this.#port, 65008);
    stranger.begin();
    setTimeout(() => stranger.end(false), 500);
  }

  /** What an operator does, once a second. */
  #operate(second: number): void {
    const prefix = `198.51.${second % 50}.0/24`;
    const attributes = { med: second, communities: [`65001:${second % 65536}`] };
    void this.#process.ask('/v1/announce', { prefix, ...attributes });
    void this.#process.ask('/v1/withdraw', { prefix: `198.51.${(second + 20) % 50}.0/24` });
    void this.#process.ask(`/v1/rib?limit=200&after=${this.#below(5000)}`);
    void this.#process.ask('/v1/neighbors');
    if (second % 5 === 3) void this.#process.ask(`/v1/neighbors/${addresses.listener}/reset`, { how: 'out' });
    if (second % 7 === 3) this.#process.follow(2000);
    if (second % 4 !== 2) return;
    this.#process.configure(config(100 + (second % 100)));
    this.#process.signal('SIGHUP');
  }

  async #look(progress: (words: string) => void): Promise<void> {
    const sample = await this.#process.sample();
    if (sample === null) return;
    this.#samples.push(sample);
    if (this.#samples.length % 60 === 0) {
      const mib = (octets: number) => `${Math.round(octets / 1024 / 1024)} MiB`;
      const words = `heap ${mib(sample.heap)}, resident ${mib(sample.resident)}`;
      progress(`${Math.round(sample.seconds)} s: ${this.#updates} updates, ${words}`);
    }
  }

  /** Once all is said: does the listener have what the speaker says it told it? */
  async #differences(): Promise<readonly string[]> {
    this.#slow.listen(true);
    const path = `/v1/neighbors/${addresses.listener}`;
    let before = -1;
    await this.#until('everything is said', async () => {
      const view = await this.#process.json<NeighborView>(path);
      const { received, updatesSent } = { received: 0, updatesSent: -2, ...view?.messages };
      const said = view?.families.every(({ waiting }) => waiting === 0) === true;
      const still = said && before === received + updatesSent;
      before = received + updatesSent;
      await sleep(500);
      return still;
    });
    const told = new Map<string, string>();
    for (const family of ['ipv4-unicast', 'ipv6-unicast'])
      for (let after = -1; ; ) {
        const page = await this.#process.json<Page<AdjOutRow>>(
          `${path}/adj-out?family=${family}&limit=5000${after < 0 ? '' : `&after=${after}`}`,
        );
        for (const { prefix, sent } of page?.rows ?? [])
          told.set(prefix, `${sent.nextHop ?? '127.0.0.1'} ${sent.asPath}`);
        if (page?.next === null || page === null) break;
        after = page.next;
      }
    const heard = this.#listener.told;
    const other = (prefix: string) => told.get(prefix) !== heard.get(prefix);
    return [...new Set([...told.keys(), ...heard.keys()])]
      .filter(other)
      .map((prefix) => `${prefix}: told ${told.get(prefix)}, heard ${heard.get(prefix)}`);
  }
}

/** MiB: young objects between two collections. */
const SLACK = 6;
