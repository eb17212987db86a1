import { describe, expect, it } from 'vitest';
import { decodeAttributes } from '../../../src/bgp/wire/attributes.ts';
import { strongest } from '../../../src/bgp/wire/fault.ts';
import { updateFaults, withoutReflection } from '../../../src/bgp/wire/validate.ts';
import { hex, knownNegotiated } from './support.ts';

/** ORIGIN, AS_PATH, NEXT_HOP and LOCAL_PREF as they should be; a row replaces one of them or adds another. */
const sound: Readonly<Record<string, string>> = {
  origin: '400101 00',
  asPath: '400206 02010000fde9',
  nextHop: '400304 0a000001',
  localPref: '400504 00000064',
};

type Row = readonly [section: string, what: string, attribute: string, name: string, outcome: string | null];

/** RFC 7606 section 7, and the sections that it leans on; null: nothing is wrong. */
const rows: readonly Row[] = [
  ['7.1', 'ORIGIN of two octets', '400102 0000', 'origin', 'treat-as-withdraw'],
  ['7.1', 'ORIGIN with the value 3', '400101 03', 'origin', 'treat-as-withdraw'],
  ['7.2', 'AS_PATH with an unknown segment type', '400206 05010000fde9', 'asPath', 'treat-as-withdraw'],
  ['7.2', 'AS_PATH whose segment runs over', '400206 02020000fde9', 'asPath', 'treat-as-withdraw'],
  ['7.2', 'AS_PATH with one octet left', '400207 02010000fde902', 'asPath', 'treat-as-withdraw'],
  ['7.2', 'AS_PATH with an empty segment', '400202 0200', 'asPath', 'treat-as-withdraw'],
  ['7.3', 'NEXT_HOP of three octets', '400303 0a0000', 'nextHop', 'treat-as-withdraw'],
  ['7.4', 'MULTI_EXIT_DISC of three octets', '800403 000001', 'med', 'treat-as-withdraw'],
  ['7.5', 'LOCAL_PREF of five octets', '400505 0000006400', 'localPref', 'treat-as-withdraw'],
  ['7.6', 'ATOMIC_AGGREGATE with a value', '400601 00', 'atomic', 'attribute-discard'],
  [
    '7.7',
    'AGGREGATOR of six octets on a 4-octet session',
    'c00706 fde90a000001',
    'aggregator',
    'attribute-discard',
  ],
  ['7.8', 'COMMUNITIES of five octets', 'c00805 fde9000100', 'communities', 'treat-as-withdraw'],
  ['7.8', 'COMMUNITIES of none', 'c00800', 'communities', 'treat-as-withdraw'],
  ['7.9', 'ORIGINATOR_ID of three octets', '800903 0a0000', 'originator', 'treat-as-withdraw'],
  ['7.10', 'CLUSTER_LIST of five octets', '800a05 0a00000100', 'clusters', 'treat-as-withdraw'],
  ['7.10', 'CLUSTER_LIST of none', '800a00', 'clusters', 'treat-as-withdraw'],
  [
    '7.11',
    'MP_REACH_NLRI whose next hop has three octets',
    '800e09 000201 03 200100 00 00',
    'mp',
    'session-reset',
  ],
  [
    '7.11',
    'MP_REACH_NLRI of IPv6 with an IPv4 next hop',
    '800e0a 000201 04 0a000001 00 00',
    'mp',
    'session-reset',
  ],
  ['7.12', 'MP_UNREACH_NLRI of two octets', '800f02 0002', 'mp', 'session-reset'],
  [
    '7.14',
    'EXTENDED_COMMUNITIES of nine octets',
    'c01009 0002fde90000000100',
    'extended',
    'treat-as-withdraw',
  ],
  ['7.14', 'EXTENDED_COMMUNITIES of none', 'c01000', 'extended', 'treat-as-withdraw'],
  ['7.15', 'IPV6_EXTENDED_COMMUNITIES of three octets', 'c01903 000220', 'ipv6', 'treat-as-withdraw'],
  ['3 c', 'ORIGIN said to be optional', 'c00101 00', 'origin', 'treat-as-withdraw'],
  ['3 d', 'no ORIGIN', '', 'origin', 'treat-as-withdraw'],
  ['3 d', 'no AS_PATH', '', 'asPath', 'treat-as-withdraw'],
  ['3 d', 'no NEXT_HOP', '', 'nextHop', 'treat-as-withdraw'],
  ['3 d', 'no LOCAL_PREF from an internal peer', '', 'localPref', 'treat-as-withdraw'],
  ['3 g', 'ORIGIN twice', '400101 00 400101 00', 'origin', 'attribute-discard'],
  ['3 g', 'MP_UNREACH_NLRI twice', '800f03 000201 800f03 000201', 'mp', 'session-reset'],
  ['4', 'an attribute longer than the attributes', '8004ff 00', 'zz', 'treat-as-withdraw'],
  [
    '8092 6',
    'LARGE_COMMUNITY of eleven octets',
    'c0200b 0000fde900000001000000',
    'large',
    'treat-as-withdraw',
  ],
  ['6793 6', 'AS4_PATH that runs over', 'c01106 02020000fde9', 'as4', 'attribute-discard'],
  ['6793 6', 'AS4_AGGREGATOR of six octets', 'c01206 fde90a000001', 'as4', 'attribute-discard'],
  ['7311 3.2', 'AIGP of ten octets', '801a0a 01000a 00000000000001', 'aigp', 'attribute-discard'],
  ['', 'all as it should be', '800404 00000001', 'med', null],
];

describe('RFC 7606: one test a row', () => {
  it.each(rows)('section %s: %s', (_, __, attribute, name, outcome) => {
    const all = { ...sound, [name]: attribute };
    const { attributes, faults } = decodeAttributes(hex(Object.values(all).join('')), knownNegotiated);
    const found = [...faults, ...updateFaults(attributes, 'ibgp', true)];
    expect(strongest(found)?.outcome ?? null).toBe(outcome);
  });

  it.each([
    ['ebgp', []],
    ['ibgp', ['originatorId', 'clusterList']],
    ['confed', ['originatorId', 'clusterList']],
  ] as const)('sections 7.9 and 7.10: of reflection, %s keeps %j', (type, kept) => {
    const { attributes } = decodeAttributes(hex('800904 0a000001 800a04 0a000002'), knownNegotiated);
    expect(Object.keys(withoutReflection(attributes, type))).toEqual(kept);
  });
});
