import { comparePrefixes, parsePrefix } from '../base/ip.ts';
import type {
  HostResult,
  Outcome,
  PathResult,
  SessionResult,
  SimulationResult,
} from '../simulator/result.ts';

export type Change = 'appeared' | 'vanished' | 'changed';

/** What a change does to sessions and routes: two simulations held against each other. */
export interface BehaviourDiff {
  readonly outcome: { readonly before: Outcome; readonly after: Outcome };
  readonly sessions: readonly SessionChange[];
  /** By prefix, in table order. */
  readonly prefixes: readonly PrefixChange[];
}

export interface SessionChange {
  readonly host: string;
  readonly peer: string;
  readonly peerHost: string;
  readonly change: Change;
  readonly before: SessionView | null;
  readonly after: SessionView | null;
}

export interface SessionView {
  readonly state: string;
  readonly reason: string;
  readonly families: readonly string[];
}

export interface PrefixChange {
  readonly prefix: string;
  readonly hosts: readonly RouteChange[];
}

export interface RouteChange {
  readonly host: string;
  readonly change: Change;
  readonly before: RouteView | null;
  readonly after: RouteView | null;
}

/** What a host uses for one prefix: the best path's attributes, the next hops in use, and the kernel's. */
export interface RouteView {
  readonly nextHops: readonly string[];
  readonly asPath: string;
  readonly localPref: number | null;
  readonly med: number | null;
  readonly origin: string;
  readonly communities: readonly string[];
  readonly largeCommunities: readonly string[];
  readonly fib: readonly string[];
}

/** Compares two results; what is equal is left out. */
export function compareBehaviour(before: SimulationResult, after: SimulationResult): BehaviourDiff {
  const hosts = [...new Set([...Object.keys(before.hosts), ...Object.keys(after.hosts)])].sort();
  const byPrefix = new Map<string, RouteChange[]>();
  const sessions: SessionChange[] = [];
  for (const host of hosts) {
    const old = before.hosts[host];
    const now = after.hosts[host];
    sessions.push(...compareSessions(host, old, now));
    for (const [prefix, change] of compareRoutes(host, old, now)) {
      const changes = byPrefix.get(prefix);
      if (changes) changes.push(change);
      else byPrefix.set(prefix, [change]);
    }
  }
  const order = [...byPrefix.keys()].sort(byTableOrder);
  return {
    outcome: { before: before.outcome, after: after.outcome },
    sessions,
    prefixes: order.map((prefix) => ({ prefix, hosts: byPrefix.get(prefix) ?? [] })),
  };
}

/** As tables are printed: IPv4 first, then by address and length. */
function byTableOrder(a: string, b: string): number {
  const [left, right] = [parsePrefix(a), parsePrefix(b)];
  return left && right ? comparePrefixes(left, right) : 0;
}

export function isEmptyDiff(diff: BehaviourDiff): boolean {
  return diff.sessions.length === 0 && diff.prefixes.length === 0;
}

function compareSessions(
  host: string,
  old: HostResult | undefined,
  now: HostResult | undefined,
): SessionChange[] {
  const key = (session: SessionResult) => `${session.peer} ${session.localAddress}`;
  const before = new Map((old?.sessions ?? []).map((session) => [key(session), session]));
  const after = new Map((now?.sessions ?? []).map((session) => [key(session), session]));
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((id) => {
    const a = before.get(id);
    const b = after.get(id);
    const views = { before: a ? sessionView(a) : null, after: b ? sessionView(b) : null };
    const change = changeOf(views.before, views.after);
    if (change === null) return [];
    const named = b ?? a;
    return [{ host, peer: named?.peer ?? '', peerHost: named?.host ?? '', change, ...views }];
  });
}

function sessionView(session: SessionResult): SessionView {
  return { state: session.state, reason: session.reason, families: session.families };
}

function* compareRoutes(
  host: string,
  old: HostResult | undefined,
  now: HostResult | undefined,
): Generator<[string, RouteChange]> {
  const prefixes = new Set([
    ...Object.keys(now?.bgp ?? {}),
    ...Object.keys(old?.bgp ?? {}),
    ...Object.keys(now?.fib ?? {}),
    ...Object.keys(old?.fib ?? {}),
  ]);
  for (const prefix of prefixes) {
    const before = routeView(old, prefix);
    const after = routeView(now, prefix);
    const change = changeOf(before, after);
    if (change !== null) yield [prefix, { host, change, before, after }];
  }
}

/** null where the host has no usable path. */
function routeView(host: HostResult | undefined, prefix: string): RouteView | null {
  const paths = host?.bgp[prefix] ?? [];
  const best = paths.find((path) => path.best);
  const fib = host?.fib[prefix] ?? [];
  if (!best) return null;
  const used = paths.filter((path: PathResult) => path.best || path.multipath);
  return {
    nextHops: [...new Set(used.map((path) => path.nextHop))].sort(),
    asPath: best.asPath,
    localPref: best.localPref,
    med: best.med,
    origin: best.origin ?? '',
    communities: best.communities,
    largeCommunities: best.largeCommunities,
    fib,
  };
}

function changeOf(before: unknown, after: unknown): Change | null {
  if (before === null && after === null) return null;
  if (before === null) return 'appeared';
  if (after === null) return 'vanished';
  return JSON.stringify(before) === JSON.stringify(after) ? null : 'changed';
}
