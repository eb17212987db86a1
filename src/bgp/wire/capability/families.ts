import { type FamilyKey, familyKey } from '../negotiated.ts';
import type { ByteReader } from '../reader.ts';
import { capabilityCode } from '../registry.ts';
import type { ByteWriter } from '../writer.ts';
import type { CapabilityRow } from './row.ts';

function readFamily(reader: ByteReader): FamilyKey {
  return familyKey(reader.u16(), reader.u8());
}

function writeFamily(writer: ByteWriter, family: FamilyKey): ByteWriter {
  return writer.u16(Math.floor(family / 256)).u8(family % 256);
}

/** RFC 4760 section 8: one family in each. */
export const multiprotocol: CapabilityRow<FamilyKey> = {
  code: capabilityCode.multiprotocol,
  decode: (reader) => {
    const afi = reader.u16();
    reader.u8(); // reserved
    return familyKey(afi, reader.u8());
  },
  encode: (writer, family) =>
    writer
      .u16(Math.floor(family / 256))
      .u8(0)
      .u8(family % 256),
};

export interface AddPathFamily {
  readonly family: FamilyKey;
  readonly receive: boolean;
  readonly send: boolean;
}

/** RFC 7911 section 4; an entry that says neither is passed over. */
export const addPath: CapabilityRow<readonly AddPathFamily[]> = {
  code: capabilityCode.addPath,
  decode: (reader) => {
    const list: AddPathFamily[] = [];
    while (reader.left > 0) {
      const family = readFamily(reader);
      const word = reader.u8();
      if (word >= 1 && word <= 3) list.push({ family, receive: (word & 1) !== 0, send: (word & 2) !== 0 });
    }
    return list;
  },
  encode: (writer, list) => {
    for (const { family, receive, send } of list)
      writeFamily(writer, family).u8((receive ? 1 : 0) | (send ? 2 : 0));
  },
};

export interface ExtendedNextHop {
  readonly family: FamilyKey;
  /** AFI of the next hop: 2. */
  readonly nextHopAfi: number;
}

/** RFC 8950 section 4: here the SAFI has two octets. */
export const extendedNextHop: CapabilityRow<readonly ExtendedNextHop[]> = {
  code: capabilityCode.extendedNextHop,
  decode: (reader) => {
    const list: ExtendedNextHop[] = [];
    while (reader.left > 0) {
      const afi = reader.u16();
      const safi = reader.u16();
      list.push({ family: familyKey(afi, safi), nextHopAfi: reader.u16() });
    }
    return list;
  },
  encode: (writer, list) => {
    for (const { family, nextHopAfi } of list)
      writer
        .u16(Math.floor(family / 256))
        .u16(family % 256)
        .u16(nextHopAfi);
  },
};

export interface GracefulRestart {
  /** The peer has just restarted. */
  readonly restarted: boolean;
  /** NOTIFICATION and hold timer keep routes too (RFC 8538). */
  readonly notification: boolean;
  /** Seconds, 12 bits. */
  readonly restartTime: number;
  readonly families: readonly { readonly family: FamilyKey; readonly forwarding: boolean }[];
}

/** RFC 4724 section 3. */
export const gracefulRestart: CapabilityRow<GracefulRestart> = {
  code: capabilityCode.gracefulRestart,
  decode: (reader) => {
    const head = reader.u16();
    const families: { family: FamilyKey; forwarding: boolean }[] = [];
    while (reader.left > 0) {
      const family = readFamily(reader);
      families.push({ family, forwarding: (reader.u8() & 0x80) !== 0 });
    }
    return {
      restarted: (head & 0x8000) !== 0,
      notification: (head & 0x4000) !== 0,
      restartTime: head & 0x0fff,
      families,
    };
  },
  encode: (writer, { restarted, notification, restartTime, families }) => {
    writer.u16((restarted ? 0x8000 : 0) | (notification ? 0x4000 : 0) | (restartTime & 0x0fff));
    for (const { family, forwarding } of families) writeFamily(writer, family).u8(forwarding ? 0x80 : 0);
  },
};

export interface LongLivedFamily {
  readonly family: FamilyKey;
  readonly forwarding: boolean;
  /** Seconds, 24 bits. */
  readonly staleTime: number;
}

/** RFC 9494 section 3.1. */
export const longLivedGracefulRestart: CapabilityRow<readonly LongLivedFamily[]> = {
  code: capabilityCode.longLivedGracefulRestart,
  decode: (reader) => {
    const list: LongLivedFamily[] = [];
    while (reader.left > 0) {
      const family = readFamily(reader);
      const forwarding = (reader.u8() & 0x80) !== 0;
      list.push({ family, forwarding, staleTime: reader.u24() });
    }
    return list;
  },
  encode: (writer, list) => {
    for (const { family, forwarding, staleTime } of list)
      writeFamily(writer, family)
        .u8(forwarding ? 0x80 : 0)
        .u24(staleTime);
  },
};
