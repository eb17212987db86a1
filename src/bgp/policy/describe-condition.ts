import { contains, type Prefix } from '../../base/ip.ts';
import type { PathData } from '../attributes.ts';
import { communityName } from '../communities.ts';
import { prefixEntry } from './match-prefix.ts';
import type { Condition, PrefixSet, PrefixSetEntry } from './types.ts';

/** A condition in a few words, by the names the configuration gives its lists. */
export function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'prefix':
      return `${condition.invert ? 'not ' : ''}prefix-list ${condition.set.name}`;
    case 'next-hop':
      return `next hop in ${condition.set.name}`;
    case 'next-hop-blackhole':
      return 'no next hop: a black hole';
    case 'route-source':
      return `a peer in ${condition.set.name}`;
    case 'as-path':
    case 'community':
    case 'large-community':
      return `${condition.quantifier === 'invert' ? 'not ' : ''}${condition.kind} list ${condition.set.name}`;
    case 'extended-community':
      return `${condition.kind} list ${condition.set.name}`;
    case 'extended-community-each':
      return `${condition.quantifier === 'invert' ? 'not ' : ''}extended-community list ${condition.name}`;
    case 'prefix-length':
      return `prefix length ${condition.value}`;
    case 'local-preference':
    case 'med':
    case 'tag':
    case 'interface':
    case 'source-protocol':
    case 'route-type':
      return `${condition.kind} ${condition.value}`;
    case 'origin':
      return `origin ${['igp', 'egp', 'incomplete'][condition.value]}`;
    case 'peer':
      if (condition.local) return 'peer local';
      return `${condition.invert ? 'not ' : ''}peer ${condition.networks.map(({ text }) => text).join(' ')}`;
    case 'as-path-length':
    case 'community-count':
      return `${condition.kind} ${condition.compare} ${condition.value}`;
    case 'family':
      return condition.families.join(' ');
    case 'never':
      return `something that never matches: ${condition.why}`;
  }
}

/** The same where it did not hold, with what it saw instead. */
export function describeMiss({
  condition,
  prefix,
  path,
}: {
  readonly condition: Condition;
  readonly prefix: Prefix;
  readonly path: PathData;
}): string {
  const asked = describeCondition(condition);
  const seen = seenInstead(condition, prefix, path);
  return seen === '' ? asked : `${asked}: ${seen}`;
}

function seenInstead(condition: Condition, prefix: Prefix, path: PathData): string {
  switch (condition.kind) {
    case 'prefix':
      return condition.invert ? '' : whyNotIn(condition.set, prefix);
    case 'as-path':
    case 'as-path-length':
      return `the AS path is ${path.asPath.text === '' ? 'empty' : path.asPath.text}`;
    case 'community':
    case 'community-count':
      return `it has ${path.communities.map(communityName).join(' ') || 'no community'}`;
    case 'large-community':
      return `it has ${path.largeCommunities.join(' ') || 'no large community'}`;
    case 'med':
      return `it has ${path.med ?? 'none'}`;
    case 'local-preference':
      return `it has ${path.localPref ?? 'none'}`;
    default:
      return '';
  }
}

/** The entry that denies, or the one that would hold the prefix with another length. */
export function whyNotIn(set: PrefixSet, prefix: Prefix): string {
  const entry = prefixEntry(set, prefix);
  if (entry) return `${placeOf(entry)} denies ${entry.prefix.text}`;
  const near = set.entries.find((one) => one.permit && contains(one.prefix, prefix));
  if (!near) return 'no entry holds it';
  const { minLength, maxLength } = near;
  const lengths = minLength === maxLength ? `length ${minLength}` : `lengths ${minLength} to ${maxLength}`;
  return `${placeOf(near)} takes ${near.prefix.text} with ${lengths} only`;
}

function placeOf({ source }: PrefixSetEntry): string {
  return source ? `line ${source.line}` : 'an entry';
}
