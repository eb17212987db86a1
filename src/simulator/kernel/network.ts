import type { InterfaceAddress, Prefix } from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import type { RouterConfig, StaticRouteConfig } from '../../bgp/config.ts';

/** What the simulator runs: routers with their wiring, from rendered files or from a topology file alike. */
export interface Network {
  readonly nodes: readonly NetworkNode[];
}

export interface NetworkNode {
  readonly name: string;
  readonly interfaces: readonly NetworkInterface[];
  /** Routes of the kernel present before the daemons start. */
  readonly kernelRoutes: readonly StaticRouteConfig[];
  /** null: a plain host. */
  readonly router: RouterConfig | null;
  /** Networks whose packets get the address of the interface by which they leave the host (Docker's ip-masq); absent: none. */
  readonly masquerades?: readonly Masquerade[];
}

export interface Masquerade {
  readonly network: Prefix;
  /** Packets that stay on it keep their source. */
  readonly interface: string;
  readonly source: SourceRange | null;
}

export interface NetworkInterface {
  readonly name: string;
  readonly addresses: readonly InterfaceAddress[];
  /** Interfaces with the same link share a segment; null: nothing is connected. */
  readonly link: string | null;
  readonly up: boolean;
  /** It is not `up`, but only for want of a carrier: routes that somebody put into the kernel are still there. */
  readonly noCarrier?: boolean;
}

/** A prefix that must reach the fabric, stated by the inventory: the always-on checks hold the tables against it. */
export interface Intent {
  readonly host: string;
  readonly prefix: Prefix;
  readonly why: string;
  /** False: allowed in the tables, but a policy or an unresolved next hop may well keep it out. */
  readonly certain: boolean;
  readonly source: SourceRange;
}
