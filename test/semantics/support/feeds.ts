import { usedPaths } from '../../../src/simulator/kernel/fib.ts';
import { holdPrefix } from '../../../src/simulator/result/hosts.ts';
import type { PathResult } from '../../../src/simulator/result/result.ts';
import type { Device, Lines } from './device.ts';
import { deviceText, exabgpText } from './device.ts';
import { type Daemon, type Hosts, pathsOf, simulate } from './fabric.ts';

/** One route as a neighbour announces it. The neighbour is a GoBGP, which sends any attribute it is told to. */
export interface Feed {
  /** The neighbour's AS; that of the router under test for iBGP. */
  readonly as: number;
  readonly id?: string;
  /** Behind the neighbour's own AS. */
  readonly path?: readonly number[];
  readonly med?: number;
  readonly origin?: 'igp' | 'egp' | 'incomplete';
  readonly localPref?: number;
  readonly nextHop?: string;
  readonly communities?: readonly string[];
  readonly aigp?: number;
  /** With one of these the neighbour is an ExaBGP, which sends anything. */
  readonly originatorId?: string;
  readonly clusterList?: readonly string[];
  /** The AS_PATH as sent, a set in brackets. */
  readonly rawPath?: string;
}

export const PREFIX = '10.77.0.0/24';
const OWN_AS = 65000;
const NAMES = ['a', 'b', 'c'] as const;
export type FeedName = (typeof NAMES)[number];

/** The router under test, `dut` in AS 65000, with its neighbours a (10.0.1.1), b (10.0.2.1) and c (10.0.3.1). */
export interface Setting {
  readonly feeds: readonly Feed[];
  readonly lines?: Lines;
  readonly familyLines?: Lines;
  readonly head?: Lines;
  readonly networks?: readonly string[];
  readonly asn?: number;
  readonly birdSession?: readonly string[];
  readonly birdChannel?: readonly string[];
  readonly confederation?: Device['confederation'];
  readonly routes?: readonly string[];
}

export function feedHosts(daemon: Daemon, setting: Setting): Hosts {
  const { feeds, routes, feeds: _, asn = OWN_AS, ...rest } = setting;
  const peers = feeds.map(({ as }, index) => ({ address: `10.0.${index + 1}.1`, as }));
  const wires = feeds.map((_feed, index) => `eth${index} 10.0.${index + 1}.254/24 l${index}`).join(', ');
  const text = deviceText(daemon, { asn, id: '10.255.0.254', peers, ...rest });
  const hosts = feeds.map((feed, index) => [NAMES[index] ?? '', feedHost(feed, index, setting)] as const);
  return { ...Object.fromEntries(hosts), dut: { daemon, wires, text, ...(routes ? { routes } : {}) } };
}

function feedHost(feed: Feed, index: number, { asn = OWN_AS, confederation }: Setting): Hosts[string] {
  const inside = confederation?.members.includes(feed.as) ?? false;
  const device: Device = {
    asn: feed.as,
    id: feed.id ?? `10.255.0.${index + 1}`,
    peers: [
      {
        address: `10.0.${index + 1}.254`,
        as: inside || feed.as === asn ? asn : (confederation?.identifier ?? asn),
      },
    ],
    ...(confederation && (inside || feed.as === asn)
      ? { confederation: { identifier: confederation.identifier, members: [asn, ...confederation.members] } }
      : {}),
  };
  // GoBGP tells nobody of a stale route who does not ask for such.
  const isStale = feed.communities?.includes('65535:6') === true;
  if (feed.originatorId || feed.clusterList || feed.rawPath !== undefined || isStale)
    return exabgpFeed(feed, index, device);
  const { path = [], med, origin = 'igp', localPref, nextHop, communities = [] } = feed;
  const words = [
    ...(path.length > 0 ? [`aspath "${path.join(' ')}"`] : []),
    ...(med === undefined ? [] : [`med ${med}`]),
    `origin ${origin}`,
    ...(localPref === undefined ? [] : [`local-pref ${localPref}`]),
    ...(nextHop === undefined ? [] : [`nexthop ${nextHop}`]),
    ...(communities.length > 0 ? [`community ${communities.join(',')}`] : []),
    ...(feed.aigp === undefined ? [] : [`aigp metric ${feed.aigp}`]),
  ];
  return {
    daemon: 'gobgp-3',
    wires: `eth0 10.0.${index + 1}.1/24 l${index}`,
    text: deviceText('gobgp-3', device),
    cli: [`gobgp global rib add ${PREFIX} ${words.join(' ')}`],
  };
}

function exabgpFeed(feed: Feed, index: number, device: Device): Hosts[string] {
  const { originatorId, clusterList, rawPath, localPref = 100 } = feed;
  const own = `10.0.${index + 1}.1`;
  const words = [
    `route ${PREFIX} next-hop ${feed.nextHop ?? own} local-preference ${localPref}`,
    ...(rawPath === undefined ? [] : [`as-path [ ${rawPath} ]`]),
    ...(feed.med === undefined ? [] : [`med ${feed.med}`]),
    ...(feed.communities ? [`community [ ${feed.communities.join(' ')} ]`] : []),
    ...(originatorId ? [`originator-id ${originatorId}`] : []),
    ...(clusterList ? [`cluster-list [ ${clusterList.join(' ')} ]`] : []),
  ];
  return {
    daemon: 'exabgp-4',
    wires: `eth0 ${own}/24 l${index}`,
    text: exabgpText(device, [words.join(' ')], own),
  };
}

/** What the router under test makes of the feeds, in the order in which they come up. */
export function decided(daemon: Daemon, setting: Setting, order: readonly FeedName[]): readonly PathResult[] {
  return pathsOf(simulate(feedHosts(daemon, setting), ['dut', ...order]), 'dut', PREFIX);
}

/** The name of the neighbour a path came from. */
export function feedOf({ from }: Pick<PathResult, 'from'>): FeedName | undefined {
  return NAMES[Number(/^10\.0\.(\d)\.1$/.exec(from)?.[1]) - 1];
}

/** The neighbours whose paths it uses together, also where its table does not say so (GoBGP). */
export function used(daemon: Daemon, setting: Setting, order: readonly FeedName[]): readonly FeedName[] {
  const { state } = simulate(feedHosts(daemon, setting), ['dut', ...order]);
  const family = state?.families['ipv4-unicast'];
  const kept = family?.byText.get(PREFIX);
  if (!state || !family || !kept) return [];
  holdPrefix(state, family, kept);
  const paths = usedPaths(family.engine, state.wiring.indexOf.get('dut') ?? -1, 'ipv4-unicast');
  return paths.flatMap(({ peer }) => feedOf({ from: peer?.name ?? '' }) ?? []);
}
