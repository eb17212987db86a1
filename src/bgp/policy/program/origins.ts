import { contains, type Prefix } from '../../../base/ip.ts';
import { isSequence } from './lists.ts';
import type { RouteOrigin, Value } from './types.ts';
import { asInteger, fault } from './values.ts';

const UNKNOWN = 0;
const VALID = 1;
const INVALID = 2;

/** RFC 6811 as BIRD's `net_roa_check` has it. */
function judged(origins: readonly RouteOrigin[], net: Prefix, asn: number): number {
  const covering = origins.filter(({ prefix }) => contains(prefix, net));
  if (covering.length === 0) return UNKNOWN;
  const isValid = covering.some((one) => asn !== 0 && one.asn === asn && one.longest >= net.length);
  return isValid ? VALID : INVALID;
}

/** `roa_check(table, net, asn)`, and without the last two that of the route itself: its AS_PATH stands in place of the AS. */
export function originCheck([table, net, by]: readonly Value[]): Value {
  if (table?.type !== 'origins') return fault('a table of route origins is needed');
  if (net?.type !== 'prefix') return fault('a prefix is needed');
  if (by === undefined) return fault('an AS is needed');
  const asn = by.type === 'bgppath' ? originOf(by) : asInteger(by);
  const answer = net.value.family === table.family ? judged(table.value, net.value, asn) : UNKNOWN;
  return { type: 'enum', of: 'ROA', value: answer };
}

function originOf({ value, missing }: Value & { readonly type: 'bgppath' }): number {
  if (missing) fault('the route has no AS_PATH');
  const last = value.at(-1);
  return last && isSequence(last) ? (last.asns.at(-1) ?? 0) : 0;
}
