import type { Condition, ExtendedPattern } from './types.ts';

/** Is the expression found in the text? */
type Finds = (regex: string, text: string) => boolean;

/** Types from here on are passed over, transitive ones with the highest bit too (GoBGP, after RFC 7153). */
const FIRST_UNSEEN_TYPE = 0x3f;

/**
 * GoBGP's ExtCommunityCondition: one community after another, until one decides. With `invert` none does, so that the last one
 * speaks for all; one that is passed over fits nothing.
 */
export function extendedCommunitiesFit(
  { patterns, quantifier }: Condition & { kind: 'extended-community-each' },
  communities: readonly string[],
  finds: Finds,
): boolean {
  let fits = false;
  for (const community of communities) {
    fits = false;
    if (typeOf(community) >= FIRST_UNSEEN_TYPE) continue;
    fits = isAmong(patterns, community, finds);
    if (quantifier === (fits ? 'any' : 'all')) break;
  }
  return quantifier === 'invert' ? !fits : fits;
}

/** What is left of them (RegexpRemoveExtCommunities): those that no condition sees go as well. */
export function withoutExtended(
  patterns: readonly ExtendedPattern[],
  communities: readonly string[],
  finds: Finds,
): readonly string[] {
  return communities.filter(
    (community) => typeOf(community) < FIRST_UNSEEN_TYPE && !isAmong(patterns, community, finds),
  );
}

function isAmong(patterns: readonly ExtendedPattern[], community: string, finds: Finds): boolean {
  const subtype = number(community, 1, 1);
  return patterns.some((one) => one.subtype === subtype && finds(one.regex, printed(community)));
}

function typeOf(community: string): number {
  return number(community, 0, 1);
}

/** `count` octets from the octet `from` of 16 hexadecimal digits. */
function number(community: string, from: number, count: number): number {
  return Number.parseInt(community.slice(2 * from, 2 * (from + count)), 16);
}

const [ADDRESS, WIDE_AS, OPAQUE] = [0x01, 0x02, 0x03];

/** Tunnel types by their numbers (RFC 9012 and its registry), as GoBGP prints them. */
const TUNNELS: Readonly<Record<number, string>> = {
  1: 'L2TPv3 over IP',
  2: 'GRE',
  7: 'IP in IP',
  8: 'VXLAN',
  9: 'NVGRE',
  10: 'MPLS',
  11: 'MPLS in GRE',
  12: 'VXLAN GRE',
  13: 'MPLS in UDP',
  15: 'SR Policy',
  19: 'GENEVE',
};

/** As GoBGP prints it: without the word for what it is, a wide AS in two halves. */
function printed(community: string): string {
  const type = typeOf(community);
  if (type === OPAQUE) {
    const tunnel = number(community, 6, 2);
    return TUNNELS[tunnel] ?? `tunnel: ${tunnel}`;
  }
  if (type === ADDRESS) {
    const octets = [2, 3, 4, 5].map((at) => number(community, at, 1));
    return `${octets.join('.')}:${number(community, 6, 2)}`;
  }
  if (type === WIDE_AS)
    return `${number(community, 2, 2)}.${number(community, 4, 2)}:${number(community, 6, 2)}`;
  return `${number(community, 2, 2)}:${number(community, 4, 4)}`;
}
