import { parseInterfaceAddress } from '../../src/base/ip.ts';
import type { BgpConfig, RouterConfig } from '../../src/bgp/config.ts';
import type { Network, NetworkInterface, NetworkNode } from '../../src/simulator/kernel/network.ts';
import { bgpConfig, networkStatement, peerConfig, routerConfig } from '../bgp/fixtures.ts';

/** `eth0: ['10.0.0.1/24', 'lan']`: interface → its addresses and, where it has one, the link after them. */
export type Interfaces = Readonly<
  Record<string, { readonly addresses: readonly string[]; readonly link?: string; readonly up?: boolean }>
>;

export function interfacesOf(described: Interfaces): readonly NetworkInterface[] {
  return Object.entries(described).map(([name, { addresses, link, up }]) => ({
    name,
    addresses: addresses.map((text) => {
      const parsed = parseInterfaceAddress(text);
      if (!parsed) throw new Error(`not an interface address: ${text}`);
      return parsed;
    }),
    link: link ?? null,
    up: up ?? true,
  }));
}

export function node(
  name: string,
  interfaces: Interfaces,
  bgp: BgpConfig | null,
  changes: Partial<RouterConfig> = {},
): NetworkNode {
  return {
    name,
    interfaces: interfacesOf(interfaces),
    kernelRoutes: [],
    router: routerConfig(name, bgp, changes),
  };
}

/** N routers on one LAN, iBGP full mesh, each with a docker bridge it announces: r1 has 172.18.1.0/24 and so on. */
export function ibgpMesh(size: number, changes: Partial<RouterConfig> = {}): Network {
  const numbers = Array.from({ length: size }, (_, index) => index + 1);
  return {
    nodes: numbers.map((number) => {
      const peers = numbers
        .filter((other) => other !== number)
        .map((other) => peerConfig(lanAddress(other), 65500));
      const bridge = bridgeNetwork(number);
      return node(
        `r${number}`,
        {
          eth1: { addresses: [`${lanAddress(number)}/16`], link: 'lan' },
          docker0: { addresses: [`${bridge.gateway}/24`] },
        },
        bgpConfig(65500, lanAddress(number), {
          importCheck: true,
          peers,
          originations: [networkStatement(bridge.network)],
        }),
        changes,
      );
    }),
  };
}

function lanAddress(number: number): string {
  return `10.0.${number >> 8}.${number & 255}`;
}

function bridgeNetwork(number: number) {
  const base = `172.${18 + (number >> 8)}.${number & 255}`;
  return { network: `${base}.0/24`, gateway: `${base}.1` };
}
