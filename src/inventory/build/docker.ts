import type { Prefix } from '../../base/ip.ts';
import type { Docker } from '../../model/fabric.ts';
import { isVarName } from '../schema/host-vars.ts';
import type { AddressReader } from './addresses.ts';
import { versionText } from './daemon.ts';
import { placeIn, type Variables } from './variables.ts';

/** What daemon.json shall say, or null where the host has no Docker variable of ours. */
export function dockerOf(vars: Variables, read: AddressReader): Docker | null {
  const names = [...vars.host.vars.keys()].filter((name) => name.startsWith('docker_') && isVarName(name));
  if (names.length === 0) return null;
  const bip = bridgeAddress(vars, read, 'docker_bip', 4);
  const bip6 = bridgeAddress(vars, read, 'docker_bip6', 6);
  const fixedCidr = cidr(vars, read, 'docker_fixed_cidr', 4);
  const fixedCidrV6 = cidr(vars, read, 'docker_fixed_cidr_v6', 6);
  const needsIpv6 = bip6 !== null || fixedCidrV6 !== null;
  const first = vars.find('docker_bip') ?? vars.find('docker_bip6');
  return {
    version: versionText(vars.find('docker_version')) ?? '20.10',
    bip,
    bip6,
    fixedCidr,
    fixedCidrV6,
    ipMasq: vars.value('docker_ip_masq', false),
    ipForward: vars.value('docker_ip_forward', true),
    iptables: vars.value('docker_iptables', null),
    ip6tables: vars.value('docker_ip6tables', null),
    ipv6: vars.value('docker_ipv6', needsIpv6 ? true : null),
    mtu: vars.value('docker_mtu', null),
    liveRestore: vars.value('docker_live_restore', null),
    defaultAddressPools: pools(vars, read),
    options: vars.value('docker_options', {}),
    source: first ? placeIn(first) : vars.host.source,
  };
}

function bridgeAddress(
  vars: Variables,
  read: AddressReader,
  name: 'docker_bip' | 'docker_bip6',
  family: 4 | 6,
) {
  const variable = vars.find(name);
  if (!variable) return null;
  return read.interfaceAddress(variable.value, { what: name, source: placeIn(variable) }, { family });
}

function cidr(
  vars: Variables,
  read: AddressReader,
  name: 'docker_fixed_cidr' | 'docker_fixed_cidr_v6',
  family: 4 | 6,
): Prefix | null {
  const variable = vars.find(name);
  return variable && read.prefix(variable.value, { what: name, source: placeIn(variable) }, family);
}

function pools(vars: Variables, read: AddressReader): Docker['defaultAddressPools'] {
  const variable = vars.find('docker_default_address_pools');
  if (!variable) return [];
  return variable.value.flatMap(({ base, size }, index) => {
    const place = {
      what: `docker_default_address_pools[${index}].base`,
      source: placeIn(variable, index, 'base'),
    };
    const prefix = read.prefix(base, place);
    return prefix ? [{ base: prefix, size }] : [];
  });
}
