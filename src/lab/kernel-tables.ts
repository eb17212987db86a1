import { isLinkLocal, parseAddress } from '../base/ip.ts';
import type { Namespaces } from './netns.ts';
import { sortedRecord } from './tables.ts';

interface AddressEntry {
  readonly ifname?: string;
  readonly addr_info: readonly { readonly family: string; readonly local?: string }[];
}

/** Whose a link-local address is, and the first other IPv6 address of that interface. */
export interface LinkLocal {
  readonly host: string;
  readonly interface: string;
  readonly other: string | null;
}

/** By link-local address. */
export type LinkLocals = ReadonlyMap<string, LinkLocal>;

/** Link-local addresses are drawn anew at every start: tables name the interface's other address, or the own interface towards it. */
export async function linkLocals(namespaces: Namespaces, hosts: readonly string[]): Promise<LinkLocals> {
  const known = new Map<string, LinkLocal>();
  await Promise.all(
    hosts.map(async (host) => {
      const answer = await namespaces.ip(host, ['-6', '-j', 'addr']);
      for (const { ifname = '', addr_info: info = [] } of JSON.parse(answer) as readonly AddressEntry[]) {
        const texts = info.flatMap(({ local }) => local ?? []);
        const other = texts.find((text) => !isLinkLocalText(text)) ?? null;
        // A veth is shown with its other end: `swp1@if7`.
        const one = { host, interface: ifname.replace(/@.*/, ''), other };
        for (const text of texts) if (isLinkLocalText(text)) known.set(text, one);
      }
    }),
  );
  return known;
}

function isLinkLocalText(text: string): boolean {
  const address = parseAddress(text);
  return address !== null && isLinkLocal(address);
}

/** Both families of a host's BGP routes. */
export async function kernelTables(
  namespaces: Namespaces,
  host: string,
  nameOf: (hop: string) => string,
): Promise<Record<string, readonly string[]>> {
  const families = await Promise.all(['-4', '-6'].map((family) => kernelRoutes(namespaces, host, family)));
  const routes = families.flatMap((family) => Object.entries(family));
  // Two ways may lead to one next hop (a link-local and another address, or paths that share one), which then stands there twice.
  const named = routes.map(([prefix, hops]): [string, string[]] => [
    prefix,
    [...new Set(hops.map(nameOf))].sort(),
  ]);
  return sortedRecord(named);
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

/** Whose routes count: FRR and GoBGP's zebra, BIRD, and the number that `fabricgen speaker --install-routes` has for its own. */
const ofBgp: ReadonlySet<string> = new Set(['bgp', 'bird', '179']);

/** What the routing daemon put into the kernel: prefix → next hops, as in the simulator's result. */
async function kernelRoutes(
  namespaces: Namespaces,
  host: string,
  family: string,
): Promise<Record<string, string[]>> {
  const routes = JSON.parse(
    (await namespaces.ip(host, [family, '-j', 'route', 'show'])) || '[]',
  ) as readonly KernelRoute[];
  const bits = family === '-4' ? 32 : 128;
  return Object.fromEntries(
    routes
      .filter(({ protocol = '' }) => ofBgp.has(protocol))
      .map((route) => {
        const hops = route.nexthops ?? [route];
        const prefix = route.dst === 'default' ? (bits === 32 ? '0.0.0.0/0' : '::/0') : route.dst;
        return [
          prefix.includes('/') ? prefix : `${prefix}/${bits}`,
          route.type && route.type !== 'unicast'
            ? []
            : hops.flatMap(({ gateway, via, dev }) => gateway ?? via?.host ?? dev ?? []),
        ];
      }),
  );
}
