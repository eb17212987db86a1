import type { Prefix } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import { expectedFirstAs, loopAs } from '../../bgp/import.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { Router } from '../../bgp/router.ts';
import { createQueue } from '../compact/event-queue.ts';
import { SparseList } from '../compact/sparse-list.ts';
import type { NextHops } from '../kernel/next-hops.ts';
import { exportGroups } from '../peers/export-groups.ts';
import { importClass, importsAlike, type PeerClass, type PeerClasses } from '../peers/peer-classes.ts';
import { sharedAs } from '../peers/update-groups.ts';
import { createLanes } from './add-path.ts';
import { type Engine, type ImportClasses, routerAt } from './engine.ts';
import { createOutcomes } from './outcomes.ts';
import type { Topology } from './topology.ts';

export function createEngine(
  topology: Topology,
  nextHops: NextHops,
  paths: readonly (Path | undefined)[],
  classes: PeerClasses,
  prefix: Prefix,
): Engine {
  const { routers, peers } = topology;
  const slots = peers.length;
  const groups = routers.map((router, index) =>
    router ? exportGroups(classes, topology, router, index) : [],
  );
  let [loops, firsts]: (Uint32Array | null)[] = [null, null];
  return {
    topology,
    nextHops,
    paths,
    groups,
    classes,
    answering: { of: 0, classes: [] },
    sharedAs: sharedAs(topology, groups),
    importClasses: importClasses(classes, topology),
    received: new Int32Array(slots),
    sent: new Int32Array(slots),
    inList: new Uint8Array(slots),
    candidates: new SparseList(),
    lists: routers.map(() => []),
    best: routers.map(() => null),
    bestPath: new Int32Array(routers.length),
    open: new Uint8Array(slots),
    toldFrom: new Int32Array(slots),
    toldByPath: new Map(),
    gathers: Uint8Array.from(routers, (router) =>
      router?.config.profile.quirks.decidesTogether === true ? 1 : 0,
    ),
    inRounds: false,
    unsettled: [],
    isUnsettled: new Uint8Array(routers.length),
    missed: new Map(),
    waiting: new Set(),
    damping: undefined,
    joining: null,
    openness: 0,
    noted: [],
    isNoted: new Uint8Array(slots),
    // Nobody asks for these two where all prefixes converge in numbers.
    get loopAs() {
      loops ??= bySlot(topology, loopAs);
      return loops;
    },
    get firstAs() {
      firsts ??= bySlot(topology, expectedFirstAs);
      return firsts;
    },
    plainTeller: Uint8Array.from(routers, (router) => (router && isPlainTeller(router) ? 1 : 0)),
    judged: new Uint8Array(slots),
    ordered: Uint8Array.from(routers, (router, node) =>
      router && isOrdered(topology, router, node) ? 1 : 0,
    ),
    sameMed: new Uint8Array(routers.length),
    summarised: new Uint8Array(routers.length),
    defaults: new Map(),
    met: new Map(),
    full: [],
    ownResolution: new Array(slots).fill(null),
    outcomes: createOutcomes(topology),
    queue: createQueue(),
    lanes: createLanes(topology, groups),
    lanesShort: false,
    flat: null,
    choice: null,
    prefix,
    isHostRoute: false,
    isOdd: false,
    arrivals: 0,
    events: 0,
    throughBgp: false,
    told: [],
    touched: [],
    isTouched: new Uint8Array(routers.length),
  };
}

/** Peers without an address (unnumbered) tie with all others in the last step, which then orders nothing. */
function isOrdered({ peers, slotStart, lanes }: Topology, { bgp, process }: Router, node: number): boolean {
  // Paths of one peer tie as well, and whoever sends several looks at all of them.
  if (!process.orders || bgp.decision.mergesMultipath || bgp.dampening || lanes.size > 0) return false;
  for (let slot = slotStart[node] ?? 0; slot < (slotStart[node + 1] ?? 0); slot++)
    if (!peers.example(peers.kindOf(slot)).address) return false;
  return true;
}

/** A number per slot that is the same for all peers of a kind. */
function bySlot(topology: Topology, numberOf: (router: Router, peer: Peer) => number): Uint32Array {
  const { peers } = topology;
  const known = byKind(topology, numberOf);
  return new Uint32Array(peers.length).map((_, slot) => known[peers.kindOf(slot)] ?? 0);
}

/** A number per kind of peers. */
export function byKind(
  { peers, owner, routers }: Topology,
  numberOf: (router: Router, peer: Peer) => number,
): Uint32Array {
  return new Uint32Array(peers.kinds).map((_, kind) => {
    const router = routers[owner[peers.firstOf(kind)] ?? -1];
    return router ? numberOf(router, peers.example(kind)) : 0;
  });
}

export function importClasses(classes: PeerClasses, topology: Topology): ImportClasses {
  const { peers, owner } = topology;
  const byKind: (PeerClass | undefined)[] = new Array(peers.kinds).fill(undefined);
  const bySlot = new SparseList<PeerClass>();
  for (let slot = 0; slot < peers.length; slot++) {
    const kind = peers.kindOf(slot);
    if (byKind[kind]) continue;
    const router = routerAt(topology, owner[slot]);
    const made = importClass(classes, router, peers.at(slot) ?? peers.example(kind));
    if (importsAlike(router, made.peer)) byKind[kind] = made;
    else bySlot.set(slot, made);
  }
  return { byKind, bySlot };
}

function isPlainTeller({ bgp, config }: Router): boolean {
  const { saysChangesOnly, originatesOnly } = config.profile.quirks;
  return !saysChangesOnly && !originatesOnly && !bgp.suppressFibPending && !bgp.decision.mergesMultipath;
}
