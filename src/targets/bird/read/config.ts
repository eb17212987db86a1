import type { InterfacePattern } from '../../../bgp/table-config.ts';
import { asTable, type Cursor, Stop, shown } from './cursor.ts';
import type { Options, ProtocolDraft } from './draft.ts';
import { typeNamed } from './filter-words.ts';
import { parseFilterDefinition, parseFunctionDefinition } from './filters.ts';
import { housekeeping, readHousekeeping } from './housekeeping.ts';
import { parsePatterns } from './interfaces.ts';
import { placeOf } from './lexer.ts';
import { readBlock, readId, readNumber, readText } from './option-reader.ts';
import { tableOptions } from './options.ts';
import { readProtocol } from './protocol.ts';
import { constantTerm } from './set-items.ts';

/** bird.conf as it was read: its protocols in order, names resolved, defaults still missing. */
export interface ConfigDraft {
  routerId: number | null;
  /** `router id from`: which addresses may become it. */
  routerIdFrom: readonly InterfacePattern[];
  /** Tables that keep all routes of a network in order, not only the best one in front. */
  readonly sortedTables: Set<string>;
  readonly protocols: ProtocolDraft[];
}

/** What an attribute of the own making may hold (filter/config.Y `custom_attr`). */
const attributeTypes: ReadonlySet<string> = new Set([
  ...['int', 'ip', 'quad', 'bgppath', 'clist', 'eclist', 'lclist'],
]);

/** Tables that are there without being named. */
const defaultTables: Readonly<Record<string, string>> = { master4: 'ipv4', master6: 'ipv6' };

/** Network types of tables and channels (nest/config.Y `net_type`). */
export const networkTypes = ['ipv4', 'ipv6', 'vpn4', 'vpn6', 'roa4', 'roa6', 'flow4', 'flow6', 'mpls'];

/** Reads all statements; one that cannot be read is said and left out, so that the others are judged as well. */
export function parseConfig(cursor: Cursor): ConfigDraft {
  const draft: ConfigDraft = { routerId: null, routerIdFrom: [], sortedTables: new Set(), protocols: [] };
  for (const [name, family] of Object.entries(defaultTables)) {
    cursor.define({ ...cursor.token, kind: 'word', text: name }, { kind: 'table', family, origins: [] });
  }
  cursor.scoped(() => {
    while (cursor.token.kind !== 'end') {
      const start = cursor.position;
      try {
        parseStatement(cursor, draft);
      } catch (error) {
        if (!(error instanceof Stop)) throw error;
        cursor.skipStatement(start);
        if (cursor.position === start) cursor.next();
      }
    }
  });
  return draft;
}

function parseStatement(cursor: Cursor, draft: ConfigDraft): void {
  if (cursor.take(';')) return;
  if (cursor.take('filter')) {
    parseFilterDefinition(cursor);
    return;
  }
  if (cursor.take('function')) {
    parseFunctionDefinition(cursor);
    return;
  }
  if (cursor.is('protocol') || cursor.is('template')) {
    readProtocol(cursor, draft.protocols);
    return;
  }
  const family = networkTypes.find((type) => cursor.is(type));
  if (family) {
    parseTable(cursor, family, draft);
    return;
  }
  parseLine(cursor, draft);
  cursor.expect(';');
}

function parseLine(cursor: Cursor, draft: ConfigDraft): void {
  if (cursor.take('define')) {
    const at = cursor.name('a name');
    cursor.expect('=');
    cursor.define(at, { kind: 'constant', value: constantTerm(cursor) });
  } else if (cursor.take('router', 'id', 'from')) draft.routerIdFrom = parsePatterns(cursor);
  else if (cursor.take('router', 'id')) draft.routerId = readId(cursor);
  else if (cursor.take('hostname')) readText(cursor);
  else if (cursor.take('graceful', 'restart', 'wait')) readNumber(cursor);
  else if (cursor.take('attribute')) {
    const at = cursor.next();
    const type = typeNamed(at.text) ?? cursor.fail('the type of the attribute is expected here');
    if (!attributeTypes.has(type))
      cursor.fail(`there are no attributes of type ${type}`, 'Use a type that a route can carry.', at);
    cursor.define(cursor.name('the name of an attribute'), { kind: 'attribute', type });
  } else if (cursor.take('eval')) {
    const at = cursor.token;
    const { type } = constantTerm(cursor);
    if (type !== 'int') cursor.fail(`a number is expected here, not ${type}`, 'Remove the line.', at);
  } else if (!readHousekeeping(cursor)) {
    if (cursor.token.kind !== 'word') cursor.fail(`a statement is expected here, not ${shown(cursor.token)}`);
    cursor.reading.unrecognised(placeOf(cursor.token), cursor.token.text, statements);
    throw new Stop();
  }
}

const statements = [
  ...['define', 'router', 'hostname', 'graceful', 'attribute', 'filter', 'function', 'protocol', 'template'],
  ...['include', 'eval', ...housekeeping, ...networkTypes],
];

/** `ipv4 table NAME sorted`, `ipv4 table NAME { options }` */
function parseTable(cursor: Cursor, family: string, { sortedTables }: ConfigDraft): void {
  const at = cursor.next();
  const isSadr = cursor.take('sadr');
  cursor.expect('table');
  const name = cursor.name('the name of a table');
  // Those that are there without being named may be said once more.
  cursor.reading.tableTypes.add(family);
  if (!(name.text in defaultTables) || !asTable(cursor.meaning(name.text)))
    cursor.define(name, { kind: 'table', family, origins: [] });
  const options: Options = new Map();
  if (cursor.take('sorted')) sortedTables.add(name.text);
  if (cursor.is('{')) readBlock(cursor, tableOptions, options);
  const sorted = options.get('sorted')?.value;
  if (sorted === true) sortedTables.add(name.text);
  if (sorted === false) sortedTables.delete(name.text);
  if (isSadr)
    cursor.reading.note(placeOf(at), `${family} sadr table`, 'SADR tables are not simulated', false);
}
