import { addressFault, lengthFault } from '../../base/address-fault.ts';
import {
  type Address,
  hasHostBits,
  type InterfaceAddress,
  type IpFamily,
  type Prefix,
  parseAddress,
  parseInterfaceAddress,
  parsePrefix,
} from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import type { Findings } from './findings.ts';

/** Where a text stands and what it is called in a diagnostic ("bgp_router_id"). */
export interface TextPlace {
  readonly what: string;
  readonly source: SourceRange;
}

/** Reads texts of the inventory strictly; null means that the reason was reported. */
export class AddressReader {
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  address(text: string, place: TextPlace, family: IpFamily | null = null): Address | null {
    const parsed = parseAddress(text);
    if (!parsed) return this.#refuse(text, place, 'an address');
    return this.#inFamily(parsed.family, text, place, family) ? parsed : null;
  }

  /** A network; host bits are an error, because the reader cannot know which half is wrong. */
  prefix(text: string, place: TextPlace, family: IpFamily | null = null): Prefix | null {
    const parsed = parsePrefix(text);
    if (!parsed) return this.#refuse(text, place, 'a network', '/');
    if (!this.#inFamily(parsed.family, text, place, family)) return null;
    if (!hasHostBits(text)) return parsed;
    this.#findings.error({
      rule: 'host-bits',
      message: `${place.what} ${text} is an address inside ${parsed.text}, not a network`,
      ranges: [place.source],
      found: text,
      expected: 'a network, whose host bits are zero',
      fix: `write ${parsed.text}`,
    });
    return null;
  }

  /** An address with its length; without one only where `hostLength` says that it is a host address. */
  interfaceAddress(
    text: string,
    place: TextPlace,
    options: { readonly family?: IpFamily; readonly hostLength?: boolean } = {},
  ): InterfaceAddress | null {
    const parsed = parseInterfaceAddress(text);
    if (!parsed || (!text.includes('/') && options.hostLength !== true)) {
      return this.#refuse(text, place, 'an address with its length', '/');
    }
    return this.#inFamily(parsed.address.family, text, place, options.family ?? null) ? parsed : null;
  }

  #inFamily(found: IpFamily, text: string, place: TextPlace, wanted: IpFamily | null): boolean {
    if (wanted === null || wanted === found) return true;
    this.#findings.error({
      rule: 'address-family',
      message: `${place.what} ${text} is IPv${found}, but IPv${wanted} is needed`,
      ranges: [place.source],
      found: text,
      expected: `IPv${wanted}`,
      fix: `give an IPv${wanted} value`,
    });
    return false;
  }

  #refuse(text: string, place: TextPlace, expected: string, separator?: '/'): null {
    const { why, meant } = separator ? lengthFault(text) : addressFault(text);
    this.#findings.error({
      rule: 'invalid-address',
      message: `${place.what} ${JSON.stringify(text)} ${why}`,
      ranges: [place.source],
      found: text,
      expected: separator
        ? `${expected} like 10.0.0.1/24 or 2001:db8::1/64`
        : `${expected} like 10.0.0.1 or 2001:db8::1`,
      ...(meant === null ? {} : { nearest: meant }),
      fix: meant === null ? `write ${expected}` : `write ${meant} if that is meant`,
    });
    return null;
  }
}
