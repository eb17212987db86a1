import type { Asn } from '../../base/asn.ts';
import {
  type AddPathFamily,
  addPath,
  type ExtendedNextHop,
  extendedNextHop,
  type GracefulRestart,
  gracefulRestart,
  type LongLivedFamily,
  longLivedGracefulRestart,
  multiprotocol,
} from './capability/families.ts';
import {
  enhancedRouteRefresh,
  extendedMessage,
  type Fqdn,
  fourOctetAs,
  fqdn,
  role,
  routeRefresh,
} from './capability/others.ts';
import type { CapabilityRow } from './capability/row.ts';
import type { FamilyKey } from './negotiated.ts';
import type { ByteReader } from './reader.ts';
import type { RoleName } from './registry.ts';
import type { ByteWriter } from './writer.ts';

/** What one end says of itself in its OPEN (RFC 5492); what is absent was not said. */
export interface Capabilities {
  /** One capability each on the wire. */
  readonly multiprotocol: readonly FamilyKey[];
  readonly routeRefresh?: true;
  readonly extendedNextHop?: readonly ExtendedNextHop[];
  readonly extendedMessage?: true;
  readonly role?: RoleName;
  readonly gracefulRestart?: GracefulRestart;
  readonly fourOctetAs?: Asn;
  readonly addPath?: readonly AddPathFamily[];
  readonly enhancedRouteRefresh?: true;
  readonly longLivedGracefulRestart?: readonly LongLivedFamily[];
  readonly fqdn?: Fqdn;
  /** Those without a row here, as they came. */
  readonly unknown?: readonly UnknownCapability[];
}

export interface UnknownCapability {
  readonly code: number;
  readonly value: Uint8Array;
}

type Rows = {
  readonly [Name in Exclude<keyof Capabilities, 'unknown' | 'multiprotocol'>]-?: CapabilityRow<
    NonNullable<Capabilities[Name]>
  >;
};

/** Every capability that is understood, beside `multiprotocol`. Adding one is a file and a line here. */
export const capabilityRows: Rows = {
  routeRefresh,
  extendedNextHop,
  extendedMessage,
  role,
  gracefulRestart,
  fourOctetAs,
  addPath,
  enhancedRouteRefresh,
  longLivedGracefulRestart,
  fqdn,
};

type Name = keyof Rows;

const byCode = new Map<number, { readonly name: Name; readonly row: CapabilityRow<unknown> }>(
  Object.entries(capabilityRows).map(([name, row]) => [
    row.code,
    { name: name as Name, row: row as CapabilityRow<unknown> },
  ]),
);

/**
 * Reads capabilities one after another. A malformed one counts as not sent; where one comes twice the last counts (RFC 5492 section 4 leaves it open;
 * RFC 7911 and RFC 4724 say so). null: the field itself is broken.
 */
export function decodeCapabilities(reader: ByteReader, into: CapabilitiesDraft): boolean {
  while (reader.left > 0) {
    const code = reader.u8();
    const value = reader.sub(reader.u8());
    if (reader.short) return false;
    if (code === multiprotocol.code) {
      const family = decodeExactly(multiprotocol, value);
      if (family !== null && !into.multiprotocol.includes(family)) into.multiprotocol.push(family);
      continue;
    }
    const known = byCode.get(code);
    if (known) {
      const decoded = decodeExactly(known.row, value);
      if (decoded !== null) into.values[known.name] = decoded;
    } else if (into.unknown.length < MAX_UNKNOWN) into.unknown.push({ code, value: value.rest().slice() });
  }
  return true;
}

/** Nobody has that many; a hostile OPEN may. */
const MAX_UNKNOWN = 64;

/** Capabilities as they are collected from one or several optional parameters. */
export interface CapabilitiesDraft {
  readonly multiprotocol: FamilyKey[];
  readonly values: Record<string, unknown>;
  readonly unknown: UnknownCapability[];
}

export function capabilitiesOf({ multiprotocol, values, unknown }: CapabilitiesDraft): Capabilities {
  return { multiprotocol, ...values, ...(unknown.length > 0 ? { unknown } : {}) };
}

function decodeExactly<Value>(row: CapabilityRow<Value>, reader: ByteReader): Value | null {
  const value = row.decode(reader);
  return reader.short || reader.left > 0 ? null : value;
}

/** Writes all of them in the order of their codes. */
export function encodeCapabilities(writer: ByteWriter, capabilities: Capabilities): void {
  for (const family of capabilities.multiprotocol)
    encodeOne(writer, multiprotocol.code, (into) => multiprotocol.encode(into, family));
  for (const { name, row } of [...byCode.values()].sort((a, b) => a.row.code - b.row.code)) {
    const value = capabilities[name];
    if (value !== undefined) encodeOne(writer, row.code, (into) => row.encode(into, value));
  }
  for (const { code, value } of capabilities.unknown ?? [])
    encodeOne(writer, code, (into) => into.put(value));
}

function encodeOne(writer: ByteWriter, code: number, write: (writer: ByteWriter) => void): void {
  writer.u8(code);
  const length = writer.reserve(1);
  write(writer);
  writer.patch(length, 1);
}
