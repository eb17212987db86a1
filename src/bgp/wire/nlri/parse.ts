import { addressOf, parseAddress, parsePrefix } from '../../../base/ip.ts';
import { isFault } from '../fault.ts';
import {
  type FamilyKey,
  IPV4_FLOWSPEC,
  IPV4_LABELED,
  IPV4_VPN,
  IPV4_VPN_FLOWSPEC,
  IPV6_FLOWSPEC,
  IPV6_LABELED,
  IPV6_VPN,
  IPV6_VPN_FLOWSPEC,
  L2VPN_EVPN,
} from '../negotiated.ts';
import { ByteWriter } from '../writer.ts';
import type { RouteDistinguisher } from './distinguisher.ts';
import type { EvpnRoute } from './evpn.ts';
import type { FlowComponent, FlowTest } from './flowspec.ts';
import { decodeNlri, encodeNlri, type Nlri } from './index.ts';
import { BITS, COMPARISONS, evpnText, NAMES, nlriText } from './text.ts';

const NO_SEGMENT = '0'.repeat(20);

const distinguished: ReadonlySet<FamilyKey> = new Set([
  IPV4_VPN,
  IPV6_VPN,
  L2VPN_EVPN,
  IPV4_VPN_FLOWSPEC,
  IPV6_VPN_FLOWSPEC,
]);
const labelled: ReadonlySet<FamilyKey> = new Set([IPV4_LABELED, IPV6_LABELED, IPV4_VPN, IPV6_VPN]);
const flows: ReadonlySet<FamilyKey> = new Set([
  IPV4_FLOWSPEC,
  IPV6_FLOWSPEC,
  IPV4_VPN_FLOWSPEC,
  IPV6_VPN_FLOWSPEC,
]);

/** The destination that `nlriText` prints as this text, without what belongs to its path (labels, segment, gateway); null: there is none in this family. */
export function parseNlri(family: FamilyKey, text: string): Nlri | null {
  const words = text.trim().split(/\s+/);
  const hasDistinguisher = distinguished.has(family);
  const distinguisher = hasDistinguisher ? parseDistinguisher(words.shift() ?? '') : null;
  if (hasDistinguisher && distinguisher === null) return null;
  const nlri = parseBehind(family, words, distinguisher);
  return nlri && isWritable(family, nlri) ? nlri : null;
}

function parseBehind(
  family: FamilyKey,
  words: readonly string[],
  distinguisher: RouteDistinguisher | null,
): Nlri | null {
  const [first = ''] = words;
  if (flows.has(family)) {
    const components = parseFlow(words);
    return components && { kind: 'flowspec', pathId: null, distinguisher, components };
  }
  if (words.length !== 1) return null;
  if (labelled.has(family)) {
    const prefix = parsePrefix(first);
    return prefix && { kind: 'labeled', pathId: null, labels: [0], distinguisher, prefix };
  }
  if (family !== L2VPN_EVPN || distinguisher === null) return null;
  const route = parseEvpn(first);
  // The lengths that stand beside addresses say the same.
  return route && evpnText(route) === first.toLowerCase()
    ? { kind: 'evpn', pathId: null, distinguisher, route }
    : null;
}

/** What does not come back as the same destination is none of the family: bits behind a prefix, tests of a type it does not have, numbers that are too large. */
function isWritable(family: FamilyKey, nlri: Nlri): boolean {
  const writer = new ByteWriter();
  encodeNlri(writer, [nlri], family, false);
  const back = decodeNlri(writer.view(), family, false);
  const [only] = isFault(back) ? [] : back;
  return only !== undefined && nlriText(only) === nlriText(nlri);
}

/** `65000:1` or `10.0.0.1:1` (RFC 4364 4.2); an AS number of two octets leaves four for the number behind it. */
export function parseDistinguisher(text: string): RouteDistinguisher | null {
  const [, administrator = '', digits = ''] = /^([\d.]+):(\d{1,10})$/.exec(text) ?? [];
  const assigned = Number(digits);
  if (administrator.includes('.')) {
    const address = parseAddress(administrator);
    return address?.family === 4 && assigned <= 0xffff
      ? { type: 1, address: Number(address.value), assigned }
      : null;
  }
  const asn = Number(administrator);
  if (administrator === '' || asn > 0xffff_ffff) return null;
  if (asn <= 0xffff) return assigned <= 0xffff_ffff ? { type: 0, asn, assigned } : null;
  return assigned <= 0xffff ? { type: 2, asn, assigned } : null;
}

/** `[2]:[tag]:[48]:[MAC]:[32]:[address]`, as FRR prints them. */
function parseEvpn(text: string): EvpnRoute | null {
  if (!/^\[[^[\]]*\](?::\[[^[\]]*\])*$/.test(text)) return null;
  const [type, ...parts] = text.slice(1, -1).split(']:[');
  const [first = '', second = '', third = '', , fifth] = parts;
  const address = parseAddress(parts.at(-1) ?? '');
  const tag = Number(first);
  const hasTag = /^\d{1,10}$/.test(first) && tag <= 0xffff_ffff;
  switch (type) {
    case '1':
      return hasTag && isSegment(second) ? { type: 'ethernet-ad', segment: second, tag, label: 0 } : null;
    case '2': {
      const mac = third.toLowerCase();
      if (!hasTag || !/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac)) return null;
      if (fifth !== undefined && !address) return null;
      return {
        type: 'mac-ip',
        segment: NO_SEGMENT,
        tag,
        mac,
        address: fifth === undefined ? null : address,
        labels: [0],
      };
    }
    case '3':
      return hasTag && address ? { type: 'inclusive-multicast', tag, address } : null;
    case '4':
      return isSegment(first) && address ? { type: 'ethernet-segment', segment: first, address } : null;
    case '5': {
      const prefix = address && /^\d{1,3}$/.test(second) ? parsePrefix(`${address.text}/${second}`) : null;
      if (!hasTag || !prefix) return null;
      return {
        type: 'ip-prefix',
        segment: NO_SEGMENT,
        tag,
        prefix,
        gateway: addressOf(prefix.family, 0n),
        label: 0,
      };
    }
    default:
      return null;
  }
}

function isSegment(text: string): boolean {
  return /^[0-9a-f]{20}$/.test(text);
}

/** `destination 10.0.0.0/8 protocol =6 destination-port >=80&<=90 =443`; `any`: no test at all. */
function parseFlow(words: readonly string[]): readonly FlowComponent[] | null {
  if (words.join() === 'any') return [];
  const components: FlowComponent[] = [];
  for (let at = 0; at < words.length; ) {
    const type = NAMES.indexOf(words[at] ?? '');
    if (type < 1) return null;
    let end = at + 1;
    while (end < words.length && !NAMES.includes(words[end] ?? '')) end++;
    const component = parseComponent(type, words.slice(at + 1, end));
    if (!component) return null;
    components.push(component);
    at = end;
  }
  return components.sort((a, b) => a.type - b.type);
}

function parseComponent(type: number, values: readonly string[]): FlowComponent | null {
  if (type === 1 || type === 2) {
    // Patterns that begin behind the first bit (RFC 8956 3.1) are passed on, and not made here.
    const prefix = values.length === 1 ? parsePrefix(values[0] ?? '') : null;
    return prefix && { kind: 'prefix', type, prefix, offset: 0 };
  }
  const tests = values.flatMap((value) =>
    value.split('&').map((test, place) => parseTest(test, place > 0, BITS.has(type))),
  );
  const known = tests.filter((test) => test !== null);
  return known.length > 0 && known.length === tests.length ? { kind: 'tests', type, tests: known } : null;
}

function parseTest(text: string, and: boolean, bits: boolean): FlowTest | null {
  const [, sign = '', digits = ''] = /^([!=<>]*|true|false)(0x[0-9a-f]{1,8}|\d{1,10})$/.exec(text) ?? [];
  if (digits === '') return null;
  const value = Number(digits);
  if (bits) {
    const place = ['', '=', '!', '!='].indexOf(sign);
    return place < 0 ? null : { and, operator: place, value };
  }
  // A number alone is one to be equal to.
  const operator = sign === '' ? 1 : COMPARISONS.indexOf(sign);
  return operator < 0 ? null : { and, operator, value };
}
