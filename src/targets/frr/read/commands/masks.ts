import { type Prefix, parsePrefix } from '../../../../base/ip.ts';
import type { Arguments } from '../grammar.ts';
import type { Reading } from '../reading.ts';
import { text } from './make.ts';

/** ADDRESS MASK, or ADDRESS with the length of its class; null, and refused, where the mask is none. */
export function maskedPrefix(reading: Reading, args: Arguments): Prefix | null {
  const address = text(args, 'address');
  const mask = args.get('mask');
  const first = Number(address.split('.')[0]);
  const bits = mask
    ? mask
        .split('.')
        .map((octet) => Number(octet).toString(2).padStart(8, '0'))
        .join('')
    : ''.padStart(first < 128 ? 8 : first < 192 ? 16 : 24, '1');
  const prefix = /^1*0*$/.test(bits) ? parsePrefix(`${address}/${bits.replace(/0+$/, '').length}`) : null;
  if (!prefix)
    reading.refuse(`${mask ?? address} is not a network mask`, 'Write the network as address/length.');
  return prefix;
}
