import type { Diagnostic } from '../../../base/diagnostic.ts';
import { destinationOf } from '../../forwarding/destination.ts';
import type { SimulationState } from '../../state.ts';
import { announcersReached } from '../anycast.ts';
import { representative } from '../fates.ts';
import { nameOf, someNames } from '../names.ts';
import { nodesOf, tableOf } from './context.ts';
import type { DeclaredCheck, SpreadAssertion } from './types.ts';

/** Every announcer of the prefix gets traffic from the given hosts, or exactly the primary does. */
export function checkSpread(
  state: SimulationState,
  gone: ReadonlySet<number>,
  { source }: DeclaredCheck,
  { prefix, from, primary }: SpreadAssertion,
): readonly Diagnostic[] {
  const { kept } = tableOf(state, prefix);
  const announcers = [...(kept?.origins.keys() ?? [])].sort((a, b) => a - b);
  const finding = (message: string, found: string, expected: string): Diagnostic => ({
    rule: 'check-spread',
    severity: 'error',
    message,
    ranges: [source],
    found,
    expected,
    fix: primary
      ? 'make the primary better than the others everywhere (local preference, path length)'
      : 'let the routers in front use several paths (maximum-paths, as-path multipath-relax)',
  });
  if (!kept || announcers.length === 0) {
    const nobody = finding(`nobody announces ${prefix.text}`, 'no announcer', 'an announcer');
    return [
      {
        ...nobody,
        fix: 'let a host announce it (bgp_networks, a route it redistributes), or correct the prefix',
      },
    ];
  }
  const sources = nodesOf(state, from.names).filter((node) => !announcers.includes(node) && !gone.has(node));
  const [first = 0] = announcers;
  const destination = destinationOf(state, representative(state, prefix, first));
  const reached = announcersReached(destination, kept, sources);
  const busy = announcers.filter((node) => reached.has(node));
  const wanted = (primary ? nodesOf(state, primary.names) : announcers).filter((node) => !gone.has(node));
  if (wanted.length === 0) return [];
  const idle = wanted.filter((node) => !reached.has(node));
  const astray = busy.filter((node) => !wanted.includes(node));
  if (sources.length === 0 || (idle.length === 0 && astray.length === 0)) return [];
  const found = busy.length > 0 ? `traffic at ${someNames(state, busy)}` : 'no traffic arrives';
  const expected = `traffic at ${someNames(state, wanted)}${primary ? ' only' : ''}`;
  if (idle.length > 0) {
    const why = announcers.includes(idle[0] ?? -1) ? '' : ': it does not announce it';
    const message = `of the traffic for ${prefix.text} ${nameOf(state, idle[0] ?? 0)} gets none${why}`;
    return [finding(idle.length > 1 ? `${message} (nor ${idle.length - 1} more)` : message, found, expected)];
  }
  return [finding(`traffic for ${prefix.text} goes to ${someNames(state, astray)}`, found, expected)];
}
