import type { Asn } from '../../base/asn.ts';
import type { Address } from '../../base/ip.ts';
import type { Daemon } from '../../model/fabric.ts';
import type { AddressReader } from './addresses.ts';
import { readAsn } from './asn.ts';
import type { Findings } from './findings.ts';
import type { InterfacesReading } from './interfaces.ts';
import { placeIn, type Variables } from './variables.ts';

/** ASN and router id of a host that speaks BGP. `broken`: something it needs is missing, and that was reported. */
export interface SpeakerReading {
  readonly speaker: { readonly asn: Asn; readonly routerId: Address } | null;
  readonly broken: boolean;
}

export function speakerOf(
  vars: Variables,
  daemon: Daemon,
  { interfaces, refused }: InterfacesReading,
  read: AddressReader,
  findings: Findings,
): SpeakerReading {
  if (daemon.kind === 'none') return { speaker: null, broken: vars.isRefused('bgp_daemon') };
  const asn = asnOf(vars, findings);
  const routerId = routerIdOf(vars, { interfaces, refused }, read, findings);
  return asn === null || routerId === null
    ? { speaker: null, broken: true }
    : { speaker: { asn, routerId }, broken: false };
}

function asnOf(vars: Variables, findings: Findings): Asn | null {
  const variable = vars.find('bgp_asn');
  if (variable) return readAsn(variable.value, 'bgp_asn', placeIn(variable), findings);
  if (!vars.isRefused('bgp_asn')) {
    findings.error({
      rule: 'missing-asn',
      message: `${vars.host.name} speaks BGP but has no bgp_asn`,
      ranges: [vars.host.source],
      host: vars.host.name,
      expected: 'bgp_asn for the host or one of its groups',
      fix: 'add bgp_asn, or bgp_daemon: none if the host does not speak BGP',
    });
  }
  return null;
}

function routerIdOf(
  vars: Variables,
  { interfaces, refused }: InterfacesReading,
  read: AddressReader,
  findings: Findings,
): Address | null {
  const variable = vars.find('bgp_router_id');
  if (variable) return read.address(variable.value, { what: 'bgp_router_id', source: placeIn(variable) }, 4);
  const loopback = interfaces.filter((i) => i.name === 'lo');
  for (const i of [...loopback, ...interfaces]) {
    const found = i.addresses.find((a) => a.address.family === 4);
    if (found) return found.address;
  }
  if (!vars.isRefused('bgp_router_id') && !refused) {
    findings.error({
      rule: 'missing-router-id',
      message: `${vars.host.name} has no router id: no bgp_router_id and no IPv4 address in net_interfaces`,
      ranges: [vars.host.source],
      host: vars.host.name,
      expected: 'a number written like an IPv4 address, unique in the fabric',
      fix: 'add net_interfaces with an IPv4 address, or bgp_router_id',
    });
  }
  return null;
}
