import type { Asn } from '../../base/asn.ts';
import { type Address, addressOf, contains, hostPrefix, type Prefix } from '../../base/ip.ts';
import type { PathData } from '../attributes.ts';
import type { Peer } from '../peer.ts';
import { extendedCommunitiesFit } from './extended-patterns.ts';
import { asPathConditionHolds, compares } from './match-as-path.ts';
import { communitiesFit, extendedView, largeView, standardView } from './match-communities.ts';
import { inPrefixSet, prefixConditionHolds } from './match-prefix.ts';
import { type PolicyTables, regexFits } from './policy-tables.ts';
import type { Condition, PrefixSet } from './types.ts';

/** What a policy is asked about beside the path itself. */
export interface PolicySubject {
  readonly prefix: Prefix;
  /** Where the route came from (import) or goes to (export); null for a local origination. */
  readonly peer: Peer | null;
  /** The policy is not told which peer it is (FRR, outbound). */
  readonly peerUnknown?: boolean;
  /** The AS of this router. */
  readonly localAs: Asn;
  /** What a null next hop of the path stands for; null: the unspecified address. */
  readonly ownNextHop: Address | null;
  /** Conditions look at this next hop instead, whatever the path has by now (GoBGP: the one before it was rewritten). */
  readonly judgedNextHop?: Address;
  /** Whom the route was learned from, as 'route-type' asks; null: made here. */
  readonly learnedFrom: Peer | null;
  /** LOCAL_PREF that a path made here counts as while it shows none. */
  readonly defaultLocalPref?: number;
  /** A MED that does not leave the AS: `match metric` still sees its value, `set metric +` does not (FRR). */
  readonly medTakenOff?: number;
}

/** Does the condition hold for the route? */
export function conditionHolds(
  condition: Condition,
  path: PathData,
  subject: PolicySubject,
  tables: PolicyTables,
): boolean {
  switch (condition.kind) {
    case 'prefix':
    case 'prefix-length':
    case 'family':
      return prefixConditionHolds(condition, subject.prefix);
    case 'next-hop': {
      const judged = subject.judgedNextHop?.value === 0n ? null : subject.judgedNextHop;
      const nextHop = judged ?? path.nextHop ?? subject.ownNextHop;
      return inPrefixSet(condition.set, hostPrefix(nextHop ?? addressOf(subject.prefix.family, 0n)));
    }
    case 'next-hop-blackhole': {
      const nowhere = subject.learnedFrom === null && path.nextHop === null && !path.interface;
      return nowhere && subject.prefix.family === condition.family;
    }
    case 'as-path':
    case 'as-path-length':
      return asPathConditionHolds(condition, path.asPath, tables);
    case 'community':
      return communitiesFit(condition, standardView(path), tables);
    case 'large-community':
      return communitiesFit(condition, largeView(path), tables);
    case 'extended-community':
      return communitiesFit(
        { set: condition.set, exact: false, quantifier: 'any' },
        extendedView(path),
        tables,
      );
    case 'extended-community-each':
      return extendedCommunitiesFit(condition, path.extendedCommunities ?? [], (text, subject) =>
        regexFits(tables, text, subject),
      );
    case 'local-preference':
      return (path.localPref ?? condition.absent ?? unsetLocalPref(path, subject)) === condition.value;
    case 'med':
      return (path.med ?? subject.medTakenOff ?? 0) === condition.value;
    case 'origin':
      return path.origin === condition.value;
    case 'peer':
      if (condition.local) return subject.peer === null;
      // What was made here comes from no peer: GoBGP's inverted sets do not take it either.
      return (
        subject.peer !== null &&
        !subject.peerUnknown &&
        peerFits(condition.networks, subject.peer) !== condition.invert
      );
    case 'route-source':
      return fromSource(condition.set, subject);
    case 'tag':
      return path.tag === condition.value;
    case 'interface':
      return path.interface === condition.value;
    case 'source-protocol':
      return (path.source === 'learned' ? 'bgp' : path.source) === condition.value;
    case 'community-count':
      return compares(path.communities.length, condition.compare, condition.value);
    case 'route-type':
      return routeType(subject.learnedFrom) === condition.value;
    case 'never':
      return false;
  }
}

/** FRR: a path made here carries the default LOCAL_PREF though it shows none; one learned over eBGP, or an aggregate, counts as 0. */
export function unsetLocalPref({ source }: PathData, { defaultLocalPref }: PolicySubject): number {
  return source === 'learned' || source === 'aggregate' ? 0 : (defaultLocalPref ?? 0);
}

function peerFits(networks: readonly Prefix[], peer: Peer | null): boolean {
  const address = peer?.address;
  return address ? networks.some((network) => contains(network, address)) : false;
}

/** Outbound policy of FRR is not told an address, and a session over IPv6 has none for this. */
function fromSource(set: PrefixSet, { peer, learnedFrom }: PolicySubject): boolean {
  const address = peer !== null && peer === learnedFrom ? peer.address : null;
  return address?.family === 4 && inPrefixSet(set, hostPrefix(address));
}

function routeType(learnedFrom: Peer | null): 'local' | 'internal' | 'external' {
  if (learnedFrom === null) return 'local';
  return learnedFrom.type === 'ibgp' ? 'internal' : 'external';
}
