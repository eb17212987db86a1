import type { Asn } from '../base/asn.ts';
import type { FamilyName } from '../base/family.ts';
import type { Address, InterfaceAddress, Prefix } from '../base/ip.ts';
import type { Positioned, SourceRange } from '../base/source.ts';
import type { PolicySet } from './policy.ts';

/**
 * The fabric as plain readonly data: what the inventory says, with everything derived (addresses, ASNs, both ends of
 * each session) filled in. Order everywhere is the order of output: hosts by name, the rest as the daemon prints it.
 */
export interface Fabric {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly segments: readonly Segment[];
  readonly sessions: readonly Session[];
}

/** Which program speaks BGP on a host. 'external': not ours, described only; 'none': a plain host without BGP. */
export type DaemonKind = 'quagga' | 'frr' | 'gobgp' | 'bird' | 'exabgp' | 'speaker' | 'external' | 'none';

export interface Host {
  readonly name: string;
  readonly source: SourceRange;
  readonly groups: readonly string[];
  readonly daemon: Daemon;
  readonly interfaces: readonly Interface[];
  readonly statics: readonly StaticRoute[];
  readonly bgp: BgpInstance | null;
  readonly docker: Docker | null;
  /** `net.ipv4.ip_forward` and the like; name → value, sorted. */
  readonly sysctls: readonly (readonly [string, string])[];
  /** The merged variables of the host, for what only a target cares about (raw lines, log switches) and for positions. */
  readonly vars: ReadonlyMap<string, Positioned>;
}

export interface Daemon {
  readonly kind: DaemonKind;
  /** `1.2`, `8.4`, `10`, `3`: chooses the dialect that is written and the profile that is simulated. */
  readonly version: string;
  /** FRR only: one frr.conf ('integrated') or a file per daemon ('separate'). */
  readonly layout: 'integrated' | 'separate';
  /** FRR only: `frr defaults`. */
  readonly defaults: 'traditional' | 'datacenter';
}

export interface Interface {
  readonly name: string;
  readonly addresses: readonly InterfaceAddress[];
  /** The segment it is attached to; null for `lo`, docker0 and whatever has no neighbour. */
  readonly segment: string | null;
  readonly mtu: number | null;
  readonly description: string | null;
  readonly source: SourceRange;
}

/** One broadcast domain: every interface that shares a network, or that names the same segment. */
export interface Segment {
  readonly name: string;
  readonly networks: readonly Prefix[];
  readonly members: readonly { readonly host: string; readonly interface: string }[];
}

export interface StaticRoute {
  readonly prefix: Prefix;
  readonly via: Address | null;
  readonly interface: string | null;
  readonly blackhole: boolean;
  readonly distance: number | null;
  readonly tag: number | null;
  readonly source: SourceRange;
}

export interface Timers {
  /** Seconds. */
  readonly keepalive: number;
  readonly hold: number;
  readonly connectRetry: number;
}

export interface BgpInstance {
  readonly asn: Asn;
  readonly routerId: Address;
  readonly clusterId: Address | null;
  readonly timers: Timers;
  readonly families: readonly FamilyName[];
  readonly networks: readonly Network[];
  readonly redistribute: readonly Redistribution[];
  readonly aggregates: readonly Aggregate[];
  readonly bestpath: BestpathOptions;
  readonly maximumPaths: { readonly ebgp: number; readonly ibgp: number };
  readonly importCheck: boolean;
  readonly ebgpRequiresPolicy: boolean;
  readonly defaultLocalPreference: number;
  readonly listenLimit: number;
  readonly peerGroups: readonly PeerGroup[];
  readonly listenRanges: readonly ListenRange[];
  readonly neighbors: readonly Neighbor[];
  readonly policies: PolicySet;
  readonly source: SourceRange;
}

/** A prefix the host announces on purpose, and why: the always-on checks compare the simulated tables with this. */
export interface Network {
  readonly prefix: Prefix;
  readonly routeMap: string | null;
  readonly reason: 'network' | 'bip';
  readonly source: SourceRange;
}

export type RedistributionSource = 'connected' | 'static' | 'kernel';

export interface Redistribution {
  readonly from: RedistributionSource;
  readonly metric: number | null;
  readonly routeMap: string | null;
  readonly source: SourceRange;
}

export interface Aggregate {
  readonly prefix: Prefix;
  readonly summaryOnly: boolean;
  readonly asSet: boolean;
  readonly source: SourceRange;
}

export interface BestpathOptions {
  readonly asPathMultipathRelax: boolean;
  readonly asPathIgnore: boolean;
  readonly compareRouterId: boolean;
  readonly alwaysCompareMed: boolean;
  readonly deterministicMed: boolean;
  readonly medMissingAsWorst: boolean;
}

/** What a neighbor, a peer group and a listen range have in common; complete, so that templates only print. */
export interface PeerOptions {
  readonly description: string | null;
  readonly families: readonly FamilyName[];
  readonly password: string | null;
  readonly timers: Timers | null;
  readonly passive: boolean;
  readonly shutdown: boolean;
  /** An address of the host or an interface name. */
  readonly updateSource: string | null;
  /** TTL, or null for the default of the session type. */
  readonly ebgpMultihop: number | null;
  readonly ttlSecurityHops: number | null;
  readonly disableConnectedCheck: boolean;
  readonly routeMapIn: string | null;
  readonly routeMapOut: string | null;
  readonly prefixListIn: string | null;
  readonly prefixListOut: string | null;
  readonly asPathListIn: string | null;
  readonly asPathListOut: string | null;
  readonly nextHopSelf: 'no' | 'yes' | 'force';
  readonly routeReflectorClient: boolean;
  readonly sendCommunity: boolean;
  readonly allowasIn: number | null;
  readonly asOverride: boolean;
  readonly removePrivateAs: 'no' | 'plain' | 'all' | 'all replace-AS';
  readonly localAs: { readonly asn: Asn; readonly noPrepend: boolean; readonly replaceAs: boolean } | null;
  readonly weight: number | null;
  readonly maximumPrefix: number | null;
  readonly defaultOriginate: boolean;
  readonly softReconfigurationInbound: boolean;
}

export interface PeerGroup extends PeerOptions {
  readonly name: string;
  readonly remoteAs: Asn | null;
  readonly source: SourceRange;
}

/** Accepts sessions from any address in `prefix` (`bgp listen range`, GoBGP's dynamic neighbors). */
export interface ListenRange {
  readonly prefix: Prefix;
  readonly peerGroup: string;
  readonly source: SourceRange;
}

export interface Neighbor extends PeerOptions {
  readonly address: Address;
  readonly remoteAs: Asn;
  /** Options that are the same as the group's are not printed again by targets that have groups. */
  readonly peerGroup: string | null;
  /** The host at the other end, where it is in the inventory. */
  readonly remoteHost: string | null;
  /** The address this end speaks from, derived from the shared segment or from update-source; null: unknown. */
  readonly localAddress: Address | null;
  /** The entry of `bgp_neighbors` that made it. */
  readonly source: SourceRange;
}

/** Verdict on one session seen from both ends; 'ok' only where both ends want the same session. */
export type SessionVerdict =
  | 'ok'
  | 'half-open'
  | 'unknown-remote'
  | 'several-remotes'
  | 'no-local-address'
  | 'asn-mismatch'
  | 'both-passive'
  | 'password-mismatch'
  | 'family-mismatch'
  | 'timers';

export interface SessionEnd {
  readonly host: string;
  /** null: this end accepts the session through a listen range, or is not ours to describe. */
  readonly neighbor: Neighbor | null;
  readonly address: Address | null;
}

export interface Session {
  readonly a: SessionEnd;
  readonly b: SessionEnd | null;
  readonly type: 'ibgp' | 'ebgp';
  readonly families: readonly FamilyName[];
  readonly verdict: SessionVerdict;
}

/** daemon.json as the inventory wants it; `null` leaves the key out. */
export interface Docker {
  /** `20.10`, `28`: gates the keys. */
  readonly version: string;
  readonly bip: InterfaceAddress | null;
  readonly bip6: InterfaceAddress | null;
  readonly fixedCidr: Prefix | null;
  readonly fixedCidrV6: Prefix | null;
  readonly ipMasq: boolean;
  readonly ipForward: boolean;
  readonly iptables: boolean | null;
  readonly ip6tables: boolean | null;
  readonly ipv6: boolean | null;
  readonly mtu: number | null;
  readonly liveRestore: boolean | null;
  readonly defaultAddressPools: readonly { readonly base: Prefix; readonly size: number }[];
  /** Free keys (`docker_options`), checked against the keys the daemon of that version knows. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly source: SourceRange;
}
