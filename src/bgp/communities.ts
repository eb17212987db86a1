/** Well-known communities by the names FRR prints (RFC 1997, 7999, 8326, 9494). */
const wellKnownCommunities: ReadonlyMap<string, number> = new Map([
  ['graceful-shutdown', 0xffff0000],
  ['accept-own', 0xffff0001],
  ['route-filter-translated-v4', 0xffff0002],
  ['route-filter-v4', 0xffff0003],
  ['route-filter-translated-v6', 0xffff0004],
  ['route-filter-v6', 0xffff0005],
  ['llgr-stale', 0xffff0006],
  ['no-llgr', 0xffff0007],
  ['accept-own-nexthop', 0xffff0008],
  ['blackhole', 0xffff029a],
  ['no-export', 0xffffff01],
  ['no-advertise', 0xffffff02],
  ['local-AS', 0xffffff03],
  ['no-peer', 0xffffff04],
]);

/** As FRR writes them. */
export const wellKnownNames: ReadonlySet<string> = new Set(wellKnownCommunities.keys());

export const GRACEFUL_SHUTDOWN = 0xffff0000;
export const LLGR_STALE = 0xffff0006;
export const NO_LLGR = 0xffff0007;
export const BLACKHOLE = 0xffff029a;
export const NO_EXPORT = 0xffffff01;
export const NO_ADVERTISE = 0xffffff02;
export const NO_EXPORT_SUBCONFED = 0xffffff03;

/** `internet` of a community list stands for any route (Cisco's word, kept by FRR as 0). */
export const INTERNET = 0;

const namesByValue = new Map([...wellKnownCommunities].map(([name, value]) => [value, name]));

/** Reads `65000:1`, a well-known name in any case, or the plain number; null for anything else. */
export function parseCommunity(text: string): number | null {
  const pair = /^0*(\d{1,5}):0*(\d{1,5})$/.exec(text);
  if (pair) {
    const [high, low] = [Number(pair[1]), Number(pair[2])];
    return high <= 0xffff && low <= 0xffff ? high * 65536 + low : null;
  }
  if (/^\d{1,10}$/.test(text)) return Number(text) <= 0xffffffff ? Number(text) : null;
  const lower = text.toLowerCase();
  if (lower === 'internet') return INTERNET;
  if (lower === 'no-export-subconfed') return NO_EXPORT_SUBCONFED;
  for (const [name, value] of wellKnownCommunities) if (name.toLowerCase() === lower) return value;
  return null;
}

/** Always numbers: `65535:65281`. The form of the results. */
export function communityText(value: number): string {
  return `${Math.floor(value / 65536)}:${value % 65536}`;
}

/** As FRR prints lists, names for the well-known ones: what an expanded list's regular expression sees. */
export function communityName(value: number): string {
  return namesByValue.get(value) ?? communityText(value);
}

/** Reads `65000:1:2` (RFC 8092); canonical text, or null. */
export function parseLargeCommunity(text: string): string | null {
  const parts = /^(\d{1,10}):(\d{1,10}):(\d{1,10})$/.exec(text)?.slice(1).map(Number);
  return parts?.every((part) => part <= 0xffffffff) ? parts.join(':') : null;
}

export function compareLargeCommunities(a: string, b: string): number {
  const [left, right] = [a.split(':').map(Number), b.split(':').map(Number)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
