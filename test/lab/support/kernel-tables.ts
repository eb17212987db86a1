import { kernelRoutes } from './frr-tables.ts';
import type { Namespaces } from './netns.ts';
import { sortedRecord } from './tables.ts';

/** Both families of a host's BGP routes. A link-local gateway means something on its link only: it is written `dev NAME`. */
export function kernelTables(namespaces: Namespaces, host: string): Record<string, readonly string[]> {
  return sortedRecord([
    ...Object.entries(kernelRoutes(namespaces, host, '-4')),
    ...Object.entries(kernelRoutes(namespaces, host, '-6')),
  ]);
}
