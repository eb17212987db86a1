import type { CarriedFamily, FamilyName } from '../../../base/family.ts';
import { addressOf } from '../../../base/ip.ts';
import type { BgpConfig } from '../../../bgp/config.ts';
import type { PeerConfig } from '../../../bgp/peer-config.ts';
import type { PeerFamilyConfig } from '../../../bgp/peer-family-config.ts';
import type { FinishedNeighbor } from './finish.ts';
import type { Reading } from './reading.ts';
import { keepsAnnounced, remembered, resetBy } from './reload.ts';

/** Ports that are open, by the address they are bound to: whoever calls there may be any neighbor with that local address. */
export type OpenPorts = ReadonlyMap<string, readonly number[]>;

export function openPorts(neighbors: readonly FinishedNeighbor[]): OpenPorts {
  const ports = new Map<string, number[]>();
  for (const { bound, settings } of neighbors) {
    const port = Number(settings.get('listen')?.value ?? 0);
    if (port !== 0) ports.set(bound.text, [...(ports.get(bound.text) ?? []), port]);
  }
  return ports;
}

/** Whoever connects to a range, as ExaBGP would have it. */
export function isRange({ peer }: FinishedNeighbor): boolean {
  return peer.length < (peer.family === 4 ? 32 : 128);
}

/** The TTL of ExaBGP's packets where the file sets none: Linux' own. */
const DEFAULT_TTL = 64;
const HOLD = 180;

/** A neighbor as the core sees it: nothing is filtered, nothing looped over, everything received is taken. */
export function peerConfig(
  neighbor: FinishedNeighbor,
  audience: string,
  asn: number,
  ports: OpenPorts,
): PeerConfig {
  const { settings, localAs } = neighbor;
  const value = (name: string) => settings.get(name)?.value ?? null;
  const hold = Number(value('hold-time') ?? HOLD);
  const description = value('description');
  return {
    address: isRange(neighbor) ? null : addressOf(neighbor.peer.family, neighbor.peer.value),
    interface: null,
    remoteAs: neighbor.peerAs,
    localAs: localAs === asn ? null : { asn: localAs, noPrepend: true, replaceAs: true },
    updateSource: neighbor.bound,
    port: Number(value('connect') ?? 0) || 179,
    passive: value('passive') === true,
    listenPorts: ports.get(neighbor.localAddress.text) ?? [],
    routerId: neighbor.routerId,
    audience,
    shutdown: false,
    password: value('md5-password') === null ? null : String(value('md5-password')),
    ebgpMultihop: Number(value('outgoing-ttl') ?? 0) || DEFAULT_TTL,
    ttlSecurityHops: null,
    disableConnectedCheck: true,
    timers: { hold, keepalive: Math.floor(hold / 3), connectRetry: 1 },
    families: families(neighbor),
    ...carriedOf(neighbor),
    ...(neighbor.nextHops.has('ipv4 unicast ipv6') ? { extendedNextHop: true } : {}),
    ...habitsOf(neighbor, hold),
    description: description === null ? null : String(description),
    resetBy: resetBy(neighbor),
    ...remembered(neighbor),
    source: neighbor.source,
  };
}

function is(of: BgpSettings, name: string, value: unknown): boolean {
  return of.get(name)?.value === value;
}

/** What its capabilities change of what ExaBGP does by itself. */
function habitsOf({ capability }: FinishedNeighbor, hold: number): Pick<PeerConfig, 'habits'> {
  const refreshes = is(capability, 'route-refresh', true);
  const short = is(capability, 'extended-message', false);
  const restart = capability.get('graceful-restart')?.value ?? false;
  if (!refreshes && !short && restart === false) return {};
  return {
    habits: {
      ...(refreshes ? { answersRefresh: true } : {}),
      ...(short ? { offersExtendedMessages: false } : {}),
      // 0 and no number at all stand for the hold time; the capability has twelve bits for it.
      ...(restart === false
        ? {}
        : { offersRestart: (Number(restart) || hold) & 0xfff, listsRestartFamilies: true }),
    },
  };
}

const unicast = [
  ['ipv4 unicast', 'ipv4-unicast'],
  ['ipv6 unicast', 'ipv6-unicast'],
] as const;

function families(neighbor: FinishedNeighbor): PeerConfig['families'] {
  const found: Partial<Record<FamilyName, PeerFamilyConfig>> = {};
  const ways = String(neighbor.capability.get('add-path')?.value ?? 'disable');
  for (const [words, family] of unicast) {
    if (!neighbor.families.has(words)) continue;
    const offers = (way: string) => neighbor.addPathFamilies.has(words) && ways.includes(way);
    const addPaths = {
      addPathSend: offers('send') ? 'all' : 'none',
      addPathReceive: offers('receive'),
    } as const;
    found[family] = { ...everything, ...addPaths };
  }
  return found;
}

/** Families that only a speaker looks at. */
const carriedWords: readonly (readonly [string, CarriedFamily])[] = [
  ['ipv4 nlri-mpls', 'ipv4-labelled-unicast'],
  ['ipv6 nlri-mpls', 'ipv6-labelled-unicast'],
  ['ipv4 mpls-vpn', 'l3vpn-ipv4-unicast'],
  ['ipv6 mpls-vpn', 'l3vpn-ipv6-unicast'],
  ['l2vpn evpn', 'l2vpn-evpn'],
  ['ipv4 flow', 'ipv4-flowspec'],
  ['ipv6 flow', 'ipv6-flowspec'],
  ['ipv4 flow-vpn', 'l3vpn-ipv4-flowspec'],
  ['ipv6 flow-vpn', 'l3vpn-ipv6-flowspec'],
];

function carriedOf(neighbor: FinishedNeighbor): Pick<PeerConfig, 'carried'> {
  const found = carriedWords.filter(([words]) => neighbor.families.has(words));
  if (found.length === 0) return {};
  return { carried: Object.fromEntries(found.map(([, family]) => [family, everything])) };
}

const everything: PeerFamilyConfig = {
  importPolicy: [],
  exportPolicy: [],
  nextHopSelf: 'no',
  nextHopUnchanged: false,
  attributeUnchanged: { asPath: false, nextHop: false, med: false },
  routeReflectorClient: false,
  routeServerClient: false,
  allowasIn: Number.MAX_SAFE_INTEGER,
  asOverride: false,
  removePrivateAs: null,
  sendCommunity: { standard: true, extended: true, large: true },
  weight: null,
  maximumPrefix: null,
  defaultOriginate: null,
  addPathSend: 'none',
};

/** Settings that change something the simulation does not show. */
export function peerNotes(neighbor: FinishedNeighbor, ports: OpenPorts, reading: Reading): void {
  const { settings, capability } = neighbor;
  const note = (of: BgpSettings, name: string, effect: string, matters: boolean): void => {
    const setting = of.get(name);
    if (setting) reading.note(setting.source, `${name} ${setting.value ?? 'auto'}`, effect, matters);
  };
  if (is(capability, 'multi-session', true))
    note(capability, 'multi-session', 'one session for each family is not simulated', true);
  if (is(capability, 'asn4', false) && neighbor.localAs > 0xffff)
    note(capability, 'asn4', 'an ASN of four bytes on a session with two is not simulated', true);
  if (!keepsAnnounced(neighbor)) {
    const effect = 'once a session is lost nothing is announced on the next one, until exabgp starts again';
    note(settings, 'adj-rib-out', effect, false);
  }
  if (settings.has('incoming-ttl'))
    note(settings, 'incoming-ttl', 'the TTL of what comes in is not simulated', true);
  if (!is(settings, 'md5-base64', false))
    note(settings, 'md5-base64', 'the password is compared as written', true);
  if (is(settings, 'passive', true) && !ports.has(neighbor.localAddress.text)) {
    const effect =
      'nobody can connect: no neighbor with this local-address has listen, and exabgp.tcp.bind is not read';
    note(settings, 'passive', effect, false);
  }
}

type BgpSettings = FinishedNeighbor['settings'];

/** Ranges that take callers. */
export function listenRanges(
  neighbors: readonly { readonly neighbor: FinishedNeighbor; readonly config: PeerConfig }[],
): BgpConfig['listenRanges'] {
  return neighbors
    .filter(({ neighbor }) => isRange(neighbor))
    .map(({ neighbor, config }) => ({ prefix: neighbor.peer, peer: config, source: neighbor.source }));
}
