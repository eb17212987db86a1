import { readBfd } from './bfd.ts';
import { parseAfi, readChannel } from './channel.ts';
import type { Meaning } from './cursor.ts';
import { type Cursor, Stop, shown } from './cursor.ts';
import { copiedProtocol, newProtocol, type ProtocolDraft, type ProtocolKind } from './draft.ts';
import { parseNetwork } from './expressions.ts';
import { parsePatterns } from './interfaces.ts';
import { placeOf, type Token } from './lexer.ts';
import { readAddress, readNumber, readOption, unknownOption } from './option-reader.ts';
import {
  bgpOptions,
  commonOptions,
  deviceOptions,
  directOptions,
  kernelOptions,
  type OptionRow,
  staticOptions,
} from './options.ts';
import { readOrigin, readRoute, skipForeignRoute } from './static-routes.ts';

const kinds: readonly ProtocolKind[] = ['bgp', 'device', 'direct', 'kernel', 'static', 'pipe', 'bfd'];

/** Protocols that put routes into tables in ways the simulation does not follow. */
const otherKinds: Readonly<Record<string, string>> = {
  ospf: 'OSPF is not simulated: its routes are missing',
  rip: 'RIP is not simulated: its routes are missing',
  babel: 'Babel is not simulated: its routes are missing',
  radv: '',
  rpki: 'RPKI is not simulated: every check says unknown',
  mrt: '',
  perf: '',
};

const rowsOf: Readonly<Partial<Record<ProtocolKind, readonly OptionRow[]>>> = {
  bgp: bgpOptions,
  device: deviceOptions,
  direct: directOptions,
  kernel: kernelOptions,
  static: staticOptions,
};

/** `protocol KIND [NAME] [from TEMPLATE] { ... }` */
export function readProtocol(cursor: Cursor, protocols: ProtocolDraft[]): void {
  const start = cursor.next();
  const word = cursor.word('the kind of a protocol');
  const kind = kinds.find((one) => one === word.text) ?? (word.text in otherKinds ? 'other' : null);
  if (kind === null) {
    cursor.reading.unrecognised(placeOf(word), word.text, [...kinds, ...Object.keys(otherKinds)]);
    throw new Stop();
  }
  const other = otherKinds[word.text];
  if (other && start.text === 'protocol')
    cursor.reading.note(placeOf(start), `protocol ${word.text}`, other, true);
  if (kind === 'other') cursor.take('v2') || cursor.take('v3') || cursor.take('ng');
  const draft = startProtocol(cursor, start, kind, word.text, protocols);
  cursor.expect('{');
  if (kind === 'bfd') readBfd(cursor, draft);
  else if (kind === 'other') cursor.skipBlock();
  else readStatements(cursor, draft);
  if (start.text === 'protocol') protocols.push(draft);
}

function startProtocol(
  cursor: Cursor,
  start: Token,
  kind: ProtocolKind,
  word: string,
  protocols: readonly ProtocolDraft[],
): ProtocolDraft {
  const at = cursor.is('{') || cursor.is('from') ? null : cursor.name('the name of a protocol');
  const name = at?.text ?? `${word}${protocols.filter((one) => one.name.startsWith(word)).length + 1}`;
  const source = placeOf(at ?? start);
  const base = cursor.take('from') ? templateNamed(cursor) : null;
  if (base && base.kind !== kind)
    cursor.fail(`${base.name} is a ${base.kind} and no ${kind}`, 'Use another template.');
  const draft = base ? copiedProtocol(base, name, source) : newProtocol(kind, name, source);
  const meaning: Meaning = { kind: start.text === 'template' ? 'template' : 'protocol', draft };
  if (at) cursor.define(at, meaning);
  return draft;
}

function templateNamed(cursor: Cursor): ProtocolDraft {
  const at = cursor.token;
  const found: Meaning | null = cursor.meaning(at.text);
  if (found !== null && 'draft' in found) {
    cursor.next();
    return found.draft;
  }
  return cursor.known('template', 'template').draft;
}

/** Statements up to the closing brace; one that cannot be read is said and left out. */
function readStatements(cursor: Cursor, draft: ProtocolDraft): void {
  while (!cursor.take('}')) {
    if (cursor.token.kind === 'end') cursor.fail("'}' is missing", 'Close the block.');
    const start = cursor.position;
    try {
      if (!cursor.take(';')) {
        readStatement(cursor, draft);
        cursor.expect(';');
      }
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      cursor.skipStatement(start);
      cursor.take(';');
    }
  }
}

function readStatement(cursor: Cursor, draft: ProtocolDraft): void {
  const rows = [...(rowsOf[draft.kind] ?? []), ...commonOptions];
  const afi = parseAfi(cursor, draft.kind);
  if (afi !== null) {
    readChannel(cursor, draft, afi);
    return;
  }
  if (draft.kind === 'bgp' && readBgpEnd(cursor, draft)) return;
  if (draft.kind === 'pipe' && readPipe(cursor, draft)) return;
  if (draft.kind === 'static' && cursor.take('route')) {
    readStaticRoute(cursor, draft);
    return;
  }
  if ((draft.kind === 'direct' || draft.kind === 'device') && cursor.take('interface')) {
    const patterns = parsePatterns(cursor);
    if (draft.kind === 'direct') draft.interfaces.push(...patterns);
    else if (cursor.take('{')) cursor.skipBlock();
    return;
  }
  if (readOption(cursor, rows, draft.options)) return;
  unknownOption(
    cursor,
    rows,
    draft.kind === 'bgp' ? ['local', 'neighbor', 'interface', 'ipv4', 'ipv6'] : ['ipv4', 'ipv6', 'route'],
  );
  throw new Stop();
}

/** A route, or in a ROA table who may originate a network. */
function readStaticRoute(cursor: Cursor, draft: ProtocolDraft): void {
  if (skipForeignRoute(cursor)) return;
  const roa = draft.channels.get('roa4') ?? draft.channels.get('roa6');
  if (!roa) {
    draft.routes.push(readRoute(cursor));
    return;
  }
  const origin = readOrigin(cursor);
  const table = roa.table === null ? null : cursor.meaning(roa.table);
  if (table?.kind === 'table') table.origins.push(origin);
}

/** `local ...`, `neighbor ...`, `interface ...` of BGP. */
function readBgpEnd(cursor: Cursor, draft: ProtocolDraft): boolean {
  const at = cursor.token;
  const source = placeOf(at);
  if (cursor.is('local') && !cursor.is('role', 1)) {
    cursor.next();
    if (startsAddress(cursor)) draft.options.set('source address', { value: readAddress(cursor), source });
    readScope(cursor, draft);
    readPeerWords(cursor, draft, 'local');
    return true;
  }
  if (cursor.take('neighbor')) {
    if (
      draft.neighbor &&
      !cursor.is('as') &&
      !cursor.is('internal') &&
      !cursor.is('external') &&
      !cursor.is('port')
    )
      cursor.fail('a BGP protocol has one neighbor', 'Remove one of the two.', at);
    if (cursor.take('range')) draft.neighbor = { address: null, range: parseNetworkOrName(cursor), source };
    else if (startsAddress(cursor)) draft.neighbor = { address: readAddress(cursor), range: null, source };
    readScope(cursor, draft);
    readPeerWords(cursor, draft, 'neighbor');
    return true;
  }
  if (!cursor.take('interface')) return false;
  if (cursor.token.kind !== 'text')
    cursor.fail(`the name of an interface is expected here, not ${shown(cursor.token)}`);
  draft.interface = cursor.next().text;
  return true;
}

function startsAddress(cursor: Cursor): boolean {
  const { token } = cursor;
  if (token.kind === 'address') return true;
  const found = token.kind === 'word' || token.kind === 'quoted' ? cursor.meaning(token.text) : null;
  return found?.kind === 'constant' && found.value.type === 'ip';
}

function parseNetworkOrName(cursor: Cursor) {
  if (cursor.token.kind === 'address') return parseNetwork(cursor);
  const { value } = cursor.known('constant', 'constant');
  return value.type === 'prefix' ? value.value : cursor.fail('a network is expected here');
}

/** `fe80::1%eth0` */
function readScope(cursor: Cursor, draft: ProtocolDraft): void {
  if (cursor.take('%')) draft.interface = cursor.name('the name of an interface').text;
}

/** `as N`, `port N`, and of the neighbor `internal` or `external`. */
function readPeerWords(cursor: Cursor, { options }: ProtocolDraft, end: 'local' | 'neighbor'): void {
  while (!cursor.is(';')) {
    const source = placeOf(cursor.token);
    if (cursor.take('as')) options.set(`${end} as`, { value: readNumber(cursor), source });
    else if (cursor.take('port')) options.set(`${end} port`, { value: readNumber(cursor), source });
    else if (end === 'neighbor' && cursor.take('internal'))
      options.set('neighbor type', { value: 'internal', source });
    else if (end === 'neighbor' && cursor.take('external'))
      options.set('neighbor type', { value: 'external', source });
    else cursor.fail(`'as', 'port' or ';' is expected here, not ${shown(cursor.token)}`);
  }
}

/** A pipe's own statements are those of a channel. */
function readPipe(cursor: Cursor, draft: ProtocolDraft): boolean {
  if (cursor.take('peer', 'table')) {
    const at = cursor.token;
    const { family } = cursor.known('table', 'table');
    draft.options.set('peer table', { value: at.text, source: placeOf(at) });
    draft.options.set('pipe family', { value: family, source: placeOf(at) });
    return true;
  }
  if (!['import', 'export', 'table', 'receive'].some((word) => cursor.is(word))) return false;
  readChannel(cursor, draft, '');
  return true;
}
