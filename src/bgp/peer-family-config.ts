import type { Address } from '../base/ip.ts';
import type { SourceRange } from '../base/source.ts';
import type { Policy, PolicyChain } from './policy/types.ts';

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
  /** What was received is kept as it came, to be judged again (`soft-reconfiguration inbound`). */
  readonly keepsReceived?: boolean;
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
  /** What no peer has said gets one as well: what it costs as the way to a next hop (BIRD `aigp originate`). */
  readonly originatesAigp?: boolean;
  readonly defaultOriginate: null | { readonly policy: Policy | null };
  readonly addPathSend: 'none' | 'all' | 'best-per-as';
  /** Takes several paths for one prefix, where the other end sends them (RFC 7911). */
  readonly addPathReceive?: boolean;
  readonly prefixFilter?: PrefixFilter;
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

/** Prefix filters that the receiver of routes tells their sender (RFC 5292). */
export interface PrefixFilter {
  readonly sends: boolean;
  readonly takes: boolean;
  /** All prefix-lists of the router: the filter is told again where any of them changes. */
  readonly lists: string;
}

/** Which paths an option about next hops is for, by the session they came from; `all` counts local ones as well. */
export type NextHopSources = 'none' | 'all' | 'ibgp' | 'ebgp';
