import { type Address, addressOf, type IpFamily } from '../../base/ip.ts';
import type { ByteReader } from '../wire/reader.ts';
import type { ByteWriter } from '../wire/writer.ts';

export function readAddress(reader: ByteReader, family: IpFamily): Address {
  return addressOf(family, family === 4 ? BigInt(reader.u32()) : (reader.u64() << 64n) | reader.u64());
}

export function writeAddress(writer: ByteWriter, { family, value }: Address): void {
  if (family === 4) writer.u32(Number(value));
  else writer.u64(value >> 64n).u64(value & 0xffff_ffff_ffff_ffffn);
}
