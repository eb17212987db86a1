import { bitsOf, parseAddress, parsePrefix } from '../../../../base/ip.ts';
import type { PrefixListDraft } from '../draft.ts';
import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { action, anyPrefix, putEntry, seq } from './list-entries.ts';
import { frrOnly, modelled, text } from './make.ts';
import { lists } from './route-map-lines.ts';

function accessList(family: 4 | 6) {
  return (reading: Reading, args: Arguments, negated: boolean): void => {
    const written = text(args, 'prefix');
    const store = reading.policies.accessLists[family];
    const prefix = parsePrefix(
      written === 'any' || written === ''
        ? anyPrefix[family]
        : args.has('host')
          ? `${written}/32`
          : wildcard(written, args.get('wildcard')),
    );
    if (!prefix) {
      reading.unmodelled('a wildcard mask that is not a prefix', true);
      return;
    }
    putEntry<PrefixListDraft['entries'] extends Map<number, infer E> ? E : never>(
      reading,
      store,
      args,
      {
        permit: args.get('action') === 'permit',
        prefix,
        minLength: prefix.length,
        maxLength: args.has('exact-match') ? prefix.length : bitsOf(family),
        source: reading.source,
      },
      negated,
    );
  };
}

/**
 * `permit ip SOURCE WILDCARD MASK WILDCARD`: the network lies in SOURCE, and of its mask the bits that are not wild are those of MASK (FRR
 * filter_match_cisco).
 */
function extendedAccessList(reading: Reading, args: Arguments, negated: boolean): void {
  const from = args.get('from');
  const source = parsePrefix(from ? wildcard(from, args.get('fromWild')) : anyPrefix[4]);
  const [first, last] = lengthsOf(args.get('mask'), args.get('maskWild')) ?? [];
  // All of the address is compared, where it is longer than the mask too: `host 10.1.0.0 host 255.255.0.0` is 10.1.0.0/16.
  const one = source && last !== undefined && last < source.length;
  const prefix = one && first === last ? parsePrefix(`${from}/${last}`) : one ? null : source;
  if (!prefix || first === undefined || last === undefined) {
    reading.unmodelled('wildcards that are no prefix with a range of lengths', true);
    return;
  }
  const [minLength, maxLength] = [Math.max(first, prefix.length), last];
  const permit = args.get('action') === 'permit';
  putEntry<PrefixListDraft['entries'] extends Map<number, infer E> ? E : never>(
    reading,
    reading.policies.accessLists[4],
    args,
    { permit, prefix, minLength, maxLength, source: reading.source },
    negated,
  );
}

const U32 = 0xffff_ffffn;

/** The first and the last length whose mask fits, all between them do too; null: none. No mask stands for `any`. */
function lengthsOf(mask: string | undefined, wild: string | undefined): readonly [number, number] | null {
  const fixed = ~addressBits(wild ?? (mask ? '0.0.0.0' : '255.255.255.255')) & U32;
  const wanted = addressBits(mask ?? '0.0.0.0') & fixed;
  const lengths = Array.from({ length: 33 }, (_, bits) => bits).filter(
    (bits) => ((U32 << BigInt(32 - bits)) & fixed) === wanted,
  );
  const [first, last] = [lengths[0], lengths.at(-1)];
  return first === undefined || last === undefined ? null : [first, last];
}

function addressBits(written: string): bigint {
  return parseAddress(written)?.value ?? 0n;
}

/** `10.0.0.0 0.0.0.255` of the numbered access lists is 10.0.0.0/24 where the mask is a run of ones. */
function wildcard(address: string, wild = '0.0.0.0'): string {
  if (address.includes('/')) return address;
  const mask = parseAddress(wild)?.value ?? 0n;
  const free = mask.toString(2).replace(/^0$/, '');
  return /^1*$/.test(free) ? `${address}/${32 - free.length}` : '';
}

/** Access lists, in FRR's and Cisco's spelling. */
export const accessListCommands: readonly FamilyCommand[] = [
  modelled(`access-list {name:WORD} ${seq} ${action} {prefix=any}`, accessList(4), lists),
  modelled(`access-list {name:WORD} ${seq} ${action} {prefix:P4} [exact-match]`, accessList(4), lists),
  modelled(`access-list {name:WORD} ${seq} ${action} {prefix:A4} [{wildcard:A4}]`, accessList(4), lists),
  modelled(`access-list {name:WORD} ${seq} ${action} [host] {prefix:A4}`, accessList(4), lists),
  ...['any', 'host {from:A4}', '{from:A4} {fromWild:A4}'].flatMap((from) =>
    ['any', 'host {mask:A4}', '{mask:A4} {maskWild:A4}'].map((mask) =>
      modelled(`access-list {name:WORD} ${seq} ${action} ip ${from} ${mask}`, extendedAccessList, {
        ...lists,
        dialects: frrOnly,
      }),
    ),
  ),
  modelled(`ipv6 access-list {name:WORD} ${seq} ${action} {prefix=any}`, accessList(6), lists),
  modelled(`ipv6 access-list {name:WORD} ${seq} ${action} {prefix:P6} [exact-match]`, accessList(6), lists),
];
