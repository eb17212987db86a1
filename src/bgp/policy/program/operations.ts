import { type Address, bitsOf, prefixOf } from '../../../base/ip.ts';
import {
  added,
  asPath,
  communityNumber,
  extreme,
  isSequence,
  kept,
  lengthOf,
  listOf,
  matches,
  prepended,
} from './lists.ts';
import { originCheck } from './origins.ts';
import { compareValues, sameValues } from './sets.ts';
import type { Value } from './types.ts';
import { valueText } from './value-text.ts';
import { asInteger, asTruth, fault, integer, type Operation, operand, truth } from './values.ts';

function arithmetic(compute: (a: number, b: number) => number): Operation {
  return (operands) => integer(compute(asInteger(operand(operands, 0)), asInteger(operand(operands, 1))));
}

function ordered(holds: (difference: number) => boolean): Operation {
  return (operands) => {
    const difference = compareValues(operand(operands, 0), operand(operands, 1));
    return difference === null ? fault('values of these types have no order') : truth(holds(difference));
  };
}

function masked(address: Address, length: number): Address {
  const { family, value } = address;
  const network = prefixOf(family, value, Math.min(length, bitsOf(family)));
  return { family, value: network.value, text: network.text.split('/')[0] ?? '' };
}

/** EC_RT and EC_RO of BIRD; the key decides the form (RFC 4360 section 3, RFC 5668). */
function extendedCommunity(kind: number, key: Value, value: number): Value {
  const make = (type: number, high: bigint, shift: bigint): Value => ({
    type: 'ec',
    value: (BigInt(type) << 48n) | (high << shift) | BigInt(value),
  });
  const short = () => (value > 0xffff ? fault('the value does not fit beside a 4-octet key') : undefined);
  if (kind === GENERIC) return { type: 'ec', value: (BigInt(asInteger(key)) << 32n) | BigInt(value) };
  const address = key.type === 'ip' || key.type === 'quad' ? communityNumber(key) : null;
  if (address !== null) {
    short();
    return make(0x0100 | kind, BigInt(address), 16n);
  }
  const asn = asInteger(key);
  if (asn < 0x10000) return make(kind, BigInt(asn), 32n);
  short();
  return make(0x0200 | kind, BigInt(asn), 16n);
}

/** The `generic` kind of an extended community, whose first four octets are the key. */
export const GENERIC = 0xffff;

function pairOf(first: number, second: number): Value {
  if (first > 0xffff || second > 0xffff) fault('a half of a pair has 16 bits');
  return { type: 'pair', value: first * 65536 + second };
}

function isDefined(value: Value): boolean {
  return value.type !== 'void' && !('missing' in value && value.missing);
}

const partOf = (value: Value, part: number): number => {
  if (value.type === 'pair') return part === 0 ? value.value >>> 16 : value.value & 0xffff;
  if (value.type === 'lc') return Number(value.value.split(':')[part] ?? 0);
  return fault(`${value.type} has no such part`);
};

/** Every operator and function of expressions, by the name the reader gives it. `and` and `or` are no operations: they stop early. */
export const operations: Readonly<Record<string, Operation>> = {
  '+': arithmetic((a, b) => a + b),
  '-': arithmetic((a, b) => a - b),
  '*': arithmetic((a, b) => Math.imul(a, b)),
  '/': arithmetic((a, b) => (b === 0 ? fault('division by zero') : Math.floor(a / b))),
  '=': (of) => truth(sameValues(operand(of, 0), operand(of, 1))),
  '!=': (of) => truth(!sameValues(operand(of, 0), operand(of, 1))),
  '<': ordered((difference) => difference < 0),
  '<=': ordered((difference) => difference <= 0),
  '>': ordered((difference) => difference > 0),
  '>=': ordered((difference) => difference >= 0),
  '~': (of) => truth(matches(operand(of, 0), operand(of, 1))),
  '!~': (of) => truth(!matches(operand(of, 0), operand(of, 1))),
  '!': (of) => truth(!asTruth(operand(of, 0))),
  defined: (of) => truth(isDefined(operand(of, 0))),
  pair: (of) => pairOf(asInteger(operand(of, 0)), asInteger(operand(of, 1))),
  lc: (of) => ({ type: 'lc', value: of.map(asInteger).join(':') }),
  ec: (of) => extendedCommunity(asInteger(operand(of, 0)), operand(of, 1), asInteger(operand(of, 2))),
  prepend: (of) => prepended(asPath(operand(of, 0)), asInteger(operand(of, 1))),
  add: (of) => added(listOf(operand(of, 0)), operand(of, 1)),
  delete: (of) => kept(operand(of, 0), operand(of, 1), false),
  filter: (of) => kept(operand(of, 0), operand(of, 1), true),
  format: (of) => ({ type: 'string', value: valueText(operand(of, 0)) }),
  'roa check': originCheck,
  // Of networks with more to them than these have (ROA, flow and SADR tables).
  '.maxlen': () => fault('a network of a ROA table is needed'),
  '.rd': () => fault('a network of a VPN table is needed'),
  '.src': () => fault('a network of a flow or SADR table is needed'),
  '.dst': () => fault('a network of a flow or SADR table is needed'),
  '.len': (of) => integer(lengthOf(operand(of, 0))),
  '.first': (of) => {
    const first = asPath(operand(of, 0))[0];
    return integer(first?.kind === 'sequence' ? (first.asns[0] ?? 0) : 0);
  },
  '.last': (of) => {
    const last = asPath(operand(of, 0)).at(-1);
    return integer(last && isSequence(last) ? (last.asns.at(-1) ?? 0) : 0);
  },
  '.last_nonaggregated': (of) => {
    const path = asPath(operand(of, 0));
    const end = path.findIndex((segment) => !isSequence(segment));
    return integer((end < 0 ? path : path.slice(0, end)).at(-1)?.asns.at(-1) ?? 0);
  },
  '.asn': (of) => integer(partOf(operand(of, 0), 0)),
  '.data': (of) => {
    const value = operand(of, 0);
    return value.type === 'pair' ? integer(value.value & 0xffff) : fault('a pair is needed');
  },
  '.data1': (of) => integer(partOf(operand(of, 0), 1)),
  '.data2': (of) => integer(partOf(operand(of, 0), 2)),
  '.min': extreme((difference) => difference < 0),
  '.max': extreme((difference) => difference > 0),
  '.ip': (of) => {
    const value = operand(of, 0);
    if (value.type !== 'prefix') return fault('a prefix is needed');
    const { family, value: bits, text } = value.value;
    return { type: 'ip', value: { family, value: bits, text: text.split('/')[0] ?? '' } };
  },
  '.is_v4': (of) => {
    const value = operand(of, 0);
    return value.type === 'ip' ? truth(value.value.family === 4) : fault('an address is needed');
  },
  '.type': (of) => {
    const value = operand(of, 0);
    if (value.type !== 'prefix') return fault('a prefix is needed');
    return { type: 'enum', of: 'NET', value: value.value.family === 4 ? 1 : 2 };
  },
  '.mask': (of) => {
    const [value, length] = [operand(of, 0), asInteger(operand(of, 1))];
    return value.type === 'ip'
      ? { type: 'ip', value: masked(value.value, length) }
      : fault('an address is needed');
  },
};
