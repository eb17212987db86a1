import { type Address, addressOf } from '../../../base/ip.ts';
import { attributeCode, attributeFlag, updateError } from '../registry.ts';
import type { AttributeRow } from './row.ts';

/** RFC 4271 5.1.3, RFC 7606 7.3; whether the address can be a next hop is for `validate.ts`. */
export const nextHop: AttributeRow<Address> = {
  code: attributeCode.nextHop,
  title: 'NEXT_HOP',
  flags: attributeFlag.transitive,
  malformed: 'treat-as-withdraw',
  subcode: updateError.invalidNextHop,
  decode: (reader) => addressOf(4, BigInt(reader.u32())),
  encode: (writer, address) => writer.u32(Number(address.value)),
};
