import { parseAddress } from '../../base/ip.ts';
import { extendedCommunityText } from './extended-community.ts';

const octets = (value: number, count: number) => value.toString(16).padStart(2 * count, '0');
const [U16, U32] = [0xffff, 0xffff_ffff];

type Reader = (words: readonly string[]) => string | null;

/** What stands behind the name, by name; null: it is not that. */
const READERS: Readonly<Record<string, Reader>> = {
  rt: (words) => threeForms('', '02', words),
  soo: (words) => threeForms('', '03', words),
  redirect: (words) => threeForms('8', '08', words),
  encap: ([name]) => {
    const type = Object.keys(TUNNELS).find((key) => TUNNELS[key] === name) ?? name;
    return numbered(type, U16, (value) => `030c00000000${octets(value, 2)}`);
  },
  'default-gateway': () => '030d000000000000',
  'mac-mobility': ([number, sticky]) =>
    numbered(number, U32, (value) => `0600${sticky === 'sticky' ? '01' : '00'}00${octets(value, 4)}`),
  'es-import': (words) => macAfter('0602', words),
  'router-mac': (words) => macAfter('0603', words),
  'traffic-rate': (words) => floatAfter('8006', words),
  'link-bandwidth': (words) => floatAfter('4004', words),
  'traffic-action': ([word]) => {
    const bits = { sample: 2, terminal: 1, 'sample-terminal': 3 }[word ?? ''];
    return bits === undefined ? null : `800700000000${octets(bits, 2)}`;
  },
  'traffic-marking': ([value]) => numbered(value, 63, (dscp) => `80090000000000${octets(dscp, 1)}`),
};

/** Those that EVPN uses (RFC 8365 5.1.3); others by number. */
const TUNNELS: Readonly<Record<string, string>> = { 8: 'vxlan', 9: 'nvgre', 10: 'mpls', 19: 'geneve' };

/** The 16 hexadecimal digits of what `extendedCommunityText` prints as this text (`rt:65000:1`, `encap:vxlan`, `traffic-rate:0:0`, `0x` and digits); null: nothing is. */
export function parseExtendedCommunity(text: string): string | null {
  if (/^0x[0-9a-f]{16}$/i.test(text)) return text.slice(2).toLowerCase();
  const [name = '', ...words] = text.split(':');
  const digits = Object.hasOwn(READERS, name) ? READERS[name]?.(words) : null;
  // What is not said again in the same words had more in it, or less.
  return digits && sayAgain(digits) === text ? digits : null;
}

function sayAgain(digits: string): string {
  return extendedCommunityText(digits);
}

function numbered(text: string | undefined, most: number, digits: (value: number) => string): string | null {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= most ? digits(Number(text)) : null;
}

/** RFC 4360 3.1 and 3.2, RFC 5668: an AS number of two octets, an address, one of four octets. `high`: the first digit of the type. */
function threeForms(
  high: string,
  subtype: string,
  [administrator = '', number]: readonly string[],
): string | null {
  const type = (form: number) => `${high === '' ? '0' : high}${form}${subtype}`;
  if (administrator.includes('.')) {
    const address = parseAddress(administrator);
    if (address?.family !== 4) return null;
    return numbered(
      number,
      U16,
      (value) => `${type(1)}${octets(Number(address.value), 4)}${octets(value, 2)}`,
    );
  }
  return numbered(administrator, U32, (asn) =>
    asn <= U16
      ? (numbered(number, U32, (value) => `${type(0)}${octets(asn, 2)}${octets(value, 4)}`) ?? '')
      : (numbered(number, U16, (value) => `${type(2)}${octets(asn, 4)}${octets(value, 2)}`) ?? ''),
  );
}

function macAfter(head: string, words: readonly string[]): string | null {
  const digits = words.join('');
  return /^[0-9a-f]{12}$/.test(digits) ? `${head}${digits}` : null;
}

/** ASN and a rate in octets a second, IEEE 754 (RFC 8955 7.1). */
function floatAfter(head: string, [asn, rate = '']: readonly string[]): string | null {
  if (!/^\d+(?:\.\d+)?(?:e\+?\d+)?$/.test(rate)) return null;
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, Number(rate));
  return numbered(asn, U16, (value) => `${head}${octets(value, 2)}${octets(view.getUint32(0), 4)}`);
}
