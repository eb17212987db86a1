import type { IpFamily } from '../../../base/ip.ts';
import type { BfdConfig } from '../../../bgp/config.ts';
import { type Cursor, Stop } from './cursor.ts';
import type { ProtocolDraft } from './draft.ts';
import { parsePatterns } from './interfaces.ts';
import { readAddress, readBlock, readBool, readOption, unknownOption } from './option-reader.ts';
import { bfdSessionOptions, commonOptions } from './options.ts';

/** What `accept` asks for. */
interface Accepted {
  families: readonly IpFamily[];
  direct: boolean;
  multihop: boolean;
}

/** The statements of `protocol bfd` (proto/bfd/config.Y); intervals and passwords change no table. */
export function readBfd(cursor: Cursor, draft: ProtocolDraft): void {
  let accepted: Accepted = { families: [4, 6], direct: true, multihop: true };
  const neighbors: BfdConfig['neighbors'][number][] = [...(draft.bfd?.neighbors ?? [])];
  if (draft.bfd) accepted = draft.bfd;
  while (!cursor.take('}')) {
    if (cursor.take(';')) continue;
    if (cursor.take('accept')) accepted = readAccepted(cursor);
    else if (cursor.take('neighbor')) neighbors.push(readNeighbor(cursor));
    else if (cursor.take('multihop')) readSessions(cursor);
    else if (cursor.take('interface')) {
      parsePatterns(cursor);
      readSessions(cursor);
    } else if (cursor.take('strict', 'bind')) readBool(cursor);
    else if (!readOption(cursor, commonOptions, draft.options)) {
      unknownOption(cursor, commonOptions, ['accept', 'neighbor', 'multihop', 'interface', 'strict bind']);
      throw new Stop();
    }
    cursor.expect(';');
  }
  draft.bfd = {
    families: accepted.families,
    direct: accepted.direct,
    multihop: accepted.multihop,
    neighbors,
  };
}

function readAccepted(cursor: Cursor): Accepted {
  const accepted: Accepted = { families: [4, 6], direct: true, multihop: true };
  while (!cursor.is(';')) {
    if (cursor.take('ipv4')) accepted.families = [4];
    else if (cursor.take('ipv6')) accepted.families = [6];
    else if (cursor.take('direct')) accepted.multihop = false;
    else {
      cursor.expect('multihop');
      accepted.direct = false;
    }
  }
  return accepted;
}

function readNeighbor(cursor: Cursor): BfdConfig['neighbors'][number] {
  const address = readAddress(cursor);
  if (cursor.take('%')) cursor.name('the name of an interface');
  if (cursor.take('dev')) cursor.next();
  const isBound = cursor.take('local');
  if (isBound) readAddress(cursor);
  const at = cursor.token;
  const multihop = cursor.take('multihop') && readBool(cursor);
  if (multihop && !isBound)
    cursor.fail('a neighbor over several hops needs a local address', "Write 'local ADDRESS'.", at);
  return { address, multihop };
}

function readSessions(cursor: Cursor): void {
  if (cursor.is('{')) readBlock(cursor, bfdSessionOptions, new Map());
}
