import { comparePrefixes } from '../../../base/ip.ts';
import type { Host, Interface, StaticRoute } from '../../../model/fabric.ts';
import type { RouterContext } from './bgp-context.ts';
import { routerContext } from './bgp-context.ts';
import type { Dialect } from './dialect.ts';
import { dialectOf } from './dialect.ts';
import type { PolicyContext } from './policy-context.ts';
import { policyContext, zebraRouteMaps } from './policy-context.ts';
import { isRecord, rawLines } from './raw.ts';

/** Everything a template of this family may print; the same shape for every file, so that an override can use any of it. */
export interface HostContext extends PolicyContext {
  readonly managed: string;
  readonly hostname: string;
  readonly defaults: string;
  /** `frr version X.Y.Z`, only where the inventory names the exact release: FRR shows its own, and a reload compares. */
  readonly versionLines: readonly string[];
  readonly logLines: readonly string[];
  readonly debugs: readonly { readonly mark: string; readonly name: string }[];
  readonly interfaces: readonly InterfaceContext[];
  readonly statics: readonly { readonly keyword: string; readonly prefix: string; readonly rest: string }[];
  /** None or one. */
  readonly routers: readonly RouterContext[];
  readonly rawTop: readonly string[];
  readonly rawBottom: readonly string[];
  readonly integrated: boolean;
  readonly daemons: readonly { readonly name: string; readonly on: string }[];
  readonly sysctls: readonly { readonly name: string; readonly value: string }[];
}

interface InterfaceContext {
  readonly name: string;
  readonly descriptions: readonly string[];
  readonly addresses: readonly { readonly keyword: string; readonly address: string }[];
}

const managedNote = 'This file is managed by fabricgen: changes made here are lost with the next rollout.';

const noPolicies = {
  routeMaps: [],
  prefixLists: [],
  asPathLists: [],
  communityLists: [],
  largeCommunityLists: [],
};

/** The context of all files of the host but zebra.conf (see `zebraContext`). */
export function hostContext(host: Host): HostContext {
  const dialect = dialectOf(host.daemon);
  const raw = rawLines(host);
  const statics = [...host.statics].sort((a, b) => comparePrefixes(a.prefix, b.prefix));
  const exact = /^\d+\.\d+\.\d+/.test(host.daemon.version);
  return {
    managed: managedNote,
    hostname: host.name,
    defaults: host.daemon.defaults,
    versionLines: exact ? [`frr version ${host.daemon.version}`] : [],
    logLines: logLines(host),
    debugs: debugs(host, dialect),
    interfaces: host.interfaces.filter((item) => !isDockerBridge(host, item)).map(interfaceContext),
    statics: statics.map((route) => staticContext(route, dialect)),
    routers: host.bgp ? [routerContext(host.bgp, host.daemon, dialect, raw)] : [],
    ...policyContext(host.bgp?.policies ?? noPolicies, dialect),
    rawTop: raw.top,
    rawBottom: raw.bottom,
    integrated: host.daemon.layout === 'integrated' && host.daemon.kind === 'frr',
    daemons: daemons(host),
    sysctls: host.sysctls.map(([name, value]) => ({ name, value })),
  };
}

/** zebra.conf holds what zebra shows of the route-maps: a per-daemon reload would take away the rest. */
export function zebraContext(context: HostContext): HostContext {
  return { ...context, routeMaps: zebraRouteMaps(context.routeMaps) };
}

function logLines(host: Host): string[] {
  const file = host.vars.get('bgp_log_file')?.value;
  return typeof file === 'string' && file !== '' ? [`log file ${file}`] : [];
}

/** Each switch of `bgp_debug` is a line, live or as a comment (`!debug bgp updates`). */
function debugs(host: Host, dialect: Dialect): { mark: string; name: string }[] {
  const given = host.vars.get('bgp_debug')?.value;
  const on = (name: string): boolean => isRecord(given) && given[name] === true;
  const line = (live: boolean, name: string) => ({ mark: live ? '' : '!', name: `bgp ${name}` });
  if (dialect.debugNames === 'quagga')
    return ['events', 'filters', 'fsm', 'keepalives', 'updates'].map((name) => line(on(name), name));
  return [
    line(on('keepalives'), 'keepalives'),
    // FRR has one switch for what Quagga calls events and fsm.
    line(on('events') || on('fsm'), 'neighbor-events'),
    line(on('updates'), 'updates in'),
    line(on('updates'), 'updates out'),
  ];
}

/** Docker itself creates its bridge and gives it its address. */
function isDockerBridge(host: Host, item: Interface): boolean {
  const own = [host.docker?.bip?.text, host.docker?.bip6?.text].filter((text) => text !== undefined);
  return (
    own.length > 0 &&
    item.addresses.length > 0 &&
    item.addresses.every((address) => own.includes(address.text))
  );
}

function interfaceContext(item: Interface): InterfaceContext {
  return {
    name: item.name,
    descriptions: item.description === null ? [] : [item.description],
    addresses: item.addresses.map((address) => ({
      keyword: address.address.family === 4 ? 'ip' : 'ipv6',
      address: address.text,
    })),
  };
}

function staticContext(
  route: StaticRoute,
  dialect: Dialect,
): { keyword: string; prefix: string; rest: string } {
  const target = route.blackhole
    ? dialect.blackhole
    : [route.via?.text, route.interface].filter((word) => word !== undefined && word !== null).join(' ');
  const tag = route.tag === null ? '' : ` tag ${route.tag}`;
  const distance = route.distance === null || route.distance === 1 ? '' : ` ${route.distance}`;
  return {
    keyword: route.prefix.family === 4 ? 'ip' : 'ipv6',
    prefix: route.prefix.text,
    rest: `${target}${tag}${distance}`,
  };
}

function daemons(host: Host): { name: string; on: string }[] {
  const yes = (on: boolean): string => (on ? 'yes' : 'no');
  const own = [
    { name: 'zebra', on: 'yes' },
    { name: 'bgpd', on: yes(host.bgp !== null) },
  ];
  const others = host.daemon.kind === 'quagga' ? quaggaDaemons : frrDaemons;
  return [...own, ...others.map((name) => ({ name, on: 'no' }))];
}

const quaggaDaemons = ['ospfd', 'ospf6d', 'ripd', 'ripngd', 'isisd', 'babeld'];
const frrDaemons = [
  'ospfd',
  'ospf6d',
  'ripd',
  'ripngd',
  'isisd',
  'pimd',
  'ldpd',
  'nhrpd',
  'eigrpd',
  'babeld',
  'sharpd',
  'pbrd',
  'bfdd',
  'fabricd',
  'vrrpd',
  'pathd',
];
