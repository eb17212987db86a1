import { attributeCode, attributeFlag } from '../registry.ts';
import type { AttributeRow } from './row.ts';

export interface PmsiTunnel {
  readonly flags: number;
  /** RFC 6514 section 5; 6 is ingress replication, what EVPN with VXLAN uses (RFC 8365). */
  readonly type: number;
  /** 24 bits: with VXLAN the VNI, otherwise label and its low bits. */
  readonly label: number;
  /** Ingress replication: the address of the tunnel's end. */
  readonly identifier: Uint8Array;
}

/** RFC 6514 section 5; what has no tunnel type that is known is kept as it came. */
export const pmsiTunnel: AttributeRow<PmsiTunnel> = {
  code: attributeCode.pmsiTunnel,
  title: 'PMSI_TUNNEL',
  flags: attributeFlag.optional | attributeFlag.transitive,
  malformed: 'treat-as-withdraw',
  decode: (reader) => {
    const [flags, type, label] = [reader.u8(), reader.u8(), reader.u24()];
    return { flags, type, label, identifier: reader.rest().slice() };
  },
  encode: (writer, { flags, type, label, identifier }) =>
    writer.u8(flags).u8(type).u24(label).put(identifier),
};
