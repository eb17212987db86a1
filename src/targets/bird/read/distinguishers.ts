import { parseAddress } from '../../../base/ip.ts';
import type { Value } from '../../../bgp/policy/program/types.ts';
import type { Cursor } from './cursor.ts';

/** A route distinguisher, `65001:5`, `10.0.0.1:5`, `2:65001:5` (conf/cf-lex.l): six octets behind two that say which form they have. */
export function parseDistinguisher(cursor: Cursor): Value {
  const at = cursor.next();
  const parts = at.text.split(':');
  const form = parts.length === 3 ? Number(parts.shift()) : null;
  const [head = '', tail = ''] = parts;
  const address = parseAddress(head);
  const administrator = address ? address.value : BigInt(head);
  const kind = address ? 1 : (form ?? (administrator > 0xffffn ? 2 : 0));
  const [headBits, tailBits] = kind === 0 ? [16n, 32n] : [32n, 16n];
  const number = BigInt(tail);
  if (![0, 1, 2].includes(kind) || administrator >> headBits || number >> tailBits)
    return cursor.fail(`${at.text} is no route distinguisher`, 'Write smaller numbers.', at);
  return { type: 'rd', value: (BigInt(kind) << 48n) | (administrator << tailBits) | number };
}
