import { AS_TRANS, type Asn } from '../../base/asn.ts';
import {
  type Capabilities,
  type CapabilitiesDraft,
  capabilitiesOf,
  decodeCapabilities,
  encodeCapabilities,
} from './capabilities.ts';
import { type Fault, resetting } from './fault.ts';
import { ByteReader } from './reader.ts';
import { errorCode, openError, openParameter } from './registry.ts';
import { ByteWriter } from './writer.ts';

/** RFC 4271 4.2. */
export interface Open {
  readonly kind: 'open';
  /** The whole number where the peer says it (RFC 6793), else the two octets of the message. */
  readonly asn: Asn;
  /** Seconds. */
  readonly holdTime: number;
  readonly identifier: number;
  readonly capabilities: Capabilities;
}

const VERSION = 4;

/** Reads the message and judges what needs no knowledge of the peer (RFC 4271 6.2); the rest is `validate.ts`. */
export function decodeOpen(body: Uint8Array): Open | Fault {
  const reader = new ByteReader(body);
  const version = reader.u8();
  if (version !== VERSION) {
    const message = `the peer speaks BGP version ${version}`;
    return resetting(errorCode.open, openError.unsupportedVersion, message, Uint8Array.of(0, VERSION));
  }
  const asn = reader.u16();
  const holdTime = reader.u16();
  const identifier = reader.u32();
  const draft: CapabilitiesDraft = { multiprotocol: [], values: {}, unknown: [] };
  const unsupported = decodeParameters(reader, draft);
  if (unsupported !== null) {
    return unsupported === MALFORMED
      ? resetting(errorCode.open, openError.unspecific, 'the optional parameters of the OPEN are malformed')
      : resetting(
          errorCode.open,
          openError.unsupportedParameter,
          `the OPEN has the optional parameter ${unsupported}, which nobody knows`,
        );
  }
  const capabilities = capabilitiesOf(draft);
  return { kind: 'open', asn: capabilities.fourOctetAs ?? asn, holdTime, identifier, capabilities };
}

const MALFORMED = -1;

/** null: all read; else the type of the parameter that cannot be. */
function decodeParameters(reader: ByteReader, draft: CapabilitiesDraft): number | null {
  let total = reader.u8();
  // RFC 9072 section 2: a parameter type of 255 says that lengths have two octets; the one-octet length then means nothing, but is not 0.
  const extended = total !== 0 && reader.bytes[reader.position] === openParameter.extendedLength;
  if (extended) {
    reader.u8();
    total = reader.u16();
  }
  const parameters = reader.sub(total);
  if (reader.short || reader.left > 0) return MALFORMED;
  while (parameters.left > 0) {
    const type = parameters.u8();
    const value = parameters.sub(extended ? parameters.u16() : parameters.u8());
    if (parameters.short) return MALFORMED;
    if (type !== openParameter.capabilities) return type;
    if (!decodeCapabilities(value, draft)) return MALFORMED;
  }
  return null;
}

/** All capabilities in one optional parameter; in the longer form (RFC 9072) where they need it. */
export function encodeOpen(writer: ByteWriter, { asn, holdTime, identifier, capabilities }: Open): void {
  writer
    .u8(VERSION)
    .u16(asn > 0xffff ? AS_TRANS : asn)
    .u16(holdTime)
    .u32(identifier);
  const list = new ByteWriter();
  encodeCapabilities(list, capabilities);
  const bytes = list.view();
  if (bytes.length === 0) writer.u8(0);
  else if (bytes.length + 2 < 255)
    writer
      .u8(bytes.length + 2)
      .u8(openParameter.capabilities)
      .u8(bytes.length)
      .put(bytes);
  else {
    writer
      .u8(255)
      .u8(openParameter.extendedLength)
      .u16(bytes.length + 3);
    writer.u8(openParameter.capabilities).u16(bytes.length).put(bytes);
  }
}
