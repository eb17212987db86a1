import type { Prefix } from '../base/ip.ts';
import type { SourceRange } from '../base/source.ts';

/**
 * Policy as the inventory states it, with FRR's meaning: entries in sequence order, the first that matches decides, none
 * matched is deny. Names refer to each other and are resolved by who reads the rendered files, not here.
 */
export interface PolicySet {
  readonly routeMaps: readonly RouteMap[];
  readonly prefixLists: readonly PrefixList[];
  readonly asPathLists: readonly RegexList[];
  readonly communityLists: readonly CommunityList[];
  readonly largeCommunityLists: readonly CommunityList[];
}

export type Action = 'permit' | 'deny';

export interface Named {
  readonly name: string;
  readonly source: SourceRange;
}

export interface RouteMap extends Named {
  readonly entries: readonly RouteMapEntry[];
}

export interface RouteMapEntry {
  readonly seq: number;
  readonly action: Action;
  readonly description: string | null;
  readonly match: RouteMapMatch;
  readonly set: RouteMapSet;
  readonly call: string | null;
  /** null: stop here. 'next' and a number are FRR's `on-match next` and `on-match goto N`. */
  readonly onMatch: 'next' | number | null;
  readonly source: SourceRange;
}

/** Every condition that is not null must hold. */
export interface RouteMapMatch {
  readonly prefixList: string | null;
  readonly ipv6PrefixList: string | null;
  readonly nextHopPrefixList: string | null;
  readonly asPathList: string | null;
  readonly communityList: string | null;
  readonly communityExact: boolean;
  readonly largeCommunityList: string | null;
  readonly localPreference: number | null;
  readonly metric: number | null;
  readonly origin: Origin | null;
  readonly peer: string | null;
  readonly tag: number | null;
  readonly sourceProtocol: string | null;
}

export type Origin = 'igp' | 'egp' | 'incomplete';

export interface RouteMapSet {
  /** `+50`, `-50` or an absolute value, as written. */
  readonly localPreference: string | null;
  readonly metric: string | null;
  readonly weight: number | null;
  readonly origin: Origin | null;
  readonly asPathPrepend: readonly number[];
  readonly asPathExclude: readonly number[];
  /** Texts as the daemon writes them (`65500:1`, `no-export`); empty: leave alone. */
  readonly community: readonly string[];
  readonly communityAdditive: boolean;
  readonly communityNone: boolean;
  readonly communityDelete: string | null;
  readonly largeCommunity: readonly string[];
  readonly largeCommunityAdditive: boolean;
  /** An address, `peer-address` or `unchanged`; by family of the address. */
  readonly nextHop: string | null;
  readonly ipv6NextHop: string | null;
  readonly tag: number | null;
  readonly src: string | null;
}

export interface PrefixList extends Named {
  readonly family: 4 | 6;
  readonly entries: readonly PrefixListEntry[];
}

export interface PrefixListEntry {
  readonly seq: number;
  readonly action: Action;
  readonly prefix: Prefix;
  readonly ge: number | null;
  readonly le: number | null;
}

export interface RegexList extends Named {
  readonly entries: readonly { readonly seq: number; readonly action: Action; readonly regex: string }[];
}

export interface CommunityList extends Named {
  readonly kind: 'standard' | 'expanded';
  /** standard: communities separated by blanks; expanded: a regular expression. */
  readonly entries: readonly { readonly seq: number; readonly action: Action; readonly value: string }[];
}
