import { describe, expect, it } from 'vitest';
import { hostResults } from '../../src/simulator/result/hosts.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { ibgpMesh } from './networks.ts';

describe('three FRR routers in an iBGP mesh', () => {
  const hosts = hostResults(simulate(ibgpMesh(3)));

  it('brings every session up', () => {
    for (const host of Object.values(hosts)) {
      expect(host.sessions.map(({ state, reason }) => [state, reason])).toEqual([
        ['Established', ''],
        ['Established', ''],
      ]);
    }
  });

  it('has each prefix everywhere, from who announces it', () => {
    expect(Object.keys(hosts['r1']?.bgp ?? {})).toEqual(['172.18.1.0/24', '172.18.2.0/24', '172.18.3.0/24']);
    expect(hosts['r1']?.bgp['172.18.2.0/24']).toEqual([
      {
        best: true,
        multipath: false,
        valid: true,
        nextHop: '10.0.0.2',
        asPath: '',
        localPref: 100,
        med: 0,
        weight: 0,
        origin: 'igp',
        communities: [],
        largeCommunities: [],
        originatorId: null,
        clusterList: [],
        from: '10.0.0.2',
        reason: 'only path',
      },
    ]);
  });

  it('keeps the own prefix as a local path and out of the kernel', () => {
    const own = hosts['r2']?.bgp['172.18.2.0/24']?.[0];
    expect(own).toMatchObject({
      best: true,
      nextHop: '0.0.0.0',
      weight: 32768,
      from: '',
      localPref: null,
      med: 0,
    });
    expect(hosts['r2']?.fib).toEqual({ '172.18.1.0/24': ['10.0.0.1'], '172.18.3.0/24': ['10.0.0.3'] });
  });

  it('counts what each session brought', () => {
    const counts = hosts['r3']?.sessions.map(({ prefixesReceived, prefixesAccepted }) => [
      prefixesReceived,
      prefixesAccepted,
    ]);
    expect(counts).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });
});
