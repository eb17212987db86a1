import { addressOf } from '../../../base/ip.ts';
import type { AsSegment } from '../../as-path.ts';
import { intervalsOf } from './set-tree.ts';
import { compareValues } from './sets.ts';
import type { MaskItem, SetItem, Value } from './types.ts';

/** A value as BIRD's `print` and `format` write it (filter/data.c `val_format`). Sets of prefixes are written as the trie that BIRD keeps, which is not done here. */
export function valueText(value: Value): string {
  switch (value.type) {
    case 'void':
      return '(void)';
    case 'bool':
      return value.value ? 'TRUE' : 'FALSE';
    case 'int':
      return String(value.value);
    case 'string':
      return value.value;
    case 'ip':
    case 'prefix':
      return value.value.text;
    case 'pair':
      return pairText(value.value);
    case 'quad':
      return quadText(value.value);
    case 'ec':
      return extendedText(value.value);
    case 'lc':
      return largeText(value.value);
    case 'rd':
      return distinguisherText(value.value);
    case 'enum':
      return `(enum ${enumCodes[value.of] ?? '0'})${value.value}`;
    default:
      return listText(value);
  }
}

/** T_ENUM_* */
const enumCodes: Readonly<Record<string, string>> = {
  RTS: '30',
  ORIGIN: '31',
  SCOPE: '32',
  RTD: '34',
  ROA: '35',
  NET: '36',
  RA: '37',
  AF: '38',
  EMPTY: '3f',
};

function listText(value: Value): string {
  switch (value.type) {
    case 'bgppath':
      return named('path', value.value.map(segmentText));
    case 'clist':
      return named('clist', value.value.map(pairText));
    case 'eclist':
      return named('eclist', value.value.map(extendedText));
    case 'lclist':
      return named('lclist', value.value.map(largeText));
    case 'bgpmask':
      return `[= ${value.value.map((item) => `${maskText(item)} `).join('')}=]`;
    case 'set':
      return setText(value.value);
    default:
      return value.type;
  }
}

function named(kind: string, members: readonly string[]): string {
  return `(${kind} ${members.join(' ')})`;
}

function pairText(value: number): string {
  return `(${value >>> 16},${value & 0xffff})`;
}

function quadText(value: number): string {
  return addressOf(4, BigInt(value)).text;
}

function largeText(value: string): string {
  return `(${value.split(':').join(', ')})`;
}

const kinds: Readonly<Record<number, string>> = { 2: 'rt', 3: 'ro' };

/** The forms of RFC 4360 and RFC 5668; all else is generic (nest/a-set.c `ec_format`). */
function extendedText(value: bigint): string {
  const type = Number(value >> 48n);
  const form = (type >> 8) & 0xbf;
  if (form > 2) return `(generic, 0x${(value >> 32n).toString(16)}, 0x${(value & 0xffffffffn).toString(16)})`;
  const kind = kinds[type & 0xf0ff] ?? `unknown 0x${type.toString(16)}`;
  if (form === 0) return `(${kind}, ${(value >> 32n) & 0xffffn}, ${value & 0xffffffffn})`;
  const key = Number((value >> 16n) & 0xffffffffn);
  return `(${kind}, ${form === 1 ? quadText(key) : key}, ${value & 0xffffn})`;
}

/** lib/net.c `rd_format` */
function distinguisherText(value: bigint): string {
  const kind = value >> 48n;
  if (kind === 0n) return `${value >> 32n}:${value & 0xffffffffn}`;
  const [head, tail] = [Number((value >> 16n) & 0xffffffffn), value & 0xffffn];
  if (kind === 1n) return `${quadText(head)}:${tail}`;
  return `${head > 0xffff ? '' : '2:'}${head}:${tail}`;
}

const brackets: Readonly<Record<AsSegment['kind'], readonly [string, string]>> = {
  sequence: ['', ''],
  set: ['{', '}'],
  'confed-sequence': ['(', ')'],
  'confed-set': ['({', '})'],
};

function segmentText({ kind, asns }: AsSegment): string {
  const [open, close] = brackets[kind];
  return `${open}${asns.join(' ')}${close}`;
}

function maskText(item: MaskItem): string {
  const loop = item.loop ? ' +' : '';
  switch (item.kind) {
    case 'any-number':
      return `*${loop}`;
    case 'any-one':
      return `?${loop}`;
    case 'range':
      return `${item.from === item.to ? item.from : `${item.from}..${item.to}`}${loop}`;
    case 'set':
      return `${setText(item.items)}${loop}`;
  }
}

/** In the order of where the members begin. */
function setText(items: readonly SetItem[]): string {
  const ranges = items.flatMap(intervalsOf);
  const sorted = ranges.toSorted((a, b) => compareValues(a.from, b.from) ?? 0);
  const texts = sorted.map(({ from, to }) =>
    compareValues(from, to) === 0 ? valueText(from) : `${valueText(from)}..${valueText(to)}`,
  );
  return `[${texts.join(', ')}]`;
}
