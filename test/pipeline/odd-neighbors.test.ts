import { describe, expect, it } from 'vitest';
import { bgp, simulateFrr } from './configs.ts';

/** Addresses that no neighbor can have; each held against FRR 8.4.4 on Linux. */
const sessionsOf = (run: ReturnType<typeof simulateFrr>, host: string) =>
  (run.result.hosts[host]?.sessions ?? []).map(({ peer, state }) => `${peer} ${state}`);

describe('a neighbor that is the host itself', () => {
  const cable = { r1: 'eth0 10.0.0.1/24 l', r2: 'eth0 10.0.0.2/24 l' };
  const mesh = bgp(65001, { '10.0.0.1': 65001, '10.0.0.2': 65001 }, ' network 10.1.0.0/16');

  it('is refused by FRR, which goes on without it', () => {
    const run = simulateFrr(cable, { r1: mesh, r2: mesh });
    expect(sessionsOf(run, 'r1')).toEqual(['10.0.0.2 Established']);
    expect(sessionsOf(run, 'r2')).toEqual(['10.0.0.1 Established']);
    const refused = run.result.findings.filter(({ rule }) => rule === 'config-refused');
    expect(refused.map(({ message }) => message)).toEqual([
      'r1: 10.0.0.1 is an address of this host, and FRR refuses it as a neighbor',
      'r2: 10.0.0.2 is an address of this host, and FRR refuses it as a neighbor',
    ]);
  });

  it('stays where bgpd does not know the address: of 127.0.0.0/8', () => {
    const run = simulateFrr(
      { r1: 'eth0 10.0.0.1/24 l, lo 127.0.0.9/32 none', r2: 'eth0 10.0.0.2/24 l, lo 127.0.0.8/32 none' },
      { r1: bgp(65001, { '127.0.0.9': 65001, '127.0.0.8': 65001 }, ''), r2: bgp(65001, {}, '') },
    );
    expect(sessionsOf(run, 'r1')).toEqual(['127.0.0.8 Active', '127.0.0.9 Active']);
  });
});

describe('the last address of a network', () => {
  it('is nobody for who has the network at that length, be it the other end of a call', () => {
    const run = simulateFrr(
      { r1: 'eth0 10.0.0.1/30 l', r2: 'eth0 10.0.0.3/29 l' },
      { r1: bgp(65001, { '10.0.0.3': 65002 }, ''), r2: bgp(65002, { '10.0.0.1': 65001 }, '') },
    );
    expect(sessionsOf(run, 'r1')).toEqual(['10.0.0.3 Active']);
    expect(sessionsOf(run, 'r2')).toEqual(['10.0.0.1 Active']);
    const down = run.result.findings.filter(({ rule }) => rule === 'session-down');
    expect(down.map(({ fix }) => fix)).toContain(
      'give the host another address than the last one of the network, or both ends the same length',
    );
  });

  it('is an address like others in a /31', () => {
    const run = simulateFrr(
      { r1: 'eth0 10.0.0.2/31 l', r2: 'eth0 10.0.0.3/31 l' },
      { r1: bgp(65001, { '10.0.0.3': 65002 }, ''), r2: bgp(65002, { '10.0.0.2': 65001 }, '') },
    );
    expect(sessionsOf(run, 'r1')).toEqual(['10.0.0.3 Established']);
  });
});
