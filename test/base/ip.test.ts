import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  contains,
  hasHostBits,
  isBroadcastAddress,
  isNetworkAddress,
  parseAddress,
  parseInterfaceAddress,
  parsePrefix,
} from '../../src/base/ip.ts';

describe('parseAddress', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['::ffff:a00:1', '::ffff:10.0.0.1'],
    ['0:0:0:0:0:ffff:10.0.0.1', '::ffff:10.0.0.1'],
  ])('reads %s as %s', (text, canonical) => {
    expect(parseAddress(text)?.text).toBe(canonical);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.01',
    '10.0.0.256',
    '10.0.0.1 ',
    'fe80::1%eth0',
    '1::2::3',
    'a',
    '::g',
    '0x10.0.0.1',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it('reads back every address it prints', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (value) => {
        const six = addressOf(6, value);
        expect(parseAddress(six.text)).toEqual(six);
        const four = addressOf(4, value & 0xffffffffn);
        expect(parseAddress(four.text)).toEqual(four);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => parseInterfaceAddress(text) !== undefined));
  });
});

describe('prefixes', () => {
  it('clears host bits and says so', () => {
    expect(parsePrefix('172.18.1.1/24')?.text).toBe('172.18.1.0/24');
    expect(hasHostBits('172.18.1.1/24')).toBe(true);
    expect(hasHostBits('172.18.1.0/24')).toBe(false);
    expect(parsePrefix('::/0')?.text).toBe('::/0');
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/024', '10.0.0.0/', '::/129', '/24', '10.0.0.0/-1'])(
    'refuses %j',
    (text) => {
      expect(parsePrefix(text)).toBeNull();
    },
  );

  it('knows network and broadcast addresses, but not in a /31', () => {
    const of = (text: string) => parseInterfaceAddress(text) ?? expect.fail(text);
    expect(isNetworkAddress(of('172.18.1.0/24'))).toBe(true);
    expect(isNetworkAddress(of('10.0.0.0/31'))).toBe(false);
    expect(isBroadcastAddress(of('172.18.1.255/24'))).toBe(true);
    expect(isBroadcastAddress(of('10.0.0.1/31'))).toBe(false);
  });

  it('compares only within a family', () => {
    const any4 = parsePrefix('0.0.0.0/0') ?? expect.fail();
    const any6 = parsePrefix('::/0') ?? expect.fail();
    expect(contains(any4, any6)).toBe(false);
    expect(contains(any6, parseAddress('::1') ?? expect.fail())).toBe(true);
  });
});
