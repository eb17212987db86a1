import { parseAddress, parseInterfaceAddress, parsePrefix } from '../../../../base/ip.ts';
import type { StaticRouteConfig } from '../../../../bgp/config.ts';
import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { frrOnly, harmless, modelled, numberOf, quaggaOnly, text, unmodelled } from './make.ts';
import { maskedPrefix } from './masks.ts';

const zebra = { daemons: ['zebra'] } as const;

function interfaceAddress(reading: Reading, args: Arguments, negated: boolean): void {
  const address = parseInterfaceAddress(text(args, 'address'));
  const item = reading.draft.interfaces.get(reading.interfaceName);
  if (!address || !item) return;
  item.addresses = item.addresses.filter((one) => one.text !== address.text);
  if (!negated) item.addresses.push(address);
}

/** Lines below `interface NAME`. */
export const interfaceCommands: readonly FamilyCommand[] = [
  modelled('ip address {address:P4} [label {label:WORD}]', interfaceAddress, zebra),
  modelled('ipv6 address {address:P6}', interfaceAddress, zebra),
  modelled(
    'shutdown',
    (reading, _args, negated) => {
      const item = reading.draft.interfaces.get(reading.interfaceName);
      if (item) item.shutdown = !negated;
    },
    zebra,
  ),
  ...harmless(['description {text:LINE}']),
  ...harmless(
    [
      'bandwidth {n:1-100000}',
      'delay {n:1-16777215}',
      'link-detect',
      'multicast',
      'mpls enable',
      'ipv6 nd {text:LINE}',
      'link-params',
      'mpls {text:LINE}',
    ],
    zebra,
  ),
  ...unmodelled(
    ['ip address {local:A4} peer {peer:P4}', 'ipv6 address {address:P6} {text:LINE}'],
    'this kind of address is not simulated',
    true,
    zebra,
  ),
  ...unmodelled(
    [
      'ip {protocol=ospf|rip|igmp|pim|nhrp} {text:LINE}',
      'ip {protocol=igmp|pim}',
      'ipv6 {protocol=mld|pim}',
      'exit-link-params',
      'ip router {protocol=isis|eigrp|openfabric} {name:WORD}',
      'ipv6 {protocol=ospf6|mld|pim} {text:LINE}',
      'ipv6 router {protocol=isis|openfabric} {name:WORD}',
      'evpn {text:LINE}',
      'pbr-policy {name:WORD}',
      'bfd {text:LINE}',
      'isis {text:LINE}',
    ],
    'other protocols on an interface are not simulated',
    true,
    { dialects: frrOnly },
  ),
];

const OTHER_FORM = 'this form of static route is not simulated';

function staticRoute(reading: Reading, args: Arguments, negated: boolean): void {
  if (['vrf', 'label', 'table', 'nextHopVrf', 'color'].some((one) => args.has(one))) {
    if (!negated) reading.unmodelled(OTHER_FORM, true);
    return;
  }
  const prefix = args.has('mask') ? maskedPrefix(reading, args) : parsePrefix(text(args, 'prefix'));
  if (!prefix) return;
  const target = args.get('via') ?? args.get('target') ?? '';
  const via = parseAddress(target);
  const blackhole = /^(?:null0|blackhole|reject)$/i.test(target);
  const second = args.get('interface') ?? null;
  const key = `${prefix.text} ${target} ${second ?? ''}`;
  if (negated) {
    for (const known of [...reading.draft.statics.keys()])
      if (known === key || (target === '' && known.startsWith(`${prefix.text} `)))
        reading.draft.statics.delete(known);
    return;
  }
  const route: StaticRouteConfig = {
    prefix,
    via,
    interface: via ? second : blackhole ? null : target,
    blackhole,
    distance: args.has('distance') ? numberOf(args, 'distance') : 1,
    tag: args.has('tag') ? numberOf(args, 'tag') : 0,
    source: reading.source,
  };
  reading.draft.statics.set(key, route);
}

const routeOptions = ['tag {tag:COUNT}', '{distance:DISTANCE}'];
const otherForms = [
  'vrf {vrf:WORD}',
  'label {label:WORD}',
  'table {table:COUNT}',
  'nexthop-vrf {nextHopVrf:WORD}',
  'color {color:COUNT}',
];

/** Static routes: staticd in FRR, zebra in Quagga. */
function routeCommands(
  daemons: FamilyCommand['daemons'],
  dialects: FamilyCommand['dialects'],
): FamilyCommand[] {
  const where = { ...(daemons && { daemons }), ...(dialects && { dialects }) };
  const route = (pattern: string, ...more: readonly string[]) =>
    modelled(pattern, staticRoute, { anyOrder: [...routeOptions, ...more], ...where });
  const families = [
    ['ip', '{prefix:P4}', 'A4'],
    ['ip', '{address:A4} {mask:A4}', 'A4'],
    ['ipv6', '{prefix:P6}', 'A6'],
  ] as const;
  return [
    ...families.flatMap(([keyword, prefix, address]) => [
      route(`${keyword} route ${prefix} {via:${address}}`, 'onlink', ...otherForms),
      route(`${keyword} route ${prefix} {target=blackhole|reject|Null0|null0}`, ...otherForms),
      route(`${keyword} route ${prefix} {target:IFNAME}`, ...otherForms),
      route(`${keyword} route ${prefix} {via:${address}} {interface:IFNAME}`, 'onlink', ...otherForms),
    ]),
    ...unmodelled(['ipv6 route {prefix:P6} from {source:P6} {text:LINE}'], OTHER_FORM, true, where),
  ];
}

function routerId(reading: Reading, args: Arguments, negated: boolean): void {
  const id = parseAddress(text(args, 'id'));
  reading.draft.zebraRouterId = negated || !id ? null : { id, source: reading.source };
}

/** Top-level lines of zebra and staticd. */
export const zebraCommands: readonly FamilyCommand[] = [
  ...routeCommands(['staticd'], frrOnly),
  ...routeCommands(['zebra'], quaggaOnly),
  modelled('router-id {id:A4}', routerId, zebra),
  modelled('ip router-id {id:A4}', routerId, { ...zebra, dialects: frrOnly }),
  ...harmless(['ip nht hide-backup-events'], { ...zebra, dialects: frrOnly }),
  ...(['ip', 'ipv6'] as const).map((keyword) =>
    modelled(
      `${keyword} nht resolve-via-default`,
      (reading, _args, negated) => {
        reading.draft.resolveViaDefault[keyword === 'ip' ? 4 : 6] = !negated;
      },
      zebra,
    ),
  ),
  ...(['ip', 'ipv6'] as const).map((keyword) =>
    modelled(
      `${keyword} protocol {protocol=bgp|any} route-map {map:WORD}`,
      (reading, args, negated) => {
        const maps = reading.draft.kernelRouteMaps;
        const key = `${keyword === 'ip' ? 4 : 6} ${text(args, 'protocol')}`;
        if (negated) maps.delete(key);
        else maps.set(key, reading.reference(text(args, 'map')));
        // Seen on 8.4: next hops on a connected network that the map does not name are lost.
        if (!negated && text(args, 'protocol') === 'any')
          reading.unmodelled('of what it filters only the routes of BGP are simulated', true);
      },
      zebra,
    ),
  ),
  ...unmodelled(
    ['ip', 'ipv6'].map((keyword) => `${keyword} protocol {protocol:WORD} route-map {map:WORD}`),
    'the kernel filter of other protocols is not simulated',
    false,
    zebra,
  ),
];
