import { type Prefix, parsePrefix } from '../../../../base/ip.ts';
import type { Origin } from '../../../../bgp/policy/types.ts';
import type { NetworkDraft } from '../draft.ts';
import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { dampeningCommands } from './dampening.ts';
import {
  frrOnly,
  modelled,
  numberOf,
  optionalNumber,
  quaggaOnly,
  routeMapOf,
  text,
  unmodelled,
} from './make.ts';
import { maskedPrefix } from './masks.ts';
import { neighborFamilyCommands } from './neighbor-family.ts';

const frr = { dialects: frrOnly } as const;

function network(reading: Reading, prefix: Prefix, args: Arguments, negated: boolean): void {
  const { family, router, source } = reading;
  if (negated) router.networks.delete(prefix.text);
  else {
    const routeMap = routeMapOf(reading, args);
    const spelled = respelled(reading, args);
    const earlier = overruled(router.networks.get(prefix.text));
    router.networks.set(prefix.text, { family, prefix, routeMap, ...spelled, ...earlier, source });
  }
}

function overruled(before: NetworkDraft | undefined): Pick<NetworkDraft, 'overruled'> {
  return before ? { overruled: [...(before.overruled ?? []), before.routeMap] } : {};
}

function respelled({ mode, family, router }: Reading, args: Arguments): Pick<NetworkDraft, 'respelled'> {
  if (args.has('mask')) return { respelled: 'mask' };
  if (args.has('address')) return { respelled: 'class' };
  return mode === family && router.respelledFamilies.has(family) ? { respelled: 'block' } : {};
}

/** `network 10.0.0.0` and `network 10.0.0.0 mask 255.0.0.0`: the class decides where no mask is given. */
function classful(reading: Reading, args: Arguments, negated: boolean): void {
  const prefix = maskedPrefix(reading, args);
  if (prefix) network(reading, prefix, args, negated);
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

function originOf(word: string | undefined): Origin | null {
  const place = ['igp', 'egp', 'incomplete'].indexOf(word ?? '');
  return place < 0 ? null : (place as Origin);
}

function redistribute(reading: Reading, args: Arguments, negated: boolean): void {
  const { family, router, source } = reading;
  const from = text(args, 'from');
  if (from !== 'connected' && from !== 'static' && from !== 'kernel') return;
  const key = `${family} ${from}`;
  if (negated) {
    router.redistributions.delete(key);
    return;
  }
  // A line further down leaves alone what it does not name (`bgp_redist_add`).
  const before = router.redistributions.get(key);
  router.redistributions.set(key, {
    family,
    from,
    metric: optionalNumber(args, 'metric') ?? before?.metric ?? null,
    routeMap: routeMapOf(reading, args) ?? before?.routeMap ?? null,
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
  ...dampeningCommands,
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
  ...neighborFamilyCommands,
];
