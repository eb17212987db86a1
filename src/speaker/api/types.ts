import type { TableFamily } from '../../base/family.ts';

/** What the control API answers: plain JSON, and what the commands print tables from. Versioned by its path, `/v1`. */
export interface StatusView {
  readonly name: string;
  readonly asn: number;
  readonly routerId: string;
  readonly uptimeSeconds: number;
  /** After a restart nothing is announced before the peers have said theirs. */
  readonly deferring: boolean;
  readonly neighbors: { readonly configured: number; readonly established: number };
  readonly tables: readonly {
    readonly family: TableFamily;
    readonly prefixes: number;
    readonly routes: number;
  }[];
  /** Configured and not announced. */
  readonly idle: readonly { readonly prefix: string; readonly why: string }[];
}

/** A configuration that nobody runs yet. */
export interface ConfigView {
  readonly asn: number;
  /** null: the highest address of the host. */
  readonly routerId: string | null;
  /** Listen ranges too, by their prefix. `session`: whether this end calls. */
  readonly neighbors: readonly {
    readonly name: string;
    readonly remoteAs: number | string;
    readonly session: string;
    readonly families: readonly string[];
  }[];
  readonly originates: readonly string[];
}

export interface NeighborView {
  readonly name: string;
  readonly description: string | null;
  readonly localAs: number;
  /** Of the OPEN, or as configured. */
  readonly remoteAs: number | string;
  readonly type: string;
  readonly state: string;
  /** Why the session is not up, in words; null: it is. */
  readonly reason: string | null;
  /** The last thing that went wrong. */
  readonly problem: string | null;
  readonly dynamic: boolean;
  readonly passive: boolean;
  readonly routerId: string | null;
  readonly localAddress: string | null;
  readonly remoteAddress: string | null;
  readonly uptimeSeconds: number | null;
  /** Since the last session ended; null: it is up, or never was. */
  readonly downSeconds: number | null;
  readonly timers: { readonly holdTime: number; readonly keepalive: number; readonly connectRetry: number };
  readonly flaps: { readonly up: number; readonly down: number };
  readonly messages: {
    readonly received: number;
    readonly sent: number;
    readonly updatesReceived: number;
    readonly updatesSent: number;
  };
  readonly families: readonly NeighborFamilyView[];
  readonly capabilities: { readonly ours: readonly string[]; readonly theirs: readonly string[] } | null;
}

export interface NeighborFamilyView {
  readonly family: TableFamily;
  readonly received: number;
  readonly accepted: number;
  readonly advertised: number;
  /** Destinations the peer has still to be told of. */
  readonly waiting: number;
  readonly maximumPrefix: number | null;
  readonly endOfRib: boolean;
}

export interface PathView {
  readonly origin: 'igp' | 'egp' | 'incomplete';
  readonly asPath: string;
  /** null: the own address. */
  readonly nextHop: string | null;
  readonly med: number | null;
  readonly localPref: number | null;
  /** Accumulated metric (RFC 7311), exact up to 2^53. */
  readonly aigp: number | null;
  readonly communities: readonly string[];
  readonly largeCommunities: readonly string[];
  /** In words: `rt:65000:1`, `encap:vxlan`, `traffic-rate:0:0`. */
  readonly extendedCommunities: readonly string[];
  readonly originatorId: string | null;
  readonly clusterList: readonly string[];
  readonly atomicAggregate: boolean;
  readonly aggregator: string | null;
  readonly weight: number;
  readonly source: string;
  /** What stood beside the name of the destination: `label 100`, `esi ...`, `gateway ...` (EVPN, VPN, labelled routes). */
  readonly attached: string;
}

export interface RibRow {
  readonly prefix: string;
  readonly paths: readonly (PathView & {
    /** null: this speaker. */
    readonly from: string | null;
    /** As the peer numbers its paths (RFC 7911); 0 without. */
    readonly pathId: number;
    readonly best: boolean;
    /** Why it is not the best: what cannot be used, or the step of the decision that another path won. */
    readonly reason: string | null;
  })[];
}

export interface AdjInRow {
  readonly prefix: string;
  readonly pathId: number;
  readonly received: PathView;
  /** After the import policy; null: refused. */
  readonly accepted: PathView | null;
  readonly refused: string | null;
}

export interface AdjOutRow {
  readonly prefix: string;
  /** As this speaker numbers the paths it sends (RFC 7911); 0 without. */
  readonly pathId: number;
  readonly sent: PathView;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** To be given as `after` for the next page; null: this was the last. */
  readonly next: number | null;
}
