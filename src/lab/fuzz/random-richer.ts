import type { Random } from './random.ts';
import type { Router, Session } from './random-fabric.ts';

/** What seeds from 3001 on have beside: sessions that both ends have to agree on. */
export interface RicherPlan {
  /** `r1 r2`: the AS that r1 shows r2, and the words behind it. */
  readonly localAs: ReadonlyMap<string, { readonly asn: number; readonly words: string }>;
  /** Routers that wait for the others of their AS (`bgp listen range`). */
  readonly listeners: ReadonlySet<string>;
  /** By router: static routes towards the loopbacks of its AS, where sessions run between those. */
  readonly underlay: ReadonlyMap<string, readonly string[]>;
}

/** `loopbacks`: hosts are FRR alone and have IPv4 alone. Moves sessions inside an AS to loopbacks where those are drawn. */
export function richerPlan(random: Random, routers: readonly Router[], loopbacks: boolean): RicherPlan {
  const localAs = new Map<string, { readonly asn: number; readonly words: string }>();
  for (const { router, peer } of routers.flatMap(({ sessions }) => sessions)) {
    if (router.asn === peer.asn || !random.chance(0.15)) continue;
    const words = random.pick(['', ' no-prepend', ' no-prepend replace-as']);
    localAs.set(pair(router, peer), { asn: 65100 + router.number, words });
  }
  const underlay = loopbacks && random.chance(0.5) ? moveToLoopbacks(routers) : new Map();
  const listeners = new Set<string>();
  for (const router of routers) {
    const inside = router.sessions.filter(({ peer }) => peer.asn === router.asn);
    const alone = inside.every(({ peer }) => !listeners.has(peer.name));
    if (inside.length > 0 && alone && underlay.size === 0 && random.chance(0.25)) listeners.add(router.name);
  }
  return { localAs, listeners, underlay };
}

function pair(router: Router, peer: Router): string {
  return `${router.name} ${peer.name}`;
}

function moveToLoopbacks(routers: readonly Router[]): ReadonlyMap<string, readonly string[]> {
  const loopback = ({ number }: Router) => `10.255.0.${number}`;
  const underlay = new Map<string, readonly string[]>();
  for (const router of routers) {
    const statics: string[] = [];
    router.sessions.forEach((session, index) => {
      if (session.peer.asn !== router.asn) return;
      statics.push(`ip route ${loopback(session.peer)}/32 ${session.address}`);
      router.sessions[index] = { ...session, address: loopback(session.peer) };
    });
    if (statics.length === 0) continue;
    router.interfaces.push(['lo', `${loopback(router)}/32`, 'lo']);
    underlay.set(router.name, statics);
  }
  return underlay;
}

/** The AS under which a router knows its peer: what the peer shows it. */
export function shownAs({ router, peer }: Session, richer: RicherPlan | null): number {
  return richer?.localAs.get(pair(peer, router))?.asn ?? peer.asn;
}

/** What the router shows its peer, where that is another AS than its own. */
export function localAsOf({ router, peer }: Session, richer: RicherPlan | null) {
  return richer?.localAs.get(pair(router, peer)) ?? null;
}

/** Lines of a session beside remote-as. */
export function richerGeneral({ router, peer, address }: Session, richer: RicherPlan | null): string[] {
  const own = richer?.localAs.get(pair(router, peer));
  const looped = router.asn === peer.asn && richer?.underlay.has(router.name);
  return [
    ...(own ? [` neighbor ${address} local-as ${own.asn}${own.words}`] : []),
    ...(looped ? [` neighbor ${address} update-source lo`] : []),
  ];
}

/** Is the session made by the other end, and not written down here? */
export function isListened({ router, peer }: Session, richer: RicherPlan | null): boolean {
  return router.asn === peer.asn && (richer?.listeners.has(router.name) ?? false);
}

/** The peer group of those that come by themselves. */
export function listenLines(router: Router, richer: RicherPlan | null, dual: boolean): string[] {
  if (!richer?.listeners.has(router.name)) return [];
  return [
    ' neighbor DYN peer-group',
    ` neighbor DYN remote-as ${router.asn}`,
    ` bgp listen range 10.10.${router.asn - 65000}.0/24 peer-group DYN`,
    ...(dual
      ? [
          ' neighbor SIX peer-group',
          ` neighbor SIX remote-as ${router.asn}`,
          ` bgp listen range 2001:db8:f:10:${router.asn - 64999}::/64 peer-group SIX`,
        ]
      : []),
  ];
}
