import type { Asn } from '../../base/asn.ts';
import { type Address, addressOf, contains, hostPrefix, type Prefix } from '../../base/ip.ts';
import { type AsPath, TRANSIENT } from '../as-path.ts';
import type { PathData } from '../attributes.ts';
import {
  communityName,
  communityText,
  INTERNET,
  parseCommunity,
  parseLargeCommunity,
} from '../communities.ts';
import { extendedCommunityWords } from '../extended-communities.ts';
import type { Peer } from '../peer.ts';
import { extendedCommunitiesFit } from './extended-patterns.ts';
import { compileRegex, type Regex } from './regex.ts';
import type {
  CommunitySet,
  Comparison,
  Condition,
  PrefixSet,
  PrefixSetEntry,
  Quantifier,
  RegexSet,
} from './types.ts';

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

/** Compiled expressions and their answers per AS_PATH, kept for the life of one simulation or speaker. */
export interface PolicyTables {
  readonly regexes: Map<string, Regex | string>;
  readonly asPathAnswers: Map<string, Map<number, boolean>>;
}

export function createPolicyTables(): PolicyTables {
  return { regexes: new Map(), asPathAnswers: new Map() };
}

function regexOf(tables: PolicyTables, text: string): Regex | string {
  let regex = tables.regexes.get(text);
  if (regex === undefined) {
    regex = compileRegex(text);
    tables.regexes.set(text, regex);
  }
  return regex;
}

/** An expression that cannot be compiled fits nothing; the reader of the file has said so with its line. */
export function regexFits(tables: PolicyTables, text: string, subject: string): boolean {
  const regex = regexOf(tables, text);
  return typeof regex !== 'string' && regex.test(subject);
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

/** The first entry that fits decides; none: not in the set. */
export function inPrefixSet(set: PrefixSet, prefix: Prefix): boolean {
  return prefixEntry(set, prefix)?.permit ?? false;
}

/** The entry of the set that decides about the prefix; null: none fits. */
export function prefixEntry(set: PrefixSet, prefix: Prefix): PrefixSetEntry | null {
  for (const entry of set.entries) {
    if (prefix.length < entry.minLength || prefix.length > entry.maxLength) continue;
    if (contains(entry.prefix, prefix)) return entry;
  }
  return null;
}

/** Does a condition that looks at the prefix only hold? */
export function prefixConditionHolds(
  condition: Extract<Condition, { readonly kind: 'prefix' | 'prefix-length' | 'family' }>,
  prefix: Prefix,
): boolean {
  switch (condition.kind) {
    case 'prefix':
      return inPrefixSet(condition.set, prefix) !== condition.invert;
    case 'prefix-length':
      return prefix.family === condition.family && prefix.length === condition.value;
    case 'family':
      return condition.families.includes(prefix.family === 4 ? 'ipv4-unicast' : 'ipv6-unicast');
  }
}

/** Does a condition that looks at the AS_PATH only hold? */
export function asPathConditionHolds(
  condition: Extract<Condition, { readonly kind: 'as-path' | 'as-path-length' }>,
  asPath: AsPath,
  tables: PolicyTables,
): boolean {
  return condition.kind === 'as-path'
    ? asPathFits(condition.set, condition.quantifier, asPath, tables)
    : compares(asPath.length, condition.compare, condition.value);
}

function asPathFits(set: RegexSet, quantifier: Quantifier, asPath: AsPath, tables: PolicyTables): boolean {
  const fits = (regex: string) => asPathAnswer(tables, regex, asPath);
  if (quantifier === 'all') return set.entries.every((entry) => fits(entry.regex));
  const decided = set.entries.find((entry) => fits(entry.regex))?.permit ?? false;
  return quantifier === 'invert' ? !decided : decided;
}

function asPathAnswer(tables: PolicyTables, regex: string, asPath: AsPath): boolean {
  // "What I made myself": in nearly every host's policy, and asked for every AS_PATH there is.
  if (regex === '^$') return asPath.count === 0;
  if (asPath.id === TRANSIENT) return regexFits(tables, regex, asPath.text);
  let answers = tables.asPathAnswers.get(regex);
  if (!answers) {
    answers = new Map();
    tables.asPathAnswers.set(regex, answers);
  }
  let answer = answers.get(asPath.id);
  if (answer === undefined) {
    answer = regexFits(tables, regex, asPath.text);
    answers.set(asPath.id, answer);
  }
  return answer;
}

/** Communities of a route as a condition sees them: canonical texts, and the line FRR's expanded lists search. */
interface CommunityView {
  readonly texts: readonly string[];
  readonly printed: string;
  readonly canonical: (text: string) => string | null;
}

function standardView(path: PathData): CommunityView {
  return {
    texts: path.communities.map(communityText),
    printed: path.communities.map(communityName).join(' '),
    canonical: (text) => {
      const value = parseCommunity(text);
      return value === null ? null : communityText(value);
    },
  };
}

function largeView(path: PathData): CommunityView {
  return {
    texts: path.largeCommunities,
    printed: path.largeCommunities.join(' '),
    canonical: parseLargeCommunity,
  };
}

function extendedView({ extendedCommunities = [] }: PathData): CommunityView {
  return {
    texts: extendedCommunities,
    printed: extendedCommunities.map(extendedCommunityWords).join(' '),
    canonical: (text) => text,
  };
}

function communitiesFit(
  condition: { readonly set: CommunitySet; readonly exact: boolean; readonly quantifier: Quantifier },
  view: CommunityView,
  tables: PolicyTables,
): boolean {
  const { set, exact, quantifier } = condition;
  const fits = (entry: CommunitySet['entries'][number]) => {
    if ('regex' in entry) {
      if (!set.eachCommunity) return regexFits(tables, entry.regex, view.printed);
      return view.texts.some((text) => regexFits(tables, entry.regex, text));
    }
    return listedAreThere(entry.communities, exact, view);
  };
  if (quantifier === 'all') return set.entries.every(fits);
  const decided = set.entries.find(fits)?.permit ?? false;
  return quantifier === 'invert' ? !decided : decided;
}

function listedAreThere(listed: readonly string[], exact: boolean, view: CommunityView): boolean {
  const wanted = new Set(listed.map((text) => view.canonical(text)));
  if (wanted.delete(`0:${INTERNET}`) && wanted.size === 0) return true;
  for (const text of wanted) if (text === null || !view.texts.includes(text)) return false;
  return !exact || wanted.size === view.texts.length;
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

function compares(left: number, comparison: Comparison, right: number): boolean {
  if (comparison === 'eq') return left === right;
  return comparison === 'ge' ? left >= right : left <= right;
}

function routeType(learnedFrom: Peer | null): 'local' | 'internal' | 'external' {
  if (learnedFrom === null) return 'local';
  return learnedFrom.type === 'ibgp' ? 'internal' : 'external';
}

/** Communities of the route that one of the set's entries permits: what `set comm-list NAME delete` takes away. */
export function communitiesInSet(
  set: CommunitySet,
  texts: readonly string[],
  kind: 'standard' | 'large',
  tables: PolicyTables,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const text of texts) {
    const value = kind === 'standard' ? parseCommunity(text) : null;
    const printed = value === null ? text : communityName(value);
    const view = {
      texts: [text],
      printed,
      canonical: kind === 'standard' ? canonicalStandard : parseLargeCommunity,
    };
    const entry = set.entries.find((candidate) =>
      'regex' in candidate
        ? regexFits(tables, candidate.regex, set.eachCommunity ? text : printed)
        : candidate.communities.some((listed) => view.canonical(listed) === text),
    );
    if (entry?.permit) found.add(text);
  }
  return found;
}

function canonicalStandard(text: string): string | null {
  const value = parseCommunity(text);
  return value === null ? null : communityText(value);
}
