import type { Asn } from '../base/asn.ts';
import type { CarriedFamily, FamilyName } from '../base/family.ts';
import type { Address, InterfaceAddress, IpFamily, Prefix } from '../base/ip.ts';
import type { SourceRange } from '../base/source.ts';
import type { Origin, Policy, PolicyChain } from './policy/types.ts';
import type { RouterProfile } from './profile.ts';
import type { SessionHabits } from './session-habits.ts';

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

/** What other protocols put into the table that BGP announces from, and what of the table reaches the kernel. */
export interface TableConfig {
  readonly protocols: readonly TableProtocol[];
  /** Per family; absent: nothing is installed. */
  readonly kernel: Readonly<Partial<Record<FamilyName, KernelExport>>>;
  /** What it installed stays in the kernel when it stops (BIRD `persist`). */
  readonly persists?: boolean;
  /** Tables beside that of the family, with routes of their own; absent: none. */
  readonly beside?: readonly { readonly name: string; readonly family: FamilyName }[];
  /** What leads from table to table: one way from each to each at most. */
  readonly pipes?: readonly TablePipe[];
}

/** Copies every route of a table into another, best or not, where the policy of the direction accepts it (BIRD's `protocol pipe`). */
export interface TablePipe {
  readonly family: FamilyName;
  readonly ends: readonly [PipeEnd, PipeEnd];
}

export interface PipeEnd {
  /** null: that of the family. */
  readonly table: string | null;
  /** What the other end's routes have to pass on their way into it; null: none does. */
  readonly policy: PolicyChain | null;
}

export interface KernelExport {
  /** The protocol instance: what it learned itself it does not install. */
  readonly protocol: string;
  /** The table it exports; absent: that of the family. */
  readonly table?: string;
  readonly policy: PolicyChain;
  /** How many next hops of equal paths are installed together, the lowest ones; 1: the best path alone. */
  readonly mergePaths: number;
}

/** A protocol instance beside BGP: networks of the interfaces, routes of the configuration, routes learned from the kernel. */
export interface TableProtocol {
  readonly name: string;
  readonly family: FamilyName;
  readonly kind: 'connected' | 'static' | 'kernel';
  /** Where its routes go; absent: into the table of the family. */
  readonly table?: string;
  /** Larger wins among all routes for a prefix. */
  readonly preference: number;
  readonly policy: PolicyChain;
  /** 'connected': the first pattern that fits an interface says whether it counts; none at all: every interface. */
  readonly interfaces: readonly InterfacePattern[];
  readonly routes: readonly TableRoute[];
  /** Interfaces without a carrier do not count (BIRD's `check link`). */
  readonly checkLink?: true;
}

export interface InterfacePattern {
  readonly positive: boolean;
  /** Shell-like, for the name; null: any. */
  readonly name: string | null;
  /** The address on the interface lies in it; null: any. */
  readonly prefix: Prefix | null;
}

export interface TableRoute {
  readonly prefix: Prefix;
  readonly kind: 'unicast' | 'recursive' | 'blackhole' | 'unreachable' | 'prohibit';
  readonly hops: readonly {
    readonly via: Address | null;
    readonly interface: string | null;
    readonly onlink: boolean;
    /** It counts only while BFD says that the neighbour is there. */
    readonly bfd?: true;
    /** The heaviest stands for the route; absent: 1. */
    readonly weight?: number;
  }[];
  /** Attributes that stand beside the route; they reject nothing. */
  readonly attributes: Policy | null;
  readonly source: SourceRange;
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
  readonly listenLimit: number;
  /** Milliseconds between a new session and what is first said on it (FRR `coalesce-time`); absent: as the profile has it. */
  readonly firstAnnouncementAfter?: number;
  /** The shortest hold time, in seconds, that is taken from a peer (FRR `bgp minimum-holdtime`); absent: 3, or none. */
  readonly minimumHold?: number;
  /** Seconds between two looks at the conditions of `advertise-map`; absent: they count as soon as they change. */
  readonly conditionsEvery?: number;
  readonly listenRanges: readonly {
    readonly prefix: Prefix;
    readonly peer: PeerConfig;
    readonly source: SourceRange | null;
  }[];
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

/** What the decision makes of the paths of one session, where sessions differ in it (BIRD's options of a protocol). */
export interface SessionDecision {
  readonly pathMetric: boolean;
  readonly medMetric: boolean;
  readonly igpMetric: boolean;
  readonly deterministicMed: boolean;
  readonly preferOlder: boolean;
  readonly defaultMed: number;
  readonly defaultLocalPref: number;
}

/** Where a local route comes from; all of them are paths without a peer. */
export type Origination =
  | {
      readonly kind: 'network';
      readonly family: FamilyName;
      readonly prefix: Prefix;
      readonly policy: Policy | null;
      readonly source: SourceRange | null;
    }
  | {
      readonly kind: 'redistribute';
      readonly family: FamilyName;
      readonly from: 'connected' | 'static' | 'kernel';
      readonly metric: number | null;
      readonly policy: Policy | null;
      readonly source: SourceRange | null;
    }
  /** Given attribute by attribute (`gobgp global rib add`, ExaBGP's announce). */
  | {
      readonly kind: 'announce';
      /** What it has to pass first: GoBGP's import policy. */
      readonly policies?: PolicyChain;
      readonly family: FamilyName;
      readonly prefix: Prefix;
      readonly attributes: AnnouncedAttributes;
      /** Goes to the peers of this audience alone, with exactly these attributes (ExaBGP). */
      readonly onlyTo?: string;
      /** Its path identifier, where the peer takes several paths for one prefix (RFC 7911). */
      readonly pathId?: number;
      /** It stands in earlier files alone, and is announced still. */
      readonly fromBefore?: true;
      /** It goes out with others of the same attributes (ExaBGP). */
      readonly group?: string;
      /** It stands in the files and is not announced: before the session, or the files, are others. */
      readonly unsaid?: 'session' | 'files';
      readonly source: SourceRange | null;
    };

export type Announcement = Origination & { readonly kind: 'announce' };

export interface AnnouncedAttributes {
  readonly origin: 0 | 1 | 2;
  readonly nextHop: Address | null;
  readonly asPath: readonly Asn[];
  readonly med: number | null;
  readonly localPref: number | null;
  /** Communities stay as they are given (GoBGP); absent: sorted, each once. */
  readonly inOrder?: boolean;
  readonly aigp?: number | null;
  readonly communities: readonly string[];
  readonly largeCommunities: readonly string[];
  /** 16 hexadecimal digits each. */
  readonly extendedCommunities?: readonly string[];
  /** An AS_SET behind `asPath`. */
  readonly asSet?: readonly Asn[];
  readonly originatorId?: Address | null;
  readonly clusterList?: readonly Address[];
  readonly atomicAggregate?: boolean;
  readonly aggregator?: { readonly asn: Asn; readonly routerId: Address } | null;
}

export interface AggregateConfig {
  readonly family: FamilyName;
  readonly prefix: Prefix;
  readonly summaryOnly: boolean;
  readonly asSet: boolean;
  readonly policy: Policy | null;
  /** Instead of the worst of what it sums up. */
  readonly origin?: Origin | null;
  /** More-specific prefixes that are kept back beside the aggregate (FRR `suppress-map`); `summaryOnly` keeps back all. */
  readonly suppressPolicy?: Policy | null;
  /** Only while all that it sums up have the same MED (FRR `matching-MED-only`). */
  readonly sameMedOnly?: boolean;
  readonly source: SourceRange | null;
}

/** RFC 9234 section 4.1. */
export type BgpRole = 'provider' | 'rs-server' | 'rs-client' | 'customer' | 'peer';

export interface PeerConfig {
  /** null: found by interface (unnumbered) or, in a listen range, by who connects. */
  readonly address: Address | null;
  readonly interface: string | null;
  readonly remoteAs: Asn | 'internal' | 'external' | 'any';
  readonly localAs: LocalAs | null;
  /** Where this end must speak from; null: the address of the interface towards the peer. */
  readonly updateSource: Address | { readonly interface: string } | null;
  readonly port: number;
  readonly passive: boolean;
  /** Offers IPv6 next hops for IPv4 routes (RFC 8950) on a session between addresses; unnumbered ones always have them. */
  readonly extendedNextHop?: boolean;
  /** Ports on which this end takes the peer's connections; absent: 179. ExaBGP listens only where it is told to. */
  readonly listenPorts?: readonly number[];
  /** The address as the file writes it, where the daemon knows the session by that and not by the address itself (GoBGP). */
  readonly writtenAs?: string;
  /** BGP identifier on this session, where it is not the router's (ExaBGP gives one to each neighbor). */
  readonly routerId?: Address;
  /** Announcements with this `onlyTo` are for this peer. */
  readonly audience?: string;
  /** The name by which its announcements outlive new files that reset the session (ExaBGP), or are lost with the session; absent: they go with the files. */
  readonly announcesFromBefore?: { readonly name: string; readonly kept: boolean };
  readonly shutdown: boolean;
  /** It is shut down with all neighbors (FRR `bgp shutdown`). */
  readonly shutdownWithAll?: boolean;
  readonly password: string | null;
  /** TTL for eBGP sessions over more than one hop; null: 1 (directly connected). */
  readonly ebgpMultihop: number | null;
  readonly ttlSecurityHops: number | null;
  readonly disableConnectedCheck: boolean;
  /** In an update group of its own: nothing goes back to where it came from (FRR `solo`). */
  readonly solo?: boolean;
  /** Routes that hold the neighbour's AS are not sent to it (FRR `sender-as-path-loop-detection`). */
  readonly senderLoopCheck?: boolean;
  /** Overrides the router's own switch. */
  readonly enforceFirstAs?: boolean;
  /** RFC 9234: this end's role, and whether the other end must say its own. */
  readonly localRole?: { readonly role: BgpRole; readonly strict: boolean } | null;
  readonly timers: { readonly keepalive: number; readonly hold: number; readonly connectRetry: number };
  /** Activated families only. */
  readonly families: Readonly<Partial<Record<FamilyName, PeerFamilyConfig>>>;
  /** Activated families beside them, of which only a speaker passes routes on. */
  readonly carried?: Readonly<Partial<Record<CarriedFamily, PeerFamilyConfig>>>;
  /** What resets the session where new files say it otherwise, beside what does with every daemon (BIRD: every option of the protocol). */
  readonly resetBy?: string;
  /** What new files are held against, by a daemon that takes over only a part of what they change (GoBGP): the statement, and that of its group. */
  readonly reload?: {
    readonly statement: string;
    readonly group: { readonly name: string; readonly statement: string; readonly open: string } | null;
  };
  /** What this session does otherwise than the profile says. */
  readonly habits?: Partial<SessionHabits>;
  readonly description: string | null;
  /** The peer group it is a member of: its members are told things together, and nobody else with them (FRR's update groups). */
  readonly group?: string;
  /** Neighbors with another one are told things apart (FRR `advertisement-interval`; how long it holds messages back is not simulated). Absent: 0. */
  readonly advertisementInterval?: number;
  /** The peer must be on an own network, whatever other routes lead there (BIRD without `multihop`). */
  readonly singleHop?: boolean;
  /** The protocol instance that the session is (BIRD). */
  readonly protocol?: string;
  readonly source: SourceRange | null;
}

export interface LocalAs {
  readonly asn: Asn;
  readonly noPrepend: boolean;
  readonly replaceAs: boolean;
  /** Where the peer expects the router's own AS the session comes up with that one, as if this were not written. */
  readonly dualAs?: boolean;
}

/** What is told of some routes only while others are there, or while they are not (FRR `advertise-map`). */
export interface ConditionalAdvertisement {
  /** The routes it is about; what they are sent as takes the place of the route-map. */
  readonly routes: Policy;
  /** The whole policy in force for them. */
  readonly exportPolicy: PolicyChain;
  /** Looked for among all paths of the table. */
  readonly condition: Policy;
  readonly when: 'exist' | 'absent';
  /** What came of it when it was last asked for; absent: it is asked for whenever something changes. */
  readonly asked?: 'holds' | 'fails' | 'unasked';
}

export interface PrivateRemoval {
  /** Also where public ASNs stand beside the private ones. */
  readonly all: boolean;
  readonly replaceAs: boolean;
  readonly source?: SourceRange;
}

export interface PeerFamilyConfig {
  readonly importPolicy: PolicyChain;
  /** Stands for the import policy until the daemon has found it (`SessionHabits.findsPoliciesAfter`): what was refused by then is not asked for again. */
  readonly importPolicyAtFirst?: PolicyChain;
  readonly exportPolicy: PolicyChain;
  /** What an aggregate keeps back is told all the same where this accepts it; it stands in for the route-map (FRR `unsuppress-map`). */
  readonly unsuppressPolicy?: PolicyChain;
  readonly nextHopSelf: 'no' | 'yes' | 'force';
  readonly nextHopUnchanged: boolean;
  readonly attributeUnchanged: { readonly asPath: boolean; readonly nextHop: boolean; readonly med: boolean };
  readonly routeReflectorClient: boolean;
  readonly routeServerClient: boolean;
  /** The peer is told the next path where its policy refuses the best one (GoBGP `secondary-route`, for clients of a route server; BIRD `secondary`). */
  readonly secondaryRoute?: boolean;
  /** How often the own ASN may stand in a received AS_PATH. */
  readonly allowasIn: number;
  /** The own ASN may stand anywhere in an AS_PATH that begins with it (is its last word): FRR's `allowas-in origin`. */
  readonly allowasInOrigin?: boolean;
  /** Site of origin (RFC 4364 7), 16 hexadecimal digits: added to what comes in, and what has it is not told (FRR `neighbor soo`). */
  readonly siteOfOrigin?: string;
  readonly asOverride: boolean;
  readonly removePrivateAs: null | PrivateRemoval;
  readonly sendCommunity: { readonly standard: boolean; readonly extended: boolean; readonly large: boolean };
  readonly weight: number | null;
  readonly maximumPrefix: number | null;
  /** It counts what was received, also what policy refused (FRR `force`). */
  readonly maximumPrefixForce?: boolean;
  /** Seconds after which a session that was closed over its limit is made again; absent: never. */
  readonly maximumPrefixRestart?: number;
  /** So many prefixes are sent and no more (FRR `maximum-prefix-out`, BIRD `export limit N action block`). */
  readonly maximumPrefixOut?: number;
  /** With more than so many to send the session is closed (BIRD `export limit N action disable`). */
  readonly maximumPrefixSent?: number;
  /** So many prefixes are taken and no more, the session stays (BIRD `import limit N action block`); `received`: what policy refused counts as well. */
  readonly maximumPrefixTaken?: { readonly count: number; readonly received: boolean };
  readonly conditional?: ConditionalAdvertisement;
  /** AIGP is taken and sent on this session (RFC 7311 3.1); absent: where it is internal. */
  readonly aigp?: boolean;
  readonly defaultOriginate: null | { readonly policy: Policy | null };
  readonly addPathSend: 'none' | 'all' | 'best-per-as';
  /** Takes several paths for one prefix, where the other end sends them (RFC 7911). */
  readonly addPathReceive?: boolean;
  /** Where next hops are looked up: on the own networks only, or in the table; absent: as the kind of session says. */
  readonly gateway?: 'direct' | 'recursive';
  /** Distance of next hops on the own networks. */
  readonly cost?: number;
  /** Paths from which sessions get the own next hop, and from which they keep theirs (BIRD `next hop self`, `next hop keep`). */
  readonly nextHopSelfFrom?: NextHopSources;
  readonly nextHopKeepFrom?: NextHopSources;
  /** Given as the own next hop instead of the session's address. */
  readonly nextHopAddress?: Address | null;
  /** RFC 1997 is not looked at (BIRD `interpret communities off`). */
  readonly ignoresWellKnownCommunities?: boolean;
  /** LOCAL_PREF crosses an external session (BIRD `allow bgp_local_pref`). */
  readonly allowsLocalPref?: boolean;
  /** The table its routes come into and go out of; absent: that of the family (`TableConfig.beside`). */
  readonly table?: string;
  /** Where next hops are looked up, by their family, if not in the table of the session (null: that of the family). */
  readonly nextHopTables?: Readonly<Partial<Record<4 | 6, string | null>>>;
  /** Only where `DecisionOptions.bySession`. */
  readonly decision?: SessionDecision;
  /** CLUSTER_ID of this session's cluster, where that is not the router's. */
  readonly clusterId?: number;
}

/** Which paths an option about next hops is for, by the session they came from; `all` counts local ones as well. */
export type NextHopSources = 'none' | 'all' | 'ibgp' | 'ebgp';
