import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addressFault, lengthFault } from '../../src/base/address-fault.ts';
import { parseAddress, parsePrefix } from '../../src/base/ip.ts';

it.each([
  ['', 'is empty', null],
  [' 10.0.0.1', 'has blanks around it', '10.0.0.1'],
  ['10.0.2', 'has 3 octets instead of 4', null],
  ['10.0.0.0.1', 'has 5 octets instead of 4', null],
  ['10.0.0.', 'has an empty octet', null],
  ['10.0.0.256', 'has an octet above 255 (256)', null],
  ['10.0.0.010', 'has a leading zero (010), which some programs read as octal', '10.0.0.10'],
  ['167772161', 'is a number, not an address', null],
  ['fe80::1%eth0', 'has a zone (%eth0)', 'fe80::1'],
  ['2001:db8::1::2', 'has more than one ::', null],
  ['2001:db8:1', 'has 3 groups instead of 8', null],
  ['2001:db8::12345', 'has a group of more than 4 digits', null],
  ['router1', 'is not an address', null],
])('%j %s', (text, why, meant) => {
  expect(parseAddress(text)).toBeNull();
  expect(addressFault(text)).toEqual({ why, meant });
});

it.each([
  ['10.0.0.1/33', 'has the length "33", which is not from 0 to 32', null],
  ['2001:db8::1/129', 'has the length "129", which is not from 0 to 128', null],
  ['10.0.0.1', 'has no length', null],
  ['10.0.0.1/255.255.255.0', 'has a netmask instead of a length', '10.0.0.1/24'],
  ['10.0.0.1/08', 'has a leading zero in its length', '10.0.0.1/8'],
  ['10.0.0.010/24', 'has a leading zero (010), which some programs read as octal', '10.0.0.10/24'],
])('%j %s', (text, why, meant) => {
  expect(parsePrefix(text)).toBeNull();
  expect(lengthFault(text)).toEqual({ why, meant });
});

it('suggests only addresses, whatever the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.%/ ]{0,40}$/)), (text) => {
      const { why, meant } = addressFault(text);
      expect(why).not.toBe('');
      if (meant !== null) expect(parseAddress(meant)?.text).toBe(meant);
    }),
  );
});
