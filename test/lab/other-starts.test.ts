import { expect, it } from 'vitest';
import { otherStarts } from '../../src/lab/compare/other-starts.ts';
import type { TimelineEvent } from '../../src/simulator/timeline/timeline.ts';

const start = (hosts: string[], delay: number | null, record: string | null = null): TimelineEvent => ({
  change: { kind: 'start', hosts },
  delay,
  record,
});
const total = (events: readonly TimelineEvent[]) => events.reduce((sum, { delay }) => sum + (delay ?? 20), 0);

it('hosts of one start start one after the other, and later events keep their time', () => {
  const events = [start(['a', 'b', 'c'], 15, 'up'), { change: null, delay: 5, record: 'later' }];
  const orders = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => otherStarts(events, seed));
  const named = orders.map((order) =>
    order.map(({ change }) => (change?.kind === 'start' ? change.hosts.join('+') : 'later')).join(' '),
  );
  expect(new Set(named).size).toBeGreaterThan(2);
  for (const order of orders) {
    expect(order).toHaveLength(4);
    expect(total(order)).toBeCloseTo(20);
    expect(order.map(({ record }) => record)).toEqual([null, null, 'up', 'later']);
  }
});

it('one host, or no time between, stays as it is', () => {
  const events = [start(['a'], 10), start(['b', 'c'], 0)];
  expect(otherStarts(events, 3)).toEqual(events);
});
