import type { Asn } from '../../../base/asn.ts';
import type { ByteReader } from '../reader.ts';
import { capabilityCode, type RoleName, roleNames } from '../registry.ts';
import type { CapabilityRow } from './row.ts';

function flag(code: number): CapabilityRow<true> {
  return { code, decode: () => true, encode: () => undefined };
}

/** RFC 2918 section 2. */
export const routeRefresh = flag(capabilityCode.routeRefresh);
/** RFC 7313 section 3.1. */
export const enhancedRouteRefresh = flag(capabilityCode.enhancedRouteRefresh);
/** RFC 8654 section 3. */
export const extendedMessage = flag(capabilityCode.extendedMessage);

/** RFC 6793 section 3. */
export const fourOctetAs: CapabilityRow<Asn> = {
  code: capabilityCode.fourOctetAs,
  decode: (reader) => reader.u32(),
  encode: (writer, asn) => writer.u32(asn),
};

/** RFC 9234 section 4.1; a role nobody knows counts as not sent. */
export const role: CapabilityRow<RoleName> = {
  code: capabilityCode.role,
  decode: (reader) => roleNames[reader.u8()] ?? null,
  encode: (writer, name) => writer.u8(roleNames.indexOf(name)),
};

export interface Fqdn {
  readonly host: string;
  readonly domain: string;
}

/** draft-walton-bgp-hostname-capability: two counted texts in UTF-8. */
export const fqdn: CapabilityRow<Fqdn> = {
  code: capabilityCode.fqdn,
  decode: (reader) => {
    const host = readText(reader);
    const domain = readText(reader);
    return host === null || domain === null ? null : { host, domain };
  },
  encode: (writer, { host, domain }) => {
    for (const text of [host, domain]) {
      const bytes = new TextEncoder().encode(text).subarray(0, 64);
      writer.u8(bytes.length).put(bytes);
    }
  },
};

/** What a peer says of itself is shown to people: no control characters. */
function readText(reader: ByteReader): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(reader.take(reader.u8()));
    return /\p{Cc}/u.test(text) ? null : text;
  } catch {
    return null;
  }
}
