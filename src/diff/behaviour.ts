import { comparePrefixes, parsePrefix } from '../base/ip.ts';
import type {
  HostResult,
  Outcome,
  PathResult,
  RouteTable,
  RouteView,
  SessionResult,
  SimulationResult,
} from '../simulator/result/result.ts';

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

/** One of the two: what is shown of sessions, by host, and of routes, by prefix. */
export interface Behaviour {
  readonly outcome: Outcome;
  readonly hosts: readonly string[];
  readonly sessions: ReadonlyMap<string, readonly SessionLine[]>;
  readonly prefixes: readonly string[];
  /** By place among the hosts. Where the numbers of two sides are equal, their views are not compared. */
  readonly routes: (prefix: string) => RouteTable;
}

/** A session as far as it is compared. */
export type SessionLine = Pick<
  SessionResult,
  'peer' | 'host' | 'localAddress' | 'state' | 'reason' | 'families'
>;

/** Of a result that has all its tables. */
export function behaviourOf({ outcome, hosts }: Pick<SimulationResult, 'outcome' | 'hosts'>): Behaviour {
  const all = Object.entries(hosts);
  return {
    outcome,
    hosts: Object.keys(hosts),
    sessions: new Map(all.map(([name, { sessions }]) => [name, sessions])),
    prefixes: [...new Set(all.flatMap(([, { bgp, fib }]) => [...Object.keys(bgp), ...Object.keys(fib)]))],
    routes: (prefix) => {
      const views = all.map(([, host]) => routeView(host, prefix));
      return { numbers: null, view: (place) => views[place] ?? null };
    },
  };
}

/** Compares them; what is equal is left out. */
export function compareBehaviour(before: Behaviour, after: Behaviour): BehaviourDiff {
  const hosts = [...new Set([...before.hosts, ...after.hosts])].sort();
  const places = hosts.map((host) => [before.hosts.indexOf(host), after.hosts.indexOf(host)] as const);
  const prefixes = [...new Set([...before.prefixes, ...after.prefixes])].sort(byTableOrder);
  return {
    outcome: { before: before.outcome, after: after.outcome },
    sessions: hosts.flatMap((host) =>
      compareSessions(host, before.sessions.get(host) ?? [], after.sessions.get(host) ?? []),
    ),
    prefixes: prefixes.flatMap((prefix) => {
      const changes = compareRoutes(hosts, places, before.routes(prefix), after.routes(prefix));
      return changes.length > 0 ? [{ prefix, hosts: changes }] : [];
    }),
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
  old: readonly SessionLine[],
  now: readonly SessionLine[],
): SessionChange[] {
  const key = (session: SessionLine) => `${session.peer} ${session.localAddress}`;
  const before = new Map(old.map((session) => [key(session), session]));
  const after = new Map(now.map((session) => [key(session), session]));
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

function sessionView(session: SessionLine): SessionView {
  return { state: session.state, reason: session.reason, families: session.families };
}

function compareRoutes(
  hosts: readonly string[],
  places: readonly (readonly [number, number])[],
  old: RouteTable,
  now: RouteTable,
): RouteChange[] {
  const changes: RouteChange[] = [];
  for (let i = 0; i < hosts.length; i++) {
    const [was, is] = places[i] ?? [-1, -1];
    if (hasSame(old.numbers, was, now.numbers, is)) continue;
    const [before, after] = [old.view(was), now.view(is)];
    const change = changeOf(before, after);
    if (change !== null) changes.push({ host: hosts[i] ?? '', change, before, after });
  }
  return changes;
}

function hasSame(a: Int32Array | null, i: number, b: Int32Array | null, k: number): boolean {
  if (a === null || b === null) return false;
  for (let one = 0; one < 3; one++) if ((a[3 * i + one] ?? 0) !== (b[3 * k + one] ?? 0)) return false;
  return true;
}

/** null where the host has no usable path. */
function routeView({ bgp, fib }: HostResult, prefix: string): RouteView | null {
  const paths = bgp[prefix] ?? [];
  const best = paths.find((path) => path.best);
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
    fib: fib[prefix] ?? [],
  };
}

function changeOf(before: unknown, after: unknown): Change | null {
  if (before === null && after === null) return null;
  if (before === null) return 'appeared';
  if (after === null) return 'vanished';
  return JSON.stringify(before) === JSON.stringify(after) ? null : 'changed';
}
