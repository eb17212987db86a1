import { describe, expect, it } from 'vitest';
import type { SessionEnd } from '../../src/simulator/sessions/sessions.ts';
import { beginPause, pauseAfterError } from '../../src/simulator/timeline/pauses.ts';
import type { Situation } from '../../src/simulator/timeline/situation.ts';
import { bird2Profile } from '../../src/targets/bird/decision.ts';
import { frr84Profile } from '../../src/targets/frr/decision.ts';

/** BIRD's `error wait time` is drawn from 45 to 60 s. */
const PAUSE = 52;

const end = {
  node: 0,
  peerAddress: { text: '10.0.0.2' },
  interface: { name: 'eth0' },
  config: {},
} as SessionEnd;
const key = '0|10.0.0.2';

/** One router of the profile at some second, and how its interface towards the peer is. */
function at(clock: number, { profile = bird2Profile, up = true, noCarrier = false } = {}): Situation {
  const near = { name: 'eth0', up, noCarrier };
  return {
    clock,
    routers: [{ config: { profile } }],
    ground: { wiring: { nodes: [{ interfaces: [near] }] } },
  } as unknown as Situation;
}

describe('the pause after an error (BIRD)', () => {
  it('grows with each error within 300 s, to five times at most, and is forgotten after that', () => {
    const tries = new Map<string, number>();
    const pauses = [0, 100, 300, 500, 700, 1200].map((clock) =>
      pauseAfterError(at(clock), end, tries, false),
    );
    expect(pauses).toEqual([PAUSE, 2 * PAUSE, 4 * PAUSE, 5 * PAUSE, 5 * PAUSE, PAUSE]);
  });

  it('a session that was closed while packets passed is no error', () =>
    expect(pauseAfterError(at(0), end, new Map(), true)).toBe(0));

  it('daemons without such a pause have none', () =>
    expect(pauseAfterError(at(0, { profile: frr84Profile }), end, new Map(), false)).toBe(0));

  it('without carrier nobody knows yet how long; it begins when the carrier is back', () => {
    const [tries, pauses] = [new Map<string, number>(), new Map<string, number>()];
    const away = { up: false, noCarrier: true };
    pauses.set(key, pauseAfterError(at(10, away), end, tries, false));
    expect(pauses.get(key)).toBe(Number.POSITIVE_INFINITY);
    beginPause(at(75), end, tries, pauses);
    expect(pauses.get(key)).toBe(75 + PAUSE);
    expect(tries.get(key)).toBe(75 + PAUSE);
  });

  it('an interface set down by hand is no error of its own, but waits where there was one before', () => {
    const tries = new Map<string, number>();
    const byHand = { up: false };
    expect(pauseAfterError(at(0, byHand), end, tries, false)).toBe(0);
    pauseAfterError(at(20), end, tries, false);
    expect(pauseAfterError(at(40, byHand), end, tries, false)).toBe(Number.POSITIVE_INFINITY);
  });

  it('one that has begun does not begin again', () => {
    const [tries, pauses] = [new Map<string, number>(), new Map([[key, 90]])];
    beginPause(at(75), end, tries, pauses);
    expect(pauses.get(key)).toBe(90);
    expect(tries.size).toBe(0);
  });
});
