import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { Address, Prefix } from '../../../base/ip.ts';
import type { SourceRange } from '../../../base/source.ts';

/** One entry of checks.yml, with every pattern of hosts already resolved to names. */
export interface DeclaredCheck {
  /** The given name, or one made of what is checked; unique within the file. */
  readonly name: string;
  readonly source: SourceRange;
  readonly assertion: Assertion;
}

export type Assertion =
  | ReachableAssertion
  | RoutesAssertion
  | NoLeakAssertion
  | SpreadAssertion
  | SurvivesAssertion
  | OrderAssertion
  | ForwardingAssertion
  | SessionsAssertion;

/** The key of checks.yml that makes it. */
export type CheckKind = Assertion['kind'];

/** Hosts by name, and the pattern that chose them. */
export interface HostSet {
  readonly text: string;
  readonly names: readonly string[];
}

/** Where traffic is meant to go: hosts stand for the networks they announce, else for their addresses. */
export type Target =
  | { readonly kind: 'hosts'; readonly hosts: HostSet }
  | { readonly kind: 'address'; readonly text: string; readonly address: Address }
  | { readonly kind: 'prefix'; readonly text: string; readonly prefix: Prefix };

export interface ReachableAssertion {
  readonly kind: 'reachable';
  readonly from: HostSet;
  readonly to: readonly Target[];
  /** The answer has to arrive as well. */
  readonly back: boolean;
}

/** What one host's table must hold for one prefix; absent fields are not looked at. */
export interface RouteExpectation {
  readonly host: string;
  readonly prefix: Prefix;
  readonly present: boolean;
  /** Next hops, in any order: the kernel's, or those of the paths used together where the host installs nothing. */
  readonly via?: readonly string[];
  /** Number of paths that are used together. */
  readonly paths?: number;
  /** AS path of the best path as `show bgp` prints it. */
  readonly asPath?: string;
  /** Address or host the best path came from. */
  readonly from?: string;
  readonly source: SourceRange;
}

export interface RoutesAssertion {
  readonly kind: 'route' | 'routes';
  readonly expectations: readonly RouteExpectation[];
  /** Hosts whose kernel must hold no BGP route beside those expected. */
  readonly exactly: readonly string[];
}

export interface NoLeakAssertion {
  readonly kind: 'no_leak';
  /** These and everything inside them. */
  readonly prefixes: readonly Prefix[];
  readonly notIn: HostSet | null;
  readonly notSentTo: { readonly hosts: HostSet | null; readonly peers: readonly string[] };
}

export interface SpreadAssertion {
  readonly kind: 'spread';
  readonly prefix: Prefix;
  readonly from: HostSet;
  /** All traffic goes to these; null: every announcer gets some. */
  readonly primary: HostSet | null;
}

export interface SurvivesAssertion {
  readonly kind: 'survives';
  readonly what: readonly FailureKind[];
  /** How many fail at once. */
  readonly count: number;
  /** Names of other checks; null: all of them, and what the always-on checks say of reachability. */
  readonly checks: readonly string[] | null;
}

export type FailureKind = 'links' | 'hosts' | 'sessions';

export interface OrderAssertion {
  readonly kind: 'order_independent';
  /** Empty: every prefix. */
  readonly prefixes: readonly Prefix[];
}

export interface ForwardingAssertion {
  readonly kind: 'no_loop' | 'no_black_hole';
  readonly prefixes: readonly Prefix[];
}

/** A session from one of its ends: its host, and the peer's host or address. */
export interface SessionName {
  readonly text: string;
  readonly host: string;
  readonly peer: string;
  readonly source: SourceRange;
}

export interface SessionsAssertion {
  readonly kind: 'sessions';
  /** null: every session that is not listed under `down` and not shut down. */
  readonly up: readonly SessionName[] | null;
  readonly down: readonly SessionName[];
}

/** What became of one check. */
export interface CheckOutcome {
  readonly name: string;
  readonly kind: CheckKind | 'always-on';
  /** Its place in checks.yml; null: always on. */
  readonly source: SourceRange | null;
  /** It found no error; warnings are allowed. */
  readonly passed: boolean;
  readonly findings: readonly Diagnostic[];
}
