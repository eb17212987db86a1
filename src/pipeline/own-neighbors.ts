import type { Diagnostic } from '../base/diagnostic.ts';
import type { Address } from '../base/ip.ts';
import { peerTableOf } from '../bgp/peer-table.ts';
import type { NetworkNode } from '../simulator/kernel/network.ts';

/**
 * FRR refuses a neighbor that is the host itself ("Can not configure the local system as neighbor") where it knows the host's addresses:
 * while vtysh reads frr.conf to it. bgpd.conf is read before zebra has told any. Nor does zebra ever tell those of 127.0.0.0/8 and ::1.
 */
export function withoutOwnNeighbors(node: NetworkNode): {
  readonly node: NetworkNode;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { router, interfaces, name } = node;
  if (!router?.bgp?.refusesOwnNeighbors) return { node, diagnostics: [] };
  const table = peerTableOf(router.bgp);
  const own = interfaces
    .flatMap(({ addresses }) => addresses.map(({ address }) => address))
    .filter((address) => !isLoopback(address) && table.placeOf(address) >= 0);
  if (own.length === 0) return { node, diagnostics: [] };
  const refused = new Set(own.map(({ text }) => text));
  const isRefused = (address: Address | null) => address !== null && refused.has(address.text);
  const { peers } = router.bgp;
  const bgp = { ...router.bgp, peers: peers.filter(({ address }) => !isRefused(address)) };
  const diagnostics = peers
    .filter(({ address }) => isRefused(address))
    .map(
      ({ address, source }): Diagnostic => ({
        rule: 'config-refused',
        severity: 'error',
        message: `${name}: ${address?.text} is an address of this host, and FRR refuses it as a neighbor`,
        ranges: source ? [source] : [],
        host: name,
        found: address?.text ?? '',
        fix: 'name the address of the other end, or take the neighbor out',
      }),
    );
  return { node: { ...node, router: { ...router, bgp } }, diagnostics };
}

function isLoopback({ family, value }: Address): boolean {
  return family === 4 ? value >> 24n === 127n : value === 1n;
}
