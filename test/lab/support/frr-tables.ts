import type { Frr } from './frr.ts';
import type { Namespaces } from './netns.ts';

/** A path as FRR shows it, in the words of the simulator's result. */
export interface ObservedPath {
  readonly best: boolean;
  readonly multipath: boolean;
  readonly valid: boolean;
  readonly nextHop: string;
  readonly asPath: string;
  readonly localPref: number | null;
  readonly med: number | null;
  readonly origin: string;
  readonly from: string;
}

interface FrrPath {
  readonly valid?: boolean;
  readonly bestpath?: boolean | { readonly overall?: boolean };
  readonly multipath?: boolean;
  readonly path: string;
  readonly origin: string;
  readonly metric?: number;
  readonly locPrf?: number;
  readonly peerId: string;
  readonly nexthops?: readonly { readonly ip: string; readonly used?: boolean }[];
}

const origins: Readonly<Record<string, string>> = { IGP: 'igp', EGP: 'egp', incomplete: 'incomplete' };

/** `show bgp ipv4 unicast json` by prefix, each list by peer. */
export function observedPaths(frr: Frr, family = 'ipv4'): Record<string, ObservedPath[]> {
  const { routes } = frr.json<{ routes: Record<string, readonly FrrPath[]> }>(`show bgp ${family} unicast`);
  return Object.fromEntries(
    Object.entries(routes).map(([prefix, paths]) => [
      prefix,
      paths.map(observed).sort((a, b) => (a.from < b.from ? -1 : 1)),
    ]),
  );
}

function observed(path: FrrPath): ObservedPath {
  const best = typeof path.bestpath === 'object' ? path.bestpath.overall === true : path.bestpath === true;
  const hop = path.nexthops?.find(({ used }) => used) ?? path.nexthops?.[0];
  return {
    best,
    multipath: path.multipath === true,
    valid: path.valid === true,
    nextHop: hop?.ip ?? '',
    asPath: path.path,
    localPref: path.locPrf ?? null,
    med: path.metric ?? null,
    origin: origins[path.origin] ?? path.origin,
    from: path.peerId === '(unspec)' ? '' : path.peerId,
  };
}

interface KernelRoute {
  readonly dst: string;
  readonly gateway?: string;
  readonly dev?: string;
  readonly nexthops?: readonly { readonly gateway?: string; readonly dev: string }[];
}

/** What bgpd put into the kernel: prefix → next hops, as in the simulator's result. */
export function kernelRoutes(namespaces: Namespaces, host: string, family = '-4'): Record<string, string[]> {
  const args = [family, '-j', 'route', 'show', 'proto', 'bgp'];
  const routes = JSON.parse(namespaces.exec(host, 'ip', args) || '[]') as readonly KernelRoute[];
  const bits = family === '-4' ? 32 : 128;
  return Object.fromEntries(
    routes.map((route) => {
      const hops = route.nexthops ?? [route];
      const prefix = route.dst === 'default' ? (bits === 32 ? '0.0.0.0/0' : '::/0') : route.dst;
      return [
        prefix.includes('/') ? prefix : `${prefix}/${bits}`,
        hops.flatMap(({ gateway, dev }) => gateway ?? dev ?? []).sort(),
      ];
    }),
  );
}
