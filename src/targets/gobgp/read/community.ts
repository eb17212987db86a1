import { communityText } from '../../../bgp/communities.ts';

/** `WellKnownCommunityNameMap` of gobgpd 3.10: GRACEFUL_SHUTDOWN (RFC 8326) goes by its older name. */
const names: Readonly<Record<string, number>> = {
  internet: 0,
  'planned-shut': 0xffff0000,
  'accept-own': 0xffff0001,
  'route-filter-translated-v4': 0xffff0002,
  'route-filter-v4': 0xffff0003,
  'route-filter-translated-v6': 0xffff0004,
  'route-filter-v6': 0xffff0005,
  'llgr-stale': 0xffff0006,
  'no-llgr': 0xffff0007,
  blackhole: 0xffff029a,
  'no-export': 0xffffff01,
  'no-advertise': 0xffffff02,
  'no-export-subconfed': 0xffffff03,
  'no-peer': 0xffffff04,
};

/** A community as `65001:1`, from a pair, a number or a name; null: gobgpd refuses it (internal/pkg/table/policy.go, `ParseCommunity`). */
export function readCommunity(text: string): string | null {
  if (/^\d{1,10}$/.test(text)) return Number(text) <= 0xffffffff ? communityText(Number(text)) : null;
  // Neither anchored nor bounded: what is around the pair is passed over, and what is too large counts as the largest.
  const pair = /(\d+):(\d+)/.exec(text);
  if (pair) return pair.slice(1).map(half).join(':');
  const named = knownCommunity(text);
  return named === null ? null : communityText(named);
}

/** The number behind one of the names; null: no name. */
export function knownCommunity(name: string): number | null {
  return Object.hasOwn(names, name) ? (names[name] ?? null) : null;
}

function half(digits: string): number {
  return Math.min(Number(digits), 0xffff);
}
