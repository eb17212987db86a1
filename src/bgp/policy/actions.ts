import { dropAsns, prependAll, replaceAsns, withoutConfed } from '../as-path-edits.ts';
import { type PathData, sortedCommunities, sortedLargeCommunities } from '../attributes.ts';
import { communityText, parseCommunity, parseLargeCommunity } from '../communities.ts';
import { linkBandwidth, withOneOfItsKind } from '../extended-communities.ts';
import type { PathStore } from '../path-store.ts';
import { withoutExtended } from './extended-patterns.ts';
import { type PolicySubject, unsetLocalPref } from './match.ts';
import { communitiesInSet } from './match-communities.ts';
import { type PolicyTables, regexFits } from './policy-tables.ts';
import type { Action, Amount } from './types.ts';

const LARGEST = 0xffffffff;

/** RFC-less arithmetic of `set metric +5`: clamped to 32 bits, missing counts as 0 (FRR counts LOCAL_PREF from eBGP so too). */
export function applyAmount<B extends number | null>(amount: Amount, before: B): B | number {
  if (amount.op === 'set') return amount.value;
  const changed = (before ?? 0) + (amount.op === 'add' ? amount.value : -amount.value);
  if (amount.strict && (changed < 0 || changed > LARGEST)) return before;
  return Math.min(LARGEST, Math.max(0, changed));
}

/** The changes one action makes; the caller lays them over the path. */
export function applyAction(
  action: Action,
  path: PathData,
  subject: PolicySubject,
  store: PathStore,
  tables: PolicyTables,
): Partial<PathData> {
  switch (action.kind) {
    case 'local-preference':
      return { localPref: applyAmount(action.amount, path.localPref ?? unsetLocalPref(path, subject)) };
    case 'med':
      return { med: applyAmount(action.amount, path.med) };
    case 'weight':
      return { weight: action.value };
    case 'origin':
      return { origin: action.value };
    case 'tag':
      return { tag: action.value };
    case 'aigp':
      return { aigp: action.value };
    case 'distance':
      return { distance: action.value };
    case 'prepend':
    case 'prepend-last-as':
    case 'exclude-as':
    case 'replace-as':
      return { asPath: changedAsPath(action, path, subject, store) };
    case 'community':
      return { communities: changedCommunities(action, path) };
    case 'community-delete': {
      const gone = communitiesInSet(action.set, path.communities.map(communityText), 'standard', tables);
      return { communities: path.communities.filter((community) => !gone.has(communityText(community))) };
    }
    case 'large-community':
      return { largeCommunities: changedLargeCommunities(action, path) };
    case 'large-community-delete': {
      const gone = communitiesInSet(action.set, path.largeCommunities, 'large', tables);
      return { largeCommunities: path.largeCommunities.filter((community) => !gone.has(community)) };
    }
    case 'extended-community':
      return {
        extendedCommunities: changedExtendedCommunities(action, path),
        ...(path.emptyLists ? { emptyLists: '' } : {}),
      };
    case 'extended-community-delete': {
      const before = path.extendedCommunities ?? [];
      const left = withoutExtended(action.patterns, before, (text, one) => regexFits(tables, text, one));
      return { extendedCommunities: left, emptyLists: left.length === 0 ? 'E' : '' };
    }
    case 'link-bandwidth': {
      const { rate, transitive, chosenOnly } = action;
      if (chosenOnly && !subject.peerUnknown) return {};
      const one = linkBandwidth(subject.localAs, rate, transitive);
      return { extendedCommunities: withOneOfItsKind(path.extendedCommunities ?? [], one) };
    }
    case 'next-hop':
      // FRR's `set ip next-hop` says nothing of IPv6 routes (route_set_ip_nexthop).
      return action.only && action.only !== subject.prefix.family
        ? {}
        : changedNextHop(action.value, subject);
    case 'originator-id':
      return { originatorId: action.value };
    case 'source-address':
      return {};
  }
}

function changedNextHop(
  value: (Action & { kind: 'next-hop' })['value'],
  { peer, learnedFrom, judgedNextHop }: PolicySubject,
): Partial<PathData> {
  if (value === 'prefer-global') return { nextHopOnEntry: value };
  // GoBGP goes back to what it was before the policy; FRR leaves what is there by now.
  if (value === 'unchanged')
    return { nextHopByPolicy: 'unchanged', ...(judgedNextHop ? { nextHop: judgedNextHop } : {}) };
  // GoBGP inbound: the own address on the session the route came from.
  if (value === 'self' && peer !== null && peer === learnedFrom) return { nextHop: peer.ownNextHop };
  // Inbound the peer's address is what "null" stands for already; outbound FRR puts in the own address.
  if (value === 'peer-address' || value === 'self') return { nextHop: null, nextHopByPolicy: 'self' };
  return { nextHop: value, nextHopByPolicy: 'set' };
}

function changedAsPath(
  action: Extract<Action, { kind: 'prepend' | 'prepend-last-as' | 'exclude-as' | 'replace-as' }>,
  path: PathData,
  subject: PolicySubject,
  store: PathStore,
): PathData['asPath'] {
  const { asPaths } = store;
  switch (action.kind) {
    case 'prepend':
      return prependAll(
        asPaths,
        action.dropsConfed && path.asPath.segments[0]?.kind.startsWith('confed')
          ? withoutConfed(asPaths, path.asPath)
          : path.asPath,
        action.asns,
        segmentKind(action, subject),
      );
    case 'prepend-last-as': {
      const last = leftmostAs(path.asPath);
      if (last === 0) return path.asPath;
      const again = Array<number>(action.times).fill(last);
      return prependAll(asPaths, path.asPath, again, segmentKind(action, subject));
    }
    case 'exclude-as':
      return dropAsns(asPaths, path.asPath, (asn) => action.asns.includes(asn));
    case 'replace-as': {
      const own = action.with ?? subject.peer?.config.localAs?.asn ?? subject.localAs;
      return replaceAsns(asPaths, path.asPath, (asn) =>
        action.asns === 'any' || action.asns.includes(asn) ? own : asn,
      );
    }
  }
}

/** 0 where the first segment is no plain sequence: nothing is prepended then (FRR `aspath_leftmost`, GoBGP `GetAsSeqList`). */
function leftmostAs(asPath: PathData['asPath']): number {
  return asPath.rest !== null || asPath.segments[0]?.kind === 'sequence' ? asPath.neighborAs : 0;
}

function segmentKind(
  { insideConfed }: { readonly insideConfed?: 'others' | 'all' },
  { peer }: PolicySubject,
): 'sequence' | 'confed-sequence' {
  const isInside = peer?.type === 'confed' || (insideConfed === 'all' && peer?.type === 'ibgp');
  return insideConfed && isInside ? 'confed-sequence' : 'sequence';
}

function changedCommunities(action: Action & { kind: 'community' }, path: PathData): readonly number[] {
  const named = action.communities.map(parseCommunity).filter((value) => value !== null);
  const kept = action.inOrder ? (all: readonly number[]) => all : sortedCommunities;
  if (action.op === 'replace') return kept(named);
  if (action.op === 'add') return kept([...path.communities, ...named]);
  return path.communities.filter((community) => !named.includes(community));
}

function changedExtendedCommunities(
  { op, communities, inOrder }: Action & { kind: 'extended-community' },
  path: PathData,
): readonly string[] {
  if (op === 'replace') return communities;
  const all = [...(path.extendedCommunities ?? []), ...communities];
  return inOrder ? all : [...new Set(all)];
}

function changedLargeCommunities(
  action: Action & { kind: 'large-community' },
  path: PathData,
): readonly string[] {
  const named = action.communities.map(parseLargeCommunity).filter((value) => value !== null);
  const kept = action.inOrder ? (all: readonly string[]) => all : sortedLargeCommunities;
  if (action.op === 'replace') return kept(named);
  if (action.op === 'add') return kept([...path.largeCommunities, ...named]);
  return path.largeCommunities.filter((community) => !named.includes(community));
}
