import { compareAddresses } from '../../base/ip.ts';
import type { BgpConfig, RouterConfig } from '../../bgp/config.ts';
import type { WiredNode } from '../kernel/wiring.ts';

/** A node that speaks BGP, with the router id it will have. */
export interface Speaker {
  readonly node: number;
  readonly name: string;
  readonly config: RouterConfig;
  readonly bgp: BgpConfig;
  readonly routerId: number;
}

export function speakerOf(wired: WiredNode): Speaker | null {
  const config = wired.node.router;
  if (!config?.bgp) return null;
  const { bgp } = config;
  const derived = config.profile.quirks.lowestRouterId ? lowestAddress(wired) : derivedRouterId(wired);
  const routerId = bgp.routerId ? Number(bgp.routerId.value) : derived;
  return { node: wired.index, name: wired.node.name, config, bgp, routerId };
}

/** BIRD `if_choose_router_id`: the lowest address of any interface, loopback or not, beyond host and link scope. */
function lowestAddress({ interfaces }: WiredNode): number {
  const [lowest] = interfaces
    .filter(({ up }) => up)
    .flatMap(({ addresses }) => addresses.map(({ address }) => address))
    .filter(({ family, value }) => family === 4 && value >> 24n !== 127n && value >> 16n !== 0xa9fen)
    .sort(compareAddresses);
  return Number(lowest?.value ?? 0n);
}

/** Without a configured one: the highest address of lo, else the highest of any interface (zebra `router_id_get`). */
function derivedRouterId({ interfaces }: WiredNode): number {
  const highest = (loopback: boolean) =>
    interfaces
      .filter(({ name, up }) => up && (name === 'lo') === loopback)
      .flatMap(({ addresses }) => addresses.map(({ address }) => address))
      .filter(({ family, value }) => family === 4 && value >> 24n !== 127n)
      .sort(compareAddresses)
      .at(-1);
  return Number((highest(true) ?? highest(false))?.value ?? 0n);
}
