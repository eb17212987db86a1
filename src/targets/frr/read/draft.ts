import type { CarriedFamily, FamilyName } from '../../../base/family.ts';
import type { Address, InterfaceAddress, Prefix } from '../../../base/ip.ts';
import type { SourceRange } from '../../../base/source.ts';
import type { DecisionOptions, StaticRouteConfig } from '../../../bgp/config.ts';
import type { Dampening } from '../../../bgp/dampening.ts';
import type { BgpRole } from '../../../bgp/peer-config.ts';
import type { Origin } from '../../../bgp/policy/types.ts';
import { emptyPolicies, type PolicyDraft } from './policy-draft.ts';

/** What the lines say so far: filled line by line, completed by interpret. A missing field was not said. */
export interface Draft {
  frrDefaults: 'traditional' | 'datacenter';
  /** `frr version`: moves version-dependent defaults. */
  frrVersion: string | null;
  router: RouterDraft | null;
  /** `ip router-id` of zebra, which bgpd takes where it has none of its own. */
  zebraRouterId: { readonly id: Address; readonly source: SourceRange } | null;
  readonly interfaces: Map<string, { addresses: InterfaceAddress[]; shutdown: boolean; source: SourceRange }>;
  readonly statics: Map<string, StaticRouteConfig>;
  readonly resolveViaDefault: { 4: boolean | null; 6: boolean | null };
  /** `ip protocol bgp route-map` and `ipv6 protocol ...`, by what they name: `4 bgp`, `6 any`. */
  readonly kernelRouteMaps: Map<string, Reference>;
  /** Switches for all BGP instances. */
  readonly switches: Partial<Record<Switch, boolean>>;
  /** Each daemon has lists of its own; one integrated file fills the same for both. */
  policies: PolicyDraft;
  zebraPolicies: PolicyDraft;
}

/** A name with the line that uses it. */
export interface Reference {
  readonly name: string;
  readonly source: SourceRange;
}

export interface RouterDraft {
  readonly asn: number;
  readonly source: SourceRange;
  routerId: Address | null;
  routerIdSource: SourceRange | null;
  clusterId: Address | null;
  confederationId: number | null;
  readonly confederationPeers: Set<number>;
  readonly decision: { -readonly [K in keyof DecisionOptions]?: boolean };
  readonly maximumPaths: Record<FamilyName, { ebgp?: number; ibgp?: number }>;
  readonly switches: Partial<Record<Switch, boolean>>;
  defaultLocalPreference: number;
  timers: { keepalive: number; hold: number } | null;
  /** `bgp max-med administrative`. */
  maxMed: number | null;
  /** `bgp max-med on-startup`, while it lasts. */
  startupMed: number | null;
  /** `bgp graceful-restart restart-time`, in seconds. */
  restartTime: number | null;
  /** `bgp long-lived-graceful-restart stale-time`, in seconds. */
  staleTime: number | null;
  /** `distance bgp` of a family. */
  readonly distances: Partial<Record<FamilyName, { ebgp: number; ibgp: number; local: number }>>;
  /** `distance N NETWORK [LIST]`, by family and network. */
  readonly distanceRules: Map<string, DistanceRuleDraft>;
  /** `bgp dampening`, by family. */
  readonly dampening: Partial<Record<FamilyName, Dampening>>;
  /** `table-map`, by family. */
  readonly tableMaps: Partial<Record<FamilyName, Reference>>;
  /** `network P backdoor`. */
  readonly backdoors: Set<string>;
  listenLimit: number;
  /** Seconds. */
  conditionsEvery: number;
  /** Seconds; 0: not said. */
  minimumHold: number;
  /** `coalesce-time`, in milliseconds; null: not said. */
  coalesceTime: number | null;
  readonly listenRanges: Map<string, { prefix: Prefix; group: string; source: SourceRange }>;
  readonly peers: Map<string, PeerDraft>;
  readonly groups: Map<string, PeerDraft>;
  readonly networks: Map<string, NetworkDraft>;
  readonly redistributions: Map<string, RedistributionDraft>;
  readonly aggregates: Map<string, AggregateDraft>;
  /** Families a new neighbor has without `activate`. */
  readonly defaultFamilies: Set<FamilyName>;
  /** Those whose block begins without `unicast`, which the daemon writes. */
  readonly respelledFamilies: Set<FamilyName>;
}

export type Switch =
  | 'ebgpRequiresPolicy'
  | 'importCheck'
  | 'suppressFibPending'
  | 'skipsPathsWithoutBandwidth'
  | 'gracefulShutdown'
  | 'shutdown'
  | 'defaultShutdown'
  | 'rejectAsSets'
  | 'enforceFirstAs'
  | 'clientToClient'
  | 'allowsOutboundPolicy'
  | 'noConnectedCheck'
  | 'fastExternalFailover'
  | 'gracefulRestart'
  /** No line: bgpd has not heard that its configuration is whole. */
  | 'unfinished'
  | 'preservesForwarding'
  | 'gracefulRestartDisable';

export interface DistanceRuleDraft {
  readonly family: FamilyName;
  readonly neighbors: Prefix;
  readonly list: Reference | null;
  readonly distance: number;
}

export interface NetworkDraft {
  readonly family: FamilyName;
  readonly prefix: Prefix;
  readonly routeMap: Reference | null;
  /** Written otherwise than the daemon writes it. */
  readonly respelled?: 'block' | 'mask' | 'class';
  /** The route-maps of lines for the same network further up. */
  readonly overruled?: readonly (Reference | null)[];
  readonly source: SourceRange;
}

export interface RedistributionDraft {
  readonly family: FamilyName;
  readonly from: 'connected' | 'static' | 'kernel';
  readonly metric: number | null;
  readonly routeMap: Reference | null;
  readonly source: SourceRange;
}

export interface AggregateDraft {
  readonly family: FamilyName;
  readonly prefix: Prefix;
  readonly summaryOnly: boolean;
  readonly asSet: boolean;
  readonly routeMap: Reference | null;
  readonly origin: Origin | null;
  readonly suppressMap: Reference | null;
  readonly sameMedOnly: boolean;
  readonly source: SourceRange;
}

export interface PeerDraft {
  readonly id: string;
  readonly address: Address | null;
  readonly interface: string | null;
  group: string | null;
  remoteAs: number | 'internal' | 'external' | null;
  readonly session: SessionDraft;
  readonly families: Record<FamilyName, PeerFamilyDraft>;
  /** Families that are not simulated. */
  carried?: Partial<Record<CarriedFamily, CarriedDraft>>;
  readonly source: SourceRange;
}

export interface SessionDraft {
  localAs?: { asn: number; noPrepend: boolean; replaceAs: boolean; dualAs?: boolean };
  updateSource?: Address | { interface: string };
  port?: number;
  passive?: boolean;
  extendedNextHop?: boolean;
  shutdown?: boolean;
  password?: string;
  ebgpMultihop?: number;
  ttlSecurityHops?: number;
  disableConnectedCheck?: boolean;
  timers?: { keepalive: number; hold: number };
  solo?: boolean;
  aigp?: boolean;
  senderLoopCheck?: boolean;
  enforceFirstAs?: boolean;
  /** The OPEN names the member AS, whoever answers (see presented-as.ts). */
  presentsMember?: boolean;
  gracefulRestart?: 'restart' | 'helper' | 'disable';
  advertisementInterval?: number;
  localRole?: { role: BgpRole; strict: boolean };
  connectRetry?: number;
  description?: string;
  /** Quagga's weight belongs to the neighbor, not to a family. */
  weight?: number;
}

export interface PeerFamilyDraft {
  activate?: boolean;
  /** No line says so: `bgp default` does. */
  implied?: true;
  distributeListIn?: Reference;
  distributeListOut?: Reference;
  prefixListIn?: Reference;
  prefixListOut?: Reference;
  filterListIn?: Reference;
  filterListOut?: Reference;
  routeMapIn?: Reference;
  routeMapOut?: Reference;
  nextHopSelf?: 'yes' | 'force';
  attributeUnchanged?: { asPath: boolean; nextHop: boolean; med: boolean };
  routeReflectorClient?: boolean;
  routeServerClient?: boolean;
  /** Next hops go out as they came, for being a client of the route server. */
  keepsNextHop?: boolean;
  allowasIn?: number;
  allowasInOrigin?: boolean;
  /** As 16 hexadecimal digits; empty: none, whatever the group has. */
  siteOfOrigin?: string;
  asOverride?: boolean;
  removePrivateAs?: { all: boolean; replaceAs: boolean; source: SourceRange };
  sendCommunity?: { standard: boolean; extended: boolean; large: boolean };
  weight?: number;
  /** `restart`: seconds; 0: it stays closed. `warns`: that is all it does. */
  maximumPrefix?: { count: number; force: boolean; restart: number; warns?: true };
  maximumPrefixOut?: number;
  advertiseMap?: { routes: Reference; condition: Reference; when: 'exist' | 'absent' };
  defaultOriginate?: { routeMap: Reference | null };
  addPathSend?: 'all' | 'best-per-as';
  unsuppressMap?: Reference;
  disableAddPathReceive?: boolean;
  softReconfiguration?: boolean;
  /** `capability orf prefix-list` */
  prefixFilter?: { sends: boolean; takes: boolean };
}

export interface CarriedDraft {
  readonly activate?: boolean;
  readonly routeReflectorClient?: boolean;
  readonly routeServerClient?: boolean;
  readonly allowasIn?: number;
  readonly addPathSend?: 'none' | 'all' | 'best-per-as';
  readonly maximumPrefix?: number | null;
  /** Names of policies that nobody can ask here. */
  readonly policyIn?: string | null;
  readonly policyOut?: string | null;
}

export function emptyDraft(): Draft {
  const policies = emptyPolicies();
  return {
    frrDefaults: 'traditional',
    frrVersion: null,
    router: null,
    zebraRouterId: null,
    interfaces: new Map(),
    statics: new Map(),
    resolveViaDefault: { 4: null, 6: null },
    kernelRouteMaps: new Map(),
    switches: {},
    policies,
    zebraPolicies: policies,
  };
}

export function emptyRouter(asn: number, source: SourceRange): RouterDraft {
  return {
    asn,
    source,
    routerId: null,
    routerIdSource: null,
    clusterId: null,
    confederationId: null,
    confederationPeers: new Set(),
    decision: {},
    maximumPaths: { 'ipv4-unicast': {}, 'ipv6-unicast': {} },
    switches: {},
    defaultLocalPreference: 100,
    coalesceTime: null,
    timers: null,
    maxMed: null,
    startupMed: null,
    restartTime: null,
    staleTime: null,
    distances: {},
    distanceRules: new Map(),
    dampening: {},
    tableMaps: {},
    backdoors: new Set(),
    listenLimit: 100,
    conditionsEvery: 60,
    minimumHold: 0,
    listenRanges: new Map(),
    peers: new Map(),
    groups: new Map(),
    networks: new Map(),
    redistributions: new Map(),
    aggregates: new Map(),
    defaultFamilies: new Set(['ipv4-unicast']),
    respelledFamilies: new Set(),
  };
}
