import { expect, it } from 'vitest';
import { simulateScenario } from '../../src/lab/compare/simulated.ts';

it('says that the kernel of FRR is not to be relied on where a path used with others leads through the route itself', () => {
  const { result } = simulateScenario('test/scenarios/multipath-own-next-hop');
  const said = result.findings.filter(({ rule }) => rule === 'oscillation');
  expect(said.map(({ host, message }) => [host, message.split(' ')[0]])).toEqual([['r1', '10.9.0.0/16']]);
  expect(result.hosts['r1']?.fib['10.9.0.0/16']).toEqual(['10.0.1.2']);
});

it('says nothing of it where the next hop lies elsewhere', () => {
  const { result } = simulateScenario('test/scenarios/multipath-peer-type-recursive');
  expect(result.findings.filter(({ rule }) => rule === 'oscillation')).toEqual([]);
});
