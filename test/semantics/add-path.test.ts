import { describe, expect, it } from 'vitest';
import { deviceText } from './support/device.ts';
import { type Daemon, type Hosts, pathsOf, simulate } from './support/fabric.ts';
import { feedHosts, PREFIX } from './support/feeds.ts';

/** Three routes, two of AS 65001 and one of AS 65002, and a client at 10.0.9.2 that is told of them. */
function fabric(client: Daemon, options: readonly string[], clientLines: readonly string[] = []): Hosts {
  const feeds = [{ as: 65001 }, { as: 65001, med: 5 }, { as: 65002 }];
  const peers = [
    ...feeds.map(({ as }, index) => ({ address: `10.0.${index + 1}.1`, as })),
    { address: '10.0.9.2', as: 65000 },
  ];
  const familyLines = { 'frr-8.4': options.map((option) => `neighbor 10.0.9.2 ${option}`) };
  const text = deviceText('frr-8.4', { asn: 65000, id: '10.255.0.254', peers, familyLines });
  const { dut, ...neighbors } = feedHosts('frr-8.4', { feeds });
  return {
    ...neighbors,
    dut: { daemon: 'frr-8.4', wires: `${dut?.wires}, eth9 10.0.9.1/24 l9`, text },
    client: {
      daemon: client,
      wires: 'eth0 10.0.9.2/24 l9',
      routes: ['10.0.0.0/21 via 10.0.9.1'],
      text: deviceText(client, {
        asn: 65000,
        id: '10.255.0.9',
        peers: [{ address: '10.0.9.1', as: 65000 }],
        familyLines: { [client]: clientLines.map((option) => `neighbor 10.0.9.1 ${option}`) },
        lines: { 'gobgp-3': clientLines },
      }),
    },
  };
}

const told = (hosts: Hosts) =>
  pathsOf(simulate(hosts), 'client', PREFIX)
    .map(({ nextHop }) => nextHop)
    .sort();

describe('2.6 "add-path" (RFC 7911)', () => {
  it('frr-8.4: sends the best path alone where nothing is configured', () => {
    expect(told(fabric('frr-8.4', []))).toHaveLength(1);
  });

  it('frr-8.4: receive is always offered, all paths arrive', () => {
    expect(told(fabric('frr-8.4', ['addpath-tx-all-paths']))).toEqual(['10.0.1.1', '10.0.2.1', '10.0.3.1']);
  });

  it('frr-8.4: the best path of each neighbouring AS, by MED', () => {
    expect(told(fabric('frr-8.4', ['addpath-tx-bestpath-per-AS']))).toEqual(['10.0.1.1', '10.0.3.1']);
  });

  it('frr-8.4: disable-addpath-rx takes one', () => {
    const hosts = fabric('frr-8.4', ['addpath-tx-all-paths'], ['disable-addpath-rx']);
    expect(told(hosts)).toHaveLength(1);
  });

  it('quagga-1.2: does not know it', () => {
    expect(told(fabric('quagga-1.2', ['addpath-tx-all-paths']))).toHaveLength(1);
  });

  it('gobgp-3: receives several only where it is told to', () => {
    const on = ['  [neighbors.add-paths.config]', '    receive = true'];
    expect(told(fabric('gobgp-3', ['addpath-tx-all-paths']))).toHaveLength(1);
    expect(told(fabric('gobgp-3', ['addpath-tx-all-paths'], on))).toHaveLength(3);
  });

  it('frr-8.4: each path counts as a prefix received, in whatever order the hosts start', () => {
    const hosts = fabric('frr-8.4', ['addpath-tx-all-paths']);
    const order = ['dut', 'client', 'a', 'b', 'c'];
    const { result } = simulate(hosts, order);
    expect(result.hosts['client']?.bgp[PREFIX]).toHaveLength(3);
    expect(result.hosts['client']?.sessions).toMatchObject([{ prefixesReceived: 3 }]);
  });
});
