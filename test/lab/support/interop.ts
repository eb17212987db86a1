import type { Gobgp } from '../../../src/lab/daemons/gobgp.ts';
import { Namespaces } from '../../../src/lab/netns.ts';
import { signalAll } from '../../../src/lab/processes.ts';
import { carriedNames, startOrigin } from './interop/carried.ts';
import { daemonRoutes, type InteropDaemon, type RunningPeer, type Wanted } from './interop/daemon.ts';
import { targetsConfig } from './interop/targets.ts';
import { RunningSpeaker } from './running-speaker.ts';

/** The speaker's route in each family, announced with two communities. */
export const ownRoutes = ['10.1.0.0/16', '2001:db8:1::/48'] as const;
export const OWN_LARGE = '65001:1:4294967295';

export interface Plan extends Partial<Wanted> {
  /** More lines of the speaker's `router bgp`, and of its address families. */
  readonly bgp?: readonly string[];
  readonly family?: readonly string[];
  /** The AS the speaker believes the daemon to have. */
  readonly expectedAs?: number;
  /** A second speaker, 10.0.0.3, with this peer: what is reflected arrives there. */
  readonly third?: 1 | 2;
  /** IPv4 networks that the second speaker announces. */
  readonly thirdRoutes?: readonly string[];
}

const usual: Wanted = {
  asn: 65002,
  speakerAs: 65001,
  transport: 4,
  passive: true,
  client: false,
  addPath: false,
  carried: false,
  targets: false,
  extendedNextHop: false,
  graceful: false,
  hold: 30,
};

/** A daemon and a speaker on one link, each in its own namespace. */
export class Interop {
  readonly namespaces: Namespaces;
  readonly wanted: Wanted;
  readonly speaker: RunningSpeaker;
  readonly third: RunningSpeaker | null;
  readonly #daemon: InteropDaemon;
  /** Tells of EVPN routes and flow specifications. */
  readonly #origin: Gobgp | null;
  peer: RunningPeer;

  private constructor(
    daemon: InteropDaemon,
    plan: Plan,
    namespaces: Namespaces,
    peer: RunningPeer,
    origin: Gobgp | null,
  ) {
    this.namespaces = namespaces;
    this.wanted = { ...usual, ...plan };
    this.#daemon = daemon;
    this.peer = peer;
    this.#origin = origin;
    const neighbors = [this.daemonAddress, ...(plan.third === 1 || origin ? ['10.0.0.3'] : [])];
    this.speaker = this.wanted.targets
      ? new RunningSpeaker(namespaces, 'speaker', targetsConfig(this.wanted), [], 'gobgp.toml')
      : new RunningSpeaker(namespaces, 'speaker', speakerConfig(this.wanted, plan, neighbors));
    const lines = [`remote-as ${this.wanted.speakerAs}`, 'timers connect 1'].map(
      (words) => `neighbor 10.0.0.${plan.third} ${words}`,
    );
    this.third = plan.third
      ? new RunningSpeaker(namespaces, 'third', [
          `router bgp ${this.wanted.speakerAs}`,
          ' bgp router-id 10.0.0.3',
          ' no bgp network import-check',
          ...lines.map((line) => ` ${line}`),
          ' address-family ipv4 unicast',
          ...(plan.thirdRoutes ?? []).map((network) => `  network ${network}`),
          ' exit-address-family',
        ])
      : null;
  }

  static async boot(daemon: InteropDaemon, plan: Plan): Promise<Interop> {
    const namespaces = new Namespaces('iop');
    namespaces.segment('lan');
    for (const [host, end] of [
      ['speaker', 1],
      ['daemon', 2],
      ['third', 3],
    ] as const) {
      namespaces.add(host);
      namespaces.plug(host, 'eth0', 'lan', `p-${host}`, [`10.0.0.${end}/24`, `2001:db8::${end}/64`]);
    }
    try {
      const peer = await daemon.start(namespaces, 'daemon', { ...usual, ...plan });
      const origin = plan.carried ? await startOrigin(namespaces, usual.speakerAs) : null;
      return new Interop(daemon, plan, namespaces, peer, origin);
    } catch (error) {
      namespaces.close();
      throw error;
    }
  }

  get daemonAddress(): string {
    return this.wanted.transport === 4 ? '10.0.0.2' : '2001:db8::2';
  }

  /** Asks until the answer is true; false: not within so many seconds. */
  async comes(seconds: number, ask: () => Promise<boolean> | boolean): Promise<boolean> {
    for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; ) {
      if (await ask()) return true;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    return false;
  }

  async isUp(): Promise<boolean> {
    return (await this.speaker.neighbor(this.daemonAddress))?.state === 'Established';
  }

  /** A daemon whose first call came too early waits up to half a minute. */
  up(): Promise<boolean> {
    return this.comes(60, () => this.isUp());
  }

  async has(prefix: string): Promise<boolean> {
    return (await this.speaker.rib(prefix)).some((path) => path.from !== null);
  }

  /** All processes of the daemon. */
  get pids(): readonly number[] {
    return this.namespaces.pids('daemon');
  }

  kill(): void {
    signalAll(this.pids, 'SIGKILL');
  }

  /** Starts the daemon once more, from the same configuration. */
  async startAgain(): Promise<void> {
    this.peer = await this.#daemon.start(this.namespaces, 'daemon', this.wanted);
  }

  state(): string {
    return `${this.speaker.log().split('\n').slice(-25).join('\n')}\n${this.peer.daemon.log()}`;
  }

  close(): void {
    this.speaker.close();
    this.third?.close();
    this.peer.daemon.close();
    this.#origin?.close();
    this.namespaces.close();
  }
}

function speakerConfig(wanted: Wanted, plan: Plan, neighbors: readonly string[]): readonly string[] {
  const { asn, speakerAs, hold, passive } = wanted;
  const family = (name: string, network: string) => [
    ` address-family ${name} unicast`,
    `  network ${network} route-map large`,
    ...neighbors.flatMap((one) => [
      `  neighbor ${one} activate`,
      ...(plan.family ?? []).map((line) => `  neighbor ${one} ${line}`),
    ]),
    ' exit-address-family',
  ];
  return [
    'route-map large permit 10',
    ` set large-community ${OWN_LARGE}`,
    'exit',
    `router bgp ${speakerAs}`,
    ' bgp router-id 10.0.0.1',
    ' no bgp ebgp-requires-policy',
    ' no bgp network import-check',
    ...neighbors.flatMap((one, place) => [
      ` neighbor ${one} remote-as ${place === 0 ? (plan.expectedAs ?? asn) : plan.carried ? 65003 : speakerAs}`,
      ` neighbor ${one} timers ${hold / 3} ${hold}`,
      ` neighbor ${one} timers connect 1`,
      ...(passive ? [] : [` neighbor ${one} passive`]),
      ...(wanted.extendedNextHop ? [` neighbor ${one} capability extended-nexthop`] : []),
    ]),
    ...(plan.bgp ?? []),
    ...family('ipv4', ownRoutes[0]),
    ...family('ipv6', ownRoutes[1]),
    ...(wanted.carried ? carriedNames : []).flatMap(({ frr }) => [
      ` address-family ${frr}`,
      ...neighbors.map((one) => `  neighbor ${one} activate`),
      ' exit-address-family',
    ]),
  ];
}

export const theirs = daemonRoutes;
