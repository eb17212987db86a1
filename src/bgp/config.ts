import type { Asn } from '../base/asn.ts';
import type { FamilyName } from '../base/family.ts';
import type { Address, InterfaceAddress, IpFamily, Prefix } from '../base/ip.ts';
import type { SourceRange } from '../base/source.ts';
import type { Dampening } from './dampening.ts';
import type { AggregateConfig, Origination } from './origination-config.ts';
import type { PeerConfig } from './peer-config.ts';
import type { Policy } from './policy/types.ts';
import type { RouterProfile } from './profile.ts';
import type { TableConfig } from './table-config.ts';

/**
 * One router, daemon-neutral: what a target's reader makes of the files, and all that the router core knows. Complete: every
 * default the daemon would apply is filled in by the reader, so that nothing below it asks which daemon this is (rule 3).
 */
export interface RouterConfig {
  readonly name: string;
  /** Decision steps, quirks and capabilities of the daemon and version. */
  readonly profile: RouterProfile;
  /** null: zebra and statics only, no BGP. */
  readonly bgp: BgpConfig | null;
  /** Addresses the files themselves configure (zebra.conf), beside those of the topology. */
  readonly interfaces: readonly {
    readonly name: string;
    readonly addresses: readonly InterfaceAddress[];
    readonly shutdown: boolean;
    readonly source?: SourceRange;
  }[];
  readonly statics: readonly StaticRouteConfig[];
  /** Are BGP routes installed in the kernel? GoBGP without zebra does not. */
  readonly installsRoutes: boolean;
  /** May a next hop resolve through the default route (`ip nht resolve-via-default`)? */
  readonly resolveViaDefault: Readonly<Record<4 | 6, boolean>>;
  /** `ip protocol bgp route-map NAME`: what IPv4 routes reach the kernel, and with which source address. */
  readonly kernelPolicy: Policy | null;
  /** The same of IPv6 routes (`ipv6 protocol bgp route-map NAME`). */
  readonly kernelPolicy6?: Policy | null;
  /** One table over all protocols (BIRD); absent: BGP has a table of its own. */
  readonly table?: TableConfig;
  /** Who watches over neighbours by BFD for those who ask (BIRD's `protocol bfd`); absent: nobody. */
  readonly bfd?: readonly BfdConfig[];
}

/** RFC 5880, 5881, 5883: which sessions an instance takes, and those it has without being asked. */
export interface BfdConfig {
  readonly families: readonly IpFamily[];
  readonly direct: boolean;
  readonly multihop: boolean;
  readonly neighbors: readonly { readonly address: Address; readonly multihop: boolean }[];
}

/** What stands between the daemon and the kernel for routes of one family. */
export function kernelPolicyOf(
  { kernelPolicy, kernelPolicy6 }: Pick<RouterConfig, 'kernelPolicy' | 'kernelPolicy6'>,
  family: 4 | 6,
): Policy | null {
  return family === 4 ? kernelPolicy : (kernelPolicy6 ?? null);
}

export interface StaticRouteConfig {
  readonly prefix: Prefix;
  readonly via: Address | null;
  readonly interface: string | null;
  readonly blackhole: boolean;
  readonly distance: number;
  /** Kernel routes only: the metric the kernel shows, which redistribution makes the MED; absent: 0. */
  readonly metric?: number;
  /** Kernel routes only: who put it there, by its number (rtnetlink's RTPROT_*); absent: `ip route` does not say, and boot (3) stands there. */
  readonly protocol?: number;
  readonly tag: number;
  /** The source address of packets that the host itself sends over it (`ip route add ... src`). */
  readonly preferredSource?: Address;
  readonly source: SourceRange | null;
}

export interface BgpConfig {
  readonly asn: Asn;
  /** null: derived as the daemon does (highest loopback address, else highest interface address). */
  readonly routerId: Address | null;
  /** The line that gives it; absent: none, or not known. */
  readonly routerIdLine?: { readonly source: SourceRange };
  readonly clusterId: Address | null;
  readonly confederation: { readonly identifier: Asn; readonly members: readonly Asn[] } | null;
  readonly decision: DecisionOptions;
  /** What the files say of policies: a daemon that notices another text there judges again what it received (GoBGP, whose commands change policies as well). */
  readonly policyText?: string;
  /** Per family: how many paths may be installed together. */
  readonly maximumPaths: Readonly<Record<FamilyName, { readonly ebgp: number; readonly ibgp: number }>>;
  readonly defaultLocalPreference: number;
  readonly ebgpRequiresPolicy: boolean;
  readonly importCheck: boolean;
  readonly suppressFibPending: boolean;
  /** Of paths used together the kernel gets those with a link bandwidth alone, where one has it (FRR `bgp bestpath bandwidth skip-missing`). */
  readonly skipsPathsWithoutBandwidth?: boolean;
  readonly gracefulShutdown: boolean;
  readonly rejectAsSets: boolean;
  readonly enforceFirstAs: boolean;
  readonly distance: AdminDistance;
  /** Where a family has distances of its own (FRR: `distance bgp` belongs to the family). */
  readonly distanceByFamily?: Readonly<Partial<Record<FamilyName, AdminDistance>>>;
  /** Distances by whom a route came from; the longest network that holds the neighbour speaks. */
  readonly distanceRules?: readonly DistanceRule[];
  /** What each path has to pass on its way to the kernel, by family; a MED it sets is the metric of the route there (FRR `table-map`). */
  readonly tablePolicies?: Readonly<Partial<Record<FamilyName, Policy>>>;
  /** Prefixes whose learned routes have the distance of local ones (FRR `network P backdoor`). */
  readonly backdoors?: readonly string[];
  /** Reflection from client to client is switched off. */
  readonly noClientToClient?: boolean;
  /** Outbound policy may change what is reflected (FRR `bgp route-reflector allow-outbound-policy`). */
  readonly allowsOutboundPolicy?: boolean;
  /** The MED every route is sent with (FRR `bgp max-med administrative`); absent or null: its own. */
  readonly maxMed?: number | null;
  /** Communities and large communities that tables show by a name (FRR `bgp community alias`). */
  readonly communityNames?: Readonly<Record<string, string>>;
  /** It knows the addresses of its host while it reads these files, and refuses a neighbor that is one of them (FRR, through vtysh). */
  readonly refusesOwnNeighbors?: boolean;
  readonly listenLimit: number;
  /** Milliseconds between a new session and what is first said on it (FRR `coalesce-time`); absent: as the profile has it. */
  readonly firstAnnouncementAfter?: number;
  /** The shortest hold time, in seconds, that is taken from a peer (FRR `bgp minimum-holdtime`); absent: 3, or none. */
  readonly minimumHold?: number;
  /** Seconds between two looks at the conditions of `advertise-map`; absent: they count as soon as they change. */
  readonly conditionsEvery?: number;
  /** Paths of external peers that flap are suppressed, by family (`bgp dampening`). */
  readonly dampening?: Readonly<Partial<Record<FamilyName, Dampening>>>;
  readonly listenRanges: readonly {
    readonly prefix: Prefix;
    readonly peer: PeerConfig;
    readonly source: SourceRange | null;
  }[];
  /** Families whose lines are written otherwise than the daemon writes them: whoever compares the two activates neighbors for them anew (`frr-reload.py`). */
  readonly activationsSaidAnew?: readonly FamilyName[];
  /** Families that a neighbor has without a line of its own (FRR `bgp default ipv6-unicast`); absent: IPv4. */
  readonly defaultFamilies?: readonly FamilyName[];
  readonly peers: readonly PeerConfig[];
  readonly originations: readonly Origination[];
  readonly aggregates: readonly AggregateConfig[];
  readonly source: SourceRange | null;
}

export interface AdminDistance {
  readonly ebgp: number;
  readonly ibgp: number;
  readonly local: number;
}

/** FRR `distance N NETWORK [ACCESS-LIST]`. */
export interface DistanceRule {
  readonly family: FamilyName;
  readonly neighbors: Prefix;
  /** The prefixes it is for; null: all. */
  readonly routes: Policy | null;
  readonly distance: number;
}

export interface DecisionOptions {
  readonly alwaysCompareMed: boolean;
  readonly deterministicMed: boolean;
  readonly medMissingAsWorst: boolean;
  /** What stands for a missing MED; absent: 0 (BIRD `default bgp_med`). */
  readonly defaultMed?: number;
  readonly medConfed: boolean;
  readonly asPathIgnore: boolean;
  readonly asPathConfed: boolean;
  readonly asPathMultipathRelax: boolean;
  /** What is told of paths used together is made of all of them (FRR `multipath-relax as-set`). */
  readonly mergesMultipath?: boolean;
  readonly compareRouterId: boolean;
  readonly peerTypeMultipathRelax: boolean;
  /** RFC 7311 4.1, where it has to be switched on (FRR `bgp bestpath aigp`). */
  readonly aigp?: boolean;
  /** CLUSTER_LIST length counts like the IGP metric among iBGP paths (FRR `maximum-paths ibgp N equal-cluster-length`). */
  readonly equalClusterLength?: boolean;
  /** Sessions differ in what follows: each pair of paths goes by those the two came over (`PeerFamilyConfig.decision`). */
  readonly bySession?: boolean;
}
