import { isLinkLocal, parseAddress } from '../base/ip.ts';
import type { Namespaces } from './netns.ts';
import { sortedRecord } from './tables.ts';

/** Link-local address → the first other IPv6 address of the interface that has it. */
export type LinkLocals = ReadonlyMap<string, string>;

interface AddressEntry {
  readonly addr_info: readonly { readonly family: string; readonly local?: string }[];
}

/** Link-local addresses are drawn anew at every start: tables name the interface's other address instead. */
export function linkLocals(namespaces: Namespaces, hosts: readonly string[]): LinkLocals {
  const known = new Map<string, string>();
  for (const host of hosts) {
    const entries = JSON.parse(namespaces.exec(host, 'ip', ['-6', '-j', 'addr'])) as readonly AddressEntry[];
    for (const { addr_info: info = [] } of entries) {
      const texts = info.flatMap(({ local }) => local ?? []);
      const other = texts.find((text) => !isLinkLocalText(text));
      if (other) for (const text of texts) if (isLinkLocalText(text)) known.set(text, other);
    }
  }
  return known;
}

function isLinkLocalText(text: string): boolean {
  const address = parseAddress(text);
  return address !== null && isLinkLocal(address);
}

/** Both families of a host's BGP routes. */
export function kernelTables(
  namespaces: Namespaces,
  host: string,
  locals: LinkLocals,
): Record<string, readonly string[]> {
  const routes = ['-4', '-6'].flatMap((family) => Object.entries(kernelRoutes(namespaces, host, family)));
  return sortedRecord(
    routes.map(([prefix, hops]): [string, string[]] => [
      prefix,
      hops.map((hop) => locals.get(hop) ?? hop).sort(),
    ]),
  );
}

interface KernelRoute {
  readonly protocol?: string;
  readonly type?: string;
  readonly dst: string;
  readonly gateway?: string;
  /** The gateway, where it is of the other family (RFC 8950). */
  readonly via?: { readonly host: string };
  readonly dev?: string;
  readonly nexthops?: readonly Pick<KernelRoute, 'gateway' | 'via' | 'dev'>[];
}

/** What the routing daemon put into the kernel: prefix → next hops, as in the simulator's result. */
function kernelRoutes(namespaces: Namespaces, host: string, family = '-4'): Record<string, string[]> {
  const args = [family, '-j', 'route', 'show'];
  const routes = JSON.parse(namespaces.exec(host, 'ip', args) || '[]') as readonly KernelRoute[];
  const bits = family === '-4' ? 32 : 128;
  return Object.fromEntries(
    routes
      .filter(({ protocol }) => protocol === 'bgp' || protocol === 'bird')
      .map((route) => {
        const hops = route.nexthops ?? [route];
        const prefix = route.dst === 'default' ? (bits === 32 ? '0.0.0.0/0' : '::/0') : route.dst;
        return [
          prefix.includes('/') ? prefix : `${prefix}/${bits}`,
          route.type && route.type !== 'unicast'
            ? []
            : hops.flatMap(({ gateway, via, dev }) => gateway ?? via?.host ?? dev ?? []).sort(),
        ];
      }),
  );
}
