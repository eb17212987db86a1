import { describe, expect, it } from 'vitest';
import { emptyPath } from '../../src/bgp/attributes.ts';
import { LLGR_STALE, NO_LLGR } from '../../src/bgp/communities.ts';
import { keepsStaleFor, LONGEST_STALE_TIME, stalePath, takesStale } from '../../src/bgp/long-lived.ts';
import { createPathStore, internPath } from '../../src/bgp/path-store.ts';
import type { SessionHabits } from '../../src/bgp/session-habits.ts';

const plain: SessionHabits = { fallsWithInterface: 'none', dialsAfter: 1, watchesWay: false };

describe('long-lived graceful restart', () => {
  it('marks a path once, and drops one that asks for it', () => {
    const store = createPathStore();
    const path = internPath(store, { ...emptyPath(store), communities: [1] });
    const stale = stalePath(store, path);
    expect(stale?.communities).toEqual([1, LLGR_STALE]);
    expect(stale && stalePath(store, stale)).toBe(stale);
    expect(stalePath(store, internPath(store, { ...emptyPath(store), communities: [NO_LLGR] }))).toBeNull();
  });

  it('keeps for what the peer gave with its families, and no longer than it does itself', () => {
    const peer = { ...plain, offersLongLived: true, offersLongLivedFor: 60 };
    const keeps = (seconds: number) => ({ ...plain, helpsLongLived: seconds });
    expect(keepsStaleFor(keeps(LONGEST_STALE_TIME), peer)).toBe(60);
    expect(keepsStaleFor(keeps(20), peer)).toBe(20);
    expect(keepsStaleFor(plain, peer)).toBe(0);
    expect(keepsStaleFor(keeps(20), { ...peer, offersLongLived: false })).toBe(0);
  });

  it('tells those that know it, or list the family to a router that knows it too', () => {
    const knows = { ...plain, knowsLongLived: true };
    const lists = { ...knows, offersLongLived: true };
    expect(takesStale(undefined, plain, plain)).toBe(true);
    expect([plain, knows, lists].map((peer) => takesStale('known', plain, peer))).toEqual([
      false,
      true,
      true,
    ]);
    expect([plain, knows, lists].map((peer) => takesStale('listed', knows, peer))).toEqual([
      false,
      false,
      true,
    ]);
    expect(takesStale('listed', plain, lists)).toBe(false);
  });
});
