import { bitsOf, type Prefix, parseAddress, parsePrefix, prefixOf } from '../../../../base/ip.ts';
import type { PrefixSetEntry } from '../../../../bgp/policy/types.ts';
import type { Arguments } from '../grammar.ts';
import type { AccessEntryDraft } from '../policy-draft.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { action, anyPrefix, putEntry, seq } from './list-entries.ts';
import type { Said } from './list-likes.ts';
import { frrOnly, modelled, text } from './make.ts';
import { lists } from './route-map-lines.ts';

/** FRR's own spelling: a network with all in it, or alone. */
function accessList(family: 4 | 6) {
  return (reading: Reading, args: Arguments, negated: boolean): void => {
    const written = text(args, 'prefix');
    const prefix = parsePrefix(written === 'any' || written === '' ? anyPrefix[family] : written);
    if (!prefix) return;
    const maxLength = args.has('exact-match') ? prefix.length : bitsOf(family);
    const said = saidOfNetwork(args, prefix);
    putRanges(reading, family, args, [{ prefix, minLength: prefix.length, maxLength }], negated, said);
  };
}

/** A line without `exact-match` is taken for a like of one with it; what is written goes by its letters (acl_is_dup). */
function saidOfNetwork(args: Arguments, prefix: Prefix): Said {
  const act = text(args, 'action');
  const written = text(args, 'prefix');
  if (written === 'any') return { written: [`${act} any`], kept: [`${act} any`] };
  const exact = args.has('exact-match') ? ['exact-match'] : [];
  return {
    written: [`${act} ${written}`, ...exact],
    kept: [`${act} ${prefix.text}`, ...(exact.length > 0 ? exact : ['not exact'])],
  };
}

/** The fields of Cisco's lines: an extended one holds those of a standard one. */
function saidOfAddresses(args: Arguments): Said {
  const field = (side: string, address: string, wildcard: string): string[] => {
    if (!args.has(address)) return [`${side} any`];
    return [
      `${side} ${text(args, address)}`,
      args.has(wildcard) ? `${side} wildcard ${text(args, wildcard)}` : `${side} host`,
    ];
  };
  const act = text(args, 'action');
  const fields = args.has('address')
    ? field(act, 'address', 'wildcard')
    : [...field(act, 'from', 'fromWild'), ...field('to', 'mask', 'maskWild')];
  return { written: fields, kept: fields };
}

/** Cisco's `ADDRESS WILDCARD`: the address of a network is compared, however long its mask is. */
function standardAccessList(reading: Reading, args: Arguments, negated: boolean): void {
  const ranges = rangesOf(args.get('address'), args.get('wildcard'), [0, 32]);
  if (ranges) putRanges(reading, 4, args, ranges, negated, saidOfAddresses(args));
  else reading.unmodelled('a wildcard mask with many holes', true);
}

/**
 * `permit ip SOURCE WILDCARD MASK WILDCARD`: the network lies in SOURCE, and of its mask the bits that are not wild are those of MASK (FRR
 * filter_match_cisco).
 */
function extendedAccessList(reading: Reading, args: Arguments, negated: boolean): void {
  const wild = args.has('from') ? args.get('fromWild') : '255.255.255.255';
  const lengths = lengthsOf(args.get('mask'), args.get('maskWild'));
  const ranges = lengths && rangesOf(args.get('from') ?? '0.0.0.0', wild, lengths);
  if (ranges) putRanges(reading, 4, args, ranges, negated, saidOfAddresses(args));
  else reading.unmodelled('wildcards that are no prefix with a range of lengths', true);
}

type Range = Pick<PrefixSetEntry, 'prefix' | 'minLength' | 'maxLength'>;

function putRanges(
  reading: Reading,
  family: 4 | 6,
  args: Arguments,
  ranges: readonly Range[],
  negated: boolean,
  said: Said,
): void {
  const permit = args.get('action') === 'permit';
  const { source } = reading;
  const [first, ...also] = ranges.map((range) => ({ permit, ...range, source }));
  const entry: AccessEntryDraft | undefined = first && (also.length > 0 ? { ...first, also } : first);
  if (entry) putEntry(reading, reading.policies.accessLists[family], args, entry, negated, said);
}

/** As many bits of a wildcard above its lowest run of ones are written out. */
const MOST_HOLES = 8;

/**
 * Which networks have an address that is `written` in all bits but the wild ones: those inside, and those that begin there and are wider;
 * none where a wild bit is written as well. null: too many to be written out.
 */
function rangesOf(
  written = '0.0.0.0',
  wildcard = '0.0.0.0',
  [shortest, longest]: readonly [number, number],
): readonly Range[] | null {
  const wild = addressBits(wildcard);
  const low = trailing(wild ^ U32);
  const holes = Array.from({ length: 32 }, (_, bit) => BigInt(bit)).filter(
    (bit) => bit >= low && (wild >> bit) & 1n,
  );
  if (holes.length > MOST_HOLES) return null;
  const start = addressBits(written);
  if (start & wild) return [nothing];
  const starts = holes.reduce((known, bit) => known.flatMap((one) => [one, one | (1n << bit)]), [start]);
  const found = starts.flatMap((address) => rangesAt(address, 32 - low, shortest, longest));
  return found.length === 0 ? [nothing] : found;
}

/** An entry that fits no network. */
const nothing: Range = { prefix: prefixOf(4, 0n, 0), minLength: 33, maxLength: 32 };

function rangesAt(address: bigint, length: number, shortest: number, longest: number): Range[] {
  const at = (bits: number): Prefix => prefixOf(4, address, bits);
  const inside = { prefix: at(length), minLength: Math.max(length, shortest), maxLength: longest };
  const widest = Math.max(32 - trailing(address), shortest);
  const wider = Array.from(
    { length: Math.max(0, Math.min(length - 1, longest) - widest + 1) },
    (_, more) => widest + more,
  ).map((bits) => ({ prefix: at(bits), minLength: bits, maxLength: bits }));
  return inside.minLength > longest ? wider : [inside, ...wider];
}

/** How many bits at the end are zero. */
function trailing(bits: bigint): number {
  const set = bits.toString(2).padStart(32, '0').lastIndexOf('1');
  return set < 0 ? 32 : 31 - set;
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

/** Access lists, in FRR's and Cisco's spelling. */
export const accessListCommands: readonly FamilyCommand[] = [
  modelled(`access-list {name:WORD} ${seq} ${action} {prefix=any}`, accessList(4), lists),
  modelled(`access-list {name:WORD} ${seq} ${action} {prefix:P4} [exact-match]`, accessList(4), lists),
  modelled(
    `access-list {name:WORD} ${seq} ${action} {address:A4} [{wildcard:A4}]`,
    standardAccessList,
    lists,
  ),
  modelled(`access-list {name:WORD} ${seq} ${action} host {address:A4}`, standardAccessList, lists),
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
