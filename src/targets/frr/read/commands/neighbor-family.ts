import type { PeerFamilyDraft } from '../draft.ts';
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
  routeMapOf,
  text,
  unmodelled,
} from './make.ts';
import { bind } from './membership.ts';
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
  if (!peer) return;
  peer.activate = !negated;
  delete peer.implied;
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

/** Lines of one neighbor in an address family. */
/** RFC 5292: what the sender keeps back, the prefix-list it was told of would refuse as well. */
const prefixFilter = option(
  'capability orf prefix-list {mode=send|receive|both}',
  'prefixFilter',
  (args, reading) => {
    const before = reading.peerFamily(peerId(args))?.prefixFilter;
    const mode = text(args, 'mode');
    return {
      sends: mode !== 'receive' || before?.sends === true,
      takes: mode !== 'send' || before?.takes === true,
    };
  },
);

export const neighborFamilyCommands: readonly FamilyCommand[] = [
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
    'maximum-prefix {n:COUNT} [{threshold:1-100}] [restart {minutes:1-65535}] [force]',
    'maximumPrefix',
    (args) => ({
      count: numberOf(args, 'n'),
      force: args.has('force'),
      restart: 60 * (optionalNumber(args, 'minutes') ?? 0),
    }),
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
    'neighbor {id:WORD} maximum-prefix {n:COUNT} [{threshold:1-100}] [restart {minutes:1-65535}] warning-only [force]',
    (reading, args, negated) => {
      // Both words go together behind `no` alone.
      if (!negated && args.has('minutes'))
        return reading.unrecognised(
          'the daemon would refuse this line: restart and warning-only exclude each other',
        );
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
  prefixFilter,
];

/** Lines that FRR knows below `address-family` alone. */
export const familyOnlyCommands: readonly FamilyCommand[] = [
  option('disable-addpath-rx', 'disableAddPathReceive', () => true, frr),
  siteOfOriginCommand,
  // The line of `router bgp`, which is taken here too, and stays here.
  modelled('neighbor {id:WORD} peer-group {group:WORD}', bind),
];
