import { describe, expect, it } from 'vitest';
import { validateInventory } from '../../src/inventory/validate.ts';

const fabricOf = (tor: string) => {
  const text = `all:
  hosts:
    tor: { bgp_daemon: external, bgp_asn: 65000, net_interfaces: { p1: 10.0.1.1/24 }${tor} }
    a:
      bgp_daemon: frr
      bgp_asn: 65001
      net_interfaces: { eth0: 10.0.1.2/24 }
      bgp_networks: [10.9.0.0/24]
      bgp_neighbors: [{ host: tor, password: secret, ebgp_multihop: 3, local_as: 65009, prefix_list_out: own }]
      bgp_prefix_lists: { own: [permit 10.9.0.0/24] }
`;
  const { fabric, diagnostics } = validateInventory({
    root: '',
    entry: 'hosts.yml',
    files: new Map([['hosts.yml', text]]),
  });
  return fabric ?? expect.fail(JSON.stringify(diagnostics));
};

describe('hosts that are not ours', () => {
  it('mirror what our end expects: addresses, the ASN we show, password and hops, no policy', () => {
    const [neighbor, ...others] = fabricOf('').hosts.get('tor')?.bgp?.neighbors ?? [];
    expect(others).toEqual([]);
    expect(neighbor).toMatchObject({
      address: { text: '10.0.1.2' },
      localAddress: { text: '10.0.1.1' },
      remoteAs: 65009,
      remoteHost: 'a',
      password: 'secret',
      ebgpMultihop: 3,
      prefixListOut: null,
      localAs: null,
    });
  });

  it('keep the neighbors somebody described', () => {
    const neighbors = fabricOf(
      ', bgp_neighbors: [{ host: a, asn: 65009, password: secret, ebgp_multihop: 3 }]',
    ).hosts.get('tor')?.bgp?.neighbors;
    expect(neighbors).toHaveLength(1);
    expect(neighbors?.[0]?.updateSource).toBeNull();
  });
});
