import type { Fabric, Host, Neighbor, PeerGroup } from '../../../src/model/fabric.ts';
import type { PolicySet } from '../../../src/model/policy.ts';
import type { ConfigFile, ReadResult, Target } from '../../../src/targets/target.ts';
import { templateEngine } from '../../../src/targets/template.ts';
import { loadTemplates } from '../../../src/targets/template-files.ts';
import {
  address,
  bgp,
  docker,
  fabric,
  host,
  interfaceAddress,
  matchNothing,
  neighbor,
  network,
  peerDefaults,
  prefix,
  routeMapEntry,
  setNothing,
} from '../sample.ts';

const source = { file: 'hosts.yml', line: 4, column: 14 };

export const daemons = {
  quagga: { kind: 'quagga', version: '1.2', layout: 'separate', defaults: 'traditional' },
  frr: { kind: 'frr', version: '8.4', layout: 'integrated', defaults: 'traditional' },
  separate: { kind: 'frr', version: '8.4', layout: 'separate', defaults: 'traditional' },
  datacenter: { kind: 'frr', version: '10', layout: 'integrated', defaults: 'datacenter' },
} as const;

/** web01, web02, web03: an iBGP mesh over one segment, each announcing its docker0, as in the article's batch fabric. */
export function meshHost(number: 1 | 2 | 3, daemon: Host['daemon']): Host {
  const others = [1, 2, 3].filter((other) => other !== number);
  return host(`web0${number}`, {
    daemon,
    interfaces: [
      {
        name: 'eth1',
        addresses: [interfaceAddress(`10.0.0.${number}/24`)],
        segment: 'lan',
        mtu: null,
        description: 'to the rack',
        source,
      },
      {
        name: 'docker0',
        addresses: [interfaceAddress(`172.18.${number}.1/24`)],
        segment: null,
        mtu: null,
        description: null,
        source,
      },
    ],
    docker: docker({ bip: interfaceAddress(`172.18.${number}.1/24`) }),
    sysctls: [['net.ipv4.ip_forward', '1']],
    statics: [
      {
        prefix: prefix(`192.0.2.${number}/32`),
        via: address('10.0.0.250'),
        interface: null,
        blackhole: false,
        distance: null,
        tag: null,
        source,
      },
    ],
    vars: new Map([
      ['bgp_log_file', { value: '/var/log/bgpd.log', source }],
      ['bgp_debug', { value: { updates: true }, source }],
    ]),
    bgp: bgp({
      routerId: address(`10.0.0.${number}`),
      maximumPaths: { ebgp: 64, ibgp: 64 },
      networks: [network(`172.18.${number}.0/24`, 'bip')],
      redistribute: [{ from: 'static', metric: null, routeMap: null, source }],
      neighbors: others.map((other) =>
        neighbor(`10.0.0.${other}`, 65500, {
          description: `web0${other}`,
          routeMapIn: 'foo',
          routeMapOut: 'foo',
        }),
      ),
      policies: {
        ...noLists,
        routeMaps: [
          {
            name: 'foo',
            source,
            entries: [routeMapEntry(10, { set: { ...setNothing, localPreference: '222' } })],
          },
        ],
      },
    }),
  });
}

const noLists: PolicySet = {
  routeMaps: [],
  prefixLists: [],
  asPathLists: [],
  communityLists: [],
  largeCommunityLists: [],
};

const group: PeerGroup = {
  ...peerDefaults,
  name: 'SPINES',
  remoteAs: 65001,
  families: ['ipv4-unicast', 'ipv6-unicast'],
  timers: { keepalive: 3, hold: 9, connectRetry: 10 },
  routeMapIn: 'IN',
  password: 'not!a#comment',
  source,
};

function member(at: string): Neighbor {
  const { name, remoteAs, ...options } = group;
  return neighbor(at, remoteAs ?? 0, { ...options, peerGroup: name });
}

/** Nearly every option once; only FRR can say all of them. */
export function fullHost(daemon: Host['daemon']): Host {
  const mesh = meshHost(1, daemon);
  return {
    ...mesh,
    statics: [
      ...mesh.statics,
      {
        prefix: prefix('203.0.113.0/24'),
        via: null,
        interface: null,
        blackhole: true,
        distance: 200,
        tag: 7,
        source,
      },
      {
        prefix: prefix('2001:db8:ff::/48'),
        via: address('2001:db8::9'),
        interface: null,
        blackhole: false,
        distance: null,
        tag: null,
        source,
      },
    ],
    interfaces: [
      ...mesh.interfaces,
      {
        name: 'lo',
        addresses: [interfaceAddress('10.255.0.1/32'), interfaceAddress('2001:db8::1/128')],
        segment: null,
        mtu: null,
        description: null,
        source,
      },
    ],
    bgp: bgp({
      routerId: address('10.255.0.1'),
      clusterId: address('9.9.9.9'),
      families: ['ipv4-unicast', 'ipv6-unicast'],
      networks: [
        network('172.18.1.0/24', 'bip'),
        { ...network('10.99.0.0/16'), routeMap: 'OUT' },
        network('2001:db8:18::/64'),
      ],
      redistribute: [
        { from: 'static', metric: 5, routeMap: 'OUT', source },
        { from: 'connected', metric: null, routeMap: null, source },
      ],
      aggregates: [{ prefix: prefix('10.0.0.0/8'), summaryOnly: true, asSet: true, source }],
      bestpath: {
        asPathMultipathRelax: true,
        asPathIgnore: true,
        compareRouterId: true,
        alwaysCompareMed: true,
        deterministicMed: true,
        medMissingAsWorst: true,
      },
      maximumPaths: { ebgp: 64, ibgp: 8 },
      importCheck: true,
      ebgpRequiresPolicy: true,
      defaultLocalPreference: 150,
      listenLimit: 20,
      peerGroups: [group],
      listenRanges: [{ prefix: prefix('10.9.0.0/16'), peerGroup: 'SPINES', source }],
      neighbors: [
        neighbor('10.0.0.2', 65500, {
          description: 'client ! not a comment',
          timers: { keepalive: 30, hold: 90, connectRetry: 60 },
          passive: true,
          updateSource: 'lo',
          routeMapIn: 'IN',
          routeMapOut: 'OUT',
          prefixListIn: 'P',
          prefixListOut: 'P',
          asPathListIn: 'AP',
          asPathListOut: 'AP',
          nextHopSelf: 'force',
          routeReflectorClient: true,
          sendCommunity: false,
          allowasIn: 3,
          weight: 5,
          maximumPrefix: 100,
          defaultOriginate: true,
          softReconfigurationInbound: true,
        }),
        neighbor('10.0.0.3', 65003, {
          ebgpMultihop: 5,
          disableConnectedCheck: true,
          localAs: { asn: 65009, noPrepend: true, replaceAs: true },
          asOverride: true,
          removePrivateAs: 'all replace-AS',
          allowasIn: 2,
          shutdown: true,
        }),
        neighbor('10.0.0.4', 65004, { ttlSecurityHops: 3, nextHopSelf: 'yes' }),
        member('10.0.0.5'),
        neighbor('2001:db8::6', 65006, { routeMapIn: 'IN', prefixListIn: 'P6' }),
      ],
      policies: fullPolicies(daemon.version === '10' ? 'static' : null),
    }),
  };
}

const fullPolicies = (sourceProtocol: string | null): PolicySet => ({
  routeMaps: [
    {
      name: 'OUT',
      source,
      entries: [
        routeMapEntry(10, {
          description: 'everything',
          match: {
            ...matchNothing,
            prefixList: 'P',
            ipv6PrefixList: 'P6',
            nextHopPrefixList: 'P',
            asPathList: 'AP',
            communityList: 'CS',
            communityExact: true,
            largeCommunityList: 'LS',
            localPreference: 5,
            metric: 6,
            origin: 'igp',
            peer: '10.0.0.2',
            tag: 7,
            sourceProtocol,
          },
          set: {
            ...setNothing,
            localPreference: '+50',
            metric: '-5',
            weight: 9,
            origin: 'incomplete',
            asPathPrepend: [65500, 65500],
            asPathExclude: [65001],
            community: ['65500:1', 'no-export'],
            communityAdditive: true,
            communityDelete: 'CE',
            largeCommunity: ['1:2:3'],
            largeCommunityAdditive: true,
            nextHop: '10.0.0.9',
            ipv6NextHop: '2001:db8::9',
            tag: 8,
          },
          call: 'IN',
          onMatch: 30,
        }),
        routeMapEntry(20, { action: 'deny' }),
        routeMapEntry(30, {
          set: { ...setNothing, communityNone: true, nextHop: 'unchanged' },
          onMatch: 'next',
        }),
        routeMapEntry(40, { set: { ...setNothing, nextHop: 'peer-address', ipv6NextHop: 'peer-address' } }),
      ],
    },
    { name: 'IN', source, entries: [routeMapEntry(10)] },
  ],
  prefixLists: [
    {
      name: 'P',
      family: 4,
      source,
      entries: [
        { seq: 10, action: 'permit', prefix: prefix('10.0.0.0/8'), ge: 12, le: 24 },
        { seq: 5, action: 'deny', prefix: prefix('10.66.0.0/16'), ge: null, le: null },
      ],
    },
    {
      name: 'P6',
      family: 6,
      source,
      entries: [{ seq: 5, action: 'permit', prefix: prefix('::/0'), ge: null, le: 128 }],
    },
  ],
  asPathLists: [{ name: 'AP', source, entries: [{ seq: 5, action: 'permit', regex: '^(65001_)+$' }] }],
  communityLists: [
    {
      name: 'CS',
      kind: 'standard',
      source,
      entries: [{ seq: 5, action: 'permit', value: '65500:1 65500:2' }],
    },
    { name: 'CE', kind: 'expanded', source, entries: [{ seq: 5, action: 'permit', value: '65500:.*' }] },
  ],
  largeCommunityLists: [
    { name: 'LS', kind: 'standard', source, entries: [{ seq: 5, action: 'permit', value: '1:2:3' }] },
  ],
});

const engine = templateEngine(loadTemplates(null).templates);

/** The rendered files by path, as `render` would write them. */
export function rendered(target: Target, of: Host): Map<string, string> {
  const within: Fabric = fabric(of);
  return new Map(
    target.files(of, within).map((plan) => {
      if (plan.template === null) return [plan.path, String(plan.context)];
      const printed = engine.print(plan.template, plan.context as Record<string, unknown>);
      if (!('text' in printed)) throw new Error(printed.diagnostics.map((one) => one.message).join('\n'));
      return [plan.path, printed.text];
    }),
  );
}

export function readBack(target: Target, of: Host, files: ReadonlyMap<string, string>): ReadResult {
  const named = new Map<string, ConfigFile>();
  for (const [path, text] of files) named.set(path, { path: `build/${of.name}/${path}`, text });
  return target.read(named, { host: of.name, version: of.daemon.version });
}
