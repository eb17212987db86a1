import type { FamilyName } from '../../base/family.ts';
import type { Address, Prefix } from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import type { Program } from './program/types.ts';

/**
 * Policy as the router evaluates it: sets are resolved (never looked up by name while evaluating) and daemon-neutral.
 * FRR route-maps, prefix-lists attached to a neighbor and GoBGP statements all become this; BIRD's filters are programs.
 */
export interface Policy {
  readonly name: string;
  readonly statements: readonly Statement[];
  /** What happens to a route no statement decided: FRR denies, GoBGP has its default action. */
  readonly otherwise: 'accept' | 'reject';
  /** What the daemon calls it (`route-map`, `prefix-list`); absent: a policy. For explanations. */
  readonly kind?: string;
  /** Outbound it judges the path as it stands in the table, not what the session makes of it (FRR's lists beside the route-map). */
  readonly judgesTable?: boolean;
  /** A policy that is a program (BIRD's filters); then there are no statements. */
  readonly program?: Program;
  readonly source: SourceRange | null;
}

/** All must accept, in order, each seeing what the one before made of the route. Empty: accept unchanged. */
export type PolicyChain = readonly Policy[];

export interface Statement {
  /** FRR's sequence number or GoBGP's statement name, for explanations. */
  readonly label: string;
  /** All must hold; none: always. */
  readonly conditions: readonly Condition[];
  readonly actions: readonly Action[];
  readonly verdict: 'accept' | 'reject' | 'next';
  /** Evaluated after the conditions hold and the actions are done; where it rejects, the route is rejected (FRR `call`). */
  readonly call: Policy | null;
  /**
   * Where to go on after a match with verdict accept: 'exit' decides now; 'next' and a label go on and remember the
   * accept until an entry that does not match (FRR `on-match next`, `on-match goto N`, `continue`).
   */
  readonly onMatch: 'exit' | 'next' | { readonly goto: number };
  /**
   * Never the first to match, only reached by going on: FRR looks for the first entry in a tree of its prefix-lists, and one
   * without entries is not in it.
   */
  readonly onlyGoingOn?: boolean;
  /** The prefix-list by which that tree has it. */
  readonly treeOf?: string;
  /** Prefixes of the list that the tree no longer has. */
  readonly lost?: readonly string[];
  readonly source: SourceRange | null;
}

export interface PrefixSetEntry {
  readonly permit: boolean;
  readonly prefix: Prefix;
  readonly minLength: number;
  readonly maxLength: number;
  /** The line that says so. */
  readonly source?: SourceRange;
}

/** First entry that fits decides; none: no match. */
export interface PrefixSet {
  readonly name: string;
  readonly entries: readonly PrefixSetEntry[];
}

export interface RegexSet {
  readonly name: string;
  readonly entries: readonly { readonly permit: boolean; readonly regex: string }[];
}

/** standard: all listed communities are present; expanded: the regex fits the whole printed list. */
export interface CommunitySet {
  readonly name: string;
  /** A regex is tried on each community by itself as `65000:1` (GoBGP), not on the whole printed list (FRR). */
  readonly eachCommunity?: boolean;
  readonly entries: readonly (
    | { readonly permit: boolean; readonly communities: readonly string[] }
    | { readonly permit: boolean; readonly regex: string }
  )[];
}

/** A pattern for extended communities of one subtype (2 is a route target), tried on each by itself as GoBGP prints it: `65000:1`. */
export interface ExtendedPattern {
  readonly subtype: number;
  readonly regex: string;
}

/** GoBGP's sets of patterns with any / all / invert. */
export type Quantifier = 'any' | 'all' | 'invert';
export type Comparison = 'eq' | 'ge' | 'le';

export type Condition =
  | { readonly kind: 'prefix'; readonly set: PrefixSet; readonly invert: boolean }
  | { readonly kind: 'prefix-length'; readonly family: 4 | 6; readonly value: number }
  | { readonly kind: 'next-hop'; readonly set: PrefixSet }
  /** A local route that leads nowhere: without next hop and interface (FRR `match ip next-hop type blackhole`). */
  | { readonly kind: 'next-hop-blackhole'; readonly family: 4 | 6 }
  | { readonly kind: 'as-path'; readonly set: RegexSet; readonly quantifier: Quantifier }
  | {
      readonly kind: 'community';
      readonly set: CommunitySet;
      readonly exact: boolean;
      readonly quantifier: Quantifier;
    }
  | {
      readonly kind: 'large-community';
      readonly set: CommunitySet;
      readonly exact: boolean;
      readonly quantifier: Quantifier;
    }
  /** Communities of the set as 16 hexadecimal digits; regular expressions search them as FRR prints them. */
  | { readonly kind: 'extended-community'; readonly set: CommunitySet }
  | {
      readonly kind: 'extended-community-each';
      readonly name: string;
      readonly patterns: readonly ExtendedPattern[];
      readonly quantifier: Quantifier;
    }
  /** `absent`: what a route without LOCAL_PREF counts as (GoBGP 100); by default 0 (FRR). */
  | { readonly kind: 'local-preference'; readonly value: number; readonly absent?: number }
  | { readonly kind: 'med'; readonly value: number }
  | { readonly kind: 'origin'; readonly value: Origin }
  /** The peer the route came from (import) or goes to (export). */
  | {
      readonly kind: 'peer';
      readonly networks: readonly Prefix[];
      readonly invert: boolean;
      /** Nobody: the route is being made here (FRR `match peer local`). */
      readonly local?: true;
    }
  /** The address of the peer the route came from (FRR `match ip route-source`). */
  | { readonly kind: 'route-source'; readonly set: PrefixSet }
  | { readonly kind: 'tag'; readonly value: number }
  /** The interface a redistributed route leaves by; what came from BGP, or by `network`, has none (FRR). */
  | { readonly kind: 'interface'; readonly value: string }
  | { readonly kind: 'source-protocol'; readonly value: string }
  | { readonly kind: 'as-path-length'; readonly compare: Comparison; readonly value: number }
  | { readonly kind: 'community-count'; readonly compare: Comparison; readonly value: number }
  | { readonly kind: 'family'; readonly families: readonly FamilyName[] }
  | { readonly kind: 'route-type'; readonly value: 'local' | 'internal' | 'external' }
  /** A name nobody defines, or what is not modelled: never matches; `why` is said in explanations. */
  | { readonly kind: 'never'; readonly why: string };

export type Origin = 0 | 1 | 2;

/** 'set' an absolute value, or add / subtract; what leaves 0..2^32-1 is clamped (FRR) or not done at all (`strict`, GoBGP). */
export interface Amount {
  readonly op: 'set' | 'add' | 'subtract';
  readonly value: number;
  readonly strict?: boolean;
}

export type Action =
  | { readonly kind: 'local-preference'; readonly amount: Amount }
  | { readonly kind: 'med'; readonly amount: Amount }
  | { readonly kind: 'weight'; readonly value: number }
  | { readonly kind: 'origin'; readonly value: Origin }
  /** `dropsConfed`: in front of a confederation segment it takes the place of all of them (FRR's aspath_prepend). */
  | {
      readonly kind: 'prepend';
      readonly asns: readonly number[];
      readonly dropsConfed?: boolean;
      /** Between members of a confederation it goes into a confederation segment (GoBGP `PrependAsn`). */
      readonly insideConfed?: 'others' | 'all';
    }
  /** The leftmost AS of the path (`last-as`), n times. */
  | { readonly kind: 'prepend-last-as'; readonly times: number; readonly insideConfed?: 'others' | 'all' }
  | { readonly kind: 'exclude-as'; readonly asns: readonly number[] }
  /** By the own ASN, or by `with`. */
  | { readonly kind: 'replace-as'; readonly asns: readonly number[] | 'any'; readonly with?: number }
  | {
      readonly kind: 'community';
      readonly op: 'replace' | 'add' | 'remove';
      readonly communities: readonly string[];
      /** As they stand, one behind the other, also twice (GoBGP); absent: sorted, each once. */
      readonly inOrder?: boolean;
    }
  | { readonly kind: 'community-delete'; readonly set: CommunitySet }
  | {
      readonly kind: 'large-community';
      readonly op: 'replace' | 'add' | 'remove';
      readonly communities: readonly string[];
      /** As they stand, one behind the other, also twice (GoBGP); absent: sorted, each once. */
      readonly inOrder?: boolean;
    }
  | { readonly kind: 'large-community-delete'; readonly set: CommunitySet }
  /** 16 hexadecimal digits each; what is added goes behind what is there. */
  | {
      readonly kind: 'extended-community';
      readonly op: 'replace' | 'add';
      readonly communities: readonly string[];
      /** What is added may stand there twice (GoBGP). */
      readonly inOrder?: boolean;
    }
  | { readonly kind: 'extended-community-delete'; readonly patterns: readonly ExtendedPattern[] }
  /** Octets a second; takes the place of the one before. `chosenOnly`: set on what the router has chosen, so never on the way in. */
  | {
      readonly kind: 'link-bandwidth';
      readonly rate: number;
      readonly transitive: boolean;
      readonly chosenOnly?: boolean;
    }
  | {
      readonly kind: 'next-hop';
      readonly value: Address | 'self' | 'peer-address' | 'unchanged' | 'prefer-global';
      readonly only?: 4 | 6;
    }
  /** Of the kernel route (FRR `set src` under `ip protocol bgp route-map`); no attribute of the path. */
  | { readonly kind: 'source-address'; readonly value: Address }
  /** A router id as a number (FRR `set originator-id`). */
  | { readonly kind: 'originator-id'; readonly value: number }
  | { readonly kind: 'tag'; readonly value: number }
  /** How far the route is against those of other protocols (FRR `set distance`); 0: as without. */
  | { readonly kind: 'distance'; readonly value: number }
  /** RFC 7311 (FRR 10 `set aigp-metric`). */
  | { readonly kind: 'aigp'; readonly value: number };
