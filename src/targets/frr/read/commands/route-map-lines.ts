import type { Origin } from '../../../../bgp/policy/types.ts';
import type { Reading } from '../reading.ts';

/** Who reads a line of a route-map: bgpd alone, or zebra too, for routes on their way into the kernel. */
export const bgpd = { daemons: ['bgpd'] } as const;
export const lists = { daemons: ['bgpd', 'zebra'], transaction: 'within' } as const;

export const origins: Readonly<Record<string, Origin>> = { igp: 0, egp: 1, incomplete: 2 };

/** What is said again replaces what was there, in its place (in Quagga it stands last); `no` takes it away. */
export function put<T>(
  reading: Reading,
  store: Map<string, T> | undefined,
  key: string,
  value: T,
  negated: boolean,
): void {
  if (negated || reading.dialect === 'quagga-1.2') store?.delete(key);
  if (!negated) store?.set(key, value);
}
