import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Topology, TopologyHost } from './topology.ts';

/** One address on two hosts of one link: whoever answers first has it. On other links, and on lo, it may be anycast. */
export function duplicateAddresses({ hosts }: Topology): readonly Diagnostic[] {
  const owners = new Map<string, TopologyHost[]>();
  for (const host of hosts)
    for (const { link, addresses } of host.interfaces)
      for (const { address } of link === null ? [] : addresses) {
        if (address.text.startsWith('fe80:')) continue;
        const key = `${address.text} on ${link}`;
        const known = owners.get(key);
        if (known) known.push(host);
        else owners.set(key, [host]);
      }
  return [...owners].flatMap(([key, owning]): Diagnostic[] => {
    const different = [...new Set(owning)];
    const [first, second] = different;
    if (!first || !second) return [];
    const [address = '', link = ''] = key.split(' on ');
    return [
      {
        rule: 'duplicate-address',
        severity: 'error',
        message: `${different.map(({ name }) => name).join(' and ')} have the same address ${address} on the link ${link}`,
        ranges: different.map(({ source }) => source),
        host: second.name,
        found: address,
        expected: 'an address of its own for each host on a link',
        fix: `give all of them but ${first.name} another address`,
      },
    ];
  });
}
