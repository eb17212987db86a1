import { carriedChannels } from './carried-channels.ts';
import { type Cursor, Stop, shown } from './cursor.ts';
import { type ChannelDraft, newChannel, type ProtocolDraft, type ProtocolKind } from './draft.ts';
import { parseChannelPolicy } from './filters.ts';
import { placeOf } from './lexer.ts';
import { readNumber, readOption, unknownOption } from './option-reader.ts';
import { bgpChannelOptions, channelOptions } from './options.ts';

const networkTypes = ['ipv4', 'ipv6', 'vpn4', 'vpn6', 'roa4', 'roa6', 'flow4', 'flow6', 'mpls'];

/** The words of a channel's network type where they come now: `ipv4`, `ipv4 multicast`; null otherwise. */
export function parseAfi(cursor: Cursor, kind: ProtocolKind): string | null {
  const type = networkTypes.find((word) => cursor.is(word));
  if (!type) return null;
  cursor.next();
  if (kind === 'bgp')
    for (const word of ['multicast', 'mpls']) if (cursor.take(word)) return `${type} ${word}`;
  if (cursor.take('sadr')) return `${type} sadr`;
  return type;
}

/** `ipv4 { ... }`, or (pipes, with the empty name) one statement of a channel. A second block adds to the first. */
export function readChannel(cursor: Cursor, draft: ProtocolDraft, afi: string): void {
  const [type = ''] = afi.split(' ');
  const channel =
    draft.channels.get(afi) ?? newChannel(placeOf(cursor.token), cursor.reading.tableTypes.has(type));
  draft.channels.set(afi, channel);
  if (afi === '') {
    readStatement(cursor, draft, channel, afi);
    return;
  }
  if (draft.kind === 'bgp' && afi !== 'ipv4' && afi !== 'ipv6') {
    const effect = `the address family ${afi} is not simulated`;
    cursor.reading.note(channel.source, afi, effect, false, afi in carriedChannels);
  }
  if (!cursor.take('{')) return;
  while (!cursor.take('}')) {
    if (cursor.token.kind === 'end') cursor.fail("'}' is missing", 'Close the block.');
    const start = cursor.position;
    try {
      readStatement(cursor, draft, channel, afi);
      cursor.expect(';');
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      cursor.skipStatement(start);
      cursor.take(';');
    }
  }
}

function readStatement(cursor: Cursor, draft: ProtocolDraft, channel: ChannelDraft, afi: string): void {
  const rows = draft.kind === 'bgp' ? bgpChannelOptions : channelOptions;
  if (cursor.take('table')) {
    channel.table = cursor.token.text;
    const { family } = cursor.known('table', 'table');
    if (afi !== '' && family !== afi.split(' ')[0])
      cursor.fail(
        `${channel.table} holds ${family} routes, the channel ${afi} ones`,
        'Name a table of the family.',
      );
    return;
  }
  if (draft.kind === 'bgp' && cursor.take('igp', 'table')) {
    const { token } = cursor;
    const { family } = cursor.known('table', 'table');
    channel.options.set(`igp table ${family}`, { value: token.text, source: placeOf(token) });
    return;
  }
  for (const direction of ['import', 'receive', 'export'] as const) {
    if (cursor.take(direction, 'limit')) {
      readLimit(cursor, channel, direction);
      return;
    }
  }
  if (cursor.is('import') && !cursor.is('keep', 1) && !cursor.is('table', 1)) {
    cursor.next();
    channel.importPolicy = parseChannelPolicy(cursor, 'import');
    return;
  }
  if (cursor.is('export') && !cursor.is('table', 1)) {
    cursor.next();
    channel.exportPolicy = parseChannelPolicy(cursor, 'export');
    return;
  }
  if (readOption(cursor, rows, channel.options)) return;
  unknownOption(cursor, rows, ['table', 'import', 'export', 'receive', 'igp']);
  throw new Stop();
}

/** `import limit 10 action block`; without an action the session is disabled. */
function readLimit(cursor: Cursor, channel: ChannelDraft, direction: 'import' | 'receive' | 'export'): void {
  const source = placeOf(cursor.token);
  if (cursor.take('off')) {
    channel.limits.push({ direction, count: 0, action: 'off', source });
    return;
  }
  const count = readNumber(cursor);
  if (!cursor.take('action')) {
    channel.limits.push({ direction, count, action: 'disable', source });
    return;
  }
  const action = (['warn', 'block', 'restart', 'disable'] as const).find((word) => cursor.take(word));
  if (!action) cursor.fail(`warn, block, restart or disable is expected here, not ${shown(cursor.token)}`);
  else channel.limits.push({ direction, count, action, source });
}
