import { parseAddress, parsePrefix } from './ip.ts';

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

/** The same for a text that `parsePrefix` refuses: `has no length`. */
export function lengthFault(text: string): AddressFault {
  const slash = text.indexOf('/');
  const addressText = slash < 0 ? text : text.slice(0, slash);
  const address = parseAddress(addressText);
  if (!address) {
    const { why, meant } = addressFault(addressText);
    return { why, meant: meant === null || slash < 0 ? null : meant + text.slice(slash) };
  }
  if (slash < 0) return { why: 'has no length', meant: null };
  const length = text.slice(slash + 1);
  if (address.family === 4 && parseAddress(length)?.family === 4) {
    return { why: 'has a netmask instead of a length', meant: withNetmask(address.text, length) };
  }
  if (/^0\d+$/.test(length)) {
    const meant = `${address.text}/${Number(length)}`;
    return { why: 'has a leading zero in its length', meant: parsePrefix(meant) ? meant : null };
  }
  return {
    why: `has the length ${JSON.stringify(length)}, which is not from 0 to ${address.family === 4 ? 32 : 128}`,
    meant: null,
  };
}

function withNetmask(address: string, mask: string): string | null {
  const bits = mask
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(bits) ? `${address}/${bits.replaceAll('0', '').length}` : null;
}
