import { describe, expect, it } from 'vitest';
import { behaviourOf, compareBehaviour as compare, isEmptyDiff } from '../../src/diff/behaviour.ts';
import type {
  HostResult,
  PathResult,
  SessionResult,
  SimulationResult,
} from '../../src/simulator/result/result.ts';

const path = (over: Partial<PathResult> = {}): PathResult => ({
  best: true,
  multipath: false,
  valid: true,
  nextHop: '10.0.0.1',
  asPath: '',
  localPref: 100,
  med: 0,
  weight: 0,
  origin: 'igp',
  communities: [],
  largeCommunities: [],
  originatorId: null,
  clusterList: [],
  from: '10.0.0.1',
  reason: 'only path',
  ...over,
});

const session = (over: Partial<SessionResult> = {}): SessionResult => ({
  peer: '10.0.0.1',
  host: 'a',
  localAddress: '10.0.0.2',
  localAs: 65500,
  remoteAs: 65500,
  type: 'ibgp',
  families: ['ipv4-unicast'],
  state: 'Established',
  reason: '',
  prefixesReceived: 1,
  prefixesAccepted: 1,
  ...over,
});

const result = (hosts: Record<string, Partial<HostResult>>): SimulationResult => ({
  version: 1,
  outcome: 'pass',
  summary: { hosts: 0, sessionEnds: 0, established: 0, prefixes: 0 },
  findings: [],
  checks: [],
  unmodelled: [],
  hosts: Object.fromEntries(
    Object.entries(hosts).map(([name, host]) => [name, { sessions: [], bgp: {}, fib: {}, ...host }]),
  ),
});

const compareBehaviour = (before: SimulationResult, after: SimulationResult) =>
  compare(behaviourOf(before), behaviourOf(after));

describe('compareBehaviour', () => {
  it('finds nothing between equal results', () => {
    const one = result({ b: { bgp: { '10.0.0.0/24': [path()] }, sessions: [session()] } });
    expect(isEmptyDiff(compareBehaviour(one, structuredClone(one)))).toBe(true);
  });

  it('groups route changes by prefix', () => {
    const before = result({
      b: { bgp: { '10.1.0.0/24': [path()] } },
      c: { bgp: { '10.1.0.0/24': [path()] } },
    });
    const after = result({
      b: { bgp: { '10.1.0.0/24': [path({ localPref: 222 })], '10.2.0.0/24': [path()] } },
      c: {},
    });
    const diff = compareBehaviour(before, after);
    expect(
      diff.prefixes.map(({ prefix, hosts }) => [prefix, hosts.map(({ host, change }) => [host, change])]),
    ).toEqual([
      [
        '10.1.0.0/24',
        [
          ['b', 'changed'],
          ['c', 'vanished'],
        ],
      ],
      ['10.2.0.0/24', [['b', 'appeared']]],
    ]);
  });

  it('lists prefixes in table order, whichever side has them', () => {
    const before = result({ b: { bgp: { '9.0.0.0/8': [path()], '2001:db8::/32': [path()] } } });
    const after = result({ b: { bgp: { '10.0.0.0/16': [path()], '10.0.0.0/8': [path()] } } });
    const order = compareBehaviour(before, after).prefixes.map(({ prefix }) => prefix);
    expect(order).toEqual(['9.0.0.0/8', '10.0.0.0/8', '10.0.0.0/16', '2001:db8::/32']);
  });

  it('sees a leg leaving the multipath set, and the kernel losing a route that stays best', () => {
    const two = [path(), path({ best: false, multipath: true, nextHop: '10.0.0.3' })];
    const before = result({
      b: { bgp: { '10.1.0.0/24': two }, fib: { '10.1.0.0/24': ['10.0.0.1', '10.0.0.3'] } },
    });
    const fewer = result({ b: { bgp: { '10.1.0.0/24': [path()] }, fib: { '10.1.0.0/24': ['10.0.0.1'] } } });
    expect(compareBehaviour(before, fewer).prefixes[0]?.hosts[0]).toMatchObject({
      change: 'changed',
      before: { nextHops: ['10.0.0.1', '10.0.0.3'] },
      after: { nextHops: ['10.0.0.1'] },
    });
    const kernelLess = result({ b: { bgp: { '10.1.0.0/24': two }, fib: {} } });
    expect(compareBehaviour(before, kernelLess).prefixes[0]?.hosts[0]?.change).toBe('changed');
  });

  it('counts a path that is not usable as no route', () => {
    const before = result({ b: { bgp: { '10.1.0.0/24': [path()] } } });
    const after = result({ b: { bgp: { '10.1.0.0/24': [path({ best: false, valid: false })] } } });
    expect(compareBehaviour(before, after).prefixes[0]?.hosts[0]?.change).toBe('vanished');
  });

  it('reports sessions that appear, vanish and fall', () => {
    const before = result({ b: { sessions: [session(), session({ peer: '10.0.0.7', host: 'x' })] } });
    const after = result({
      b: {
        sessions: [session({ state: 'Idle', reason: 'refused' }), session({ peer: '10.0.0.9', host: 'y' })],
      },
    });
    expect(
      compareBehaviour(before, after).sessions.map(({ peerHost, change }) => [peerHost, change]),
    ).toEqual([
      ['a', 'changed'],
      ['y', 'appeared'],
      ['x', 'vanished'],
    ]);
  });
});
