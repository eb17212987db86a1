import type { Host } from '../../../src/model/fabric.ts';
import { renderHost } from '../../../src/targets/render.ts';
import type { Target } from '../../../src/targets/target.ts';
import { loadTemplates } from '../../../src/targets/template-files.ts';
import {
  address,
  bgp,
  fabric,
  host,
  matchNothing,
  neighbor,
  network,
  peerDefaults,
  prefix,
  routeMapEntry,
  setNothing,
} from '../sample.ts';

const source = { file: 'hosts.yml', line: 1, column: 1 };
const permit = (seq: number, text: string, ge: number | null = null, le: number | null = null) =>
  ({ seq, action: 'permit', prefix: prefix(text), ge, le }) as const;
const deny = (seq: number, text: string, ge: number | null = null, le: number | null = null) =>
  ({ seq, action: 'deny', prefix: prefix(text), ge, le }) as const;

/** A route reflector: clients, nothing else. */
export const reflector: Host = host('rr01', {
  bgp: bgp({
    asn: 65510,
    routerId: address('203.0.113.250'),
    clusterId: address('10.1.0.250'),
    networks: [network('203.0.113.250/32')],
    neighbors: [1, 2].map((n) => neighbor(`10.1.0.${n}`, 65510, { routeReflectorClient: true })),
  }),
});

/** Everything GoBGP can say. */
export const full: Host = host('gw01', {
  sysctls: [['net.ipv4.ip_forward', '1']],
  bgp: bgp({
    families: ['ipv4-unicast', 'ipv6-unicast'],
    networks: [network('172.18.1.0/24', 'bip'), network('2001:db8:18:1::/64', 'bip')],
    maximumPaths: { ebgp: 4, ibgp: 2 },
    bestpath: {
      asPathMultipathRelax: true,
      asPathIgnore: true,
      compareRouterId: true,
      alwaysCompareMed: true,
      deterministicMed: false,
      medMissingAsWorst: false,
    },
    peerGroups: [
      {
        ...peerDefaults,
        name: 'servers',
        remoteAs: 65534,
        routeMapIn: 'foo',
        families: ['ipv4-unicast', 'ipv6-unicast'],
        password: 'se"cret\\',
        source,
      },
    ],
    listenRanges: [{ prefix: prefix('10.9.0.0/24'), peerGroup: 'servers', source }],
    neighbors: [
      neighbor('10.0.0.2', 65500, {
        description: 'the "other" one',
        nextHopSelf: 'yes',
        routeMapIn: 'foo',
        routeMapOut: 'bar',
        prefixListIn: 'nested',
        timers: { keepalive: 3, hold: 9, connectRetry: 5 },
        updateSource: '10.0.0.1',
        localAddress: address('10.0.0.1'),
        maximumPrefix: 1000,
      }),
      neighbor('10.0.0.3', 65500, { nextHopSelf: 'force', routeReflectorClient: true, passive: true }),
      neighbor('10.0.1.1', 65501, {
        families: ['ipv4-unicast', 'ipv6-unicast'],
        ebgpMultihop: 3,
        asPathListIn: 'paths',
        asPathListOut: 'denying',
        prefixListOut: 'six',
        removePrivateAs: 'all replace-AS',
        allowasIn: 2,
        shutdown: true,
      }),
      neighbor('10.9.0.77', 65502, {
        ttlSecurityHops: 1,
        localAs: { asn: 65499, noPrepend: true, replaceAs: true },
      }),
      neighbor('2001:db8::2', 65503, { prefixListIn: 'nothing' }),
    ],
    policies: {
      prefixLists: [
        {
          name: 'nested',
          family: 4,
          source,
          entries: [
            deny(5, '10.1.0.0/16', null, 24),
            permit(10, '10.0.0.0/8', 16, 24),
            permit(15, '10.1.2.0/24', null, 32),
          ],
        },
        { name: 'six', family: 6, source, entries: [permit(5, '2001:db8::/32', 48, 64)] },
        { name: 'nothing', family: 6, source, entries: [deny(5, '::/0', null, 128)] },
        { name: 'hops', family: 4, source, entries: [permit(5, '10.0.0.0/24', null, 32)] },
      ],
      asPathLists: [
        {
          name: 'paths',
          source,
          entries: [
            { seq: 5, action: 'permit', regex: '_65501$' },
            { seq: 10, action: 'permit', regex: '^65501_' },
          ],
        },
        {
          name: 'denying',
          source,
          entries: [
            { seq: 5, action: 'deny', regex: '_64999_' },
            { seq: 10, action: 'permit', regex: '.*' },
          ],
        },
      ],
      communityLists: [
        {
          name: 'any-of',
          kind: 'standard',
          source,
          entries: [
            { seq: 5, action: 'permit', value: '65500:1' },
            { seq: 10, action: 'permit', value: 'no-export' },
          ],
        },
        {
          name: 'all-of',
          kind: 'standard',
          source,
          entries: [{ seq: 5, action: 'permit', value: '65500:1 65500:2' }],
        },
      ],
      largeCommunityLists: [
        {
          name: 'large',
          kind: 'standard',
          source,
          entries: [{ seq: 5, action: 'permit', value: '65500:1:2' }],
        },
      ],
      routeMaps: [
        {
          name: 'foo',
          source,
          entries: [
            routeMapEntry(5, {
              action: 'deny',
              match: { ...matchNothing, prefixList: 'nested', nextHopPrefixList: 'hops' },
            }),
            routeMapEntry(10, {
              match: { ...matchNothing, communityList: 'any-of', largeCommunityList: 'large' },
              set: { ...setNothing, localPreference: '222', metric: '+10' },
            }),
            routeMapEntry(20, {
              match: { ...matchNothing, communityList: 'all-of', asPathList: 'paths' },
              set: { ...setNothing, communityDelete: 'any-of' },
            }),
          ],
        },
        {
          name: 'bar',
          source,
          entries: [
            routeMapEntry(10, {
              match: { ...matchNothing, ipv6PrefixList: 'six' },
              set: {
                ...setNothing,
                asPathPrepend: [65500, 65500],
                community: ['65500:9', 'blackhole'],
                communityAdditive: true,
                largeCommunity: ['65500:0:7'],
                metric: '50',
                nextHop: 'unchanged',
              },
            }),
            routeMapEntry(20, { set: { ...setNothing, communityNone: true, nextHop: '10.0.0.254' } }),
          ],
        },
      ],
    },
  }),
});

const { templates } = loadTemplates(null);

/** The host's files of one target by name; fails where a template does. */
export function rendered(each: Host, target: Target): Map<string, string> {
  const { files, diagnostics } = renderHost(each, fabric(each), templates, [target]);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return new Map(files.map(({ path, text }) => [path, text]));
}
