import type { Address } from '../../base/ip.ts';
import { type Attributes, decodeAttributes, encodeAttributes } from './attributes.ts';
import { type Fault, isFault, resetting, strongest } from './fault.ts';
import { type FamilyKey, IPV4_UNICAST, type Negotiated } from './negotiated.ts';
import { decodeNlri, encodeNlri, type Nlri } from './nlri/index.ts';
import { ByteReader } from './reader.ts';
import { errorCode, updateError } from './registry.ts';
import { ByteWriter } from './writer.ts';

/** The three fields of an UPDATE as bytes (RFC 4271 4.3): tables of a million routes work on these. */
export interface UpdateFields {
  readonly withdrawn: Uint8Array;
  readonly attributes: Uint8Array;
  readonly announced: Uint8Array;
}

/** Finds the fields; a length that leads outside ends the session (RFC 4271 6.3, RFC 7606 section 4). */
export function splitUpdate(body: Uint8Array): UpdateFields | Fault {
  const reader = new ByteReader(body);
  const withdrawn = reader.take(reader.u16());
  const attributes = reader.take(reader.u16());
  if (reader.short) {
    const message = 'the lengths in the UPDATE lead outside of it';
    return resetting(errorCode.update, updateError.malformedAttributeList, message);
  }
  return { withdrawn, attributes, announced: reader.rest() };
}

/** An UPDATE with everything read: for tools, tests and small tables. */
export interface Update {
  readonly kind: 'update';
  readonly attributes: Omit<Attributes, 'mpReach' | 'mpUnreach'>;
  readonly announced: readonly FamilyNlri[];
  readonly withdrawn: readonly FamilyNlri[];
  /** Next hops of MP_REACH_NLRI; empty where there is none. */
  readonly mpNextHop: readonly Address[];
  /** What was wrong without ending the session; where it asks for a withdrawal, what was announced stands under `withdrawn`. */
  readonly faults: readonly Fault[];
}

export interface FamilyNlri {
  readonly family: FamilyKey;
  readonly nlri: readonly Nlri[];
}

/** Reads all of an UPDATE; a fault only where the session has to end. */
export function decodeUpdate(body: Uint8Array, session: Negotiated): Update | Fault {
  const fields = splitUpdate(body);
  if (isFault(fields)) return fields;
  const { attributes: all, faults } = decodeAttributes(fields.attributes, session);
  const { mpReach, mpUnreach, ...attributes } = all;
  const worst = strongest(faults);
  if (worst?.outcome === 'session-reset') return worst;
  const announced = fieldsOf(fields.announced, mpReach);
  const withdrawn = fieldsOf(fields.withdrawn, mpUnreach);
  const reachable = decodeFields(announced, session);
  if (isFault(reachable)) return reachable;
  const unreachable = decodeFields(withdrawn, session);
  if (isFault(unreachable)) return unreachable;
  const dropped = worst?.outcome === 'treat-as-withdraw';
  return {
    kind: 'update',
    attributes,
    announced: dropped ? [] : reachable,
    withdrawn: (dropped ? [...unreachable, ...reachable] : unreachable).filter(saysSomething),
    mpNextHop: dropped ? [] : (mpReach?.nextHop ?? []),
    faults,
  };
}

type Field = readonly [FamilyKey, Uint8Array];

/** An empty multiprotocol field says something (End-of-RIB of its family), an empty field of the message says nothing. */
function fieldsOf(
  plain: Uint8Array,
  mp: { family: FamilyKey; nlri: Uint8Array } | undefined,
): readonly Field[] {
  return [
    ...(plain.length > 0 ? [[IPV4_UNICAST, plain] as const] : []),
    ...(mp ? [[mp.family, mp.nlri] as const] : []),
  ];
}

/** No IPv4 destinations in MP_UNREACH_NLRI are what an UPDATE with nothing in it is too. */
function saysSomething({ family, nlri }: FamilyNlri): boolean {
  return family !== IPV4_UNICAST || nlri.length > 0;
}

function decodeFields(list: readonly Field[], session: Negotiated): readonly FamilyNlri[] | Fault {
  const result: FamilyNlri[] = [];
  for (const [family, bytes] of list) {
    const nlri = decodeNlri(bytes, family, session.addPathReceive.has(family));
    if (isFault(nlri)) return nlri;
    result.push({ family, nlri });
  }
  return result;
}

/** The family whose End-of-RIB this is (RFC 4724 section 2): an UPDATE with nothing in it, or with an empty MP_UNREACH_NLRI; else null. */
export function endOfRib(body: Uint8Array, session: Negotiated): FamilyKey | null {
  if (body.length === 4 && body.every((octet) => octet === 0)) return IPV4_UNICAST;
  const fields = splitUpdate(body);
  if (isFault(fields) || fields.withdrawn.length > 0 || fields.announced.length > 0) return null;
  if (fields.attributes.length > 7) return null;
  const { attributes } = decodeAttributes(fields.attributes, session);
  return attributes.mpUnreach?.nlri.length === 0 ? attributes.mpUnreach.family : null;
}

/** What to put into one UPDATE; IPv4 unicast goes into the message's own fields unless `mpNextHop` is given for it (RFC 8950). */
export interface UpdateContent {
  readonly attributes: Omit<Attributes, 'mpReach' | 'mpUnreach'>;
  readonly announced: FamilyNlri | null;
  readonly withdrawn: FamilyNlri | null;
  readonly mpNextHop: readonly Address[];
}

/** The body of one UPDATE; the caller sees to it that it fits (`session.maxLength`). */
export function encodeUpdate(writer: ByteWriter, content: UpdateContent, session: Negotiated): void {
  const { announced, withdrawn, mpNextHop } = content;
  const plain = announced?.family === IPV4_UNICAST && mpNextHop.length === 0;
  const withdrawnLength = writer.reserve(2);
  if (withdrawn?.family === IPV4_UNICAST) putNlri(writer, withdrawn, session);
  writer.patch(withdrawnLength, 2);
  const attributesLength = writer.reserve(2);
  const mpUnreach = withdrawn && withdrawn.family !== IPV4_UNICAST ? mpField(withdrawn, session) : undefined;
  const reach = announced && !plain ? mpField(announced, session) : undefined;
  const attributes: Attributes = {
    ...content.attributes,
    ...(reach ? { mpReach: { ...reach, nextHop: mpNextHop } } : {}),
    ...(mpUnreach ? { mpUnreach } : {}),
  };
  encodeAttributes(writer, attributes, session);
  writer.patch(attributesLength, 2);
  if (announced && plain) putNlri(writer, announced, session);
}

function mpField({ family, nlri }: FamilyNlri, session: Negotiated): { family: FamilyKey; nlri: Uint8Array } {
  const writer = new ByteWriter();
  putNlri(writer, { family, nlri }, session);
  return { family, nlri: writer.view() };
}

function putNlri(writer: ByteWriter, { family, nlri }: FamilyNlri, session: Negotiated): void {
  encodeNlri(writer, nlri, family, session.addPathSend.has(family));
}
