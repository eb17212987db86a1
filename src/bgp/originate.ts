import { type FamilyName, familyOf } from '../base/family.ts';
import { type Address, isLinkLocal, type Prefix, parsePrefix } from '../base/ip.ts';
import { announcedData } from './announce.ts';
import { emptyPath, type Path, type PathData, sortedCommunities } from './attributes.ts';
import { GRACEFUL_SHUTDOWN } from './communities.ts';
import { nextHopOnEntry } from './import.ts';
import type { Origination } from './origination-config.ts';
import { internPath, withPath } from './path-store.ts';
import { describeReason } from './policy/describe.ts';
import { evaluateChain, type PolicyReason, type PolicyVerdict } from './policy/evaluate.ts';
import type { PolicyChain } from './policy/types.ts';
import type { Router } from './router.ts';

/** A route that does not come from BGP, as far as originating looks at it. */
export interface OtherRoute {
  readonly prefix: Prefix;
  readonly kind: 'connected' | 'kernel' | 'static';
  readonly metric: number;
  readonly tag: number;
  /** Against routes of other protocols; absent: 0. */
  readonly distance?: number;
  /** The gateway as written. */
  readonly via: Address | null;
  /** Its ways out; that of the gateway as written is what policy sees. */
  readonly hops?: readonly { readonly interface: string; readonly gateway: Address | null }[];
}

/** The best route per prefix of the table that BGP takes from, by the prefix's text. */
export interface OtherRoutes {
  readonly routes: ReadonlyMap<string, OtherRoute>;
}

/** A path a router makes itself, before anything was learned. */
export interface LocalPath {
  readonly prefix: Prefix;
  readonly path: Path;
}

/** A configured origination that does not happen, and why. */
export interface IdleOrigination {
  readonly origination: Origination;
  readonly prefix: Prefix;
  readonly why: string;
  /** The policy that keeps it back, where one does. */
  readonly reason: PolicyReason | null;
  /** What stands in the table all the same, unusable (FRR shows it without `*`); null: nothing. */
  readonly path: Path | null;
}

type NotMade = Pick<IdleOrigination, 'why' | 'path' | 'reason'>;

export interface Originated {
  readonly paths: readonly LocalPath[];
  readonly idle: readonly IdleOrigination[];
}

/** All local paths of a router: `network`, redistribution, announcements (aggregates depend on what is learned). */
export function originate(router: Router, table: OtherRoutes): Originated {
  const paths: LocalPath[] = [];
  const idle: IdleOrigination[] = [];
  for (const origination of router.bgp.originations) {
    if (origination.kind === 'redistribute') {
      paths.push(...redistributed(router, table, origination));
      continue;
    }
    const { prefix } = origination;
    const made =
      origination.kind === 'network' ? network(router, table, origination) : announced(router, origination);
    if ('why' in made) {
      const path = router.config.profile.quirks.hidesUnusable ? null : made.path;
      idle.push({ origination, prefix, ...made, path });
    } else paths.push({ prefix, path: made });
  }
  return { paths, idle };
}

function network(
  router: Router,
  table: OtherRoutes,
  origination: Origination & { kind: 'network' },
): Path | NotMade {
  const { prefix, policy } = origination;
  const path = localPath(router, {
    origin: 0,
    source: 'network',
    med: router.config.profile.quirks.localMed,
  });
  const verdict = judged(router, prefix, policy ? [policy] : [], path);
  if (verdict.verdict === 'reject')
    return { why: `denied by ${describeReason(verdict.reason)}`, path: null, reason: verdict.reason };
  const passed = asOwn(router, verdict.path);
  // A route learned by BGP does not count (seen on FRR 8.4): the table holds none.
  if (router.bgp.importCheck && !table.routes.has(prefix.text)) {
    return {
      why: `${prefix.text} is not in the routing table (bgp network import-check)`,
      path: passed,
      reason: null,
    };
  }
  return passed;
}

function redistributed(
  router: Router,
  table: OtherRoutes,
  origination: Origination & { kind: 'redistribute' },
): readonly LocalPath[] {
  return [...table.routes.values()].flatMap((route) => {
    const verdict = redistribution(router, route, origination);
    return verdict?.verdict === 'accept' ? [{ prefix: route.prefix, path: verdict.path }] : [];
  });
}

/** What a `redistribute` statement makes of one route of the kernel; null: it does not look at it. */
export function redistribution(
  router: Router,
  route: OtherRoute,
  { family, from, metric, policy }: Origination & { kind: 'redistribute' },
): PolicyVerdict | null {
  if (route.kind !== from || familyOf(route.prefix.family) !== family || isHostLocal(route.prefix))
    return null;
  const path = localPath(router, redistributedData(route, metric));
  const verdict = judged(router, route.prefix, policy ? [policy] : [], path);
  return verdict.verdict === 'accept' ? { ...verdict, path: asOwn(router, verdict.path) } : verdict;
}

/** A next hop set where the route is made is one like any other: RFC 4271 5.1.3 applies when it is sent, but for `next-hop-self` (seen on FRR 8.4). */
function asOwn(router: Router, path: Path): Path {
  if (path.nextHopByPolicy === 'no') return path;
  return withPath(router.context.store, path, {
    nextHopByPolicy: 'no',
    nextHopOnEntry: nextHopOnEntry(router, path),
  });
}

/** RFC 4271 has nothing to say here; FRR: origin incomplete, MED = metric of the route, next hop its gateway. */
function redistributedData(route: OtherRoute, metric: number | null): Partial<PathData> {
  const nextHop = route.via && !isLinkLocal(route.via) ? route.via : null;
  return {
    origin: 2,
    source: route.kind,
    med: metric ?? route.metric,
    nextHop,
    tag: route.tag,
    distance: route.distance ?? 0,
    // A gateway that other routes lead to has no interface (seen on FRR 8.4).
    interface: route.hops?.find(({ gateway }) => gateway?.text === route.via?.text)?.interface ?? null,
  };
}

/** 127.0.0.0/8, ::1 and link-local networks never leave the host. */
function isHostLocal({ family, value, length }: Prefix): boolean {
  if (family === 4) return length >= 8 && value >> 24n === 127n;
  return (length === 128 && value === 1n) || (length >= 10 && value >> 118n === 0x3fan);
}

function announced(
  router: Router,
  { prefix, attributes, policies = [] }: Origination & { kind: 'announce' },
): Path | NotMade {
  const path = localPath(router, announcedData(attributes, router.context.store));
  const verdict = judged(router, prefix, policies, path);
  if (verdict.verdict === 'accept') return verdict.path;
  return { why: `denied by ${describeReason(verdict.reason)}`, path: null, reason: verdict.reason };
}

export function localPath(router: Router, data: Partial<PathData>): Path {
  const { store } = router.context;
  return internPath(store, {
    ...emptyPath(store),
    weight: router.config.profile.quirks.localWeight ?? 0,
    ...data,
  });
}

function judged(router: Router, prefix: Prefix, policies: PolicyChain, path: Path): PolicyVerdict {
  const { store, tables } = router.context;
  const subject = {
    prefix,
    peer: null,
    ownNextHop: null,
    learnedFrom: null,
    localAs: router.bgp.asn,
    defaultLocalPref: router.bgp.defaultLocalPreference,
  };
  const verdict = evaluateChain(policies, path, subject, store, tables);
  return verdict.verdict === 'accept' ? { ...verdict, path: leaving(router, verdict.path) } : verdict;
}

/** `bgp graceful-shutdown`: what is made here is marked as what comes from outside is (FRR bgp_attr_add_gshut_community). */
export function leaving(router: Router, path: Path): Path {
  if (!router.bgp.gracefulShutdown) return path;
  const communities = sortedCommunities([...path.communities, GRACEFUL_SHUTDOWN]);
  return withPath(router.context.store, path, { communities, localPref: 0 });
}

const defaults: Readonly<Record<FamilyName, Prefix | null>> = {
  'ipv4-unicast': parsePrefix('0.0.0.0/0'),
  'ipv6-unicast': parsePrefix('::/0'),
};

export function defaultPrefix(family: FamilyName): Prefix {
  const prefix = defaults[family];
  if (!prefix) throw new Error(`no default route for ${family}`);
  return prefix;
}
