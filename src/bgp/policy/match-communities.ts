import type { PathData } from '../attributes.ts';
import {
  communityName,
  communityText,
  INTERNET,
  parseCommunity,
  parseLargeCommunity,
} from '../communities.ts';
import { extendedCommunityWords } from '../extended-communities.ts';
import { type PolicyTables, regexFits } from './policy-tables.ts';
import type { CommunitySet, Quantifier } from './types.ts';

/** Communities of a route as a condition sees them: canonical texts, and the line FRR's expanded lists search. */
interface CommunityView {
  readonly texts: readonly string[];
  readonly printed: string;
  readonly canonical: (text: string) => string | null;
}

export function standardView(path: PathData): CommunityView {
  return {
    texts: path.communities.map(communityText),
    printed: path.communities.map(communityName).join(' '),
    canonical: canonicalStandard,
  };
}

export function largeView(path: PathData): CommunityView {
  return {
    texts: path.largeCommunities,
    printed: path.largeCommunities.join(' '),
    canonical: parseLargeCommunity,
  };
}

export function extendedView({ extendedCommunities = [] }: PathData): CommunityView {
  return {
    texts: extendedCommunities,
    printed: extendedCommunities.map(extendedCommunityWords).join(' '),
    canonical: (text) => text,
  };
}

/** Does a set take the communities of a route? An expression is held against each, or against the line of all. */
export function communitiesFit(
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
