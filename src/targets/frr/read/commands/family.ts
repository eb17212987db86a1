import { type Prefix, parsePrefix } from '../../../../base/ip.ts';
import type { Origin } from '../../../../bgp/policy/types.ts';
import type { PeerFamilyDraft, Reference } from '../draft.ts';
import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { takenFrom } from './by-kind.ts';
import {
  frr10Only,
  frrOnly,
  harmless,
  modelled,
  numberOf,
  optionalNumber,
  peerId,
  quaggaOnly,
  text,
  unmodelled,
} from './make.ts';
import { nextHopCommands } from './next-hop-lines.ts';
import { siteOfOriginCommand } from './site-of-origin.ts';

const frr = { dialects: frrOnly } as const;

type Field = keyof PeerFamilyDraft;

/** A line of one neighbor in one family; `no` takes the own value away, or sets `off` where the daemon's default is on. */
function option<K extends Field>(
  words: string,
  key: K,
  value: (args: Arguments, reading: Reading) => PeerFamilyDraft[K],
  options: Partial<FamilyCommand> = {},
): FamilyCommand {
  return modelled(
    `neighbor {id:WORD} ${words}`,
    (reading, args, negated) => {
      const peer = reading.peerFamily(peerId(args));
      if (!peer) return;
      if (negated) delete peer[key];
      else peer[key] = value(args, reading);
    },
    options,
  );
}

const directedFields = {
  'distribute-list': { in: 'distributeListIn', out: 'distributeListOut' },
  'prefix-list': { in: 'prefixListIn', out: 'prefixListOut' },
  'filter-list': { in: 'filterListIn', out: 'filterListOut' },
  'route-map': { in: 'routeMapIn', out: 'routeMapOut' },
} as const;

const filters = Object.entries(directedFields).map(([words, fields]) =>
  modelled(`neighbor {id:WORD} ${words} {name:WORD} {direction=in|out}`, (reading, args, negated) => {
    const peer = reading.peerFamily(peerId(args));
    const key = fields[args.get('direction') === 'out' ? 'out' : 'in'];
    if (!peer) return;
    if (negated) delete peer[key];
    else peer[key] = reading.reference(text(args, 'name'));
  }),
);

function activate(reading: Reading, args: Arguments, negated: boolean): void {
  const peer = reading.peerFamily(peerId(args));
  if (peer) peer.activate = !negated;
}

/** On by default: `no neighbor X send-community [KIND]` switches kinds off, the positive line switches them on. */
function sendCommunity(reading: Reading, args: Arguments, negated: boolean): void {
  const peer = reading.peerFamily(peerId(args));
  if (!peer) return;
  const kind = args.get('kind') ?? 'standard';
  const now = peer.sendCommunity ?? { standard: true, extended: true, large: true };
  const set = (name: string, before: boolean): boolean =>
    kind === 'all' || kind === name || (kind === 'both' && name !== 'large') ? !negated : before;
  peer.sendCommunity = {
    standard: set('standard', now.standard),
    extended: set('extended', now.extended),
    large: set('large', now.large),
  };
}

function routeMapOf(reading: Reading, args: Arguments): Reference | null {
  const name = args.get('map');
  return name === undefined ? null : reading.reference(name);
}

function network(reading: Reading, prefix: Prefix, args: Arguments, negated: boolean): void {
  const { family, router, source } = reading;
  if ((family === 'ipv4-unicast') !== (prefix.family === 4)) {
    reading.unrecognised(`${prefix.text} is of the other address family`);
    return;
  }
  if (negated) router.networks.delete(prefix.text);
  else router.networks.set(prefix.text, { family, prefix, routeMap: routeMapOf(reading, args), source });
}

/** `network 10.0.0.0` and `network 10.0.0.0 mask 255.0.0.0`: the class decides where no mask is given. */
function classful(reading: Reading, args: Arguments, negated: boolean): void {
  const prefix = maskedPrefix(reading, args);
  if (prefix) network(reading, prefix, args, negated);
}

/** ADDRESS MASK, or ADDRESS with the length of its class; null, and refused, where the mask is none. */
function maskedPrefix(reading: Reading, args: Arguments): Prefix | null {
  const address = text(args, 'address');
  const mask = args.get('mask');
  const first = Number(address.split('.')[0]);
  const bits = mask
    ? mask
        .split('.')
        .map((octet) => Number(octet).toString(2).padStart(8, '0'))
        .join('')
    : ''.padStart(first < 128 ? 8 : first < 192 ? 16 : 24, '1');
  const prefix = /^1*0*$/.test(bits) ? parsePrefix(`${address}/${bits.replace(/0+$/, '').length}`) : null;
  if (!prefix)
    reading.refuse(`${mask ?? address} is not a network mask`, 'Write the network as address/length.');
  return prefix;
}

function aggregate(reading: Reading, args: Arguments, negated: boolean): void {
  const prefix = args.has('mask') ? maskedPrefix(reading, args) : parsePrefix(text(args, 'prefix'));
  const { family, router, source } = reading;
  if (!prefix) return;
  if (negated) {
    router.aggregates.delete(prefix.text);
    return;
  }
  if (prefix.length === (prefix.family === 4 ? 32 : 128)) {
    reading.refuse(
      `${prefix.text} cannot be an aggregate: it holds one address`,
      'Aggregate a shorter prefix.',
    );
    return;
  }
  router.aggregates.set(prefix.text, {
    family,
    prefix,
    summaryOnly: args.has('summary-only'),
    asSet: args.has('as-set'),
    routeMap: routeMapOf(reading, args),
    origin: originOf(args.get('origin')),
    sameMedOnly: args.has('matching-MED-only'),
    suppressMap: args.has('suppress') ? reading.reference(text(args, 'suppress')) : null,
    source,
  });
}

function distanceRule(reading: Reading, args: Arguments, negated: boolean): void {
  const neighbors = parsePrefix(text(args, 'prefix'));
  const { family, router } = reading;
  if (!neighbors) return;
  const key = `${family} ${neighbors.text}`;
  const list = args.has('list') ? reading.reference(text(args, 'list')) : null;
  if (negated) router.distanceRules.delete(key);
  else router.distanceRules.set(key, { family, neighbors, list, distance: numberOf(args, 'n') });
}

function conditional(
  args: Arguments,
  reading: Reading,
  when: 'exist' | 'absent',
): PeerFamilyDraft['advertiseMap'] & object {
  return {
    routes: reading.reference(text(args, 'routes')),
    condition: reading.reference(text(args, 'condition')),
    when,
  };
}

function originOf(word: string | undefined): Origin | null {
  const place = ['igp', 'egp', 'incomplete'].indexOf(word ?? '');
  return place < 0 ? null : (place as Origin);
}

function redistribute(reading: Reading, args: Arguments, negated: boolean): void {
  const { family, router, source } = reading;
  const from = text(args, 'from');
  if (from !== 'connected' && from !== 'static' && from !== 'kernel') return;
  const key = `${family} ${from}`;
  if (negated) router.redistributions.delete(key);
  else
    router.redistributions.set(key, {
      family,
      from,
      metric: optionalNumber(args, 'metric'),
      routeMap: routeMapOf(reading, args),
      source,
    });
}

function paths(kind: 'ebgp' | 'ibgp') {
  return (reading: Reading, args: Arguments, negated: boolean): void => {
    const limits = reading.router.maximumPaths[reading.family];
    if (negated) delete limits[kind];
    else limits[kind] = numberOf(args, 'n');
    if (args.has('equal-cluster-length')) reading.router.decision.equalClusterLength = !negated;
  };
}

const aggregateOptions = ['as-set', 'summary-only'];
const frrAggregateOptions = [
  ...aggregateOptions,
  'route-map {map:WORD}',
  'origin {origin:WORD}',
  'matching-MED-only',
  'suppress-map {suppress:WORD}',
];
const redistributeOptions = ['metric {metric:U32}', 'route-map {map:WORD}'];

const removePrivate: readonly FamilyCommand[] = [
  option('remove-private-AS', 'removePrivateAs', (_, { source }) => ({
    all: false,
    replaceAs: false,
    source,
  })),
  option(
    'remove-private-AS [all] [replace-AS]',
    'removePrivateAs',
    (args, { source }) => ({ all: args.has('all'), replaceAs: args.has('replace-AS'), source }),
    frr,
  ),
];

const peerOptions: readonly FamilyCommand[] = [
  ...unmodelled(
    [
      'neighbor {id:WORD} addpath-tx-best-selected {n:U16}',
      'neighbor {id:WORD} addpath-rx-paths-limit {n:U16}',
      'neighbor {id:WORD} accept-own',
      'neighbor {id:WORD} graceful-shutdown',
      'neighbor {id:WORD} dampening',
      'neighbor {id:WORD} encapsulation-srv6',
      'neighbor {id:WORD} encapsulation-mpls',
    ],
    'this option of a neighbor is not simulated',
    true,
    { dialects: frr10Only },
  ),
  ...unmodelled(
    ['neighbor {id:WORD} route-map {map:WORD} {direction=import|export}'],
    'route server policies are not simulated',
    true,
    { dialects: quaggaOnly },
  ),
  modelled('neighbor {id:WORD} activate', activate),
  ...filters,
  option('next-hop-self', 'nextHopSelf', () => 'yes'),
  option('next-hop-self {mode=force|all}', 'nextHopSelf', () => 'force'),
  ...nextHopCommands,
  takenFrom(
    'internal',
    option('route-reflector-client', 'routeReflectorClient', () => true),
  ),
  option('allowas-in', 'allowasIn', () => 3),
  option('allowas-in {n:TEN}', 'allowasIn', (args) => numberOf(args, 'n')),
  option('allowas-in origin', 'allowasInOrigin', () => true, frr),
  takenFrom(
    'not internal',
    option('as-override', 'asOverride', () => true, frr),
  ),
  ...removePrivate.map((command) => takenFrom('not internal', command)),
  modelled('neighbor {id:WORD} send-community [{kind=standard|extended|large|both|all}]', sendCommunity),
  option('weight {weight:U16}', 'weight', (args) => numberOf(args, 'weight'), frr),
  option(
    'maximum-prefix {n:COUNT}',
    'maximumPrefix',
    (args) => ({
      count: numberOf(args, 'n'),
      force: args.has('force'),
      restart: 60 * (optionalNumber(args, 'minutes') ?? 0),
    }),
    { anyOrder: ['restart {minutes:U16}', 'force', '{threshold:DISTANCE}'] },
  ),
  option('maximum-prefix-out {n:COUNT}', 'maximumPrefixOut', (args) => numberOf(args, 'n'), frr),
  option(
    'advertise-map {routes:WORD} exist-map {condition:WORD}',
    'advertiseMap',
    (args, reading) => conditional(args, reading, 'exist'),
    frr,
  ),
  option(
    'advertise-map {routes:WORD} non-exist-map {condition:WORD}',
    'advertiseMap',
    (args, reading) => conditional(args, reading, 'absent'),
    frr,
  ),
  modelled(
    'neighbor {id:WORD} maximum-prefix {n:COUNT} [{threshold:DISTANCE}] warning-only [force]',
    (reading, args, negated) => {
      const peer = reading.peerFamily(peerId(args));
      if (!peer) return;
      if (negated) delete peer.maximumPrefix;
      else peer.maximumPrefix = { count: numberOf(args, 'n'), force: false, restart: 0, warns: true };
    },
  ),
  option('default-originate', 'defaultOriginate', () => ({ routeMap: null })),
  option('default-originate route-map {map:WORD}', 'defaultOriginate', (args, reading) => ({
    routeMap: routeMapOf(reading, args),
  })),
  option('unsuppress-map {map:WORD}', 'unsuppressMap', (args, reading) =>
    reading.reference(text(args, 'map')),
  ),
  option('addpath-tx-all-paths', 'addPathSend', () => 'all', frr),
  option('addpath-tx-bestpath-per-AS', 'addPathSend', () => 'best-per-as', frr),
  option('soft-reconfiguration inbound', 'softReconfiguration', () => true),
  ...harmless(['neighbor {id:WORD} nexthop-local unchanged']),
  ...unmodelled(
    ['neighbor {id:WORD} capability orf prefix-list {mode:WORD}'],
    'this option of a neighbor is not simulated',
    true,
  ),
];

/** Lines that FRR knows below `address-family` alone. */
export const familyOnlyCommands: readonly FamilyCommand[] = [
  option('disable-addpath-rx', 'disableAddPathReceive', () => true, frr),
  siteOfOriginCommand,
];

/** Lines of an address family; below `router bgp` itself they mean IPv4 unicast. */
export const familyCommands: readonly FamilyCommand[] = [
  modelled('network {prefix:PREFIX} [route-map {map:WORD}]', (reading, args, negated) => {
    const prefix = parsePrefix(text(args, 'prefix'));
    if (prefix) network(reading, prefix, args, negated);
  }),
  modelled('network {address:A4} [mask {mask:A4}] [route-map {map:WORD}]', classful),
  modelled('network {prefix:PREFIX} backdoor', (reading, args, negated) => {
    const prefix = parsePrefix(text(args, 'prefix'));
    if (!prefix) return;
    if (negated) reading.router.backdoors.delete(prefix.text);
    else reading.router.backdoors.add(prefix.text);
  }),
  ...unmodelled(
    ['network {prefix:PREFIX} {kind=label-index|label|rd|nlri|pathlimit} {text:LINE}'],
    'this form of network is not simulated',
    true,
  ),
  modelled('aggregate-address {prefix:PREFIX}', aggregate, { anyOrder: frrAggregateOptions, ...frr }),
  modelled('aggregate-address {address:A4} {mask:A4}', aggregate, { anyOrder: frrAggregateOptions, ...frr }),
  modelled('aggregate-address {prefix:PREFIX}', aggregate, {
    anyOrder: aggregateOptions,
    dialects: quaggaOnly,
  }),
  modelled('redistribute {from=connected|static|kernel}', redistribute, { anyOrder: redistributeOptions }),
  ...unmodelled(
    [
      'redistribute {from=rip|ripng|ospf|ospf6|isis|eigrp|babel|nhrp|sharp|openfabric|vnc|vnc-direct|bgp|table|table-direct|pim|hsls|olsr} [{text:LINE}]',
    ],
    'routes of that protocol are not known to the simulation',
    true,
  ),
  modelled('maximum-paths {n:PATHS}', paths('ebgp')),
  modelled('maximum-paths ibgp {n:PATHS} [equal-cluster-length]', paths('ibgp')),
  modelled('distance bgp {ebgp:DISTANCE} {ibgp:DISTANCE} {local:DISTANCE}', (reading, args, negated) => {
    const { distances } = reading.router;
    if (negated) delete distances[reading.family];
    else
      distances[reading.family] = {
        ebgp: numberOf(args, 'ebgp'),
        ibgp: numberOf(args, 'ibgp'),
        local: numberOf(args, 'local'),
      };
  }),
  modelled('distance {n:DISTANCE} {prefix:PREFIX} [{list:WORD}]', distanceRule),
  modelled('table-map {map:WORD}', (reading, args, negated) => {
    const { tableMaps } = reading.router;
    if (negated) delete tableMaps[reading.family];
    else tableMaps[reading.family] = reading.reference(text(args, 'map'));
  }),
  ...unmodelled(['bgp dampening', 'bgp dampening {text:LINE}'], 'routes that flap are not damped', true),
  ...unmodelled(
    [
      'import vrf {text:LINE}',
      'import vpn',
      'export vpn',
      'label vpn {text:LINE}',
      'rd vpn {text:LINE}',
      'rt vpn {text:LINE}',
      'route-map vpn {text:LINE}',
      'nexthop vpn {text:LINE}',
      'nexthop prefer-global',
      'rd {text:LINE}',
      'sid vpn {text:LINE}',
    ],
    'VPN and VRF import are not simulated',
    true,
    frr,
  ),
  ...peerOptions,
];
