import { parseAddress } from './ip.ts';

/** Why a text is no address, and the address that was probably meant. */
export interface AddressFault {
  /** Completes "10.0.2 ...": `has 2 octets instead of 4`. */
  readonly why: string;
  readonly meant: string | null;
}

/**
 * Explains a text that `parseAddress` refuses. Some programs read `010` as octal, `10.0.2` as 10.0.0.2 and drop the zone of
 * `fe80::1%eth0`; none of them agree, so each is refused with its reason.
 */
export function addressFault(text: string): AddressFault {
  const trimmed = text.trim();
  if (trimmed === '') return { why: 'is empty', meant: null };
  if (trimmed !== text) return { why: 'has blanks around it', meant: valid(trimmed) };
  const percent = text.indexOf('%');
  if (percent >= 0) {
    return { why: `has a zone (${text.slice(percent)})`, meant: valid(text.slice(0, percent)) };
  }
  if (/^\d+$/.test(text)) return { why: 'is a number, not an address', meant: null };
  if (/^[\d.]+$/.test(text)) return ipv4Fault(text);
  if (text.includes(':') && /^[0-9a-f:.]+$/i.test(text)) return ipv6Fault(text);
  return { why: 'is not an address', meant: null };
}

function ipv4Fault(text: string): AddressFault {
  const octets = text.split('.');
  if (octets.includes('')) return { why: 'has an empty octet', meant: null };
  if (octets.length !== 4) {
    return { why: `has ${octets.length} octets instead of 4`, meant: null };
  }
  const large = octets.find((octet) => Number(octet) > 255);
  if (large !== undefined) return { why: `has an octet above 255 (${large})`, meant: null };
  const zero = octets.find((octet) => /^0\d/.test(octet));
  return {
    why: `has a leading zero (${zero ?? octets[0]}), which some programs read as octal`,
    meant: valid(octets.map((octet) => String(Number(octet))).join('.')),
  };
}

function ipv6Fault(text: string): AddressFault {
  const groups = text.split(':');
  if (text.split('::').length > 2 || text.includes(':::')) {
    return { why: 'has more than one ::', meant: null };
  }
  if (groups.some((group) => /^[0-9a-f]{5,}$/i.test(group))) {
    return { why: 'has a group of more than 4 digits', meant: null };
  }
  if (!text.includes('::') && groups.length !== 8) {
    return { why: `has ${groups.length} groups instead of 8`, meant: null };
  }
  return { why: 'is not an IPv6 address', meant: null };
}

function valid(text: string): string | null {
  return parseAddress(text)?.text ?? null;
}
