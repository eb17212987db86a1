import { parseAddress } from '../base/ip.ts';
import { extendedCommunityText } from './wire/extended-community.ts';

/** Extended communities as 16 hexadecimal digits each (RFC 4360), and in the words of FRR's configurations and lists. */

const SUBTYPES: Readonly<Record<string, number>> = { rt: 2, soo: 3 };
const LINK_BANDWIDTH = 4;
const TRANSITIVE = 0x00;
const NON_TRANSITIVE = 0x40;
const AS_TRANS = 23456;
const [U16, U32] = [0xffff, 0xffff_ffff];

function octets(value: number, count: number): string {
  return value.toString(16).padStart(2 * count, '0');
}

/**
 * `rt` or `soo` with ASN:NUMBER or ADDRESS:NUMBER: two octets of AS leave four for the number, four octets or an address leave two
 * (RFC 4360 3.1 and 3.2, RFC 5668). null: this is none.
 */
export function extendedCommunityOf(kind: string, text: string): string | null {
  const subtype = SUBTYPES[kind.toLowerCase()];
  const [, administrator = '', digits = ''] = /^([\d.]+):(\d{1,10})$/.exec(text) ?? [];
  const number = Number(digits);
  if (subtype === undefined || administrator === '') return null;
  const address = administrator.includes('.') ? parseAddress(administrator) : null;
  const asn = Number(administrator);
  if (address?.family === 4 && number <= U16)
    return `01${octets(subtype, 1)}${octets(Number(address.value), 4)}${octets(number, 2)}`;
  if (administrator.includes('.') || asn > U32) return null;
  if (asn <= U16 && number <= U32) return `00${octets(subtype, 1)}${octets(asn, 2)}${octets(number, 4)}`;
  return asn > U16 && number <= U16 ? `02${octets(subtype, 1)}${octets(asn, 4)}${octets(number, 2)}` : null;
}

/** Link bandwidth in octets a second, as a float (draft-ietf-idr-link-bandwidth). */
export function linkBandwidth(asn: number, rate: number, transitive: boolean): string {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, rate);
  const type = transitive ? TRANSITIVE : NON_TRANSITIVE;
  return `${octets(type, 1)}${octets(LINK_BANDWIDTH, 1)}${octets(asn > U16 ? AS_TRANS : asn, 2)}${octets(view.getUint32(0), 4)}`;
}

/** The same with the bit that says it stays within the AS. */
export function withinTheAs(community: string): string {
  const type = Number.parseInt(community.slice(0, 2), 16);
  return `${octets(type | NON_TRANSITIVE, 1)}${community.slice(2)}`;
}

/** FRR ecommunity_linkbw_present; a bandwidth of nothing is none. */
function isLinkBandwidth(community: string): boolean {
  return /^[04]004/.test(community) && !community.endsWith('00000000');
}

export function hasBandwidth({
  extendedCommunities = [],
}: {
  readonly extendedCommunities?: readonly string[];
}): boolean {
  return extendedCommunities.some(isLinkBandwidth);
}

/** With one of a type and subtype in place of those before. */
export function withOneOfItsKind(communities: readonly string[], one: string): readonly string[] {
  const kind = one.slice(0, 4);
  return sortedExtendedCommunities([...communities.filter((other) => !other.startsWith(kind)), one]);
}

export function sortedExtendedCommunities(communities: readonly string[]): readonly string[] {
  return communities.length < 2 ? communities : [...new Set(communities)].sort();
}

/** RFC 4360 section 2: the second bit of the type says that it stays within the AS. */
export function isTransitive(community: string): boolean {
  return (Number.parseInt(community.slice(0, 2), 16) & NON_TRANSITIVE) === 0;
}

const VALIDATION = ['valid', 'not-found', 'invalid'];

/** As FRR prints it (`ecommunity_ecom2str`), which is what its expanded lists search: `RT:65000:1`, `LB:65000:125000 (1.000 Mbps)`. */
export function extendedCommunityWords(community: string): string {
  const [kind = '', ...rest] = extendedCommunityText(community).split(':');
  if (kind === 'rt') return `RT:${rest.join(':')}`;
  if (kind === 'soo') return `SoO:${rest.join(':')}`;
  if (kind === 'link-bandwidth') return `LB:${rest.join(':')} (${rateWords(Number(rest[1]))})`;
  if (community.startsWith('030c')) return `ET:${Number.parseInt(community.slice(12), 16)}`;
  if (community.startsWith('030d')) return 'Default Gateway';
  if (community.startsWith('4300'))
    return `OVS:${VALIDATION[Number.parseInt(community.slice(14), 16)] ?? 'ERROR'}`;
  const [type, subtype] = [community.slice(0, 2), community.slice(2, 4)].map((two) =>
    Number.parseInt(two, 16),
  );
  return `UNK:${type}, ${subtype}`;
}

/** Whole units only, though three decimals are printed: FRR divides integers. */
function rateWords(rate: number): string {
  for (const [unit, perSecond] of [
    ['Gbps', 125_000_000],
    ['Mbps', 125_000],
    ['Kbps', 125],
  ] as const) {
    if (rate >= perSecond) return `${Math.floor(rate / perSecond).toFixed(3)} ${unit}`;
  }
  return `${rate * 8} bps`;
}

/** `rt 65000:1 soo 10.0.0.1:7`: each value behind its word. null: FRR refuses it. */
export function listedExtendedCommunities(text: string): readonly string[] | null {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const found = words.flatMap((word, i) =>
    i % 2 === 0 ? [extendedCommunityOf(word, words[i + 1] ?? '')] : [],
  );
  const values = found.filter((value) => value !== null);
  return values.length === found.length && values.length > 0 ? values : null;
}
