import { describe, expect, it } from 'vitest';
import { formatPhases } from '../../src/report/simulation-text.ts';
import type { SimulationResult } from '../../src/simulator/result/result.ts';

const empty: SimulationResult = {
  version: 1,
  outcome: 'pass',
  summary: { hosts: 1, sessionEnds: 0, established: 0, prefixes: 0 },
  findings: [],
  checks: [],
  unmodelled: [],
  hosts: {},
};

describe('phases in text', () => {
  it('are nothing without events', () => {
    expect(formatPhases(empty, ['r1'])).toBe('');
  });

  it('stand under their names, in order', () => {
    const host = { sessions: [], bgp: {}, fib: { '10.0.0.0/24': ['10.0.0.1'], '10.0.0.0/8': [] } };
    const phases = { cut: { hosts: { r1: { ...host, fib: {} } } }, back: { hosts: { r1: host } } };
    expect(formatPhases({ ...empty, phases }, ['r1'])).toBe(
      [
        'phase cut\n\nr1\n  no BGP\n\n',
        'phase back\n\nr1\n  Kernel route\n  10.0.0.0/24   via 10.0.0.1\n  10.0.0.0/8    blackhole\n',
      ].join(''),
    );
  });
});
