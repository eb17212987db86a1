/** An autonomous system number, 1 to 4294967294 (RFC 6793); 0 and 4294967295 are never valid (RFC 7607, RFC 7300). */
export type Asn = number;

/** AS_TRANS stands in the AS_PATH for a 4-octet number on a 2-octet session (RFC 6793). */
export const AS_TRANS = 23456;

/** Reads asplain `65500` and asdot `1.10` (RFC 5396); null where the text is neither. Zero is read, not judged. */
export function parseAsn(text: string): Asn | null {
  if (/^(0|[1-9]\d{0,9})$/.test(text)) {
    const value = Number(text);
    return value <= 0xffffffff ? value : null;
  }
  const dotted = /^(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})$/.exec(text);
  if (!dotted) return null;
  const high = Number(dotted[1]);
  const low = Number(dotted[2]);
  return high <= 0xffff && low <= 0xffff ? high * 65536 + low : null;
}

export type AsnKind = 'public' | 'private' | 'documentation' | 'reserved';

/** What the registries say of a number: RFC 6996 (private), RFC 5398 (documentation), RFC 7607, 6793 and 7300 (reserved). */
export function asnKind(asn: Asn): AsnKind {
  if (asn === 0 || asn === AS_TRANS || asn === 65535 || asn === 4294967295) return 'reserved';
  if ((asn >= 64496 && asn <= 64511) || (asn >= 65536 && asn <= 65551)) return 'documentation';
  if (isPrivateAsn(asn)) return 'private';
  return 'public';
}

/** RFC 6996. */
export function isPrivateAsn(asn: Asn): boolean {
  return (asn >= 64512 && asn <= 65534) || (asn >= 4200000000 && asn <= 4294967294);
}
