import {
  type Address,
  contains,
  type InterfaceAddress,
  isLinkLocal,
  type Prefix,
  parseAddress,
  parseInterfaceAddress,
  parsePrefix,
} from '../base/ip.ts';
import type { StaticRouteConfig } from '../bgp/config.ts';
import type { OtherRoute, OtherRoutes } from '../bgp/originate.ts';

/** What the host has, as texts, so that it can be recorded: interfaces that are up, with `10.0.0.1/24`, and the routes of its kernel. */
export interface HostState {
  readonly interfaces: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly routes: readonly {
    readonly prefix: string;
    readonly via: string | null;
    readonly interface?: string;
  }[];
}

/** The same as the router core asks for it. */
export interface HostView {
  readonly interfaces: readonly { readonly name: string; readonly addresses: readonly InterfaceAddress[] }[];
  /** Own addresses as text. */
  readonly addresses: ReadonlySet<string>;
  readonly networks: readonly Prefix[];
  readonly routes: OtherRoutes;
}

/** What is no address or prefix is left out. `statics` are those of the configuration: they count once their gateway is a neighbour. */
export function hostView(state: HostState, statics: readonly StaticRouteConfig[]): HostView {
  const interfaces = state.interfaces.map(({ name, addresses }) => ({
    name,
    addresses: addresses.flatMap((text) => parseInterfaceAddress(text) ?? []),
  }));
  const own = interfaces.flatMap(({ addresses }) => addresses);
  const networks = own.filter(({ address }) => !isLinkLocal(address)).map(({ network }) => network);
  const names = new Set(interfaces.map(({ name }) => name));
  const routes = new Map<string, OtherRoute>();
  for (const network of networks) routes.set(network.text, routeOf(network, 'connected', null));
  for (const route of statics) {
    const leads =
      route.blackhole ||
      (route.interface !== null
        ? names.has(route.interface)
        : networks.some((network) => route.via !== null && contains(network, route.via)));
    if (!leads || routes.has(route.prefix.text)) continue;
    const { prefix, via, tag } = route;
    routes.set(prefix.text, { prefix, kind: 'static', metric: route.metric ?? 0, tag, via });
  }
  for (const { prefix: text, via } of state.routes) {
    const prefix = parsePrefix(text);
    if (prefix && !routes.has(prefix.text))
      routes.set(prefix.text, routeOf(prefix, 'kernel', via === null ? null : parseAddress(via)));
  }
  return {
    interfaces,
    addresses: new Set(own.map(({ address }) => address.text)),
    networks,
    routes: { routes },
  };
}

function routeOf(prefix: Prefix, kind: OtherRoute['kind'], via: Address | null): OtherRoute {
  return { prefix, kind, metric: 0, tag: 0, via };
}

/** The own address of a family for next hops on a session: of the interface that has the session's address, else any that others can reach. */
export function ownAddressBeside(view: HostView, family: 4 | 6, session: Address | null): Address | null {
  const holds = view.interfaces.find(({ addresses }) =>
    addresses.some(({ address }) => address.text === session?.text),
  );
  const usable = (list: readonly InterfaceAddress[]) =>
    list.find(({ address }) => address.family === family && !isLinkLocal(address) && !isLoopback(address))
      ?.address;
  const anywhere = view.interfaces.flatMap(({ addresses }) => addresses);
  return usable(holds?.addresses ?? []) ?? usable(anywhere) ?? null;
}

/** The router id of a configuration that names none: the highest loopback address, else the highest of any interface (FRR, Quagga). */
export function derivedRouterId(view: HostView): Address | null {
  const highest = (list: readonly InterfaceAddress[]) =>
    list
      .map(({ address }) => address)
      .filter((address) => address.family === 4 && !isLoopback(address))
      .sort((a, b) => (a.value < b.value ? 1 : -1))[0];
  const loopback = view.interfaces.filter(({ name }) => name === 'lo').flatMap(({ addresses }) => addresses);
  return highest(loopback) ?? highest(view.interfaces.flatMap(({ addresses }) => addresses)) ?? null;
}

function isLoopback({ family, value }: Address): boolean {
  return family === 4 ? value >> 24n === 127n : value === 1n;
}
