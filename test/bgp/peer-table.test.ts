import { describe, expect, it } from 'vitest';
import { compactSources, peerTableOf, withPeerTable } from '../../src/bgp/peer-table.ts';
import { address, bgpConfig, peerConfig } from './fixtures.ts';

const texts = ['10.0.0.1', '10.0.0.3', '10.0.0.20', '2001:db8::1'];
const line = (n: number, file = 'frr.conf') => ({ file, line: n, column: 2, endLine: n, endColumn: 9 });

describe('a table of neighbours', () => {
  const shared = { ...peerConfig('10.9.9.9', 65001), address: null };
  const whole = withPeerTable(bgpConfig(65000, '10.0.0.9'), {
    shared: texts.map(() => shared),
    addresses: texts.map((text) => address(text)),
    interfaces: [],
    descriptions: ['one'],
    source: compactSources(texts.map((_, place) => line(place + 1))),
  });
  const table = peerTableOf(whole);

  it('puts a neighbour together from what is shared and what is its own', () => {
    const expected = { ...shared, address: address('10.0.0.1'), description: 'one', source: line(1) };
    expect(table.config(0)).toEqual({ ...expected, interface: null });
    expect(whole.peers[0]).toEqual(table.config(0));
    expect(whole.peers).toHaveLength(4);
  });

  it('gives the same object once all were asked for', () => {
    expect(table.config(2)).toBe(whole.peers[2]);
    expect(table.shared(0)).toBe(table.shared(3));
  });

  it.each([true, false])('finds every address, and no other (in order: %s)', (inOrder) => {
    const addresses = (inOrder ? texts : texts.toReversed()).map((text) => address(text));
    const peers = addresses.map(({ text }) => peerConfig(text, 65001));
    const bgp = bgpConfig(65000, '10.0.0.9', { peers });
    const { placeOf } = peerTableOf(bgp);
    expect(addresses.map((one) => placeOf(one))).toEqual([0, 1, 2, 3]);
    for (const missing of ['10.0.0.2', '9.0.0.0', '11.0.0.0', '::1'])
      expect(placeOf(address(missing))).toBe(-1);
  });

  it('of several neighbours with one address the one that speaks from the own address asked for', () => {
    const from = (own: string) => ({ ...peerConfig('10.0.0.9', 65001), updateSource: address(own) });
    const bgp = bgpConfig(65000, '10.0.0.1', { peers: [from('10.0.0.1'), from('10.0.0.2')] });
    const { placeOf } = peerTableOf(bgp);
    const places = [address('10.0.0.1'), address('10.0.0.2'), address('10.0.0.3'), null].map((own) =>
      placeOf(address('10.0.0.9'), own),
    );
    expect(places).toEqual([0, 1, 1, 1]);
  });

  it('keeps lines of several files as they are', () => {
    const sources = [line(4), line(1, 'bgpd.conf')];
    expect([0, 1].map((place) => compactSources(sources)(place))).toEqual(sources);
  });
});
