import type { Address } from '../../../base/ip.ts';
import { internAsPath } from '../../as-path-table.ts';
import type { PathData } from '../../attributes.ts';
import type { PathStore } from '../../path-store.ts';
import type { PolicySubject } from '../match.ts';
import type { Origin } from '../types.ts';
import type { Value, ValueType } from './types.ts';
import { nothing, RuntimeFault } from './values.ts';

/** A route as a program sees it: the path it works on, and what it is asked about. */
export interface RouteView {
  readonly path: PathData;
  readonly subject: PolicySubject;
  readonly store: PathStore;
}

interface Attribute {
  /** What an assignment must bring; null: it cannot be assigned. */
  readonly takes: ValueType | null;
  readonly get: (view: RouteView) => Value;
  readonly set?: (view: RouteView, value: Value) => Partial<PathData>;
  readonly unset?: (path: PathData) => Partial<PathData>;
}

const NONE: Address = { family: 6, value: 0n, text: '::' };

/** BIRD's RTS_*, by how a path came to be. */
const sources: Readonly<Record<PathData['source'], number>> = {
  learned: 11,
  static: 1,
  kernel: 2,
  connected: 3,
  network: 1,
  announce: 1,
  aggregate: 1,
  default: 1,
};

const destinations = ['none', 'unicast', 'blackhole', 'unreachable', 'prohibit'] as const;

function number(value: number | null): Value {
  return value === null ? nothing : { type: 'int', value };
}

function numberOf(value: Value): number {
  return 'value' in value && typeof value.value === 'number' ? value.value : 0;
}

function addressOf(value: Value): Address {
  return value.type === 'ip' ? value.value : NONE;
}

function protocolOf({ path, subject }: RouteView): string {
  return path.destination?.protocol || (subject.learnedFrom?.config.protocol ?? '');
}

/** The gateway a router forwards to, as far as the path itself says. */
function gateway({ path, subject }: RouteView): Address {
  const own = path.destination;
  if (own) return own.hops[0]?.gateway ?? NONE;
  return path.leadsBy ?? path.nextHop ?? subject.learnedFrom?.nextHop ?? NONE;
}

function interfaceName({ path, subject }: RouteView): string {
  return path.destination?.hops[0]?.interface ?? subject.learnedFrom?.interface ?? '';
}

function listed<T extends 'clist' | 'eclist' | 'lclist'>(
  type: T,
  members: readonly unknown[],
  isThere = false,
): Value {
  return { type, value: members, ...(members.length === 0 && !isThere ? { missing: true } : {}) } as Value;
}

/**
 * An empty list that was set is there all the same. One that stands for nothing (`-empty-`, what is left of nothing) becomes so
 * only when the route is stored, behind the policy (nest/rt-attr.c copies it; filter/data.c `undef_value` asks for the address).
 */
function emptied(path: PathData, letter: 'C' | 'L' | 'E', value: Value): Partial<PathData> {
  const others = (path.emptyLists ?? '').replace(new RegExp(letter, 'i'), '');
  const isEmpty = 'value' in value && Array.isArray(value.value) && value.value.length === 0;
  const missing = 'missing' in value && value.missing === true;
  const own = isEmpty ? (missing ? letter.toLowerCase() : letter) : '';
  return { emptyLists: [...others, own].sort().join('') };
}

function without(path: PathData, letter: 'C' | 'L' | 'E'): Partial<PathData> {
  return { emptyLists: (path.emptyLists ?? '').replace(new RegExp(letter, 'i'), '') };
}

function isThere({ emptyLists = '' }: PathData, letter: 'C' | 'L' | 'E'): boolean {
  return emptyLists.includes(letter);
}

function ecValue(octets: string): bigint {
  return BigInt(`0x${octets}`);
}

function ecOctets(values: readonly bigint[]): readonly string[] {
  return [...new Set(values.map((value) => value.toString(16).padStart(16, '0')))].sort();
}

/** Each attribute by its name; a name that is not here is not modelled (the reader says so). */
export const attributes: Readonly<Record<string, Attribute>> = {
  net: { takes: null, get: ({ subject }) => ({ type: 'prefix', value: subject.prefix }) },
  from: {
    takes: 'ip',
    get: ({ subject }) => ({ type: 'ip', value: subject.learnedFrom?.address ?? NONE }),
  },
  proto: { takes: null, get: (view) => ({ type: 'string', value: protocolOf(view) }) },
  source: {
    takes: null,
    get: ({ path, subject }) => ({
      type: 'enum',
      of: 'RTS',
      value: subject.learnedFrom ? sources.learned : sources[path.source],
    }),
  },
  scope: { takes: 'enum', get: () => ({ type: 'enum', of: 'SCOPE', value: 4 }) },
  dest: {
    takes: 'enum',
    get: ({ path }) => ({
      type: 'enum',
      of: 'RTD',
      value: destinations.indexOf(path.destination?.kind ?? 'unicast'),
    }),
    set: (view, value) => {
      const kind = destinations[numberOf(value)];
      if (kind === undefined || kind === 'none' || kind === 'unicast')
        throw new RuntimeFault('dest can be changed only to blackhole, unreachable or prohibit');
      return { destination: { kind, protocol: view.path.destination?.protocol ?? '', hops: [] } };
    },
  },
  gw: {
    takes: 'ip',
    get: (view) => ({ type: 'ip', value: gateway(view) }),
    set: (view, value) => ({
      destination: {
        kind: 'unicast',
        protocol: view.path.destination?.protocol ?? '',
        hops: [{ interface: '', gateway: addressOf(value) }],
      },
    }),
  },
  ifname: {
    takes: 'string',
    get: (view) => ({ type: 'string', value: interfaceName(view) }),
    set: (view, value) => ({
      destination: {
        kind: 'unicast',
        protocol: view.path.destination?.protocol ?? '',
        hops: [{ interface: value.type === 'string' ? value.value : '', gateway: null }],
      },
    }),
  },
  // Of routes learned from the kernel; what a filter sets stands before it (`own`).
  krt_source: { takes: null, get: ({ path }) => number(path.destination?.learned?.protocol ?? null) },
  krt_metric: { takes: null, get: ({ path }) => number(path.destination?.learned?.metric ?? null) },
  preference: {
    takes: 'int',
    get: ({ path }) => number(path.weight),
    set: (_view, value) => ({ weight: numberOf(value) }),
  },
  bgp_origin: {
    takes: 'enum',
    get: ({ path }) => (path.originUnset ? nothing : { type: 'enum', of: 'ORIGIN', value: path.origin }),
    set: (_view, value) => ({ origin: numberOf(value) as Origin, originUnset: false }),
    unset: () => ({ origin: 0, originUnset: true }),
  },
  bgp_path: {
    takes: 'bgppath',
    get: ({ path, subject }) => {
      const missing = subject.learnedFrom === null && path.asPath.count === 0;
      return { type: 'bgppath', value: path.asPath.segments, ...(missing ? { missing } : {}) };
    },
    set: ({ store }, value) =>
      value.type === 'bgppath' ? { asPath: internAsPath(store.asPaths, value.value) } : {},
  },
  bgp_next_hop: {
    takes: 'ip',
    get: ({ path, subject }) => {
      const address = path.destination ? null : (path.nextHop ?? subject.learnedFrom?.nextHop ?? null);
      return address ? { type: 'ip', value: address } : nothing;
    },
    // BIRD has looked up the next hop before it asks the import filter.
    set: ({ path, subject: { peer, learnedFrom } }, value) => {
      const leadsBy = path.leadsBy ?? path.nextHop ?? learnedFrom?.nextHop ?? null;
      const isImport = learnedFrom !== null && peer === learnedFrom;
      return { nextHop: addressOf(value), nextHopByPolicy: 'set', ...(isImport ? { leadsBy } : {}) };
    },
  },
  bgp_med: {
    takes: 'int',
    get: ({ path }) => number(path.med),
    set: (_view, value) => ({ med: numberOf(value), medByPolicy: true }),
    unset: () => ({ med: null }),
  },
  bgp_local_pref: {
    takes: 'int',
    get: ({ path }) => number(path.localPref),
    set: (_view, value) => ({ localPref: numberOf(value) }),
    unset: () => ({ localPref: null }),
  },
  bgp_atomic_aggr: {
    takes: null,
    get: ({ path }) => (path.atomicAggregate ? { type: 'enum', of: 'EMPTY', value: 0 } : nothing),
    unset: () => ({ atomicAggregate: false }),
  },
  bgp_aggregator: {
    takes: null,
    get: ({ path }) => (path.aggregator ? { type: 'enum', of: 'EMPTY', value: 0 } : nothing),
    unset: () => ({ aggregator: null }),
  },
  bgp_aigp: {
    takes: null,
    get: ({ path }) => (path.aigp == null ? nothing : { type: 'enum', of: 'EMPTY', value: 0 }),
    unset: () => ({ aigp: null }),
  },
  bgp_community: {
    takes: 'clist',
    get: ({ path }) => listed('clist', path.communities, isThere(path, 'C')),
    set: ({ path }, value) =>
      value.type === 'clist' ? { communities: value.value, ...emptied(path, 'C', value) } : {},
    unset: (path) => ({ communities: [], ...without(path, 'C') }),
  },
  bgp_large_community: {
    takes: 'lclist',
    get: ({ path }) => listed('lclist', path.largeCommunities, isThere(path, 'L')),
    set: ({ path }, value) =>
      value.type === 'lclist' ? { largeCommunities: value.value, ...emptied(path, 'L', value) } : {},
    unset: (path) => ({ largeCommunities: [], ...without(path, 'L') }),
  },
  bgp_ext_community: {
    takes: 'eclist',
    get: ({ path }) => listed('eclist', (path.extendedCommunities ?? []).map(ecValue), isThere(path, 'E')),
    set: ({ path }, value) =>
      value.type === 'eclist'
        ? { extendedCommunities: ecOctets(value.value), ...emptied(path, 'E', value) }
        : {},
    unset: (path) => ({ extendedCommunities: [], ...without(path, 'E') }),
  },
  bgp_otc: {
    takes: 'int',
    get: ({ path }) => number(path.otc ?? null),
    set: (_view, value) => ({ otc: numberOf(value) }),
    unset: () => ({ otc: null }),
  },
  bgp_originator_id: {
    takes: 'quad',
    get: ({ path }) => (path.originatorId === null ? nothing : { type: 'quad', value: path.originatorId }),
    set: (_view, value) => ({ originatorId: quadOf(value) }),
    unset: () => ({ originatorId: null }),
  },
  bgp_cluster_list: {
    takes: 'clist',
    get: ({ path }) => listed('clist', path.clusterList),
    set: (_view, value) => (value.type === 'clist' ? { clusterList: value.value } : {}),
    unset: () => ({ clusterList: [] }),
  },
};

function quadOf(value: Value): number {
  return value.type === 'ip' ? Number(value.value.value) : numberOf(value);
}

/** Which answers hang on more than the path: `net` on the prefix, the others on who sent it. */
export function readsOf(name: string): { readonly prefix: boolean; readonly peer: boolean } {
  return {
    prefix: name === 'net',
    peer: ['from', 'proto', 'gw', 'ifname', 'bgp_next_hop'].includes(name),
  };
}
