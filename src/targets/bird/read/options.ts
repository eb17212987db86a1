/** What stands behind the words of an option. */
export type OptionKind =
  | 'flag'
  | 'bool'
  | 'number'
  | 'numbers'
  | 'optional number'
  | 'address'
  | 'text'
  | 'id'
  | 'next hop'
  | 'paths'
  | 'time'
  | 'debug'
  | 'mrtdump'
  | 'cease'
  | 'bfd'
  | 'merge paths'
  | 'authentication'
  | 'password'
  | 'passwords'
  | 'role'
  | 'lladdr'
  | 'table'
  | 'words';

/** One option: its words, its value, and what it means where the simulation does not follow it. */
export interface OptionRow {
  readonly words: string;
  readonly kind: OptionKind;
  /** Why it is left aside where it is on; absent: modelled, or without effect on any table. */
  readonly effect?: string;
  /** Is it left aside where it is *off*? Then the effect is for that. */
  readonly whenOff?: boolean;
  /** Numbers that BIRD takes; absent: any. */
  readonly range?: NumberRange;
}

export interface NumberRange {
  readonly from: number;
  readonly to: number;
  /** A zero stands for "never". */
  readonly orZero?: boolean;
}

/** BIRD does not start with a number outside (nest/config.Y, proto/bgp/config.Y). */
const ranges: Readonly<Record<string, NumberRange>> = {
  preference: { from: 0, to: 65_535 },
  'hold time': { from: 3, to: 65_535, orZero: true },
  'keepalive time': { from: 1, to: 65_535 },
  multihop: { from: 1, to: 255 },
  'dynamic name digits': { from: 0, to: 10 },
};

function rows(...list: readonly (readonly [string, OptionKind, string?, boolean?])[]): readonly OptionRow[] {
  return list.map(([words, kind, effect, whenOff]) => ({
    words,
    kind,
    ...(effect === undefined ? {} : { effect }),
    ...(whenOff ? { whenOff } : {}),
    ...(ranges[words] ? { range: ranges[words] } : {}),
  }));
}

/** Options of every protocol (nest/config.Y `proto_item`). */
export const commonOptions = rows(
  ['disabled', 'bool'],
  ['debug', 'debug'],
  ['mrtdump', 'mrtdump'],
  ['router id', 'id'],
  ['description', 'text'],
  ['vrf default', 'flag'],
  ['vrf', 'text', 'VRFs are not simulated'],
);

/** Options of BGP (proto/bgp/config.Y); `local`, `neighbor`, `interface` and channels are read by themselves. */
export const bgpOptions = rows(
  ['rr cluster id', 'id'],
  ['rr client', 'bool'],
  ['rs client', 'bool'],
  ['confederation member', 'bool'],
  ['confederation', 'number'],
  ['hold time', 'number'],
  ['min hold time', 'number', 'the least hold time that is accepted is not simulated'],
  ['startup hold time', 'number'],
  ['direct', 'flag'],
  ['multihop', 'optional number'],
  ['dynamic name digits', 'number'],
  ['dynamic name', 'text'],
  ['strict bind', 'bool'],
  ['free bind', 'bool'],
  ['path metric', 'bool'],
  ['med metric', 'bool'],
  ['igp metric', 'bool'],
  ['prefer older', 'bool'],
  ['deterministic med', 'bool'],
  ['default bgp_med', 'number'],
  ['default bgp_local_pref', 'number'],
  ['source address', 'address'],
  ['start delay time', 'number'],
  ['connect delay time', 'number'],
  ['connect retry time', 'number'],
  ['keepalive time', 'number'],
  ['min keepalive time', 'number'],
  ['error forget time', 'number'],
  ['error wait time', 'numbers'],
  ['disable after error', 'bool'],
  ['disable after cease', 'cease'],
  ['enable route refresh', 'bool'],
  ['enable as4', 'bool', 'sessions with 2-octet AS numbers are not simulated', true],
  ['enable extended messages', 'bool'],
  ['advertise hostname', 'bool'],
  ['capabilities', 'bool', 'sessions without capabilities are not simulated', true],
  ['password', 'text'],
  ['setkey', 'bool'],
  ['passive', 'bool'],
  ['interpret communities', 'bool'],
  ['allow local as', 'optional number'],
  ['allow bgp_local_pref', 'bool'],
  ['allow as sets', 'bool'],
  ['graceful restart aware', 'flag'],
  ['graceful restart time', 'number'],
  ['graceful restart', 'bool'],
  ['long lived graceful restart aware', 'flag'],
  ['long lived graceful restart', 'bool'],
  ['long lived stale time', 'number'],
  ['ttl security', 'bool'],
  ['check link', 'bool'],
  ['bfd', 'bfd'],
  ['enforce first as', 'bool'],
  ['local role', 'role'],
  ['require roles', 'bool'],
);

/** Options of every channel; policies, limits and the table are read by themselves. */
export const channelOptions = rows(
  ['preference', 'number'],
  ['import keep filtered', 'bool'],
  ['rpki reload', 'bool'],
  ['debug', 'debug'],
);

/** Options of a BGP channel. */
export const bgpChannelOptions = [
  ...channelOptions,
  ...rows(
    ['next hop address', 'address'],
    ['next hop self', 'next hop'],
    ['next hop keep', 'next hop'],
    ['next hop prefer global', 'flag'],
    ['mandatory', 'bool'],
    ['missing lladdr', 'lladdr'],
    ['gateway direct', 'flag'],
    ['gateway recursive', 'flag'],
    ['secondary', 'bool'],
    ['validate', 'bool'],
    ['graceful restart', 'bool'],
    ['long lived graceful restart', 'bool'],
    ['long lived stale time', 'number'],
    ['extended next hop', 'bool'],
    ['add paths', 'paths'],
    ['import table', 'bool'],
    ['export table', 'bool'],
    ['aigp originate', 'flag'],
    ['aigp', 'bool'],
    ['cost', 'number'],
    ['base table', 'words'],
  ),
];

export const kernelOptions = rows(
  ['persist', 'bool'],
  ['scan time', 'number'],
  ['learn', 'bool'],
  ['graceful restart', 'bool'],
  ['merge paths', 'merge paths'],
  ['kernel table', 'number'],
  ['metric', 'number'],
  ['netlink rx buffer', 'number'],
);

export const deviceOptions = rows(['scan time', 'number']);
export const directOptions = rows(['check link', 'bool']);
export const staticOptions = rows(['check link', 'bool'], ['igp table', 'table']);
/** Options of a table in braces (nest/config.Y `table_opt`). */
export const tableOptions = rows(
  ['sorted', 'bool'],
  ['trie', 'bool'],
  ['min settle time', 'time'],
  ['max settle time', 'time'],
  ['gc threshold', 'number'],
  ['gc period', 'time'],
);

/** How sessions of BFD are kept (proto/bfd/config.Y `bfd_item`); none of it changes a table. */
const bfdTimes = rows(
  ['interval', 'time'],
  ['min rx interval', 'time'],
  ['min tx interval', 'time'],
  ['idle tx interval', 'time'],
  ['multiplier', 'number'],
  ['passive', 'bool'],
);

/** Of one session, where a protocol asks for it. */
export const bfdRequestOptions = [...bfdTimes, ...rows(['graceful', 'flag'])];

/** Of the sessions of `protocol bfd`. */
export const bfdSessionOptions = [
  ...bfdTimes,
  ...rows(['authentication', 'authentication'], ['password', 'password'], ['passwords', 'passwords']),
];
