import type { PathResult } from '../../../src/simulator/result/result.ts';
import { type DevicePeer, deviceCli, deviceText } from './device.ts';
import { type Daemon, type Hosts, pathsOf, simulate } from './fabric.ts';
import { type Feed, feedHosts, PREFIX, type Setting } from './feeds.ts';

/**
 * A route on its way through the router under test: what neighbour a (10.0.1.1) announces, and what x (eBGP, AS 65003, 10.0.8.2) and
 * y (iBGP, 10.0.9.2) get of it. Both are FRR 8.4 and take their own AS in the path.
 */
export interface Passage extends Omit<Setting, 'feeds'> {
  readonly feed?: Feed;
  /** a and y are clients of the router under test. */
  readonly clients?: readonly ('a' | 'y')[];
  /** x is a member of the confederation. */
  readonly inside?: boolean;
  /** The AS that x expects, where it is not that of the router. */
  readonly face?: number;
}

export const OUTER = 65003;
const NOBODY: Feed = { as: 65009 };

export function passageHosts(daemon: Daemon, passage: Passage): Hosts {
  const { feed = NOBODY, clients = [], inside = false, face: _face, asn = 65000, ...setting } = passage;
  const hosts = feedHosts(daemon, { ...setting, asn, feeds: [feed] });
  const { confederation } = passage;
  const peers: DevicePeer[] = [
    { address: '10.0.1.1', as: feed.as, client: clients.includes('a') },
    { address: '10.0.8.2', as: OUTER },
    { address: '10.0.9.2', as: asn, client: clients.includes('y') },
  ];
  const device = { ...setting, asn, id: '10.255.0.254', peers };
  const receiver = (as: number, id: string, peer: string, peerAs: number, member: boolean) =>
    deviceText('frr-8.4', {
      asn: as,
      id,
      peers: [{ address: peer, as: peerAs }],
      familyLines: { 'frr-8.4': [`neighbor ${peer} allowas-in 10`] },
      ...(member && confederation
        ? {
            confederation: { identifier: confederation.identifier, members: [asn, ...confederation.members] },
          }
        : {}),
    });
  const face = passage.face ?? (inside ? asn : (confederation?.identifier ?? asn));
  return {
    ...(passage.feed && hosts['a'] ? { a: hosts['a'] } : {}),
    dut: {
      daemon,
      wires: 'eth0 10.0.1.254/24 l0, eth8 10.0.8.1/24 l8, eth9 10.0.9.1/24 l9',
      text: deviceText(daemon, device),
      cli: deviceCli(daemon, device),
      ...(passage.routes ? { routes: passage.routes } : {}),
    },
    x: {
      daemon: 'frr-8.4',
      wires: 'eth0 10.0.8.2/24 l8',
      text: receiver(OUTER, '10.255.0.8', '10.0.8.1', face, inside),
    },
    y: {
      daemon: 'frr-8.4',
      wires: 'eth0 10.0.9.2/24 l9',
      text: receiver(asn, '10.255.0.9', '10.0.9.1', asn, true),
    },
  };
}

export interface Seen {
  /** The path in the table of the router under test; undefined: none. */
  readonly dut: PathResult | undefined;
  readonly x: PathResult | undefined;
  readonly y: PathResult | undefined;
  /** What went back to the neighbour it came from. */
  readonly back: PathResult | undefined;
}

export function seen(daemon: Daemon, passage: Passage, prefix: string = PREFIX): Seen {
  const run = simulate(passageHosts(daemon, passage));
  const at = (host: string) => pathsOf(run, host, prefix);
  return {
    dut: at('dut').find(({ from }) => from === (passage.feed ? '10.0.1.1' : '')),
    x: at('x')[0],
    y: at('y')[0],
    back: at('a').find(({ from }) => from !== ''),
  };
}
