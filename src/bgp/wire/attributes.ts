import type { Address } from '../../base/ip.ts';
import type { AsSegment } from '../as-path.ts';
import type { Origin } from '../policy/types.ts';
import { type Aggregator, aggregator, as4Aggregator } from './attribute/aggregator.ts';
import { aigp } from './attribute/aigp.ts';
import { as4Path, asPath } from './attribute/as-path.ts';
import {
  communities,
  extendedCommunities,
  ipv6ExtendedCommunities,
  largeCommunities,
} from './attribute/communities.ts';
import {
  decodeMpReach,
  decodeMpUnreach,
  encodeMpReach,
  encodeMpUnreach,
  type MpReach,
  type MpUnreach,
} from './attribute/mp-reach.ts';
import { nextHop } from './attribute/next-hop.ts';
import {
  atomicAggregate,
  clusterList,
  localPref,
  med,
  onlyToCustomer,
  origin,
  originatorId,
} from './attribute/numbers.ts';
import { type PmsiTunnel, pmsiTunnel } from './attribute/pmsi-tunnel.ts';
import type { AttributeRow } from './attribute/row.ts';
import { type Fault, resetting } from './fault.ts';
import type { Negotiated } from './negotiated.ts';
import { ByteReader } from './reader.ts';
import { attributeCode, attributeFlag, errorCode, updateError } from './registry.ts';
import type { ByteWriter } from './writer.ts';

/** The path attributes of one UPDATE; what is absent was not sent. */
export interface Attributes {
  readonly origin?: Origin;
  readonly asPath?: readonly AsSegment[];
  readonly nextHop?: Address;
  readonly med?: number;
  readonly localPref?: number;
  readonly atomicAggregate?: true;
  readonly aggregator?: Aggregator;
  readonly communities?: readonly number[];
  readonly originatorId?: number;
  readonly clusterList?: readonly number[];
  readonly mpReach?: MpReach;
  readonly mpUnreach?: MpUnreach;
  readonly extendedCommunities?: readonly string[];
  readonly as4Path?: readonly AsSegment[];
  readonly as4Aggregator?: Aggregator;
  readonly pmsiTunnel?: PmsiTunnel;
  readonly ipv6ExtendedCommunities?: readonly string[];
  readonly aigp?: bigint;
  readonly largeCommunities?: readonly string[];
  readonly onlyToCustomer?: number;
  /** Optional transitive ones without a row here, as they came, by code; whoever passes them on sets the Partial bit (RFC 4271 section 5). */
  readonly unknown?: readonly UnknownAttribute[];
}

export interface UnknownAttribute {
  readonly code: number;
  readonly flags: number;
  readonly value: Uint8Array;
}

type Rows = {
  readonly [Name in Exclude<keyof Attributes, 'unknown'>]-?: AttributeRow<NonNullable<Attributes[Name]>>;
};

/** RFC 4760: their faults cost the session, because their NLRI cannot be found (RFC 7606 5.3). */
const mpReach: AttributeRow<MpReach> = {
  code: attributeCode.mpReach,
  title: 'MP_REACH_NLRI',
  flags: attributeFlag.optional,
  malformed: 'session-reset',
  subcode: updateError.optionalAttribute,
  decode: decodeMpReach,
  encode: encodeMpReach,
};

const mpUnreach: AttributeRow<MpUnreach> = {
  code: attributeCode.mpUnreach,
  title: 'MP_UNREACH_NLRI',
  flags: attributeFlag.optional,
  malformed: 'session-reset',
  subcode: updateError.optionalAttribute,
  decode: decodeMpUnreach,
  encode: encodeMpUnreach,
};

/** Every attribute that is understood. Adding one is a file and a line here. */
export const attributeRows: Rows = {
  origin,
  asPath,
  nextHop,
  med,
  localPref,
  atomicAggregate,
  aggregator,
  communities,
  originatorId,
  clusterList,
  mpReach,
  mpUnreach,
  extendedCommunities,
  as4Path,
  as4Aggregator,
  pmsiTunnel,
  ipv6ExtendedCommunities,
  aigp,
  largeCommunities,
  onlyToCustomer,
};

type Name = keyof Rows;

/** The rows by code, as the loop needs them: which value belongs to which row is what `Rows` guarantees. */
const byCode = new Map<number, { readonly name: Name; readonly row: AttributeRow<unknown> }>(
  Object.entries(attributeRows).map(([name, row]) => [
    row.code,
    { name: name as Name, row: row as AttributeRow<unknown> },
  ]),
);

export interface DecodedAttributes {
  readonly attributes: Attributes;
  /** All that was found wrong, in order; the caller acts on the strongest. */
  readonly faults: readonly Fault[];
}

/**
 * Reads the path attributes field of an UPDATE (RFC 4271 4.3) as RFC 7606 section 3 has it: each fault with its own word. Attributes that had a fault are
 * left out. Whether those that must be there are there depends on the peer: see `validate.ts`.
 */
export function decodeAttributes(bytes: Uint8Array, session: Negotiated): DecodedAttributes {
  const reader = new ByteReader(bytes);
  const values: Record<string, unknown> = {};
  const unknown: UnknownAttribute[] = [];
  const faults: Fault[] = [];
  // The codes that came, those below 31 as bits: no UPDATE makes a set for them.
  let low = 0;
  let others: Set<number> | null = null;
  let complained: Set<number> | null = null;
  while (reader.left > 0) {
    const start = reader.position;
    const flags = reader.u8();
    const code = reader.u8();
    const length = flags & attributeFlag.extendedLength ? reader.u16() : reader.u8();
    const value = reader.sub(length);
    const whole: Octets = () => bytes.slice(start, value.end);
    if (reader.short) {
      faults.push(overrun(code, bytes.slice(start)));
      break;
    }
    const known = byCode.get(code);
    if (code < 31 ? (low & (1 << code)) !== 0 : others?.has(code)) {
      // Once for each: an extended message has room for twenty thousand.
      complained ??= new Set();
      if (!complained.has(code)) faults.push(repeated(code, whole()));
      complained.add(code);
      continue;
    }
    if (code < 31) low |= 1 << code;
    else others = (others ?? new Set()).add(code);
    const outcome = known
      ? decodeOne(known.row, flags, value, whole, session)
      : judgeUnknown(flags, code, whole);
    if (outcome.fault) faults.push(outcome.fault);
    else if (known) values[known.name] = outcome.value;
    else if (flags & attributeFlag.transitive)
      // How long the length is belongs to the octets, and the low bits mean nothing (RFC 4271 4.3).
      unknown.push({ code, flags: flags & MEANING, value: value.rest().slice() });
  }
  if (unknown.length > 1) unknown.sort((a, b) => a.code - b.code);
  const attributes: Attributes = unknown.length > 0 ? { ...values, unknown } : values;
  return { attributes, faults };
}

/** The octets of one attribute, copied only for who complains of them. */
type Octets = () => Uint8Array;

interface Outcome {
  readonly fault: Fault | null;
  readonly value?: unknown;
}

const MEANING = attributeFlag.optional | attributeFlag.transitive | attributeFlag.partial;

const optionalTransitive = attributeFlag.optional | attributeFlag.transitive;

function decodeOne(
  row: AttributeRow<unknown>,
  flags: number,
  value: ByteReader,
  whole: Octets,
  session: Negotiated,
): Outcome {
  if ((flags & optionalTransitive) !== row.flags) {
    // RFC 7606 3 c, and 7.16 for those whose flags cannot matter.
    const outcome = row.malformed === 'attribute-discard' ? row.malformed : atLeastWithdraw(row.malformed);
    const message = `${row.title} has the flags ${hex(flags)}`;
    return {
      fault: { outcome, code: errorCode.update, subcode: updateError.attributeFlags, data: whole(), message },
    };
  }
  const length = value.left;
  const decoded = row.decode(value, session);
  if (decoded !== null && !value.short && value.left === 0) return { fault: null, value: decoded };
  const wrongLength = value.short || (decoded !== null && value.left > 0);
  const subcode = wrongLength ? updateError.attributeLength : (row.subcode ?? updateError.optionalAttribute);
  const message = wrongLength ? `${row.title} has ${length} octets` : `${row.title} is malformed`;
  return { fault: { outcome: row.malformed, code: errorCode.update, subcode, data: whole(), message } };
}

function atLeastWithdraw(outcome: Fault['outcome']): Fault['outcome'] {
  return outcome === 'attribute-discard' ? 'treat-as-withdraw' : outcome;
}

/** RFC 4271 6.3: an unknown one that is not optional is a fault; RFC 7606 makes it a withdrawal. */
function judgeUnknown(flags: number, code: number, whole: Octets): Outcome {
  if (flags & attributeFlag.optional) return { fault: null };
  const message = `attribute ${code} is said to be well-known`;
  const subcode = updateError.unrecognizedWellKnown;
  return { fault: { outcome: 'treat-as-withdraw', code: errorCode.update, subcode, data: whole(), message } };
}

/** RFC 7606 section 4: the attributes' own length was right, so the NLRI are known and can be withdrawn. */
function overrun(code: number, whole: Uint8Array): Fault {
  const message = `attribute ${code} is longer than the attributes`;
  const subcode = updateError.attributeLength;
  return { outcome: 'treat-as-withdraw', code: errorCode.update, subcode, data: whole, message };
}

/** RFC 7606 3 g: the first one counts, but two of MP_REACH_NLRI or MP_UNREACH_NLRI end the session. */
function repeated(code: number, whole: Uint8Array): Fault {
  const subcode = updateError.malformedAttributeList;
  if (code === attributeCode.mpReach || code === attributeCode.mpUnreach)
    return resetting(errorCode.update, subcode, `attribute ${code} comes twice`, whole);
  const message = `attribute ${code} comes twice`;
  return { outcome: 'attribute-discard', code: errorCode.update, subcode, data: whole, message };
}

/** Writes the attributes in the order of their codes (RFC 4271 section 5, RFC 7606 5.1 puts MP_REACH_NLRI first), without the field's length. */
export function encodeAttributes(writer: ByteWriter, attributes: Attributes, session: Negotiated): void {
  const unknown = [...(attributes.unknown ?? [])];
  for (const { name, row } of inOrder) {
    const value = attributes[name];
    if (value === undefined) continue;
    while (unknown[0] && unknown[0].code < row.code && row.code !== attributeCode.mpReach)
      encodeUnknown(writer, unknown.shift());
    encodeOne(writer, row.flags, row.code, (into) => row.encode(into, value, session));
  }
  for (const one of unknown) encodeUnknown(writer, one);
}

const inOrder = [...byCode.values()].sort((a, b) => rank(a.row.code) - rank(b.row.code));

/** RFC 7606 5.1: MP_REACH_NLRI or MP_UNREACH_NLRI stands first. */
function rank(code: number): number {
  return code === attributeCode.mpReach || code === attributeCode.mpUnreach ? code - 256 : code;
}

function encodeUnknown(writer: ByteWriter, one: UnknownAttribute | undefined): void {
  if (one) encodeOne(writer, one.flags, one.code, (into) => into.put(one.value));
}

/** Writes head and value; the length takes two octets only where it must. */
function encodeOne(
  writer: ByteWriter,
  flags: number,
  code: number,
  write: (writer: ByteWriter) => void,
): void {
  const start = writer.length;
  writer.u8(flags & ~attributeFlag.extendedLength).u8(code);
  const place = writer.reserve(1);
  write(writer);
  const length = writer.length - place - 1;
  if (length <= 255) {
    writer.patchValue(place, 1, length);
    return;
  }
  const value = writer.bytes().subarray(place + 1);
  writer.truncate(start);
  writer
    .u8(flags | attributeFlag.extendedLength)
    .u8(code)
    .u16(length)
    .put(value);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
