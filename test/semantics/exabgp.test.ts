import { describe, expect, it } from 'vitest';
import type { PathResult } from '../../src/simulator/result/result.ts';
import { deviceText, exabgpText } from './support/device.ts';
import { type Daemon, pathsOf, simulate } from './support/fabric.ts';

const PREFIX = '10.77.0.0/24';

/** What a router of `asn` at 10.0.0.2 holds of what an ExaBGP in AS 65001 at 10.0.0.1 announces with these words. */
function heard(words: string, asn: number, receiver: Daemon = 'frr-8.4'): PathResult | undefined {
  const run = simulate({
    e: {
      daemon: 'exabgp-4',
      wires: 'eth0 10.0.0.1/24 lan',
      text: exabgpText(
        { asn: 65001, id: '1.1.1.1', peers: [{ address: '10.0.0.2', as: asn }] },
        [`route ${PREFIX} ${words}`],
        '10.0.0.1',
      ),
    },
    r: {
      daemon: receiver,
      wires: 'eth0 10.0.0.2/24 lan',
      text: deviceText(receiver, { asn, id: '2.2.2.2', peers: [{ address: '10.0.0.1', as: 65001 }] }),
    },
  });
  return pathsOf(run, 'r', PREFIX)[0];
}

const rows: readonly (readonly [name: string, words: string, asn: number, seen: Partial<PathResult>])[] = [
  ['ORIGIN: IGP where none is given', 'next-hop self', 65002, { origin: 'igp' }],
  ['AS_PATH: the own AS on eBGP where none is given', 'next-hop self', 65002, { asPath: '65001' }],
  ['AS_PATH: empty on iBGP', 'next-hop self', 65001, { asPath: '' }],
  ['AS_PATH: sent as given', 'next-hop self as-path [ 7 8 ]', 65002, { asPath: '7 8' }],
  ['LOCAL_PREF: 100 on iBGP', 'next-hop self', 65001, { localPref: 100 }],
  ['LOCAL_PREF: as given on iBGP', 'next-hop self local-preference 150', 65001, { localPref: 150 }],
  ['MED: none by default', 'next-hop self', 65002, { med: null }],
  ['MED: as given, to eBGP too', 'next-hop self med 7', 65002, { med: 7 }],
  ['next hop: self is the local address', 'next-hop self', 65002, { nextHop: '10.0.0.1' }],
  ['next hop: as given', 'next-hop 10.0.0.9', 65002, { nextHop: '10.0.0.9' }],
];

describe('2.7', () => {
  it.each(rows)('"%s": exabgp-4', (_name, words, asn, seen) => {
    expect(heard(words, asn)).toMatchObject(seen);
  });

  it('"LOCAL_PREF: suppressed on eBGP": exabgp-4', () => {
    expect(heard('next-hop self local-preference 150', 65002, 'gobgp-3')).toMatchObject({ localPref: null });
  });
});

describe('1.4', () => {
  const between = (second: string) => {
    const run = simulate({
      r: {
        daemon: 'frr-8.4',
        wires: 'eth0 10.0.0.2/24 a',
        text: deviceText('frr-8.4', {
          asn: 65002,
          id: '2.2.2.2',
          peers: [{ address: '10.0.0.1', as: 65001 }],
          networks: [PREFIX],
        }),
      },
      e: {
        daemon: 'exabgp-4',
        wires: 'eth0 10.0.0.1/24 a, eth1 10.0.1.1/24 b',
        text:
          exabgpText(
            { asn: 65001, id: '1.1.1.1', peers: [{ address: '10.0.0.2', as: 65002 }] },
            [],
            '10.0.0.1',
          ) +
          exabgpText(
            { asn: 65001, id: '1.1.1.1', peers: [{ address: '10.0.1.2', as: 65003 }] },
            [],
            '10.0.1.1',
          ),
      },
      s: {
        daemon: 'frr-8.4',
        wires: 'eth0 10.0.1.2/24 b',
        text: deviceText('frr-8.4', {
          asn: 65003,
          id: '3.3.3.3',
          peers: [{ address: '10.0.1.1', as: 65001 }],
        }),
      },
    });
    return pathsOf(run, second, PREFIX);
  };

  it('"no RIB selection": exabgp-4 passes nothing on, and says what it was told to', () => {
    expect(between('s')).toEqual([]);
    expect(between('r')).toHaveLength(1);
  });

  it('"no RIB selection": exabgp-4 has no table of its own', () => {
    expect(between('e')).toEqual([]);
  });
});

/** Only BIRD sends LOCAL_PREF over eBGP, and only when told to. */
describe('2.4 "LOCAL_PREF from eBGP": ignored, kept by GoBGP alone', () => {
  const text = [
    'router id 1.1.1.1;',
    'protocol device { }',
    `protocol static { ipv4 { import filter { bgp_local_pref = 250; accept; }; }; route ${PREFIX} blackhole; }`,
    'protocol bgp { local as 65001; neighbor 10.0.0.2 as 65002; allow bgp_local_pref; ipv4 { import all; export all; }; }',
    '',
  ].join('\n');
  it.each([
    ['frr-8.4', null],
    ['frr-10', null],
    ['quagga-1.2', null],
    ['gobgp-3', 250],
  ] as const)('%s', (daemon, localPref) => {
    const run = simulate({
      b: { daemon: 'bird-2', wires: 'eth0 10.0.0.1/24 lan', text },
      r: {
        daemon,
        wires: 'eth0 10.0.0.2/24 lan',
        text: deviceText(daemon, { asn: 65002, id: '2.2.2.2', peers: [{ address: '10.0.0.1', as: 65001 }] }),
      },
    });
    expect(pathsOf(run, 'r', PREFIX)[0]).toMatchObject({ localPref });
  });
});
