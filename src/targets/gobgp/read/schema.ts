/**
 * The file as gobgpd 3.10 decodes it (internal/pkg/config/bgp_configs.go, BgpConfigSet): each table's keys. Decoding is exact: one
 * key that is not here and gobgpd does not start.
 */
export type Kind = 'text' | 'number' | 'flag' | 'texts' | 'numbers';
export interface TableSchema {
  readonly keys: Readonly<Record<string, Kind | TableSchema | readonly [TableSchema]>>;
}

const table = (keys: TableSchema['keys']): TableSchema => ({ keys });
/** A table that holds `config`; `state` is decoded as well and means nothing in a file. */
const configured = (config: TableSchema['keys'], more: TableSchema['keys'] = {}): TableSchema =>
  table({ config: table(config), ...more });

const selection = configured({
  'always-compare-med': 'flag',
  'ignore-as-path-length': 'flag',
  'external-compare-router-id': 'flag',
  'advertise-inactive-routes': 'flag',
  'enable-aigp': 'flag',
  'ignore-next-hop-igp-metric': 'flag',
  'disable-best-path-selection': 'flag',
});
const multipath = configured(
  { enabled: 'flag' },
  {
    ebgp: configured({ 'allow-multiple-as': 'flag', 'maximum-paths': 'number' }),
    ibgp: configured({ 'maximum-paths': 'number' }),
  },
);
const applyPolicy = configured({
  'import-policy-list': 'texts',
  'default-import-policy': 'text',
  'export-policy-list': 'texts',
  'default-export-policy': 'text',
  'in-policy-list': 'texts',
  'default-in-policy': 'text',
});
const prefixLimit = configured({
  'max-prefixes': 'number',
  'shutdown-threshold-pct': 'number',
  'restart-timer': 'number',
});
const gracefulRestart = configured({
  enabled: 'flag',
  'restart-time': 'number',
  'stale-routes-time': 'number',
  'helper-only': 'flag',
  'deferral-time': 'number',
  'notification-enabled': 'flag',
  'long-lived-enabled': 'flag',
});
const addPaths = configured({ receive: 'flag', 'send-max': 'number' });
const limited = table({ 'prefix-limit': prefixLimit });
const unicast = configured({ 'send-default-route': 'flag' }, { 'prefix-limit': prefixLimit });

const afiSafi = configured(
  { 'afi-safi-name': 'text', enabled: 'flag' },
  {
    'mp-graceful-restart': configured({ enabled: 'flag' }),
    'apply-policy': applyPolicy,
    'ipv4-unicast': unicast,
    'ipv6-unicast': unicast,
    'ipv4-labelled-unicast': limited,
    'ipv6-labelled-unicast': limited,
    'l3vpn-ipv4-unicast': limited,
    'l3vpn-ipv6-unicast': limited,
    'l3vpn-ipv4-multicast': limited,
    'l3vpn-ipv6-multicast': limited,
    'l2vpn-vpls': limited,
    'l2vpn-evpn': limited,
    'route-selection-options': selection,
    'use-multiple-paths': multipath,
    'prefix-limit': prefixLimit,
    'route-target-membership': configured({ 'deferral-time': 'number' }),
    'long-lived-graceful-restart': configured({ enabled: 'flag', 'restart-time': 'number' }),
    'add-paths': addPaths,
  },
);

const peerConfig: TableSchema['keys'] = {
  'peer-as': 'number',
  'local-as': 'number',
  'peer-type': 'text',
  'auth-password': 'text',
  'remove-private-as': 'text',
  'route-flap-damping': 'flag',
  'send-community': 'text',
  description: 'text',
};
const peerTables: TableSchema['keys'] = {
  timers: configured({
    'connect-retry': 'number',
    'hold-time': 'number',
    'keepalive-interval': 'number',
    'minimum-advertisement-interval': 'number',
    'idle-hold-time-after-reset': 'number',
  }),
  transport: configured({
    'tcp-mss': 'number',
    'mtu-discovery': 'flag',
    'passive-mode': 'flag',
    'local-address': 'text',
    'local-port': 'number',
    'remote-port': 'number',
    ttl: 'number',
    'bind-interface': 'text',
  }),
  'error-handling': configured({ 'treat-as-withdraw': 'flag' }),
  'logging-options': configured({ 'log-neighbor-state-changes': 'flag' }),
  'ebgp-multihop': configured({ enabled: 'flag', 'multihop-ttl': 'number' }),
  'route-reflector': configured({ 'route-reflector-cluster-id': 'text', 'route-reflector-client': 'flag' }),
  'as-path-options': configured({ 'allow-own-as': 'number', 'replace-peer-as': 'flag' }),
  'add-paths': addPaths,
  'afi-safis': [afiSafi],
  'graceful-restart': gracefulRestart,
  'apply-policy': applyPolicy,
  'use-multiple-paths': multipath,
  'route-server': configured({ 'route-server-client': 'flag', 'secondary-route': 'flag' }),
  'ttl-security': configured({ enabled: 'flag', 'ttl-min': 'number' }),
};

const matchSet = (key: string): TableSchema => table({ [key]: 'text', 'match-set-options': 'text' });
const compared = table({ operator: 'text', value: 'number' });
const setCommunity = (name: string, reference: TableSchema['keys']): TableSchema =>
  table({ options: 'text', [`${name}-method`]: table({ 'communities-list': 'texts', ...reference }) });

const statement = table({
  name: 'text',
  conditions: table({
    'call-policy': 'text',
    'match-prefix-set': matchSet('prefix-set'),
    'match-neighbor-set': matchSet('neighbor-set'),
    'match-tag-set': matchSet('tag-set'),
    'install-protocol-eq': 'text',
    'igp-conditions': table({}),
    'bgp-conditions': table({
      'match-community-set': matchSet('community-set'),
      'match-ext-community-set': matchSet('ext-community-set'),
      'match-as-path-set': matchSet('as-path-set'),
      'med-eq': 'number',
      'origin-eq': 'text',
      'next-hop-in-list': 'texts',
      'afi-safi-in-list': 'texts',
      'local-pref-eq': 'number',
      'community-count': compared,
      'as-path-length': compared,
      'route-type': 'text',
      'rpki-validation-result': 'text',
      'match-large-community-set': matchSet('large-community-set'),
    }),
  }),
  actions: table({
    'route-disposition': 'text',
    'igp-actions': table({ 'set-tag': 'text' }),
    'bgp-actions': table({
      'set-as-path-prepend': table({ 'repeat-n': 'number', as: 'text' }),
      'set-community': setCommunity('set-community', { 'community-set-ref': 'text' }),
      'set-ext-community': setCommunity('set-ext-community', { 'ext-community-set-ref': 'text' }),
      'set-route-origin': 'text',
      'set-local-pref': 'number',
      'set-next-hop': 'text',
      'set-med': 'text',
      'set-large-community': setCommunity('set-large-community', {}),
    }),
  }),
});

export const fileSchema: TableSchema = table({
  global: configured(
    { as: 'number', 'router-id': 'text', port: 'number', 'local-address-list': 'texts' },
    {
      'route-selection-options': selection,
      'default-route-distance': configured({
        'external-route-distance': 'number',
        'internal-route-distance': 'number',
      }),
      confederation: configured({ enabled: 'flag', identifier: 'number', 'member-as-list': 'numbers' }),
      'use-multiple-paths': multipath,
      'graceful-restart': gracefulRestart,
      'afi-safis': [afiSafi],
      'apply-policy': applyPolicy,
    },
  ),
  neighbors: [
    configured(
      {
        ...peerConfig,
        'peer-group': 'text',
        'neighbor-address': 'text',
        'admin-down': 'flag',
        'neighbor-interface': 'text',
        vrf: 'text',
      },
      peerTables,
    ),
  ],
  'peer-groups': [configured({ ...peerConfig, 'peer-group-name': 'text' }, peerTables)],
  'dynamic-neighbors': [configured({ prefix: 'text', 'peer-group': 'text' })],
  'rpki-servers': [
    configured({
      address: 'text',
      port: 'number',
      'refresh-time': 'number',
      'hold-time': 'number',
      'record-lifetime': 'number',
      preference: 'number',
    }),
  ],
  'bmp-servers': [
    configured({
      address: 'text',
      port: 'number',
      'route-monitoring-policy': 'text',
      'statistics-timeout': 'number',
      'route-mirroring-enabled': 'flag',
      'sys-name': 'text',
      'sys-descr': 'text',
    }),
  ],
  vrfs: [
    configured({
      name: 'text',
      id: 'number',
      rd: 'text',
      'import-rt-list': 'texts',
      'export-rt-list': 'texts',
      'both-rt-list': 'texts',
    }),
  ],
  'mrt-dump': [
    configured({
      'dump-type': 'text',
      'file-name': 'text',
      'table-name': 'text',
      'dump-interval': 'number',
      'rotation-interval': 'number',
    }),
  ],
  zebra: configured({
    enabled: 'flag',
    url: 'text',
    'redistribute-route-type-list': 'texts',
    version: 'number',
    'nexthop-trigger-enable': 'flag',
    'nexthop-trigger-delay': 'number',
    'mpls-label-range-size': 'number',
    'software-name': 'text',
  }),
  collector: configured({ url: 'text', 'db-name': 'text', 'table-dump-interval': 'number' }),
  'defined-sets': table({
    'prefix-sets': [
      table({
        'prefix-set-name': 'text',
        'prefix-list': [table({ 'ip-prefix': 'text', 'masklength-range': 'text' })],
      }),
    ],
    'neighbor-sets': [table({ 'neighbor-set-name': 'text', 'neighbor-info-list': 'texts' })],
    'tag-sets': [table({ 'tag-set-name': 'text', 'tag-list': [table({ value: 'text' })] })],
    'bgp-defined-sets': table({
      'community-sets': [table({ 'community-set-name': 'text', 'community-list': 'texts' })],
      'ext-community-sets': [table({ 'ext-community-set-name': 'text', 'ext-community-list': 'texts' })],
      'as-path-sets': [table({ 'as-path-set-name': 'text', 'as-path-list': 'texts' })],
      'large-community-sets': [
        table({ 'large-community-set-name': 'text', 'large-community-list': 'texts' }),
      ],
    }),
  }),
  'policy-definitions': [table({ name: 'text', statements: [statement] })],
});
