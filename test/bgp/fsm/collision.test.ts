import { describe, expect, it } from 'vitest';
import { collide } from '../../../src/bgp/fsm/collision.ts';

const low = { identifier: 1, asn: 65001 };
const high = { identifier: 2, asn: 65000 };

describe('two connections with one peer', () => {
  it.each([
    ['the session that is up stays', 'Established', 'incoming', low, high, 'present'],
    ['the other end is higher: what it began stays', 'OpenConfirm', 'incoming', low, high, 'opened'],
    ['the other end is higher: what we began goes', 'OpenConfirm', 'outgoing', low, high, 'present'],
    ['we are higher: what we began stays', 'OpenConfirm', 'outgoing', high, low, 'opened'],
    ['we are higher: what it began goes', 'OpenConfirm', 'incoming', high, low, 'present'],
    [
      'equal identifiers: the higher AS decides',
      'OpenConfirm',
      'outgoing',
      { ...low, asn: 2 },
      { ...low, asn: 1 },
      'opened',
    ],
    ['nothing is known of the other connection yet', 'OpenSent', 'incoming', low, high, null],
    ['the other connection is still being made', 'Connect', 'incoming', low, high, null],
  ] as const)('%s', (_, present, opened, local, remote, stays) => {
    expect(collide(present, opened, local, remote)).toBe(stays);
  });

  it('both ends agree on which connection stays', () => {
    // What one end calls outgoing is incoming for the other.
    const mine = collide('OpenConfirm', 'outgoing', low, high);
    const theirs = collide('OpenConfirm', 'incoming', high, low);
    expect(mine).toBe(theirs);
  });
});
