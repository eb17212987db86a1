import { type Cursor, shown } from './cursor.ts';

/** Lists of words in braces, or a word for all of them; whether it is on. */

const events = ['states', 'routes', 'filters', 'interfaces', 'events', 'packets'];

/** What a protocol is to say in the log; true: something. */
export function readDebugMask(cursor: Cursor): boolean {
  return readMask(cursor, ['all', 'off'], events);
}

export function readDumpMask(cursor: Cursor): boolean {
  return readMask(cursor, ['all', 'off'], ['states', 'messages']);
}

export function readMask(cursor: Cursor, whole: readonly string[], words: readonly string[]): boolean {
  const one = whole.find((word) => cursor.take(word));
  if (one !== undefined) return one !== 'off';
  if (!cursor.is('{')) cursor.fail(`${whole.join(', ')} or '{' is expected here, not ${shown(cursor.token)}`);
  cursor.next();
  do cursor.oneOf(words);
  while (cursor.take(','));
  cursor.expect('}');
  return true;
}

const ceases = [
  'prefix limit hit',
  'administrative shutdown',
  'peer deconfigured',
  'administrative reset',
  'connection rejected',
  'configuration change',
  'connection collision',
  'out of resources',
  'cease',
];

/** Behind which NOTIFICATIONs of a neighbor the session stays down (proto/bgp/config.Y `bgp_cease_flag`). */
export function readCeases(cursor: Cursor): boolean {
  return readMask(cursor, [], ceases);
}
