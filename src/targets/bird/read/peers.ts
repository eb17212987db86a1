import type { FamilyName } from '../../../base/family.ts';
import { addressOf, isLinkLocal } from '../../../base/ip.ts';
import type { BgpRole, PeerConfig } from '../../../bgp/peer-config.ts';
import type { NextHopSources, PeerFamilyConfig } from '../../../bgp/peer-family-config.ts';
import type { PolicyChain } from '../../../bgp/policy/types.ts';
import type { SessionHabits } from '../../../bgp/session-habits.ts';
import { carriedChannels } from './carried-channels.ts';
import { sessionDecision } from './decision-options.ts';
import type { ChannelDraft, ProtocolDraft } from './draft.ts';
import { rejectAll } from './filters.ts';
import { limitsOf } from './limits.ts';
import type { Reading } from './reading.ts';
import { isRefused } from './refused.ts';
import { resetBy } from './reset-by.ts';
import { inTable, nextHopTables } from './tables.ts';
import { addressOption, flag, numberOf, textOf } from './values.ts';

/** What all sessions of a router share. */
export interface PeerContext {
  /** The AS of most sessions. */
  readonly asn: number;
  readonly sessions: readonly ProtocolDraft[];
  /** Do sessions differ in what the decision makes of their paths? */
  readonly bySession: boolean;
  /** Tables that keep all routes of a network in order. */
  readonly sortedTables: ReadonlySet<string>;
  readonly reading: Reading;
}

/** `multihop` without a number, and what BIRD takes for iBGP. */
const MULTIHOP = 64;

/** The session as BIRD would run it (proto/bgp/bgp.c `bgp_postconfig`); null where BIRD refuses it. */
export function peerOf(draft: ProtocolDraft, context: PeerContext): PeerConfig | null {
  const localAs = numberOf(draft, 'local as') ?? 0;
  const type = textOf(draft, 'neighbor type');
  const remoteAs = numberOf(draft, 'neighbor as') ?? (type === 'internal' ? localAs : 0);
  const internal = localAs === remoteAs;
  const multihop = multihopOf(draft, internal);
  if (isRefused(draft, context, { localAs, remoteAs, internal, multihop, type })) return null;
  const address = draft.neighbor?.address ?? null;
  const external = remoteAs === 0;
  const routerId = numberOf(draft, 'router id');
  const extended = draft.channels.get('ipv4');
  noteMapped(draft, context);
  return {
    address,
    interface: address && isLinkLocal(address) ? draft.interface : null,
    remoteAs: external ? 'external' : remoteAs,
    localAs: localAs === context.asn ? null : { asn: localAs, noPrepend: true, replaceAs: true },
    ...localOf(draft),
    port: numberOf(draft, 'neighbor port') ?? 179,
    passive: flag(draft, 'passive') || draft.neighbor?.range !== null,
    shutdown: flag(draft, 'disabled'),
    password: textOf(draft, 'password'),
    ebgpMultihop: internal || multihop === 0 ? null : multihop,
    ttlSecurityHops: flag(draft, 'ttl security') && !internal ? multihop || 1 : null,
    disableConnectedCheck: false,
    timers: {
      keepalive: numberOf(draft, 'keepalive time') ?? Math.floor((numberOf(draft, 'hold time') ?? 240) / 3),
      hold: numberOf(draft, 'hold time') ?? 240,
      connectRetry: numberOf(draft, 'connect retry time') ?? 120,
    },
    families: familiesOf(draft, internal, multihop, context.bySession),
    ...carriedOf(draft, internal, multihop),
    ...habitsOf(draft),
    enforceFirstAs: flag(draft, 'enforce first as'),
    ...roleOf(draft),
    ...(routerId === null ? {} : { routerId: addressOf(4, BigInt(routerId)) }),
    singleHop: multihop === 0,
    ...(extended && flag(extended, 'extended next hop') ? { extendedNextHop: true } : {}),
    description: textOf(draft, 'description'),
    protocol: draft.name,
    resetBy: resetBy(draft),
    source: draft.source,
  };
}

/** A call to another address than the own one of the session belongs to none (proto/bgp/bgp.c `bgp_find_proto`). */
function localOf(draft: ProtocolDraft): Pick<PeerConfig, 'updateSource' | 'listenPorts' | 'callsToOwnOnly'> {
  const updateSource = addressOption(draft, 'source address');
  const port = numberOf(draft, 'local port');
  return {
    updateSource,
    ...(updateSource ? { callsToOwnOnly: true } : {}),
    ...(port === null ? {} : { listenPorts: [port] }),
  };
}

/** Timers are drawn from the last quarter of what is configured (proto/bgp/bgp.c `bgp_start_timer`). */
const DRAWN = 7 / 8;

/** Seconds: `error wait time` where none is given. */
const ERROR_WAIT = 60;

/** What the session does otherwise than BIRD does by itself: delays, and graceful restart as a whole or in a channel. */
function habitsOf(draft: ProtocolDraft): Pick<PeerConfig, 'habits'> {
  const delay = numberOf(draft, 'connect delay time');
  const pause = numberOf(draft, 'error wait time');
  const time = numberOf(draft, 'graceful restart time');
  const able = [draft, ...draft.channels.values()].some((one) => flag(one, 'graceful restart'));
  const off = !flag(draft, 'graceful restart', true);
  const habits: Partial<SessionHabits> = {
    ...(delay === null ? {} : { dialsAfter: delay }),
    ...(pause === null ? {} : { pauseAfterError: pause * DRAWN }),
    ...(able ? { offersRestart: time ?? 120, listsRestartFamilies: true } : {}),
    ...(off ? { helpsRestart: 'none' } : {}),
    ...longLivedOf(draft, off, time ?? 120),
    // Only where all of it is kept: the session is one for all channels.
    ...([...draft.channels.values()].every((one) => flag(one, 'import table'))
      ? { rereadsByRefresh: false }
      : {}),
    ...watchedBy(draft),
    ...(flag(draft, 'enable extended messages') ? { offersExtendedMessages: true } : {}),
  };
  return Object.keys(habits).length === 0 ? {} : { habits };
}

/** Aware of it by default, as of graceful restart; where it lists families the time to wait for the restart comes with them. */
function longLivedOf(draft: ProtocolDraft, off: boolean, restartTime: number): Partial<SessionHabits> {
  const option = 'long lived graceful restart';
  if (off || !flag(draft, option, true)) return { knowsLongLived: false, helpsLongLived: 0 };
  const listed = [...draft.channels.values()].filter((one) => flag(one, option, flag(draft, option)));
  if (listed.length === 0) return {};
  const times = listed.map((one) => numberOf(one, 'long lived stale time'));
  const time = numberOf(draft, 'long lived stale time') ?? LONG_LIVED_STALE_TIME;
  const longest = Math.max(...times.map((own) => own ?? time));
  return { offersRestart: restartTime, offersLongLived: true, offersLongLivedFor: longest };
}

const LONG_LIVED_STALE_TIME = 3600;

function watchedBy(draft: ProtocolDraft): Pick<SessionHabits, 'watchedByBfd'> {
  if (textOf(draft, 'bfd') === 'graceful') return { watchedByBfd: 'keeps' };
  return flag(draft, 'bfd') ? { watchedByBfd: 'stops' } : {};
}

const roles: Readonly<Record<string, BgpRole>> = {
  peer: 'peer',
  provider: 'provider',
  customer: 'customer',
  rs_server: 'rs-server',
  rs_client: 'rs-client',
};

/** RFC 9234 */
function roleOf(draft: ProtocolDraft): Pick<PeerConfig, 'localRole'> {
  const role = roles[textOf(draft, 'local role') ?? ''];
  return role ? { localRole: { role, strict: flag(draft, 'require roles') } } : {};
}

/** 0: directly connected. */
function multihopOf(draft: ProtocolDraft, internal: boolean): number {
  const direct = draft.options.get('direct');
  const multihop = draft.options.get('multihop');
  if (!direct && !multihop) return internal ? MULTIHOP : 0;
  if (!multihop) return 0;
  const hops = numberOf(draft, 'multihop') ?? 0;
  return hops < 0 ? MULTIHOP : hops;
}

const familyNames: Readonly<Record<string, FamilyName>> = { ipv4: 'ipv4-unicast', ipv6: 'ipv6-unicast' };

function familiesOf(
  draft: ProtocolDraft,
  internal: boolean,
  multihop: number,
  bySession: boolean,
): PeerConfig['families'] {
  const interior = internal || flag(draft, 'confederation member');
  const decision = bySession ? { decision: sessionDecision(draft) } : {};
  return Object.fromEntries(
    [...draft.channels].flatMap(([afi, channel]) => {
      const family = familyNames[afi];
      return family ? [[family, { ...familyOf(draft, channel, interior, multihop), ...decision }]] : [];
    }),
  );
}

function carriedOf(draft: ProtocolDraft, internal: boolean, multihop: number): Pick<PeerConfig, 'carried'> {
  const interior = internal || flag(draft, 'confederation member');
  const found = [...draft.channels].flatMap(([afi, channel]) => {
    const family = carriedChannels[afi];
    return family ? [[family, familyOf(draft, channel, interior, multihop)] as const] : [];
  });
  return found.length === 0 ? {} : { carried: Object.fromEntries(found) };
}

function familyOf(
  draft: ProtocolDraft,
  channel: ChannelDraft,
  interior: boolean,
  multihop: number,
): PeerFamilyConfig {
  const client = flag(draft, 'rr client');
  const keep = client ? 'ibgp' : flag(draft, 'rs client') ? 'all' : 'none';
  const clusterId = numberOf(draft, 'rr cluster id');
  const gateway = flag(channel, 'gateway recursive')
    ? 'recursive'
    : flag(channel, 'gateway direct')
      ? 'direct'
      : multihop > 0
        ? 'recursive'
        : 'direct';
  return {
    importPolicy: channel.importPolicy ?? [],
    exportPolicy: channel.exportPolicy ?? defaultExport(interior, channel),
    nextHopSelf: 'no',
    nextHopUnchanged: false,
    attributeUnchanged: { asPath: false, nextHop: false, med: false },
    routeReflectorClient: client,
    routeServerClient: flag(draft, 'rs client'),
    ...(flag(channel, 'secondary') ? { secondaryRoute: true } : {}),
    allowasIn: allowed(draft),
    asOverride: false,
    removePrivateAs: null,
    sendCommunity: { standard: true, extended: true, large: true },
    weight: numberOf(channel, 'preference') ?? 100,
    ...limitsOf(channel, (numberOf(draft, 'error wait time') ?? ERROR_WAIT) * DRAWN),
    defaultOriginate: null,
    ...severalPaths(channel),
    gateway,
    cost: numberOf(channel, 'cost') ?? 0,
    nextHopSelfFrom: sources(channel, 'next hop self', 'none'),
    nextHopKeepFrom: sources(channel, 'next hop keep', keep),
    ...(channel.options.has('aigp') ? { aigp: flag(channel, 'aigp') } : {}),
    ...(flag(channel, 'aigp originate') ? { aigp: true, originatesAigp: true } : {}),
    nextHopAddress: addressOption(channel, 'next hop address'),
    ...inTable(channel),
    ...nextHopTables(channel),
    ignoresWellKnownCommunities: !flag(draft, 'interpret communities', true),
    allowsLocalPref: flag(draft, 'allow bgp_local_pref'),
    ...(client && clusterId ? { clusterId } : {}),
  };
}

/** iBGP exports nothing unless told to. */
function defaultExport(interior: boolean, channel: ChannelDraft): PolicyChain {
  return interior ? [rejectAll('export none', channel.source)] : [];
}

/** RFC 7911: `add paths` alone is both directions. */
function severalPaths(channel: ChannelDraft): Pick<PeerFamilyConfig, 'addPathSend' | 'addPathReceive'> {
  const { value = false } = channel.options.get('add paths') ?? {};
  return {
    addPathSend: value === true || value === 'tx' ? 'all' : 'none',
    ...(value === true || value === 'rx' ? { addPathReceive: true } : {}),
  };
}

/**
 * An IPv6 channel that takes IPv4 next hops: from an interface without an IPv6 address BIRD names `::ffff:a.b.c.d`, takes such a next hop as a neighbor
 * of the IPv4 network, prefers and passes on the route, and the kernel refuses it.
 */
function noteMapped({ neighbor, channels }: ProtocolDraft, { reading }: PeerContext): void {
  const option = channels.get('ipv6')?.options.get('extended next hop');
  if (option?.value !== true || neighbor?.address?.family !== 4) return;
  const effect = 'IPv4 next hops of IPv6 routes are not simulated';
  reading.note(option.source, 'extended next hop', effect, true);
}

/** `allow local as` without a number: as often as it likes. */
function allowed(draft: ProtocolDraft): number {
  const count = numberOf(draft, 'allow local as') ?? 0;
  return count < 0 ? Number.MAX_SAFE_INTEGER : count;
}

function sources(channel: ChannelDraft, name: string, byDefault: NextHopSources): NextHopSources {
  const { value } = channel.options.get(name) ?? {};
  if (value === 'ibgp' || value === 'ebgp') return value;
  return value === undefined ? byDefault : value === true ? 'all' : 'none';
}
