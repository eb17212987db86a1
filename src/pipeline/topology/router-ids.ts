import type { Diagnostic } from '../../base/diagnostic.ts';
import type { NetworkNode } from '../../simulator/kernel/network.ts';

/**
 * Hosts whose files give the same router id. Within an AS or between neighbours it breaks sessions, reflection and ties; between
 * strangers of two ASes RFC 6286 allows it, and it stays a warning.
 */
export function duplicateRouterIds(nodes: readonly NetworkNode[]): readonly Diagnostic[] {
  const owners = new Map<string, NetworkNode[]>();
  for (const node of nodes) {
    const id = node.router?.bgp?.routerId?.text;
    if (id === undefined) continue;
    const same = owners.get(id);
    if (same) same.push(node);
    else owners.set(id, [node]);
  }
  return [...owners].flatMap(([id, same]) => (same.length > 1 ? [finding(id, same)] : []));
}

function finding(id: string, same: readonly NetworkNode[]): Diagnostic {
  const names = same.map(({ name }) => name);
  const close = same.some((one, place) => same.slice(place + 1).some((other) => areClose(one, other)));
  return {
    rule: 'duplicate-router-id',
    severity: close ? 'error' : 'warning',
    message: `${names.slice(0, -1).join(', ')} and ${names.at(-1)} have the same router id ${id}`,
    ranges: same.flatMap(({ router }) => router?.bgp?.routerIdLine?.source ?? router?.bgp?.source ?? []),
    found: id,
    expected: 'a router id of its own on every host',
    fix: `give ${names.length === 2 ? names[1] : `all of them but ${names[0]}`} another router id`,
  };
}

/** In one AS, or with a session between them. */
function areClose(one: NetworkNode, other: NetworkNode): boolean {
  if (one.router?.bgp?.asn === other.router?.bgp?.asn) return true;
  return speaksTo(one, other) || speaksTo(other, one);
}

function speaksTo({ router }: NetworkNode, { interfaces }: NetworkNode): boolean {
  const own = new Set(interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address.text)));
  return router?.bgp?.peers.some(({ address }) => address !== null && own.has(address.text)) ?? false;
}
