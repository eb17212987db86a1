import { Type } from '@sinclair/typebox';
import { listenRange, neighbor, peerGroup } from './peer.ts';
import { asPathList, communityList, largeCommunityList, prefixList, routeMap } from './policy.ts';
import {
  address,
  asn,
  count,
  families,
  flag,
  nameOf,
  prefix,
  text,
  timers,
  version,
  words,
} from './scalars.ts';

/** Daemons the inventory may name; which of them can be rendered is said by the builder. */
const daemonWords = ['quagga', 'frr', 'gobgp', 'bird', 'exabgp', 'speaker', 'external', 'none'] as const;

const lines = Type.Array(Type.String({ title: 'a configuration line' }), { title: 'a list of lines' });
const redistributed = words(['connected', 'static', 'kernel'], 'Which routes of the host to announce.');

const bestpath = Type.Object(
  {
    as_path_multipath_relax: Type.Optional(
      flag('Use equally long paths through different ASNs together.', false),
    ),
    as_path_ignore: Type.Optional(flag('Skip the AS path length.', false)),
    compare_routerid: Type.Optional(
      flag('Compare router ids of eBGP paths instead of keeping the older.', false),
    ),
    always_compare_med: Type.Optional(flag('Compare MED between different neighbor ASNs.', false)),
    deterministic_med: Type.Optional(
      flag('Compare MED per neighbor AS first; true with FRR datacenter defaults.', false),
    ),
    med_missing_as_worst: Type.Optional(flag('A missing MED loses instead of counting as 0.', false)),
  },
  {
    title: 'a mapping of best-path options',
    description: 'How the best path is chosen.',
    additionalProperties: false,
  },
);

const debugSwitch = (what: string) => Type.Optional(flag(`Log ${what}; false: written as a comment line.`));

export const bgpVars = {
  bgp_asn: Type.Optional(asn),
  bgp_daemon: Type.Optional(
    words(
      daemonWords,
      'Which program speaks BGP here; frr where a host has bgp_ variables, else none. external: not ours, described only.',
    ),
  ),
  bgp_daemon_version: Type.Optional(
    version('Version to write for: quagga 1.2, frr 8.4 or 10, gobgp 3.', '8.4'),
  ),
  bgp_frr_defaults: Type.Optional(
    Type.Unsafe<'traditional' | 'datacenter'>({
      ...words(['traditional', 'datacenter'], 'FRR: `frr defaults` profile.'),
      default: 'traditional',
    }),
  ),
  bgp_frr_layout: Type.Optional(
    Type.Unsafe<'integrated' | 'separate'>({
      ...words(
        ['integrated', 'separate'],
        'FRR: one frr.conf, or a file per daemon. Quagga is always separate.',
      ),
      default: 'integrated',
    }),
  ),
  bgp_router_id: Type.Optional(
    address(
      'Router id, unique in the fabric; by default the first IPv4 address of lo, else of net_interfaces.',
      '10.0.0.1',
    ),
  ),
  bgp_cluster_id: Type.Optional(
    address('Cluster id of a route reflector; by default its router id.', '10.0.0.1'),
  ),
  bgp_timers: Type.Optional(timers),
  bgp_families: Type.Optional(
    families('Address families of the host; by default ipv4, and ipv6 where it announces or carries IPv6.'),
  ),
  bgp_networks: Type.Optional(
    Type.Array(
      Type.Union(
        [
          prefix('A network to announce.'),
          Type.Object(
            {
              prefix: prefix('A network to announce.'),
              route_map: Type.Optional(nameOf('Sets its attributes.', 'tag')),
            },
            { additionalProperties: false },
          ),
        ],
        { title: 'a network like 10.0.0.0/24, or a mapping with prefix and route_map' },
      ),
      {
        title: 'a list of networks',
        description: 'Networks the host announces.',
        examples: [['192.0.2.0/24']],
      },
    ),
  ),
  bgp_announce_bip: Type.Optional(flag('Announce the networks of docker_bip and docker_bip6.', true)),
  bgp_redistribute: Type.Optional(
    Type.Array(
      Type.Union(
        [
          redistributed,
          Type.Object(
            {
              from: redistributed,
              metric: Type.Optional(count('MED of these routes.', 0, 4294967295)),
              route_map: Type.Optional(nameOf('Chooses and changes them.', 'statics')),
            },
            { additionalProperties: false },
          ),
        ],
        { title: 'connected, static or kernel, or a mapping with from, metric and route_map' },
      ),
      {
        title: 'a list',
        description: 'Other routes of the host that are announced too.',
        examples: [['static']],
      },
    ),
  ),
  bgp_aggregates: Type.Optional(
    Type.Array(
      Type.Union(
        [
          prefix('The aggregate.', '10.0.0.0/8'),
          Type.Object(
            {
              prefix: prefix('The aggregate.', '10.0.0.0/8'),
              summary_only: Type.Optional(flag('Announce only the aggregate.', false)),
              as_set: Type.Optional(flag('Keep the ASNs of what is inside as AS_SET.', false)),
            },
            { additionalProperties: false },
          ),
        ],
        { title: 'a network like 10.0.0.0/8, or a mapping with prefix, summary_only and as_set' },
      ),
      { title: 'a list of aggregates', description: 'Announced while a network inside exists.' },
    ),
  ),
  bgp_neighbors: Type.Optional(
    Type.Array(neighbor, {
      title: 'a list of neighbors',
      description: 'Who this host speaks with: by group, host or address.',
    }),
  ),
  bgp_peer_groups: Type.Optional(
    Type.Record(Type.String(), peerGroup, {
      title: 'a mapping from name to options',
      description: 'Options shared by neighbors and listen ranges.',
    }),
  ),
  bgp_listen: Type.Optional(
    Type.Array(listenRange, {
      title: 'a list of ranges',
      description: 'Accept sessions from any address in these networks.',
      examples: [[{ range: '10.0.0.0/24', peer_group: 'servers' }]],
    }),
  ),
  bgp_listen_limit: Type.Optional(count('How many sessions bgp_listen may accept.', 1, 65535, 100)),
  bgp_route_maps: Type.Optional(
    Type.Record(Type.String(), routeMap, {
      title: 'a mapping from name to entries',
      description: 'Route-maps by name.',
    }),
  ),
  bgp_prefix_lists: Type.Optional(
    Type.Record(Type.String(), prefixList, {
      title: 'a mapping from name to entries',
      description: 'Prefix-lists by name; one list holds one family.',
    }),
  ),
  bgp_as_path_lists: Type.Optional(
    Type.Record(Type.String(), asPathList, {
      title: 'a mapping from name to entries',
      description: 'AS-path lists by name.',
    }),
  ),
  bgp_community_lists: Type.Optional(
    Type.Record(Type.String(), communityList, {
      title: 'a mapping from name to entries',
      description: 'Community lists by name.',
    }),
  ),
  bgp_large_community_lists: Type.Optional(
    Type.Record(Type.String(), largeCommunityList, {
      title: 'a mapping from name to entries',
      description: 'Large community lists by name.',
    }),
  ),
  bgp_bestpath: Type.Optional(bestpath),
  bgp_maximum_paths: Type.Optional(
    Type.Union(
      [
        Type.Integer({ minimum: 1, maximum: 256 }),
        Type.Object(
          {
            ebgp: Type.Optional(count('For eBGP.', 1, 256)),
            ibgp: Type.Optional(count('For iBGP.', 1, 256)),
          },
          { additionalProperties: false },
        ),
      ],
      {
        title: 'a number from 1 to 256, or a mapping with ebgp and ibgp',
        description: 'How many equal paths are used together; 64 for frr, 1 for the others.',
      },
    ),
  ),
  bgp_import_check: Type.Optional(flag('FRR: announce a network only while its route exists.', false)),
  bgp_ebgp_requires_policy: Type.Optional(flag('FRR: eBGP without policy passes nothing (RFC 8212).', false)),
  bgp_default_local_preference: Type.Optional(
    count('LOCAL_PREF of routes that bring none.', 0, 4294967295, 100),
  ),
  bgp_debug: Type.Optional(
    Type.Object(
      {
        events: debugSwitch('events'),
        filters: debugSwitch('filters'),
        fsm: debugSwitch('session states'),
        keepalives: debugSwitch('KEEPALIVEs'),
        updates: debugSwitch('UPDATEs'),
      },
      {
        title: 'a mapping of switches',
        description: 'Debug lines of the daemon; each is written live (true) or as a comment (false).',
        additionalProperties: false,
        examples: [{ events: false, updates: false }],
      },
    ),
  ),
  bgp_log_file: Type.Optional(text('File the daemon logs to.', '/var/log/quagga/bgpd.log')),
  bgp_raw: Type.Optional(
    Type.Object(
      {
        top: Type.Optional(lines),
        router_bgp: Type.Optional(lines),
        ipv4_unicast: Type.Optional(lines),
        ipv6_unicast: Type.Optional(lines),
        bottom: Type.Optional(lines),
      },
      {
        title: 'a mapping from place to lines',
        description: 'Lines put as they are at named places; the simulator reports them as not modelled.',
        additionalProperties: false,
      },
    ),
  ),
};
