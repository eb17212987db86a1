import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  extendedCommunityOf,
  extendedCommunityWords,
  isTransitive,
  linkBandwidth,
  listedExtendedCommunities,
  withOneOfItsKind,
} from '../../src/bgp/extended-communities.ts';

/** Words as FRR 8.4.4 prints what its own configuration set. */
describe('extended communities in FRR words', () => {
  it.each([
    ['rt', '65001:100', '0002fde900000064', 'RT:65001:100'],
    ['soo', '65001:7', '0003fde900000007', 'SoO:65001:7'],
    ['rt', '4200000001:5', '0202fa56ea010005', 'RT:4200000001:5'],
    ['rt', '10.0.0.9:77', '01020a000009004d', 'RT:10.0.0.9:77'],
  ])('%s %s', (kind, text, digits, words) => {
    expect(extendedCommunityOf(kind, text)).toBe(digits);
    expect(extendedCommunityWords(digits)).toBe(words);
  });

  it.each(['65536:65536', '1:4294967296', '10.0.0.9:65536', '10.0.0:1', '1', ':1', '4294967296:1', '-1:1'])(
    'refuses %s',
    (text) => expect(extendedCommunityOf('rt', text)).toBeNull(),
  );

  it('reads what it prints', () => {
    const number = fc.nat(0xffff);
    fc.assert(
      fc.property(fc.constantFrom('rt', 'soo'), fc.nat(0xffff_fffe), number, (kind, asn, value) => {
        const digits = extendedCommunityOf(kind, `${asn}:${value}`) ?? '';
        const [word = '', ...rest] = extendedCommunityWords(digits).split(':');
        expect([word.toLowerCase(), rest.join(':')]).toEqual([kind, `${asn}:${value}`]);
      }),
    );
  });

  it('link bandwidth is a float in octets, printed in whole units', () => {
    const one = linkBandwidth(65002, 875_000, true);
    expect(extendedCommunityWords(one)).toBe('LB:65002:875000 (7.000 Mbps)');
    expect(extendedCommunityWords(linkBandwidth(65001, 312_500_000, true))).toBe(
      'LB:65001:312500000 (2.000 Gbps)',
    );
    expect([one, linkBandwidth(65002, 1, false)].map(isTransitive)).toEqual([true, false]);
    expect(withOneOfItsKind(['0002fde900000064', linkBandwidth(1, 9, true)], one)).toEqual([
      '0002fde900000064',
      one,
    ]);
  });

  it('a list names the kind of each value', () => {
    expect(listedExtendedCommunities('rt 1:1 soo 2:2')).toEqual(['0002000100000001', '0003000200000002']);
    expect(['', 'rt', 'rt 1:1 2:2', '1:1', 'lb 1:1'].map(listedExtendedCommunities)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
