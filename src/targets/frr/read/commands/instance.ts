import { type Address, addressOf, parseAddress, parsePrefix } from '../../../../base/ip.ts';
import type { DecisionOptions } from '../../../../bgp/config.ts';
import type { Switch } from '../draft.ts';
import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { asnOf } from '../tokens.ts';
import {
  frr10Only,
  frrOnly,
  harmless,
  modelled,
  numberOf,
  optionalNumber,
  quaggaOnly,
  skippedBlock,
  text,
  timersOf,
  unmodelled,
} from './make.ts';
import { presentAgain } from './presented-as.ts';

const frr = { dialects: frrOnly } as const;

function decision(pattern: string, ...options: (keyof DecisionOptions)[]): FamilyCommand {
  return modelled(pattern, (reading, _args, negated) => {
    for (const option of options) reading.router.decision[option] = !negated;
  });
}

function toggle(pattern: string, name: Switch, dialects: FamilyCommand['dialects']): FamilyCommand {
  return modelled(
    pattern,
    (reading, _args, negated) => {
      reading.router.switches[name] = !negated;
    },
    dialects ? { dialects } : {},
  );
}

/** An address, or the number Quagga and FRR also take for one. */
/** An address, or its number. */
function idOf(word: string): Address {
  return parseAddress(word) ?? addressOf(4, BigInt(word));
}

function clusterId(reading: Reading, args: Arguments, negated: boolean): void {
  reading.router.clusterId = negated ? null : idOf(text(args, 'id'));
}

/** A line without `as-set` takes that back. */
function multipathRelax(reading: Reading, args: Arguments, negated: boolean): void {
  const { decision: options } = reading.router;
  options.asPathMultipathRelax = !negated;
  options.mergesMultipath = !negated && args.get('set') === 'as-set';
}

const listen: readonly FamilyCommand[] = [
  modelled(
    'bgp listen limit {n:SEQ}',
    (reading, args, negated) => {
      reading.router.listenLimit = negated ? 100 : numberOf(args, 'n');
    },
    frr,
  ),
  modelled(
    'bgp listen range {prefix:PREFIX} peer-group {group:WORD}',
    (reading, args, negated) => {
      const prefix = parsePrefix(text(args, 'prefix'));
      const group = text(args, 'group');
      if (!prefix) return;
      if (negated) reading.router.listenRanges.delete(prefix.text);
      else if (!reading.router.groups.has(group))
        reading.refuse(
          `peer-group ${group} is not configured`,
          'Write `neighbor NAME peer-group` before the listen range.',
        );
      else reading.router.listenRanges.set(prefix.text, { prefix, group, source: reading.source });
    },
    frr,
  ),
];

/** DEFAULT_CONDITIONAL_ROUTES_POLL_TIME */
const USUAL_LOOK = 60;

const conditionalTimer = modelled(
  'bgp conditional-advertisement timer {n:5-240}',
  (reading, args, negated) => {
    reading.router.conditionsEvery = negated ? USUAL_LOOK : numberOf(args, 'n');
  },
  frr,
);

const confederation: readonly FamilyCommand[] = [
  modelled('bgp confederation identifier {asn:ASN}', (reading, args, negated) => {
    reading.router.confederationId = negated ? null : asnOf(text(args, 'asn'));
    for (const peer of reading.router.peers.values()) presentAgain(reading, peer);
  }),
  modelled('bgp confederation peers {asns:ASNS}', (reading, args, negated) => {
    for (const word of text(args, 'asns').split(' ')) {
      const asn = asnOf(word);
      if (asn === null) continue;
      if (negated) reading.router.confederationPeers.delete(asn);
      else reading.router.confederationPeers.add(asn);
    }
  }),
];

const newer: readonly FamilyCommand[] = [
  ...harmless(['bgp default subgroup-pkt-queue-max {n:20-100}'], frr),
  ...harmless(
    [
      'bgp default dynamic-capability',
      'bgp default software-version-capability',
      'bgp tcp-keepalive {text:LINE}',
      'bgp lu-explicit-null',
      'bgp use-underlays-nexthop-weight',
      'bgp ipv6-auto-ra',
    ],
    { dialects: frr10Only },
  ),
  ...unmodelled(
    ['bgp labeled-unicast {text:LINE}', 'bgp srv6 {text:LINE}'],
    'this switch is not simulated',
    true,
    { dialects: frr10Only },
  ),
];

/** Lines below `router bgp` that belong to the instance. */
export const instanceCommands: readonly FamilyCommand[] = [
  ...newer,
  { ...decision('bgp bestpath aigp', 'aigp'), dialects: frr10Only },
  modelled('bgp router-id {id:A4}', (reading, args, negated) => {
    reading.router.routerId = negated ? null : idOf(text(args, 'id'));
    reading.router.routerIdSource = negated ? null : reading.source;
  }),
  modelled('bgp cluster-id {id:A4}', clusterId),
  modelled('bgp cluster-id {id:1-4294967295}', clusterId),
  modelled('timers bgp {keepalive:U16} {hold:U16}', (reading, args, negated) => {
    if (negated) reading.router.timers = null;
    else reading.router.timers = timersOf(reading, args) ?? reading.router.timers;
  }),
  decision('bgp always-compare-med', 'alwaysCompareMed'),
  decision('bgp deterministic-med', 'deterministicMed'),
  decision('bgp bestpath as-path ignore', 'asPathIgnore'),
  decision('bgp bestpath as-path confed', 'asPathConfed'),
  modelled('bgp bestpath as-path multipath-relax', multipathRelax),
  decision('bgp bestpath compare-routerid', 'compareRouterId'),
  decision('bgp bestpath med confed missing-as-worst', 'medConfed', 'medMissingAsWorst'),
  decision('bgp bestpath med missing-as-worst confed', 'medConfed', 'medMissingAsWorst'),
  decision('bgp bestpath med missing-as-worst', 'medMissingAsWorst'),
  decision('bgp bestpath med confed', 'medConfed'),
  { ...decision('bgp bestpath peer-type multipath-relax', 'peerTypeMultipathRelax'), ...frr },
  modelled('bgp bestpath as-path multipath-relax {set=as-set|no-as-set}', multipathRelax, frr),
  toggle('bgp network import-check', 'importCheck', undefined),
  toggle('bgp network import-check exact', 'importCheck', undefined),
  toggle('bgp ebgp-requires-policy', 'ebgpRequiresPolicy', frrOnly),
  toggle('bgp suppress-fib-pending', 'suppressFibPending', frrOnly),
  toggle('bgp bestpath bandwidth skip-missing', 'skipsPathsWithoutBandwidth', frrOnly),
  // Weights of next hops are in no table that is compared.
  ...harmless(['bgp bestpath bandwidth {kind=ignore|default-weight-for-missing}'], frr),
  // Cisco's words, which FRR still takes and which do nothing.
  ...harmless(['auto-summary', 'synchronization']),
  toggle('bgp graceful-shutdown', 'gracefulShutdown', frrOnly),
  toggle('bgp reject-as-sets', 'rejectAsSets', frrOnly),
  toggle('bgp enforce-first-as', 'enforceFirstAs', ['quagga-1.2', 'frr-10']),
  modelled('bgp default local-preference {value:U32}', (reading, args, negated) => {
    reading.router.defaultLocalPreference = negated ? 100 : numberOf(args, 'value');
  }),
  modelled('bgp default {family=ipv4-unicast|ipv6-unicast}', (reading, args, negated) => {
    const family = text(args, 'family') === 'ipv6-unicast' ? 'ipv6-unicast' : 'ipv4-unicast';
    if (negated) reading.router.defaultFamilies.delete(family);
    else reading.router.defaultFamilies.add(family);
  }),
  ...listen,
  conditionalTimer,
  modelled(
    'bgp minimum-holdtime {n:1-65535}',
    (reading, args, negated) => {
      reading.router.minimumHold = negated ? 0 : numberOf(args, 'n');
    },
    frr,
  ),
  modelled(
    'coalesce-time {n:U32}',
    (reading, args, negated) => {
      reading.router.coalesceTime = negated ? null : numberOf(args, 'n');
    },
    frr,
  ),
  ...confederation,
  ...harmless([
    'bgp log-neighbor-changes',
    'bgp graceful-restart notification',
    'bgp graceful-restart stalepath-time {n:1-4095}',
    'bgp graceful-restart select-defer-time {n:0-3600}',
    'bgp graceful-restart rib-stale-time {n:1-3600}',
    'bgp graceful-restart disable-eor',
  ]),
  toggle('bgp fast-external-failover', 'fastExternalFailover', undefined),
  toggle('bgp graceful-restart', 'gracefulRestart', undefined),
  toggle('bgp graceful-restart preserve-fw-state', 'preservesForwarding', undefined),
  toggle('bgp graceful-restart-disable', 'gracefulRestartDisable', undefined),
  modelled('bgp graceful-restart restart-time {n:0-4095}', (reading, args, negated) => {
    reading.router.restartTime = negated ? null : numberOf(args, 'n');
  }),
  modelled(
    'bgp long-lived-graceful-restart stale-time {n:COUNT}',
    (reading, args, negated) => {
      reading.router.staleTime = negated ? null : numberOf(args, 'n');
    },
    frr,
  ),
  ...harmless(
    [
      'bgp default show-hostname',
      'bgp default show-nexthop-hostname',
      'bgp hard-administrative-reset',
      'bgp route-map delay-timer {n:0-600}',
      'bgp update-delay {n:0-3600} [{wait:1-3600}]',
      'read-quanta {n:1-10}',
      'write-quanta {n:1-64}',
      'update-delay {n:0-3600} [{wait:1-3600}]',
      'bgp suppress-duplicates',
    ],
    frr,
  ),
  ...unmodelled(
    [
      'bgp allow-martian-nexthop',
      'bgp fast-convergence',
      'bgp default {family=ipv4-multicast|ipv6-multicast}',
      'bgp default l2vpn-evpn',
      'bgp default {family=ipv4-vpn|ipv6-vpn|ipv4-labeled-unicast|ipv6-labeled-unicast|ipv4-flowspec|ipv6-flowspec}',
      'bgp listen ttl {text:LINE}',
    ],
    'this switch is not simulated',
    true,
    frr,
  ),
  toggle('bgp default shutdown', 'defaultShutdown', frrOnly),
  toggle('bgp shutdown', 'shutdown', frrOnly),
  toggle('bgp shutdown message {text:LINE}', 'shutdown', frrOnly),
  toggle('bgp client-to-client reflection', 'clientToClient', undefined),
  toggle('bgp route-reflector allow-outbound-policy', 'allowsOutboundPolicy', undefined),
  toggle('bgp disable-ebgp-connected-route-check', 'noConnectedCheck', undefined),
  modelled(
    'bgp max-med administrative [{value:U32}]',
    (reading, args, negated) => {
      reading.router.maxMed = negated ? null : (optionalNumber(args, 'value') ?? MAX_MED);
    },
    frr,
  ),
  modelled(
    'bgp max-med on-startup {seconds:5-86400} [{value:U32}]',
    (reading, args, negated) => {
      const lasts = numberOf(args, 'seconds') >= OUTLASTS_START;
      reading.router.startupMed = negated || !lasts ? null : (optionalNumber(args, 'value') ?? MAX_MED);
    },
    frr,
  ),
  ...unmodelled(['bgp enforce-first-as strict'], 'not simulated', true, { dialects: frr10Only }),
  skippedBlock('address-family l2vpn evpn', familyBlock('EVPN is not simulated')),
  skippedBlock(
    'address-family {family=ipv4|ipv6} {safi=multicast|vpn|labeled-unicast|flowspec|encap|mup|unreachability}',
    familyBlock('only unicast is simulated'),
  ),
  skippedBlock(
    'address-family {family=vpnv4|vpnv6|encap|encapv4|encapv6} [unicast]',
    familyBlock('only unicast is simulated'),
    { dialects: quaggaOnly },
  ),
  skippedBlock('segment-routing srv6', familyBlock('segment routing is not simulated'), frr),
  modelled('address-family {family=ipv4|ipv6} [{safi=unicast}]', (reading, args) => {
    const family = args.get('family') === 'ipv6' ? 'ipv6-unicast' : 'ipv4-unicast';
    reading.mode = family;
    if (!args.has('safi')) reading.router.respelledFamilies.add(family);
  }),
];

/** `on-startup`, in seconds from the first session on: a shorter time is over when tables are at rest, a longer one is not, and its end is not simulated. */
const OUTLASTS_START = 60;

/** BGP_MAXMED_VALUE_DEFAULT. */
const MAX_MED = 4294967294;

function familyBlock(effect: string) {
  return {
    ends: ['exit-address-family', 'exit-srv6', 'end'],
    returnsTo: 'router',
    effect,
    matters: true,
    silent: false,
  } as const;
}
