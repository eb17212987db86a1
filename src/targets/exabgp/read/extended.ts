import { ipv4 } from './values.ts';

/** Type and subtype by ExaBGP's words (configuration/static/parser.py `_HEADER`). */
const headers: Readonly<Record<string, string>> = {
  target: '0002',
  target4: '0202',
  origin: '0003',
  origin4: '0203',
  redirect: '8008',
  bandwidth: '4004',
};
const U16 = 0xffff;

/** The community as 16 hexadecimal digits; null where ExaBGP takes it and what it sends is not worked out here. */
export function extendedDigits(text: string): string | null {
  if (/^0x/i.test(text)) return text.length === 18 ? text.slice(2).toLowerCase() : null;
  if (text === 'redirect-to-nexthop') return '0800000000000000';
  const parts = text.split(':');
  const kind = parts.length === 2 ? 'target' : (parts.shift() ?? '');
  const header = headers[kind];
  const [global = '', local = ''] = parts;
  if (header === undefined || parts.length !== 2) return null;
  if (kind === 'bandwidth') return `${header}${hex(number(global), 2)}${float(number(local))}`;
  if (kind === 'target' || kind === 'origin') {
    if (local.includes('.')) return `${header}${hex(number(global), 2)}${address(local)}`;
    if (global.includes('.')) return `${header}${address(global)}${hex(number(local), 2)}`;
  }
  const isWide = kind.endsWith('4') || /l$/i.test(global) || number(global) > U16;
  if (isWide && kind !== 'redirect')
    return `02${header.slice(2)}${hex(number(global), 4)}${hex(number(local), 2)}`;
  return `${header}${hex(number(global), 2)}${hex(number(local), 4)}`;
}

function number(text: string): number {
  return Number.parseInt(text, 10);
}

function hex(value: number, octets: number): string {
  return value
    .toString(16)
    .padStart(2 * octets, '0')
    .slice(-2 * octets);
}

function address(text: string): string {
  return hex(Number(ipv4(text)?.value ?? 0n), 4);
}

function float(value: number): string {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return hex(view.getUint32(0), 4);
}
