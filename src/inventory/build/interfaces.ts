import { compareInterfaceNames } from '../../base/interface-name.ts';
import type { InterfaceAddress } from '../../base/ip.ts';
import type { Interface } from '../../model/fabric.ts';
import type { AddressReader } from './addresses.ts';
import type { Findings } from './findings.ts';
import { placeIn, type Variables } from './variables.ts';

/** `refused`: an address could not be read, so what follows from there being none is not said. */
export interface InterfacesReading {
  readonly interfaces: readonly Interface[];
  readonly refused: boolean;
}

/** The interfaces of `net_interfaces` as written; `segment` is the name given, or null. */
export function interfacesOf(vars: Variables, read: AddressReader, findings: Findings): InterfacesReading {
  const variable = vars.find('net_interfaces');
  let refused = vars.isRefused('net_interfaces');
  if (!variable) return { interfaces: [], refused };
  const interfaces = Object.entries(variable.value).map(([name, value]) => {
    const options = typeof value === 'string' || Array.isArray(value) ? null : value;
    const written = typeof value === 'string' || Array.isArray(value) ? value : value.addresses;
    const path = options ? [name, 'addresses'] : [name];
    const texts = written === undefined ? [] : typeof written === 'string' ? [written] : written;
    const addresses: InterfaceAddress[] = [];
    texts.forEach((text, index) => {
      const source = placeIn(variable, ...path, ...(typeof written === 'string' ? [] : [index]));
      const place = { what: `address of ${vars.host.name} ${name}`, source };
      const parsed = read.interfaceAddress(text, place, { hostLength: name === 'lo' });
      refused ||= parsed === null;
      if (!parsed) return;
      if (addresses.some((other) => other.address.text === parsed.address.text)) {
        findings.error({
          rule: 'duplicate-entry',
          message: `${vars.host.name} ${name} has the address ${parsed.address.text} twice`,
          ranges: [source],
          host: vars.host.name,
          found: text,
          fix: 'remove one of them',
        });
      } else addresses.push(parsed);
    });
    return {
      name,
      addresses,
      segment: options?.segment ?? null,
      mtu: options?.mtu ?? null,
      description: options?.description ?? null,
      source: placeIn(variable, name),
    };
  });
  return { interfaces, refused };
}

/** In the order zebra prints. */
export function sortInterfaces(interfaces: readonly Interface[]): Interface[] {
  return [...interfaces].sort((a, b) => compareInterfaceNames(a.name, b.name));
}
