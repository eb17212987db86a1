import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulateScenario } from '../../src/lab/compare/simulated.ts';
import type { PathResult } from '../../src/simulator/result/result.ts';

const [FIRST, SECOND] = ['10.255.0.166/32', '10.255.0.167/32'];
/** Next hops at the aggregation: the ToRs, or the load balancers themselves. */
const [TOR1, TOR2, LB1, LB2] = ['10.2.1.1', '10.2.2.1', '10.1.1.2', '10.1.2.2'];

interface Phase {
  /** The paths of a host for both addresses, best first. */
  paths(host: string, prefix: string): readonly PathResult[];
  /** By which next hop a host's best paths to .166 and .167 go. */
  best(host?: string): readonly (string | null)[];
  /** What its kernel holds for them. */
  kernel(host?: string): readonly (readonly string[])[];
}

/** A phase of a scenario as simulated; that the daemons' tables are the same says scenarios.test.ts. */
function phase(scenario: string, name = 'both'): Phase {
  const { result } = simulateScenario(join(import.meta.dirname, `blablacar-${scenario}`));
  const hosts = result.phases?.[name]?.hosts ?? {};
  const paths = (host: string, prefix: string) => hosts[host]?.bgp[prefix] ?? [];
  const both = [FIRST, SECOND];
  return {
    paths,
    best: (host = 'agg') =>
      both.map((prefix) => paths(host, prefix).find(({ best }) => best)?.nextHop ?? null),
    kernel: (host = 'agg') => both.map((prefix) => hosts[host]?.fib[prefix] ?? []),
  };
}

function rules(scenario: string): readonly string[] {
  const { result } = simulateScenario(join(import.meta.dirname, `blablacar-${scenario}`));
  return [...new Set(result.findings.map(({ rule }) => rule))];
}

describe('two load balancers with swapped MEDs behind two ToRs', () => {
  it('whoever started first gets both addresses: the MED ends at the ToR', () => {
    expect(phase('mechanism').best()).toEqual([TOR1, TOR1]);
    expect(
      phase('mechanism')
        .paths('tor1', FIRST)
        .map(({ med }) => med),
    ).toContain(100);
    expect(
      phase('mechanism')
        .paths('agg', FIRST)
        .map(({ med, reason }) => [med, reason]),
    ).toEqual([
      [null, 'older-selected'],
      [null, 'older-selected'],
    ]);
  });

  it('a failed health check that shows as a worse MED moves nothing', () => {
    expect(
      phase('mechanism', 'lb1-ill')
        .paths('tor1', FIRST)
        .map(({ med }) => med),
    ).toContain(1000);
    expect(phase('mechanism', 'lb1-ill').best()).toEqual([TOR1, TOR1]);
  });

  it('SIGTERM withdraws, and the other one takes over', () =>
    expect(phase('mechanism', 'lb1-stopped').best()).toEqual([TOR2, TOR2]));
});

describe('remedies', () => {
  it('multipath-relax: both addresses by both, primary and backup are lost', () => {
    expect(phase('multipath-relax').kernel()).toEqual([
      [TOR1, TOR2],
      [TOR1, TOR2],
    ]);
    expect(
      phase('multipath-relax')
        .kernel('edge')
        .map((hops) => hops.length),
    ).toEqual([1, 1]);
  });

  it('MED kept by the ToRs alone: it arrives and is not compared; the order of starts is a finding', () => {
    expect(
      phase('med-kept')
        .paths('agg', SECOND)
        .map(({ med }) => med),
    ).toEqual([101, 100]);
    expect(phase('med-kept').best()).toEqual([TOR1, TOR1]);
    expect(rules('med-kept')).toContain('start-order');
  });

  it('MED kept and always compared: each address to its own, and one tier further the MED is gone', () => {
    expect(phase('med-always').best()).toEqual([TOR1, TOR2]);
    expect(
      phase('med-always')
        .paths('edge', FIRST)
        .map(({ med }) => med),
    ).toEqual([null]);
    expect(rules('med-always')).not.toContain('start-order');
  });

  it('multihop to the aggregation: one AS, MEDs compared, next hop the load balancer itself', () => {
    expect(phase('multihop').best()).toEqual([LB1, LB2]);
    expect(phase('multihop').kernel()).toEqual([[TOR1], [TOR2]]);
  });

  it('multihop over a default route: the session is up, its paths are inaccessible', () => {
    const { best, paths } = phase('multihop-default-route');
    expect(paths('agg', FIRST).find(({ nextHop }) => nextHop === LB1)).toMatchObject({
      valid: false,
      best: false,
    });
    expect(best()).toEqual([LB2, LB2]);
  });

  it('multihop from two ASes: MEDs are not compared', () =>
    expect(phase('multihop-two-as').best()).toEqual([LB1, LB1]));

  it('a route server passes MED, AS_PATH and next hop on untouched; without a route to it the path is invalid', () => {
    const { best, paths } = phase('route-server');
    expect(paths('edge', FIRST)).toMatchObject([{ best: true, asPath: '64147', med: 100, nextHop: LB1 }]);
    expect(best('edge')).toEqual([LB1, LB2]);
    expect(paths('edge2', FIRST)).toMatchObject([
      { best: false, valid: false, asPath: '64147', nextHop: LB1 },
    ]);
  });

  it('communities become LOCAL_PREF: each address to its own', () => {
    expect(phase('communities').best()).toEqual([TOR1, TOR2]);
    expect(
      phase('communities')
        .paths('agg', SECOND)
        .map(({ localPref }) => localPref),
    ).toEqual([200, 50]);
    expect(rules('communities')).not.toContain('start-order');
  });

  it('prepending: length decides at every tier, and the backup is there when it is needed', () => {
    expect(phase('prepend').best()).toEqual([TOR1, TOR2]);
    expect(phase('prepend').paths('edge', SECOND)).toMatchObject([{ asPath: '65200 65102 64147' }]);
    expect(phase('prepend', 'lb1-stopped').best()).toEqual([TOR2, TOR2]);
  });

  it('one announcer for each address: nothing to choose, and nothing until somebody takes over', () => {
    expect(phase('authority').best()).toEqual([TOR1, TOR2]);
    expect(phase('authority', 'lb1-stopped').best()).toEqual([null, TOR2]);
    expect(phase('authority', 'taken-over').best()).toEqual([TOR2, TOR2]);
  });

  it('one AS for all ToRs: multipath without being told; the ToRs refuse each other', () => {
    expect(phase('same-asn').kernel()).toEqual([
      [TOR1, TOR2],
      [TOR1, TOR2],
    ]);
    expect(phase('same-asn').paths('tor1', '10.1.2.0/30')).toEqual([]);
    expect(phase('same-asn').paths('tor2', '10.1.1.0/30')).toMatchObject([{ asPath: '65200 65100' }]);
  });

  it('one AS for all ToRs that keep the MED: it is compared, each address to its own', () =>
    expect(phase('same-asn-med').best()).toEqual([TOR1, TOR2]));

  it('withdrawing moves traffic, and coming back does not move it again', () => {
    expect(phase('withdraw').best()).toEqual([TOR1, TOR1]);
    expect(phase('withdraw', 'lb1-ill').best()).toEqual([TOR2, TOR2]);
    expect(phase('withdraw', 'lb1-well').best()).toEqual([TOR2, TOR2]);
  });
});
