import type { RunningDaemon } from '../../../../src/lab/daemons/daemon.ts';
import type { Namespaces } from '../../../../src/lab/netns.ts';
import type { CarriedName } from './carried.ts';

/** The daemon's end of a session with the speaker; the daemon is 10.0.0.2 and 2001:db8::2, the speaker ends in 1. */
export interface Wanted {
  readonly asn: number;
  readonly speakerAs: number;
  /** The session's own addresses. */
  readonly transport: 4 | 6;
  /** The daemon waits to be called. */
  readonly passive: boolean;
  /** The daemon reflects for the speaker. */
  readonly client: boolean;
  /** Both ends offer to send and receive several paths. */
  readonly addPath: boolean;
  readonly graceful: boolean;
  /** IPv4 routes with IPv6 next hops (RFC 8950). */
  readonly extendedNextHop: boolean;
  /** EVPN and flow specifications beside unicast, with routes of its own where it can make them. */
  readonly carried: boolean;
  /** VPN routes and RFC 4684: the daemon wants those of `WANTED_TARGET` alone, and has one of its own. */
  readonly targets: boolean;
  /** Seconds. */
  readonly hold: number;
}

/** Routes every daemon announces, the first one with a large community. */
export const daemonRoutes = ['10.2.0.0/16', '2001:db8:2::/48', '10.22.0.0/16'] as const;
export const LARGE = '65002:4200000000:7';

export interface RunningPeer {
  readonly daemon: RunningDaemon;
  /** What it knows of a destination, as it prints it; '' where it knows nothing. */
  route(prefix: string): Promise<string>;
  /** All it knows in a family that the speaker passes on, as it prints it. */
  carried(family: CarriedName): Promise<string>;
  /** How many paths it has for a destination. */
  paths(prefix: string): Promise<number>;
  /** Asks the speaker for everything again (RFC 2918); null: it cannot be told to. */
  readonly refresh: (() => unknown) | null;
  /** Has it call again at once, where its first call came too early and the next one is minutes away. */
  readonly call?: () => unknown;
}

export interface InteropDaemon {
  readonly name: string;
  readonly programs: readonly string[];
  /** What this version cannot do, by feature, in words. */
  readonly lacks: Readonly<Record<string, string>>;
  start(namespaces: Namespaces, host: string, wanted: Wanted): Promise<RunningPeer>;
}

/** The own address, the speaker's, and those of all peers: where the daemon reflects there is a third router. */
export function ends({ transport, client }: Wanted) {
  const base = transport === 4 ? '10.0.0.' : '2001:db8::';
  const speaker = `${base}1`;
  return { own: `${base}2`, speaker, peers: client ? [speaker, `${base}3`] : [speaker] };
}

export const files = (name: string, lines: readonly string[]) => new Map([[name, `${lines.join('\n')}\n`]]);
export const when = (condition: boolean, ...lines: readonly string[]) => (condition ? lines : []);
