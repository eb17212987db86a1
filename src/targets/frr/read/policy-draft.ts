import type { SourceRange } from '../../../base/source.ts';
import type { Action, Condition, PrefixSetEntry } from '../../../bgp/policy/types.ts';
import type { Reference } from './draft.ts';

export interface PolicyDraft {
  readonly routeMaps: Map<string, RouteMapDraft>;
  readonly prefixLists: Record<4 | 6, Map<string, PrefixListDraft>>;
  readonly accessLists: Record<4 | 6, Map<string, AccessListDraft>>;
  readonly asPathLists: Map<string, RegexListDraft>;
  readonly communityLists: Map<string, CommunityListDraft>;
  readonly largeCommunityLists: Map<string, CommunityListDraft>;
  /** Standard entries as 16 hexadecimal digits. */
  readonly extendedCommunityLists: Map<string, CommunityListDraft>;
  /** `bgp community alias`: the community by the name it is given. */
  readonly aliases: Map<string, string>;
}

export interface PrefixListDraft {
  readonly source: SourceRange;
  readonly entries: Map<number, PrefixSetEntry>;
}

export interface AccessListDraft {
  readonly source: SourceRange;
  readonly entries: Map<number, AccessEntryDraft>;
}

/** A wildcard may stand for several ranges: `also`. */
export interface AccessEntryDraft extends PrefixSetEntry {
  readonly also?: readonly PrefixSetEntry[];
}

export interface RegexListDraft {
  readonly source: SourceRange;
  readonly entries: Map<number, { permit: boolean; regex: string }>;
}

export interface CommunityListDraft {
  readonly source: SourceRange;
  readonly entries: Map<
    number,
    { permit: boolean; communities: string[] } | { permit: boolean; regex: string }
  >;
}

export interface RouteMapDraft {
  readonly source: SourceRange;
  /** FRR looks for the first entry in a tree of the prefix-lists; off with `no route-map NAME optimization`. */
  optimized: boolean;
  readonly entries: Map<number, RouteMapEntryDraft>;
}

export interface RouteMapEntryDraft {
  readonly seq: number;
  readonly permit: boolean;
  readonly source: SourceRange;
  /** Keyed by the words before the value: saying it again replaces it. Sets are looked up when everything is read. */
  readonly matches: Map<string, MatchDraft>;
  readonly sets: Map<string, SetDraft>;
  call: Reference | null;
  onMatch: 'exit' | 'next' | { goto: number };
}

export type MatchDraft =
  /** `zebraOnly`: bgpd takes the line and drops it; the entry applies there as if the line were not written (seen on 8.4). */
  | { readonly kind: 'condition'; readonly condition: Condition; readonly zebraOnly?: boolean }
  | {
      readonly kind: 'list';
      readonly list:
        | 'prefix'
        | 'access'
        | 'next-hop-prefix'
        | 'next-hop-access'
        | 'as-path'
        | 'community'
        | 'large-community'
        | 'extended-community';
      readonly family: 4 | 6;
      /** The addresses of the list are asked about the peer (`match ip route-source`). */
      readonly ofPeer?: boolean;
      readonly exact: boolean;
      readonly reference: Reference;
    };

export type SetDraft =
  | { readonly kind: 'action'; readonly action: Action }
  | {
      readonly kind: 'delete';
      readonly list: 'community' | 'large-community';
      readonly reference: Reference;
    };

export function emptyPolicies(): PolicyDraft {
  return {
    routeMaps: new Map(),
    prefixLists: { 4: new Map(), 6: new Map() },
    accessLists: { 4: new Map(), 6: new Map() },
    asPathLists: new Map(),
    communityLists: new Map(),
    largeCommunityLists: new Map(),
    extendedCommunityLists: new Map(),
    aliases: new Map(),
  };
}

/** All prefix-lists, to be held against those of other files. */
export function prefixListsText({ prefixLists }: PolicyDraft): string {
  const texts = [...prefixLists[4], ...prefixLists[6]].map(([name, { entries }]) => {
    const lines = [...entries].map(
      ([seq, { permit, prefix, minLength, maxLength }]) =>
        `${seq} ${permit} ${prefix.text} ${minLength} ${maxLength}`,
    );
    return [name, ...lines].join();
  });
  return texts.sort().join(' ');
}
