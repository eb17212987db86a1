import type { Value, ValueType } from '../../../bgp/policy/program/types.ts';
import { reserved } from './keywords.ts';

/** Enumerations by their prefix, in the order of their numbers (nest/config.Y, proto/bgp/config.Y). */
const enumerations: Readonly<Record<string, readonly string[]>> = {
  RTS: [
    '',
    'STATIC',
    'INHERIT',
    'DEVICE',
    'STATIC_DEVICE',
    'REDIRECT',
    'RIP',
    'OSPF',
    'OSPF_IA',
    'OSPF_EXT1',
    'OSPF_EXT2',
    'BGP',
    'PIPE',
    'BABEL',
  ],
  SCOPE: ['HOST', 'LINK', 'SITE', 'ORGANIZATION', 'UNIVERSE', 'UNDEFINED'],
  RTD: ['', 'UNICAST', 'BLACKHOLE', 'UNREACHABLE', 'PROHIBIT'],
  ROA: ['UNKNOWN', 'VALID', 'INVALID'],
  ORIGIN: ['IGP', 'EGP', 'INCOMPLETE'],
  NET: ['', 'IP4', 'IP6', 'VPN4', 'VPN6', 'ROA4', 'ROA6', 'FLOW4', 'FLOW6', 'IP6_SADR'],
  AF: ['', 'IPV4', 'IPV6'],
  RA: ['PREF_LOW', 'PREF_MEDIUM', 'PREF_HIGH'],
};

/** `RTS_BGP`, `ORIGIN_IGP`; null for anything else. */
export function enumValue(word: string): Value | null {
  const split = word.indexOf('_');
  if (split < 0) return null;
  const [of, name] = [word.slice(0, split), word.slice(split + 1)];
  const value = name === '' ? -1 : (enumerations[of]?.indexOf(name) ?? -1);
  return value < 0 ? null : { type: 'enum', of, value };
}

/** Attributes BIRD knows and the simulation does not carry, with what that means. */
export const unmodelledAttributes: Readonly<Record<string, string>> = {
  ospf_metric1: 'OSPF is not simulated: the attribute is never there',
  ospf_metric2: 'OSPF is not simulated: the attribute is never there',
  ospf_tag: 'OSPF is not simulated: the attribute is never there',
  ospf_router_id: 'OSPF is not simulated: the attribute is never there',
  rip_metric: 'RIP is not simulated: the attribute is never there',
  rip_tag: 'RIP is not simulated: the attribute is never there',
  babel_metric: 'Babel is not simulated: the attribute is never there',
  babel_router_id: 'Babel is not simulated: the attribute is never there',
  ra_preference: 'router advertisements are not simulated: the attribute is never there',
  ra_lifetime: 'router advertisements are not simulated: the attribute is never there',
  ifindex: 'numbers of interfaces are not simulated: the attribute is never there',
  weight: 'weights of next hops are not simulated: the attribute is never there',
  gw_mpls: 'MPLS is not simulated: the attribute is never there',
  onlink: 'flags of next hops are not simulated: the attribute is never there',
};

/** What every route has; it can be set, some of it, and not be taken off (filter/config.Y `static_attr`). */
export const staticAttributes: ReadonlySet<string> = new Set([
  ...['from', 'gw', 'net', 'proto', 'source', 'scope', 'dest', 'ifname', 'ifindex', 'weight', 'preference'],
  ...['gw_mpls', 'onlink'],
]);

/** Those of them that filters only read. */
export const readOnly: ReadonlySet<string> = new Set(['net', 'proto', 'source', 'ifindex']);

/** The type of an attribute that no protocol sends: what is set for the kernel (sysdep/linux/krt-sys.h), and the metric for those whose next hop leads there. */
export function ownType(name: string): ValueType | null {
  if (name === 'igp_metric') return 'int';
  if (!name.startsWith('krt_') || !reserved.has(name)) return null;
  if (name === 'krt_prefsrc') return 'ip';
  if (name === 'krt_cc_algo') return 'string';
  return /^krt_(?:lock|feature)_/.test(name) ? 'bool' : 'int';
}

const types: readonly ValueType[] = [
  'int',
  'bool',
  'ip',
  'rd',
  'prefix',
  'pair',
  'quad',
  'ec',
  'lc',
  'string',
  'bgpmask',
  'bgppath',
  'clist',
  'eclist',
  'lclist',
];

export function typeNamed(word: string): ValueType | null {
  return types.find((type) => type === word) ?? null;
}

/** `int set`: of which types there are sets. */
export function setOf(type: ValueType): ValueType | null {
  if (type === 'prefix') return 'prefix set';
  return ['int', 'pair', 'quad', 'ec', 'lc', 'rd', 'ip'].includes(type) ? 'set' : null;
}
