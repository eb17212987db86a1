import { describe, expect, it } from 'vitest';
import type { PeerConfig } from '../../src/bgp/peer-config.ts';
import { hostResults } from '../../src/simulator/result/hosts.ts';
import { listens } from '../../src/simulator/sessions/listening.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { address, bgpConfig, peerConfig } from '../bgp/fixtures.ts';
import { node } from './networks.ts';

/** The end that is called (from 10.0.0.1): what it listens on, and what is dialled. */
const rows: readonly (readonly [string, Partial<PeerConfig>, string, number, boolean])[] = [
  ['179 is open where nothing is said', {}, '10.0.0.2', 179, true],
  ['and no other port', {}, '10.0.0.2', 1179, false],
  ['no ports: nobody is let in', { listenPorts: [] }, '10.0.0.2', 179, false],
  ['a port at its own address', at('10.0.0.2', [179]), '10.0.0.2', 179, true],
  ['not at another address of the host', at('10.255.0.2', [179]), '10.0.0.2', 179, false],
  ['not another port', at('10.0.0.2', [1179]), '10.0.0.2', 179, false],
  [
    'calls to the own address',
    { callsToOwnOnly: true, updateSource: address('10.0.0.2') },
    '10.0.0.2',
    179,
    true,
  ],
  ['and to no other', { callsToOwnOnly: true, updateSource: address('10.0.0.9') }, '10.0.0.2', 179, false],
  ['one of several ports', at('10.0.0.2', [179, 1179]), '10.0.0.2', 1179, true],
];

function at(own: string, listenPorts: readonly number[]): Partial<PeerConfig> {
  return { updateSource: address(own), listenPorts };
}

describe('where an end listens (ExaBGP)', () => {
  it.each(rows)('%s', (_, own, dialled, port, wanted) => {
    expect(listens(peerConfig('10.0.0.1', 65001, own), { address: address(dialled), port })).toBe(wanted);
  });
});

describe('two ends of which one calls', () => {
  const cable = (own: string) => ({ eth0: { addresses: [`${own}/24`], link: 'l' } });
  const meet = (caller: Partial<PeerConfig>, called: Partial<PeerConfig>) => {
    const one = bgpConfig(65001, '1.1.1.1', { peers: [peerConfig('10.0.0.2', 65002, caller)] });
    const two = bgpConfig(65002, '2.2.2.2', {
      peers: [peerConfig('10.0.0.1', 65001, { passive: true, ...called })],
    });
    const state = simulate({
      nodes: [node('r1', cable('10.0.0.1'), one), node('r2', cable('10.0.0.2'), two)],
    });
    const [session] = hostResults(state)['r1']?.sessions ?? [];
    return [session?.state, session?.reason];
  };

  it('meet where the port is open, and say so where it is not', () => {
    expect(meet({}, at('10.0.0.2', [179]))).toEqual(['Established', '']);
    expect(meet({ port: 1179 }, at('10.0.0.2', [1179]))).toEqual(['Established', '']);
    expect(meet({}, at('10.0.0.2', [1179]))).toEqual(['Active', 'r2 does not listen on port 179']);
    expect(meet({ port: 1179 }, {})).toEqual(['Active', 'r2 does not listen on port 1179']);
    expect(meet({}, { listenPorts: [] })).toEqual(['Active', 'r2 does not listen on port 179']);
    expect(meet({}, at('10.255.0.2', [179]))).toEqual([
      'Active',
      'r2 takes calls to 10.255.0.2 only, not to 10.0.0.2',
    ]);
  });
});
