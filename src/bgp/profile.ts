import type { FamilyName } from '../base/family.ts';
import type { DampeningHabit } from './dampening.ts';
import type { SessionHabits } from './session-habits.ts';

/**
 * What makes one daemon differ from another, as data (rule 3). Each target contributes its profiles in
 * `targets/<daemon>/decision.ts`; the core reads them and never asks for a name.
 */
export interface RouterProfile {
  readonly id: ProfileId;
  readonly decision: DecisionProfile;
  readonly quirks: Quirks;
  /** What would announce a network, for explanations; absent: a network statement, or redistribution. */
  readonly announcesBy?: string;
  /** Absent: the daemon trusts its timers alone. */
  readonly sessions?: SessionHabits;
}

export type ProfileId = 'frr-8.4' | 'frr-10' | 'quagga-1.2' | 'gobgp-3' | 'bird-2' | 'exabgp-4' | 'fabricgen';

/** The vocabulary of the decision process; the words also name the reason in tables and explanations. */
export type DecisionStep =
  | 'preference'
  | 'resolvable'
  | 'llgr-stale'
  | 'newest-stale'
  | 'admin-distance'
  | 'weight'
  | 'local-preference'
  | 'locally-originated'
  | 'aigp'
  | 'as-path-length'
  | 'origin'
  | 'med'
  | 'ebgp-over-ibgp'
  | 'igp-metric'
  | 'confed-external'
  | 'multipath'
  | 'older-selected'
  | 'older-received'
  | 'router-id'
  | 'cluster-list-length'
  | 'neighbor-address';

export interface DecisionProfile {
  /** In order; 'multipath' marks where paths that are still equal may be used together (FRR). */
  readonly steps: readonly DecisionStep[];
  /**
   * How paths meet: 'scan' newest first, challenger against best so far (FRR 8, Quagga); 'sorted-insert' (FRR 10);
   * 'stable-sort' in order of arrival (GoBGP 3); 'best-then-rescan' (BIRD).
   */
  readonly evaluation: 'scan' | 'sorted-insert' | 'stable-sort' | 'best-then-rescan';
  /** ORIGINATOR_ID stands in for the router id of the peer (RFC 4456 section 9). */
  readonly routerIdUsesOriginator: boolean;
  /** The router id is compared only where a path is iBGP (GoBGP). */
  readonly routerIdOnlyWithIbgp: boolean;
  /** MED also speaks between paths of one confederation AS, whatever real AS follows (FRR aspath_cmp_left_confed). */
  readonly medWithinConfedAs?: boolean;
  /** A leading AS_SET has a first AS too, as far as MED goes (GoBGP). */
  readonly medFirstAsOfSets?: boolean;
  readonly multipath: {
    /** What equal cost asks of the AS_PATH: FRR's eBGP needs the same neighbor AS, its iBGP the same path. */
    readonly equality: 'frr' | 'gobgp' | 'bird';
    /** Only one of several paths with the same next hop is used (FRR). */
    readonly uniqueNextHop: boolean;
    /** Of more paths than fit those with the lowest next hops are used (FRR), not those that the decision prefers. */
    readonly lowestNextHopFirst?: boolean;
  };
  /** What stands for a path without AIGP: infinity (BIRD), or nothing is compared (FRR, which asks for `bgp bestpath aigp` as well). */
  readonly aigpMissing?: 'infinite' | 'incomparable';
}

/** Habits outside the decision, each with the row of the reference that shows it. true = the daemon does it. */
export interface Quirks {
  /** Tables show a next hop ::ffff:a.b.c.d as a.b.c.d (GoBGP, as Go prints it). */
  readonly showsMappedAsIpv4?: boolean;
  /** LOCAL_PREF received over eBGP is kept and used (GoBGP; RFC 4271 5.1.5 says ignore). */
  readonly keepsLocalPrefFromEbgp: boolean;
  /** A path is offered back to the peer it came from (FRR without `solo`). */
  readonly sendsBackToSource: boolean;
  /** Not sent where the AS_PATH holds the peer's AS (GoBGP). */
  readonly senderSideLoopCheck: boolean;
  /** NO_EXPORT, NO_ADVERTISE and NO_EXPORT_SUBCONFED stop a route (RFC 1997); GoBGP ignores them. */
  readonly honoursWellKnownCommunities: boolean;
  /** GRACEFUL_SHUTDOWN from eBGP sets LOCAL_PREF 0 without being told (FRR). */
  readonly gracefulShutdownBuiltIn: boolean;
  readonly blackholeAddsNoExport: boolean;
  /** The next hop stays when it lies on the segment shared with the eBGP peer (RFC 4271 5.1.3, third party). */
  readonly thirdPartyNextHop: boolean;
  /** Next hops are looked up in the routing table; GoBGP without zebra takes every next hop as valid. */
  readonly tracksNextHops: boolean;
  /** They are looked up in what the host has without BGP, whatever route it is but the default one (fabricgen's speaker). */
  readonly tracksBesideBgp?: boolean;
  /** BGP routes that resolve a next hop lend it their MED as metric (FRR). */
  readonly bgpMetricIsMed: boolean;
  /** Reflection adds ORIGINATOR_ID and CLUSTER_LIST to every route to a client, strips both towards others (GoBGP). */
  readonly reflectionAttributes: 'rfc4456' | 'gobgp';
  /**
   * A path that gets its ORIGINATOR_ID here gets MED 0 as well where it had none: FRR 8.4 sets the wrong bits
   * (`SET_FLAG(attr->flag, BGP_ATTR_ORIGINATOR_ID)`, 9 read as a mask).
   */
  readonly reflectionSetsMed?: boolean;
  /** Own cluster id is checked on receive (FRR, BIRD) or before sending to a client (GoBGP). */
  readonly clusterLoopCheck: 'receive' | 'send' | 'both';
  /** A reflector sends a client its own route (the client drops it by ORIGINATOR_ID). */
  readonly reflectsToOriginator: boolean;
  /** ORIGINATOR_ID and CLUSTER_LIST that policy gave to a route are sent where nothing is reflected, too (BIRD). */
  readonly sendsSetOriginator?: boolean;
  /** Outbound policy may set attributes of reflected routes (FRR ignores the set clauses). */
  readonly policySetsReflected: boolean;
  /** Outbound MED to eBGP: removed unless local (all), with FRR's order of steps. */
  readonly medToEbgp: 'local-only' | 'policy-only';
  /**
   * Export policy runs on the path as it will be sent, own AS and next hop already in it (GoBGP); otherwise on the path as
   * it stands in the table (FRR).
   */
  readonly exportPolicySeesSentPath?: boolean;
  /** The own IPv6 next hop on an IPv4 session is `::ffff:a.b.c.d` (GoBGP); otherwise an address of the interface (FRR). */
  readonly mapsIpv4NextHop?: boolean;
  /** The own next hop of an IPv4 route on an IPv6 session is the address of the session, asked for or not (GoBGP); otherwise without RFC 8950 an address of the interface (FRR). */
  readonly tellsIpv6NextHop?: boolean;
  /**
   * What route-server clients say is in a table of its own: each is told the best path there that is not its own and does not hold its AS,
   * and of nothing else; nobody else is told of it (GoBGP `rsRib`, `rsFilter`).
   */
  readonly separatesServerClients?: boolean;
  /** A next hop of an IPv4 route that has not the family the session sends gives way to the own one (FRR: room for one of them is in the message, the other is empty). */
  readonly nextHopFitsSession?: boolean;
  /**
   * An interface that has no address of the routes' family has a next hop all the same (FRR, `bgp_zebra_nexthop_set`): the router id for IPv4 routes over
   * an IPv6 session, `::ffff:a.b.c.d` for IPv6 routes over an IPv4 session from the loopback.
   */
  readonly nextHopWithoutAddress?: boolean;
  /** Routes of this family with a next hop of the other one end the session: of IPv4 where RFC 8950 was not agreed on (ExaBGP), of IPv6 (FRR). */
  readonly resetsOverForeignNextHop?: FamilyName;
  /** A route without LOCAL_PREF from inside the AS counts as withdrawn (RFC 7606 7.5; FRR `bgp_attr_check`). */
  readonly needsLocalPref?: boolean;
  /** What is made from the peer's AS is made from the one AS of the first peer of an update group (FRR, see update-groups.ts). */
  readonly updateGroupsShareAs?: boolean;
  /** Outbound policy judges for a whole update group and does not know a peer: `match peer` never holds (FRR, `conf_copy` leaves the address out). */
  readonly exportPolicyKnowsNoPeer?: boolean;
  /** What comes at the same time is looked at together, and which of it came first does not count (FRR decides 50 ms after something has come). */
  readonly decidesTogether?: boolean;
  /** The first announcement on a session waits for others that come up, the longer the more neighbors there are (FRR `coalesce_time`): milliseconds. */
  readonly firstAnnouncementWaits?:
    | false
    | { readonly least: number; readonly perNeighbor: number; readonly most: number };
  /** How flaps are counted where the configuration asks for it. */
  readonly dampening?: DampeningHabit;
  /** What hashes as what was sent last is not sent again (FRR, see alike.ts). */
  readonly suppressesAlike?: boolean;
  /** Communities and AS_SETs stay as they came, unsorted, also twice (GoBGP, BIRD); FRR sorts them and keeps each once. */
  readonly keepsCommunityOrder?: boolean;
  /**
   * Extended communities as GoBGP has them: those that are not transitive leave the AS as well, link bandwidth always becomes such a
   * one, and where a policy took the last one away an empty attribute goes out, which others take for a withdrawal (RFC 7606 7.14).
   */
  readonly looseExtendedCommunities?: boolean;
  /** They are sorted when they are sent (BIRD). */
  readonly sortsCommunitiesSent?: boolean;
  /**
   * A next hop of the other family counts as withdrawn: of an IPv6 route `::ffff:a.b.c.d`, of an IPv4 route an IPv6 address where RFC 8950
   * was not agreed on (BIRD; FRR and GoBGP ask for no agreement).
   */
  readonly refusesForeignNextHop?: boolean;
  /** A `network` without a route behind it is in no table (fabricgen's speaker); FRR shows it as a path that cannot be used. */
  readonly hidesUnusable?: boolean;
  /** Keeps no Adj-RIB-Out: what is said is worked out from the best path before and after alone (GoBGP, see change.ts). */
  readonly saysChangesOnly?: boolean;
  /**
   * A path refused for a loop (own AS, own ORIGINATOR_ID) is dropped before the table hears of it: what the peer had sent before
   * stays (GoBGP, `handleUpdate`).
   */
  readonly loopKeepsEarlierPath?: boolean;
  /** maximum-prefix counts what was received (GoBGP), not what policy accepted (FRR). */
  readonly maximumPrefixCountsReceived?: boolean;
  /**
   * How it goes through its table for a new neighbour, which a limit at either end cuts off: by prefix ('prefix', FRR, which of those that
   * share a message says the first one first and the others from behind) or by a hash ('hash'); absent: nobody knows (GoBGP).
   */
  readonly tableOrder?: 'prefix' | 'hash';
  /** It counts before it takes a prefix: one beyond the limit stays until the next UPDATE (FRR bgp_maximum_prefix_overflow, seen on 8.4). */
  readonly maximumPrefixSparesLast?: boolean;
  /** A confederation peer is told what any external one is: own next hop, neither MED nor LOCAL_PREF (GoBGP). */
  readonly confedIsExternal?: boolean;
  /**
   * In a confederation a neighbour with `remote-as internal` or `external` is told what an outsider is: its update group is made before
   * the first UPDATE from it says what it is (FRR `peer_sort`; with an AS number that is known before).
   */
  readonly tellsByKindAsOutside?: boolean;
  /** Not sent where the AS_PATH holds the own confederation's identifier (FRR). */
  readonly confedLoopCheckOnSend?: boolean;
  /** `sender-as-path-loop-detection` works only for a neighbour that is alone in its update group (FRR before 9). */
  readonly senderLoopCheckNeedsSolo?: boolean;
  /** What stands in for private or overridden ASNs is the AS of the session (GoBGP), not the router's (FRR). */
  readonly replacesWithSessionAs?: boolean;
  /** Where private ASNs are removed the peer's own goes too (GoBGP); otherwise it stays (FRR). */
  readonly removesPeersPrivateAs?: boolean;
  /** 65535 counts as private (FRR `BGP_PRIVATE_AS_MAX`). */
  readonly lastShortAsIsPrivate?: boolean;
  /** Next hops of a route server's clients stay as they came only where an option of the neighbour says so (FRR bpacket_reformat_for_peer). */
  readonly clientsNeedUnchanged?: boolean;
  /** Where all ASNs of a segment are removed as private the segment stays, and goes out without any (FRR). */
  readonly keepsBareSegments?: boolean;
  /** A path with AS 0 is withdrawn where it comes from another AS, and told to nobody (RFC 7607: FRR); otherwise it is one like any other. */
  readonly refusesAsZero?: boolean;
  /**
   * What a malformed AS_PATH does to the session: it ends ('resets', Quagga), or what stands behind the attribute is taken for routes,
   * which ends it unless nothing does ('read-on', FRR before 8.5.4); absent: the route is withdrawn and nothing else (RFC 7606 7.2).
   */
  readonly malformedAsPath?: 'resets' | 'read-on';
  /** A path is not told to the router it came from, whichever of its sessions that is (GoBGP); otherwise to the session. */
  readonly sourceIsRouterId?: boolean;
  /**
   * Paths marked LLGR_STALE are told only to peers with long-lived graceful restart: that know it ('known', BIRD), or list the family
   * where the router's own side has it as well ('listed', GoBGP, which looks at what the export policy has made of the path).
   */
  readonly tellsLlgrStale?: 'known' | 'listed';
  /** Confederation peers need a policy too while ebgp-requires-policy is on (FRR 8.4). */
  readonly requiresPolicyFromConfed: boolean;
  /** Weight of a local path; null: the daemon has no weight. */
  readonly localWeight: number | null;
  /** Networks it takes no routes to: multicast ones that peers send (bgpd), all without global scope whoever says so (BIRD `rte_validate`). */
  readonly ignoresNetworks?: 'multicast' | 'scopeless';
  /** A received next hop that is an own address or martian: the path is dropped. */
  readonly dropsOwnNextHop: boolean;
  /** ORIGINATOR_ID and CLUSTER_LIST from another AS are dropped (BIRD); others show them. */
  readonly reflectedOnlyWithinAs?: boolean;
  /** In this family the unspecified address is a next hop like others (GoBGP: IPv6). */
  readonly takesUnspecifiedNextHop?: 4 | 6;
  /** See `hiddenBehindDefault` (FRR before 9). */
  readonly defaultHidesZeros?: boolean;
  /** What a next hop that no host has costs, by family: the session (FRR: NOTIFICATION 3/8) or the route; absent: only the unspecified one is minded. */
  readonly martianNextHops?: Readonly<Partial<Record<4 | 6, 'session' | 'route'>>>;
  /** Does the table show MED 0 on local paths (FRR) or none? */
  readonly localMed: number | null;
  /**
   * IPv6 routes to an eBGP neighbour on the same segment carry the sender's link-local address beside the next hop (RFC 2545),
   * and whoever knows it forwards there: through the sender, also where the next hop is a third party (FRR).
   */
  readonly linkLocalNextHop?: boolean;
  /** A path without a usable next hop stays in the table and may be best; it only loses to any that has one (BIRD). */
  readonly keepsUnresolved?: boolean;
  /** The next hop sent hangs on the gateway and on the interface towards the peer, and is never the peer itself (BIRD). */
  readonly nextHopByGateway?: boolean;
  /** A received path without LOCAL_PREF gets the default on arrival (BIRD). */
  readonly attachesLocalPref?: boolean;
  /** Well-known communities stop only routes that BGP brought (BIRD). */
  readonly wellKnownOnLearnedOnly?: boolean;
  /** Without a configured one the router id is the lowest address, loopbacks no different (BIRD). */
  readonly lowestRouterId?: boolean;
  /** The table does not say which paths are used together (BIRD: only its kernel protocol knows; GoBGP marks one path as best). */
  readonly hidesMultipath?: boolean;
  /** The cluster id is checked on arrival only where the sender is a client (BIRD). */
  readonly clusterCheckFromClientsOnly?: boolean;
  /** A local AS of a session takes the place of the router's altogether (BIRD). */
  readonly localAsIsOwn?: boolean;
  /**
   * A next hop that a policy set where the route came in is not replaced by the own address when it is sent without a route-map,
   * `next-hop-self` or not; eBGP keeps RFC 4271 5.1.3 (FRR `bgp_rmap_nhop_changed`).
   */
  readonly remembersNextHopOnEntry?: boolean;
  /** A path is looped where it holds the router's own AS; the local AS of a session is not looked for (GoBGP `hasOwnASLoop`). */
  readonly localAsMayReturn?: boolean;
  /** An AS_PATH that holds the confederation's identifier is no loop, only the AS of the own member is (GoBGP). */
  readonly identifierMayReturn?: boolean;
  /** Neighbors are listed by address family: one that is activated for none is not there at all (FRR `show bgp summary`). */
  readonly listsPeersByFamily?: boolean;
  /**
   * Before it makes an aggregate it looks whether that is there already, and takes the newest path of the prefix for it: where that one is usable and has the
   * ORIGIN, AS_PATH and communities of the aggregate, another's or an own `network`, there is no aggregate (FRR `bgp_aggregate_info_same`, mended in 10).
   */
  readonly takesNewestForAggregate?: boolean;
  /** A line of a prefix-list that goes takes the prefix from the tree in which entries of route-maps are found, also where another line has it (FRR). */
  readonly forgetsSharedPrefixes?: boolean;
  /** The next hop shown for an aggregate, where it is not the unspecified address of its family (FRR: `::` always). */
  readonly aggregateNextHop?: string;
  /**
   * AIGP (RFC 7311): taken and sent where the session has it (BIRD, FRR 10), or kept and passed on to everybody as any other
   * attribute (GoBGP); absent: dropped on arrival, being optional and not transitive.
   */
  readonly aigp?: 'by-session' | 'passed-on';
  /** Sends what it was told to announce to each peer, and passes nothing on: no selection, no table (ExaBGP). */
  readonly originatesOnly?: boolean;
  /** Where several paths go to a peer, the best one is said first (BIRD goes through its table); else the newest. */
  readonly saysBestFirst?: boolean;
  /** Sets of next hops stay in the kernel for this many seconds after their last route, and are used again as they are (zebra, see kernel-groups.ts). */
  readonly keepsNextHopGroups?: number;
  /**
   * A route of which one path leads through the route itself, beside others that bring it into the kernel, is replaced in the moment in which everything that leads through
   * it is looked at, and zebra takes a route under replacement for none: what leads through it is missing from the kernel until somebody says it anew, or bgpd and zebra tell
   * each other of it some hundred times a second (both seen on FRR 8.4).
   */
  readonly circlesOverOwnRoute?: boolean;
  /** Routes of a single-hop peer reach the kernel only where their next hop is on a connected network (zebra). */
  readonly singleHopInstallsConnected?: boolean;
  /** `network` and `gobgp global rib add` give this ORIGIN. */
  readonly kernelProtocol: 'bgp' | 'zebra' | 'bird' | 'none';
}
