import type { Prefix } from '../base/ip.ts';
import { type AnnouncedPaths, announcementsByPrefix } from './announce.ts';
import type { BgpConfig, RouterConfig } from './config.ts';
import { createPathStore, type PathStore } from './path-store.ts';
import { createPolicyNotes, type PolicyNotes } from './policy/analyse.ts';
import { createPolicyTables, type PolicyTables } from './policy/policy-tables.ts';
import { createDecisionProcess, type DecisionProcess, type KnownSteps } from './rib/decide.ts';

/**
 * One router as the three phases of RFC 4271 section 9 see it: receive and filter (import.ts), decide (rib/decide.ts),
 * disseminate (export.ts). All are functions of this and their arguments; what changes over time is the caller's.
 */
export interface Router {
  readonly name: string;
  readonly config: RouterConfig;
  readonly bgp: BgpConfig;
  readonly routerId: number;
  readonly clusterId: number;
  /** The AS shown to the outside: the confederation's where there is one (RFC 5065). */
  readonly publicAs: number;
  /** Its own addresses as text: a received next hop among them is refused. */
  readonly addresses: ReadonlySet<string>;
  /** The networks of its interfaces that are up: what "directly reachable" means. */
  readonly networks: readonly Prefix[];
  readonly process: DecisionProcess;
  /** Announcements that are for some peers only: prefix → audience → paths as sent. */
  readonly announced: ReadonlyMap<string, ReadonlyMap<string, AnnouncedPaths>>;
  readonly context: RouterContext;
}

/** Interned paths and compiled policies, shared by all routers of one simulation; a speaker has its own. */
export interface RouterContext {
  readonly store: PathStore;
  readonly tables: PolicyTables;
  readonly notes: PolicyNotes;
  readonly steps: KnownSteps;
}

export function createRouterContext(store: PathStore = createPathStore()): RouterContext {
  return {
    store,
    tables: createPolicyTables(),
    notes: createPolicyNotes(),
    steps: new Map(),
  };
}

/** `routerId` is the configured one or what the daemon derives from the addresses. */
export function createRouter(
  config: RouterConfig,
  bgp: BgpConfig,
  routerId: number,
  addresses: ReadonlySet<string>,
  context: RouterContext,
  networks: readonly Prefix[] = [],
): Router {
  return {
    name: config.name,
    config,
    bgp,
    routerId,
    clusterId: bgp.clusterId ? Number(bgp.clusterId.value) : routerId,
    publicAs: bgp.confederation?.identifier ?? bgp.asn,
    addresses,
    networks,
    process: createDecisionProcess(config.profile.decision, bgp, context.steps),
    announced: announcementsByPrefix(bgp, context.store),
    context,
  };
}
