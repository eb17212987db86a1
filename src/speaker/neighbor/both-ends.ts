import type { Asn } from '../../base/asn.ts';
import type { PeerType } from '../../bgp/peer.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { Router } from '../../bgp/router.ts';
import type { Fault } from '../../bgp/wire/fault.ts';
import type { Open } from '../../bgp/wire/open.ts';
import { openFault } from '../../bgp/wire/validate.ts';
import type { Target } from '../environment.ts';
import type { NeighborHost } from './neighbor-host.ts';

/** Where this end calls; null: it only listens. */
export function targetOf(config: PeerConfig, host: NeighborHost): Target | null {
  const { address, interface: zone, passive, port, updateSource } = config;
  if (!address || passive) return null;
  const source =
    updateSource && 'interface' in updateSource
      ? host.interfaceAddress(updateSource.interface, address.family)
      : updateSource;
  return { address, port: port || 179, source, zone };
}

/** `remote`: the AS in the OPEN of the other end; undefined: there was none yet. */
export function peerType(
  { remoteAs, localAs }: PeerConfig,
  { bgp }: Router,
  remote: Asn | undefined,
): PeerType {
  const other = remote ?? remoteAs;
  if (other === 'internal' || other === (localAs?.asn ?? bgp.asn)) return 'ibgp';
  return typeof other === 'number' && bgp.confederation?.members.includes(other) ? 'confed' : 'ebgp';
}

/** RFC 5065 section 3: inside a confederation the member AS, outside the confederation's. */
export function localAsFor(type: PeerType, { localAs }: PeerConfig, { bgp, publicAs }: Router): Asn {
  return localAs?.asn ?? (type === 'ebgp' ? publicAs : bgp.asn);
}

/** RFC 4271 6.2: what is wrong with the OPEN of the other end. */
export function theirFault(
  open: Open,
  { remoteAs, localRole }: PeerConfig,
  localAs: Asn,
  routerId: number,
): Fault | null {
  const role = localRole ? { name: localRole.role, strict: localRole.strict } : null;
  return openFault(open, { remoteAs, localAs, localIdentifier: routerId, role });
}
