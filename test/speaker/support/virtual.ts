import { type Address, parseAddress } from '../../../src/base/ip.ts';
import type { SpeakerConfig } from '../../../src/speaker/config.ts';
import type { Connection, ConnectionEvents, Environment, Target } from '../../../src/speaker/environment.ts';
import { Speaker, type SpeakerNote, type SpeakerOptions } from '../../../src/speaker/speaker.ts';
import { externalProfile } from '../../../src/targets/external/profile.ts';
import { frrTarget } from '../../../src/targets/frr/index.ts';

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** TCP and a clock in memory: what is written arrives in the order of writing, time passes only when nothing is left to do now. */
export class VirtualNetwork {
  now = 0;
  readonly #listeners = new Map<string, (connection: Connection) => ConnectionEvents | null>();
  #waiting: Waiting[] = [];
  #order = 0;

  listen(address: string, accept: (connection: Connection) => ConnectionEvents | null): void {
    this.#listeners.set(address, accept);
  }

  environment(own: Address): Environment {
    return {
      now: () => this.now,
      random: () => 1,
      after: (milliseconds, run) => this.#after(milliseconds, run),
      connect: (target, events) => this.#connect(own, target, events),
    };
  }

  #after(milliseconds: number, run: () => void) {
    const waiting: Waiting = { at: this.now + milliseconds, order: this.#order++, run };
    this.#waiting.push(waiting);
    return {
      cancel: () => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
      },
    };
  }

  #connect(own: Address, { address, source }: Target, events: ConnectionEvents): Connection {
    const near = new End(this, source ?? own, address);
    const far = new End(this, address, source ?? own);
    near.other = far;
    far.other = near;
    near.events = events;
    this.#after(0, () => {
      const accept = this.#listeners.get(address.text);
      if (!accept) near.fail('connection refused');
      else {
        near.events?.opened();
        far.events = accept(far);
        if (!far.events) near.fail('connection reset');
      }
    });
    return near;
  }

  soon(run: () => void): void {
    this.#after(0, run);
  }

  /** Lets time pass until `seconds` from now. */
  run(seconds: number): void {
    const end = this.now + seconds * 1000;
    for (let steps = 0; ; steps++) {
      if (steps > 1_000_000) throw new Error('the virtual network never comes to rest');
      this.#waiting.sort((a, b) => a.at - b.at || a.order - b.order);
      const next = this.#waiting[0];
      if (!next || next.at > end) break;
      this.#waiting.shift();
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = end;
  }
}

class End implements Connection {
  readonly local: Address;
  readonly remote: Address;
  readonly backlog = 0;
  events: ConnectionEvents | null = null;
  other: End | null = null;
  readonly #network: VirtualNetwork;
  #closed = false;

  constructor(network: VirtualNetwork, local: Address, remote: Address) {
    this.#network = network;
    this.local = local;
    this.remote = remote;
  }

  write(bytes: Uint8Array): void {
    if (this.#closed) return;
    const copy = bytes.slice();
    this.#network.soon(() => this.other?.events?.bytes(copy));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.events = null;
    this.#network.soon(() => this.other?.fail('closed by the other end'));
  }

  fail(reason: string): void {
    const { events } = this;
    this.events = null;
    this.#closed = true;
    events?.closed(reason);
  }
}

export interface VirtualSpeaker {
  readonly speaker: Speaker;
  readonly notes: SpeakerNote[];
}

/** A speaker from the text of a frr.conf, with one address, on a virtual network. */
export function virtualSpeaker(
  network: VirtualNetwork,
  address: string,
  text: string,
  options: Partial<SpeakerOptions> = {},
  version = '8.4',
): VirtualSpeaker {
  const files = new Map([['frr.conf', { path: 'frr.conf', text }]]);
  const { router, diagnostics } = frrTarget.read(files, { host: address, version });
  if (!router?.bgp) throw new Error(JSON.stringify(diagnostics));
  return virtualSpeakerOf(network, address, { config: router, bgp: router.bgp }, options);
}

/** The same from a configuration of any daemon. */
export function virtualSpeakerOf(
  network: VirtualNetwork,
  address: string,
  { config: router, bgp }: SpeakerConfig,
  options: Partial<SpeakerOptions> = {},
): VirtualSpeaker {
  const own = parseAddress(address);
  if (!own) throw new Error(address);
  const notes: SpeakerNote[] = [];
  const speaker = new Speaker({ ...router, profile: externalProfile }, bgp, {
    environment: network.environment(own),
    host: { interfaces: [{ name: 'eth0', addresses: [`${address}/24`] }], routes: [] },
    ...options,
    log: (_, note) => notes.push(note),
  });
  network.listen(address, (connection) => speaker.accept(connection));
  return { speaker, notes };
}

/** Best paths as text: `prefix next hop [AS_PATH]`. */
export function bestPaths({ speaker }: VirtualSpeaker): readonly string[] {
  const lines: string[] = [];
  for (const { table, shelf } of speaker.tables.values()) {
    for (let place = 0; place < table.index.size; place++) {
      const best = table.bestPath(place);
      if (best === 0) continue;
      const path = shelf.path(best);
      lines.push(`${table.index.prefixAt(place).text} ${path.nextHop?.text ?? 'own'} [${path.asPath.text}]`);
    }
  }
  return lines.sort();
}
