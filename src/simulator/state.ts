import type { Diagnostic } from '../base/diagnostic.ts';
import type { FamilyName } from '../base/family.ts';
import type { Prefix } from '../base/ip.ts';
import type { IdleOrigination, Originated } from '../bgp/originate.ts';
import type { PathMark } from '../bgp/path-store.ts';
import type { Router, RouterContext } from '../bgp/router.ts';
import type { HeldSlots } from './compact/held-slots.ts';
import type { HopTable } from './compact/hop-table.ts';
import type { NodeSet } from './compact/node-set.ts';
import type { Defaults, Dependencies, Met as MetConditions } from './dependencies.ts';
import type { Circumstances, Origins, Oscillation, StartOrder } from './engine/converge.ts';
import type { Engine } from './engine/engine.ts';
import type { MadeAggregates } from './engine/own-paths.ts';
import type { Topology } from './engine/topology.ts';
import type { Standing } from './flat/standing.ts';
import type { HopSets } from './kernel/fib.ts';
import type { KernelIndex, KernelTable } from './kernel/kernel-table.ts';
import type { Network } from './kernel/network.ts';
import type { NextHops } from './kernel/next-hops.ts';
import type { Wiring } from './kernel/wiring.ts';
import type { Speaker } from './sessions/identity.ts';
import type { Met } from './sessions/meet-again.ts';
import type { SessionList } from './sessions/session-list.ts';
import type { LeadsByHost } from './table/leads.ts';
import type { TableEntry } from './table/resolve.ts';
import type { Moment } from './timeline/moment.ts';
import type { Overtaken } from './timeline/overtaken.ts';
import type { Past } from './timeline/past.ts';

/** A converged network. What is kept per prefix is where each node sends its traffic; tables are worked out again when asked. */
export interface SimulationState {
  readonly network: Network;
  readonly wiring: Wiring;
  readonly tables: readonly KernelTable[];
  /** The same routes by prefix. */
  readonly kernel: KernelIndex;
  readonly context: RouterContext;
  readonly speakers: readonly (Speaker | null)[];
  /** What each router makes, by node. */
  readonly originated: readonly Originated[];
  /** By node; null: no BGP. */
  readonly routers: readonly (Router | null)[];
  /** Where BGP's routes lead the gateways of recursive routes in tables over all protocols. */
  readonly leads: LeadsByHost;
  /** Static routes that zebra has not selected, for a learned one was there first. */
  readonly overtaken: Overtaken;
  readonly ends: SessionList;
  readonly families: Readonly<Record<FamilyName, FamilyState>>;
  readonly order: StartOrder;
  /** The state it grew out of (`advance`); null: it began from nothing. */
  readonly past: Past | null;
  /** Who would have a session with whom if all of them tried; absent: those of `ends`. */
  readonly met?: Met;
  /** What works and what is due at this point of a timeline; null: everything works, and nothing is due. */
  readonly moment: Moment | null;
  /** The paths that originations made; the rest may be forgotten between prefixes. */
  readonly mark: PathMark;
  /** Originations that do not happen, by node. */
  readonly idle: ReadonlyMap<number, readonly IdleOrigination[]>;
  /** Prefixes that never settle: what keeps the simulation from an answer. */
  readonly inconclusive: readonly Diagnostic[];
}

export interface FamilyState {
  readonly family: FamilyName;
  readonly topology: Topology;
  readonly nextHops: NextHops;
  /** Made when somebody first asks for it: many a state of a timeline needs none. */
  readonly engine: Engine;
  /** The same where it was made already. */
  readonly madeEngine: Engine | null;
  readonly hopSets: HopSets;
  /** In the order of output. */
  readonly prefixes: readonly PrefixState[];
  readonly byText: ReadonlyMap<string, PrefixState>;
  readonly dependencies: Dependencies;
  /** Lengths of the prefixes, longest first, for longest match. */
  readonly lengths: readonly number[];
}

export interface PrefixState extends Circumstances {
  readonly prefix: Prefix;
  /** Seconds on the clock at which a suppressed path of it is free again. */
  freeAt?: number;
  /** With the aggregates that have something to aggregate. */
  origins: Origins;
  /** What the configurations originate without looking at other prefixes. */
  readonly configured: Origins;
  aggregates: MadeAggregates;
  summarisedAt: readonly number[];
  defaults: Defaults;
  met: MetConditions;
  full: readonly number[];
  /** By node: number of the hop set the kernel holds; 0: no BGP route. */
  fib: HopTable;
  /** What routers with one table over all protocols chose, by node. */
  inTable?: ReadonlyMap<number, TableEntry>;
  /** Metric of the installed route where it is not 0, by node. */
  metrics: ReadonlyMap<number, number>;
  /** Nodes whose best path was chosen by age or by order, beyond what is used together. */
  byAge: NodeSet;
  oscillation: Oscillation;
  /** Nodes in whose kernel the route, or one it leads through, may come and go (`circles.ts`). Absent: none. */
  circlingAt?: ReadonlySet<number>;
  /** The slots that held a path when all had settled. Absent: not known. */
  held?: HeldSlots | undefined;
  /** The same where each path was judged by its next hop once and for all. Absent: not known, or one was not. See `timeline/untouched.ts`. */
  holding?: HeldSlots;
  /** With it: the nodes that hold a path with another next hop than its sender. */
  foreign?: NodeSet;
  /** And the best path of each router, to go on from. Absent: not kept. */
  standing?: Standing | undefined;
  /** Resolution of a next hop went, or could have gone, through BGP. */
  throughBgp: boolean;
  events: number;
}
