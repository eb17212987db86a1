import { describe, expect, it } from 'vitest';
import { dialAfter } from '../../src/simulator/timeline/habits.ts';
import { bird2Profile } from '../../src/targets/bird/decision.ts';
import { exabgp4Profile } from '../../src/targets/exabgp/decision.ts';
import { frr84Profile } from '../../src/targets/frr/decision.ts';

const habitsOf = ({ sessions }: typeof frr84Profile) => {
  if (!sessions) throw new Error('no habits');
  return sessions;
};

describe('the call that is answered', () => {
  it('ExaBGP calls after 0, 1, 3, 6, 10, 15, 22 and 31 s, as it was heard on 4.2.21', () => {
    const habits = habitsOf(exabgp4Profile);
    const answered = [0, 0.5, 1, 2, 5, 9, 14, 16, 30];
    expect(answered.map((at) => dialAfter(0, at, habits, 1))).toEqual([0, 1, 1, 3, 6, 10, 15, 22, 31]);
  });

  it('FRR calls every connect retry time', () => {
    const habits = habitsOf(frr84Profile);
    expect([1, 2, 11, 12].map((at) => dialAfter(1, at, habits, 10))).toEqual([1, 11, 11, 21]);
  });

  it('BIRD calls every connect delay time, of which it draws the last quarter, whatever its connect retry time is', () => {
    const habits = habitsOf(bird2Profile);
    expect([4, 6, 31].map((at) => dialAfter(5, at, habits, 120))).toEqual([5, 9.375, 31.25]);
  });
});
