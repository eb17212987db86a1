import type { Diagnostic } from '../../base/diagnostic.ts';
import type { CheckOutcome } from '../checks/declared/types.ts';
import type { FailureResult } from '../what-if/sweep.ts';

/**
 * The result of a simulation: the JSON that `fabricgen simulate --format json` prints, version 1. This shape is the API;
 * fields are added, never changed. Keys are sorted: hosts by name, prefixes IPv4 first, then by address and length.
 */
export interface SimulationResult {
  readonly version: 1;
  readonly outcome: Outcome;
  readonly summary: Summary;
  readonly findings: readonly Diagnostic[];
  /** Every check that ran, the always-on ones first; their findings also stand in `findings`. */
  readonly checks: readonly CheckOutcome[];
  readonly unmodelled: readonly UnmodelledLine[];
  /** What had failed (`--fail`) when these tables were taken. */
  readonly failed?: readonly string[];
  /** A sweep of failures (`--failures`), each from the state of the tables, and how many combinations were not tried. */
  readonly failures?: readonly FailureResult[];
  readonly failuresLeftOut?: number;
  /** Other orders of start that were tried (`--orders`). */
  readonly orders?: readonly string[];
  /** At the end. */
  readonly hosts: Readonly<Record<string, HostResult>>;
  /** Only with `events`: the tables that an event recorded, by the name it gives them, in order. */
  readonly phases?: Readonly<Record<string, Phase>>;
}

export interface Phase {
  readonly hosts: Readonly<Record<string, HostResult>>;
}

/** Counts over the whole fabric, whichever hosts are listed. */
export interface Summary {
  readonly hosts: number;
  /** Each session counts twice, once for each end that knows of it. */
  readonly sessionEnds: number;
  readonly established: number;
  readonly prefixes: number;
}

/** 'inconclusive': an oscillation, or a line that matters and is not modelled; never counts as pass. */
export type Outcome = 'pass' | 'fail' | 'inconclusive';

export interface UnmodelledLine {
  readonly host: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly effect: string;
  readonly matters: boolean;
}

/** What a host uses for one prefix: the best path's attributes, the next hops in use, and the kernel's. */
export interface RouteView {
  readonly nextHops: readonly string[];
  readonly asPath: string;
  readonly localPref: number | null;
  readonly med: number | null;
  readonly origin: string;
  readonly communities: readonly string[];
  readonly largeCommunities: readonly string[];
  readonly fib: readonly string[];
}

/** What some hosts use for one prefix, by place in a list of hosts. */
export interface RouteTable {
  /** Three for each host, all 0: it has no path. Where two tables have the same ones, the views are the same. null: nobody counted. */
  readonly numbers: Int32Array | null;
  readonly view: (place: number) => RouteView | null;
}

export interface HostResult {
  readonly sessions: readonly SessionResult[];
  /** Prefix → paths, best first. */
  readonly bgp: Readonly<Record<string, readonly PathResult[]>>;
  /**
   * Prefix → next hops, sorted; what the kernel would hold, BGP routes only; ECMP has several. Where the kernel shows a link-local
   * IPv6 gateway, the address of that interface which the files hold; the own interface where they hold none.
   */
  readonly fib: Readonly<Record<string, readonly string[]>>;
}

export interface SessionResult {
  /** The peer's address. */
  readonly peer: string;
  /** The host that owns the address, empty where nobody does. */
  readonly host: string;
  readonly localAddress: string;
  readonly localAs: number;
  readonly remoteAs: number;
  readonly type: 'ibgp' | 'ebgp';
  readonly families: readonly string[];
  readonly state: 'Established' | 'Active' | 'Idle';
  /** Why it is not established; empty where it is. */
  readonly reason: string;
  readonly prefixesReceived: number;
  readonly prefixesAccepted: number;
}

export interface PathResult {
  readonly best: boolean;
  readonly multipath: boolean;
  readonly valid: boolean;
  /** `0.0.0.0` or `::` for a local path. */
  readonly nextHop: string;
  /** As daemons print it: `65001 65002`, sets in braces, empty for local and iBGP-originated. */
  readonly asPath: string;
  readonly localPref: number | null;
  readonly med: number | null;
  readonly weight: number | null;
  /** null: the table shows none (BIRD's routes of other protocols). */
  readonly origin: 'igp' | 'egp' | 'incomplete' | null;
  readonly communities: readonly string[];
  readonly largeCommunities: readonly string[];
  readonly originatorId: string | null;
  readonly clusterList: readonly string[];
  /** Address of the peer it came from; empty if local. */
  readonly from: string;
  /** Best: the step that decided. Others: the step that beat them, or why they cannot be used. */
  readonly reason: string;
}
