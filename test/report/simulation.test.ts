import { describe, expect, it } from 'vitest';
import { formatJunit } from '../../src/report/junit.ts';
import { formatTables, formatUnmodelled, formatVerdict } from '../../src/report/simulation-text.ts';
import type { SimulationResult } from '../../src/simulator/result/result.ts';

const path = {
  valid: true,
  weight: 0,
  communities: [],
  largeCommunities: [],
  originatorId: null,
  clusterList: [],
};
const result: SimulationResult = {
  version: 1,
  outcome: 'fail',
  summary: { hosts: 2, sessionEnds: 1, established: 0, prefixes: 1 },
  checks: [],
  findings: [
    {
      rule: 'internal',
      severity: 'error',
      message: 'r1 <lost> "it"',
      ranges: [{ file: 'hosts.yml', line: 3, column: 1 }],
    },
  ],
  unmodelled: [
    {
      host: 'r1',
      file: 'bgpd.conf',
      line: 7,
      text: 'bgp dampening',
      effect: 'flapping routes',
      matters: true,
    },
  ],
  hosts: {
    r1: {
      sessions: [
        {
          peer: '10.0.0.2',
          host: 'r2',
          localAddress: '10.0.0.1',
          localAs: 65001,
          remoteAs: 65002,
          type: 'ebgp',
          families: ['ipv4-unicast', 'ipv6-unicast'],
          state: 'Idle',
          reason: 'refused',
          prefixesReceived: 2,
          prefixesAccepted: 1,
        },
      ],
      bgp: {
        '10.9.0.0/24': [
          {
            ...path,
            best: true,
            multipath: true,
            nextHop: '10.0.0.2',
            asPath: '65002',
            localPref: null,
            med: null,
            origin: 'igp',
            from: '10.0.0.2',
            reason: 'router-id',
          },
          {
            ...path,
            best: false,
            multipath: true,
            nextHop: '10.0.0.3',
            asPath: '65003',
            localPref: 100,
            med: 5,
            origin: 'incomplete',
            from: '10.0.0.3',
            reason: 'router-id',
          },
        ],
      },
      fib: { '10.9.0.0/24': ['10.0.0.2', '10.0.0.3'] },
    },
    idle: { sessions: [], bgp: {}, fib: {} },
  },
};

describe('simulation as text', () => {
  it('prints sessions, BGP table and kernel routes of the hosts asked for', () => {
    expect(formatTables(result, ['r1', 'idle', 'nobody'])).toMatchInlineSnapshot(`
      "r1
        Neighbor  Host  AS     State  Family     Acc/Rcv
        10.0.0.2  r2    65002  Idle   ipv4+ipv6  1/2      refused

           Network      Next Hop  Metric  LocPrf  Weight  Path     Why
        *> 10.9.0.0/24  10.0.0.2                  0       65002 i  router-id
        *=              10.0.0.3  5       100     0       65003 ?  router-id

        Kernel route
        10.9.0.0/24   via 10.0.0.2, 10.0.0.3

      idle
        no BGP
      "
    `);
  });

  it('says how it ended', () => {
    expect(formatVerdict(result)).toBe('FAIL  2 hosts, 0 of 1 session ends established, 1 prefix\n');
  });

  it('counts the lines of a file that are all of one kind', () => {
    const [line] = result.unmodelled;
    const unmodelled = Array.from({ length: 60 }, () => line).filter((one) => one !== undefined);
    const text = formatUnmodelled({ ...result, unmodelled });
    expect(text.split('\n')).toHaveLength(102);
    expect(text).toContain('and 10 more in bgpd.conf: flapping routes\n');
  });

  it('names what was not modelled and what it would change', () => {
    expect(formatUnmodelled(result)).toBe('bgpd.conf:7 not modelled: bgp dampening\n  flapping routes\n');
  });
});

describe('JUnit', () => {
  it('has a case per session, per finding and for the outcome, escaped', () => {
    expect(formatJunit(result)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="fabricgen" tests="3" failures="3">
       <testsuite name="simulate" tests="3" failures="3">
        <testcase classname="sessions.r1" name="session to r2 (10.0.0.2) is established">
         <failure message="Idle: refused">Idle: refused</failure>
        </testcase>
        <testcase classname="findings.internal" name="r1 &lt;lost&gt; &quot;it&quot;">
         <failure message="hosts.yml:3:1: r1 &lt;lost&gt; &quot;it&quot;">hosts.yml:3:1: r1 &lt;lost&gt; &quot;it&quot;</failure>
        </testcase>
        <testcase classname="outcome" name="the simulation passes">
         <failure message="fail">fail
      bgpd.conf:7: bgp dampening: flapping routes</failure>
        </testcase>
       </testsuite>
      </testsuites>
      "
    `);
  });
});
