import { bitsOf, parseAddress, parsePrefix, prefixOf } from '../../../base/ip.ts';
import type { InterfacePattern } from '../../../bgp/table-config.ts';
import { type Cursor, shown } from './cursor.ts';

/** `"eth*", -"lo", 10.0.0.0/8`: which interfaces are meant. */
export function parsePatterns(cursor: Cursor): readonly InterfacePattern[] {
  const patterns: InterfacePattern[] = [];
  do {
    const positive = !cursor.take('-');
    const name = cursor.token.kind === 'text' ? cursor.next().text : null;
    const prefix = cursor.is(',') || cursor.is(';') || cursor.is('{') ? null : parseNetworkOrAddress(cursor);
    if (name === null && prefix === null)
      cursor.fail(`the name of an interface is expected here, not ${shown(cursor.token)}`);
    patterns.push({ positive, name, prefix });
  } while (cursor.take(','));
  return patterns;
}

function parseNetworkOrAddress(cursor: Cursor) {
  const at = cursor.token;
  if (at.kind === 'address') {
    cursor.next();
    const length = cursor.take('/') ? `/${cursor.next().text}` : '';
    const address = parseAddress(at.text);
    const prefix =
      length === '' && address
        ? prefixOf(address.family, address.value, bitsOf(address.family))
        : parsePrefix(`${at.text}${length}`);
    return prefix ?? cursor.fail(`${at.text}${length} is not a network`, 'Write address/length.', at);
  }
  const { value } = cursor.known('constant', 'constant');
  if (value.type === 'prefix') return value.value;
  if (value.type === 'ip') return prefixOf(value.value.family, value.value.value, bitsOf(value.value.family));
  return cursor.fail('an address or a network is expected here', 'Correct it.', at);
}
