import { isLinkLocal } from '../../base/ip.ts';
import type { Docker, Interface } from '../../model/fabric.ts';
import type { Variables } from './variables.ts';

/**
 * Kernel settings of a host that forwards for its containers or its neighbors: forwarding, and hashing over ports so that
 * several paths are really used. What `net_sysctls` says wins. Sorted by name.
 */
export function sysctlsOf(
  vars: Variables,
  interfaces: readonly Interface[],
  docker: Docker | null,
): (readonly [string, string])[] {
  const settings = new Map<string, string>([
    ['net.ipv4.ip_forward', '1'],
    ['net.ipv4.fib_multipath_hash_policy', '1'],
  ]);
  if (usesIpv6(interfaces, docker)) {
    settings.set('net.ipv6.conf.all.forwarding', '1');
    settings.set('net.ipv6.fib_multipath_hash_policy', '1');
  }
  for (const [name, value] of Object.entries(vars.value('net_sysctls', {}))) {
    settings.set(name, typeof value === 'boolean' ? String(Number(value)) : String(value));
  }
  return [...settings].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function usesIpv6(interfaces: readonly Interface[], docker: Docker | null): boolean {
  if (docker?.bip6 || docker?.fixedCidrV6) return true;
  return interfaces.some((i) => i.addresses.some((a) => a.address.family === 6 && !isLinkLocal(a.address)));
}
