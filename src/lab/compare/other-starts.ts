import { DEFAULT_DELAY, type TimelineEvent } from '../../simulator/timeline/timeline.ts';
import { Random } from '../fuzz/random.ts';

/** Seconds between two hosts of one start: less than any timer, enough for one to be older than the other. */
const BETWEEN = 0.02;

/**
 * Hosts that an event starts together start one after the other, in an order drawn from `seed`: on real machines one of them is the
 * first, and what goes by age hangs on which. The time of everything that comes later stays as it is.
 */
export function otherStarts(events: readonly TimelineEvent[], seed: number): readonly TimelineEvent[] {
  const random = new Random(seed);
  return events.flatMap((event) => {
    const { change, delay } = event;
    if (change?.kind !== 'start' || change.hosts.length < 2 || (delay ?? 1) < 1) return [event];
    const hosts = shuffled(change.hosts, random);
    const before = hosts.slice(0, -1).map((host): TimelineEvent => {
      return { change: { kind: 'start', hosts: [host] }, delay: BETWEEN, record: null };
    });
    const last = { kind: 'start', hosts: hosts.slice(-1) } as const;
    const left = (delay ?? DEFAULT_DELAY) - BETWEEN * before.length;
    return [...before, { ...event, change: last, delay: left }];
  });
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
