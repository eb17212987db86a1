import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCarried } from '../../../src/bgp/carried/destinations.ts';
import { extendedCommunityText } from '../../../src/bgp/wire/extended-community.ts';
import { parseExtendedCommunity } from '../../../src/bgp/wire/extended-community-parse.ts';
import {
  type FamilyKey,
  familyText,
  IPV4_FLOWSPEC,
  IPV4_LABELED,
  IPV4_VPN,
  IPV4_VPN_FLOWSPEC,
  IPV6_FLOWSPEC,
  IPV6_VPN,
  L2VPN_EVPN,
} from '../../../src/bgp/wire/negotiated.ts';
import { parseNlri } from '../../../src/bgp/wire/nlri/parse.ts';
import { nlriText } from '../../../src/bgp/wire/nlri/text.ts';

const destinations: readonly (readonly [FamilyKey, string])[] = [
  [L2VPN_EVPN, '65000:1 [1]:[0]:[00112233445566778899]'],
  [L2VPN_EVPN, '65000:1 [2]:[0]:[48]:[02:00:00:00:00:01]'],
  [L2VPN_EVPN, '10.0.0.1:7 [2]:[5]:[48]:[02:00:00:00:00:01]:[32]:[10.1.0.1]'],
  [L2VPN_EVPN, '70000:7 [2]:[5]:[48]:[02:00:00:00:00:01]:[128]:[2001:db8::1]'],
  [L2VPN_EVPN, '65000:1 [3]:[0]:[32]:[192.0.2.1]'],
  [L2VPN_EVPN, '65000:1 [4]:[00112233445566778899]:[192.0.2.1]'],
  [L2VPN_EVPN, '65000:1 [5]:[0]:[16]:[10.2.0.0]'],
  [IPV4_VPN, '65000:1 10.3.0.0/16'],
  [IPV6_VPN, '65000:1 2001:db8::/32'],
  [IPV4_LABELED, '10.3.0.0/16'],
  [IPV4_FLOWSPEC, 'destination 10.4.0.0/16 protocol =6 destination-port >=80&<=90 =443'],
  [IPV4_FLOWSPEC, 'tcp-flags =0x2 !=0x10 fragment !0x1'],
  [IPV6_FLOWSPEC, 'source 2001:db8::/32 flow-label =7'],
  [IPV4_VPN_FLOWSPEC, '65000:1 source 10.0.0.0/8'],
];

describe('destinations in words', () => {
  it.each(destinations.map(([family, text]) => [familyText(family), text, family] as const))(
    '%s %s',
    (_, text, family) => {
      const nlri = parseNlri(family, text);
      expect(nlri && nlriText(nlri)).toBe(text);
    },
  );

  it.each([
    [L2VPN_EVPN, '[3]:[0]:[32]:[192.0.2.1]', 'no distinguisher'],
    [L2VPN_EVPN, '65000:1 [2]:[0]:[48]:[02:00:00:00:00]', 'half a MAC'],
    [L2VPN_EVPN, '65000:1 [2]:[4294967296]:[48]:[02:00:00:00:00:01]', 'a tag of 33 bits'],
    [L2VPN_EVPN, '65000:1 [2]:[0]:[48]:[02:00:00:00:00:01]:[128]:[10.1.0.1]', 'another length'],
    [L2VPN_EVPN, '65000:1 [9]:[0]', 'a type nobody knows'],
    [IPV4_VPN, '65000:1 2001:db8::/32', 'another family'],
    [IPV4_FLOWSPEC, 'destination 2001:db8::/32', 'another family'],
    [IPV4_FLOWSPEC, 'flow-label =7', 'a test of IPv6'],
    [IPV4_FLOWSPEC, 'protocol', 'a test of nothing'],
    [IPV4_FLOWSPEC, 'protocol =6 protocol =17', 'the same component twice'],
    [IPV4_FLOWSPEC, 'destination 10.0.0.0/8 offset 3', 'an offset'],
    [IPV4_FLOWSPEC, 'destination-port <>80', 'a comparison nobody knows'],
  ])('%s %s is none: %s', (family, text) => {
    expect(parseNlri(family, text)).toBeNull();
  });

  it('what is read from octets and printed is the same destination again, or is said to be none', () => {
    const octets = fc.array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 255 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.constantFrom(...destinations.map(([family]) => family)), octets, (family, list) => {
        for (const { bare } of readCarried(family, Uint8Array.from(list), false) ?? []) {
          const again = parseNlri(family, nlriText(bare));
          if (again) expect(nlriText(again)).toBe(nlriText(bare));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('extended communities in words', () => {
  it.each([
    ['rt:65000:1', '0002fde800000001'],
    ['rt:10.0.0.1:5', '01020a0000010005'],
    ['rt:70000:5', '0202000111700005'],
    ['soo:65000:1', '0003fde800000001'],
    ['encap:vxlan', '030c000000000008'],
    ['router-mac:02:00:00:00:00:01', '0603020000000001'],
    ['mac-mobility:3:sticky', '0600010000000003'],
    ['traffic-rate:0:0', '8006000000000000'],
    ['traffic-rate:65000:1000000', '8006fde849742400'],
    ['traffic-action:sample-terminal', '8007000000000003'],
    ['traffic-marking:10', '800900000000000a'],
    ['redirect:65000:1', '8008fde800000001'],
    ['redirect:10.0.0.1:5', '81080a0000010005'],
    ['0x4300112233445566', '4300112233445566'],
  ])('%s', (text, digits) => {
    expect(parseExtendedCommunity(text)).toBe(digits);
    expect(extendedCommunityText(digits)).toBe(text);
  });

  it.each([
    'rt:65000',
    'rt:70000:70000',
    'rt:1:2:3',
    'encap:carrier-pigeon',
    'constructor:1',
    'router-mac:02',
    '',
  ])('%j is none', (text) => {
    expect(parseExtendedCommunity(text)).toBeNull();
  });
});
