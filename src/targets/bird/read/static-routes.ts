import { bitsOf, type Prefix } from '../../../base/ip.ts';
import type { RouteOrigin } from '../../../bgp/policy/program/types.ts';
import type { TableRoute } from '../../../bgp/table-config.ts';
import { parseCommands } from './commands.ts';
import { type Cursor, shown } from './cursor.ts';
import { parseNetwork } from './expressions.ts';
import { attributePolicy } from './filters.ts';
import { placeOf } from './lexer.ts';
import { readAddress, readBool, readNumber } from './option-reader.ts';
import { newScope } from './scope.ts';

/** BIRD's older words for two of them. */
const lost: Readonly<Record<string, TableRoute['kind']>> = {
  drop: 'blackhole',
  reject: 'unreachable',
  blackhole: 'blackhole',
  unreachable: 'unreachable',
  prohibit: 'prohibit',
};

/** What stands behind `route`: network, where it leads, and attributes in braces. */
export function readRoute(cursor: Cursor): TableRoute {
  const source = placeOf(cursor.token);
  const prefix = readNetwork(cursor);
  const kind = Object.keys(lost).find((word) => cursor.take(word));
  const bare = { prefix, hops: [], attributes: null, source };
  let route: TableRoute;
  if (kind) route = { ...bare, kind: lost[kind] ?? 'blackhole' };
  else if (cursor.take('recursive')) {
    const via = readAddress(cursor);
    if (cursor.is('mpls')) skipLabels(cursor);
    route = { ...bare, kind: 'recursive', hops: [{ via, interface: null, onlink: false }] };
  } else route = { ...bare, kind: 'unicast', hops: readHops(cursor) };
  if (!cursor.take('{')) return route;
  const scope = newScope();
  const commands = cursor.scoped(() => parseCommands(cursor, scope, () => cursor.is('}')));
  cursor.expect('}');
  return { ...route, attributes: attributePolicy(commands, scope, source) };
}

/** What stands behind `route` in a ROA table: `10.0.0.0/16 max 24 as 65001`. */
export function readOrigin(cursor: Cursor): RouteOrigin {
  const prefix = readNetwork(cursor);
  cursor.expect('max');
  const at = cursor.token;
  const longest = readNumber(cursor);
  if (longest < prefix.length || longest > bitsOf(prefix.family))
    cursor.fail(`${longest} is no length of networks in ${prefix.text}`, 'Write another length.', at);
  cursor.expect('as');
  return { prefix, longest, asn: readNumber(cursor) };
}

/** A route of a table that is not followed: `flow4 { ... }`, `65001:5 10.0.0.0/8 ...`. */
export function skipForeignRoute(cursor: Cursor): boolean {
  const flow = cursor.is('flow4') || cursor.is('flow6');
  if (!flow && cursor.token.kind !== 'rd') return false;
  if (!flow && cursor.ahead(1).kind !== 'address')
    cursor.fail(`a network is expected behind the route distinguisher ${cursor.token.text}`);
  let open = 0;
  for (; open > 0 || !cursor.is(';'); cursor.next()) {
    if (cursor.token.kind === 'end') cursor.fail("';' is missing", 'Close the line.');
    if (cursor.is('{')) open++;
    if (cursor.is('}')) open--;
  }
  return true;
}

function readNetwork(cursor: Cursor): Prefix {
  if (cursor.token.kind === 'address') return parseNetwork(cursor);
  const at = cursor.token;
  const { value } = cursor.known('constant', 'constant');
  return value.type === 'prefix' ? value.value : cursor.fail('a network is expected here', 'Correct it.', at);
}

function readHops(cursor: Cursor): TableRoute['hops'] {
  const hops: {
    via: TableRoute['hops'][number]['via'];
    interface: string | null;
    onlink: boolean;
    bfd?: true;
    weight?: number;
  }[] = [];
  while (cursor.take('via')) {
    const name = cursor.token.kind === 'text' ? cursor.next().text : null;
    const via = name === null ? readAddress(cursor) : null;
    const scope = cursor.take('%') ? cursor.name('the name of an interface').text : null;
    const hop: (typeof hops)[number] = { via, interface: name ?? scope, onlink: false };
    hops.push(hop);
    for (;;) {
      if (cursor.take('onlink')) hop.onlink = readHopBool(cursor);
      else if (cursor.take('bfd')) {
        if (readHopBool(cursor)) hop.bfd = true;
        else delete hop.bfd;
      } else if (cursor.take('weight')) hop.weight = readWeight(cursor);
      else if (cursor.is('mpls')) skipLabels(cursor);
      else break;
    }
  }
  if (hops.length === 0)
    cursor.fail(
      `where the route leads is missing before ${shown(cursor.token)}`,
      "Write 'via ADDRESS' or 'blackhole'.",
    );
  return hops;
}

/** `mpls 100/200`: what the packets carry is in no table here. */
function skipLabels(cursor: Cursor): void {
  const at = cursor.next();
  do readNumber(cursor);
  while (cursor.take('/'));
  cursor.reading.note(placeOf(at), 'mpls', 'labels are not simulated: packets go without', true);
}

/** A switch inside a line ends where the next word of the route begins. */
function readHopBool(cursor: Cursor): boolean {
  const ends = ['via', 'onlink', 'bfd', 'weight', 'mpls', '{'].some((word) => cursor.is(word));
  return ends || readBool(cursor);
}

/** It says which gateway stands for the route; how traffic is spread over them is not simulated. */
function readWeight(cursor: Cursor): number {
  const at = cursor.token;
  const weight = readNumber(cursor);
  if (weight < 1 || weight > 256) cursor.fail(`a weight is 1 to 256, not ${weight}`, 'Write 1 to 256.', at);
  const effect = 'weights of next hops are not simulated: traffic is spread evenly';
  if (weight > 1) cursor.reading.note(placeOf(at), 'weight', effect, false);
  return weight;
}
