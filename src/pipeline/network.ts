import type { InterfaceAddress } from '../base/ip.ts';
import type { RouterConfig, StaticRouteConfig } from '../bgp/config.ts';
import type { Masquerade, NetworkInterface, NetworkNode } from '../simulator/kernel/network.ts';
import { withFileAddresses } from '../simulator/kernel/wiring.ts';
import type { DockerConfig } from '../targets/target.ts';

/** One host after its files were read back: its wiring, its router, its Docker bridge. */
export interface HostReading {
  readonly name: string;
  readonly interfaces: readonly NetworkInterface[];
  readonly router: RouterConfig | null;
  readonly docker: DockerConfig | null;
  readonly kernelRoutes?: readonly StaticRouteConfig[];
}

/**
 * The host as the simulator sees it: interfaces of the wiring and the loopback, with the addresses that the files add (zebra.conf), and
 * Docker's bridge, which counts as up: a fabric is judged with containers running.
 */
export function nodeOf(reading: HostReading): NetworkNode {
  const interfaces = new Map(reading.interfaces.map((one) => [one.name, one]));
  if (reading.docker) {
    const { bridge, addresses } = reading.docker;
    const known = interfaces.get(bridge);
    interfaces.set(bridge, {
      name: bridge,
      addresses: union(known?.addresses ?? [], addresses),
      link: known?.link ?? null,
      up: known?.up ?? true,
    });
  }
  const all = withFileAddresses([...interfaces.values()], reading.router);
  const bridge = all.find(({ name }) => name === reading.docker?.bridge);
  return {
    name: reading.name,
    interfaces: all,
    kernelRoutes: reading.kernelRoutes ?? [],
    router: reading.router,
    masquerades: masqueradesOf(reading, bridge),
  };
}

/** Docker's rule: from the bridge's network out of any interface but the bridge. */
function masqueradesOf({ docker }: HostReading, bridge: NetworkInterface | undefined): readonly Masquerade[] {
  return (bridge?.addresses ?? [])
    .filter(({ address }) => docker?.masquerade[address.family])
    .map(({ network }) => ({ network, interface: bridge?.name ?? '', source: docker?.source ?? null }));
}

function union(a: readonly InterfaceAddress[], b: readonly InterfaceAddress[]): readonly InterfaceAddress[] {
  return [...new Map([...a, ...b].map((address) => [address.text, address])).values()];
}
