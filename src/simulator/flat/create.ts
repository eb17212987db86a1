import type { Prefix } from '../../base/ip.ts';
import { ownAs } from '../../bgp/egress.ts';
import { expectedFirstAs } from '../../bgp/import.ts';
import { mayRefuseOwnNextHop } from '../../bgp/next-hop-in.ts';
import type { Peer } from '../../bgp/peer.ts';
import { updateMovesToEnd } from '../../bgp/rib/decide.ts';
import { looksAtPathOnly } from '../../bgp/rib/steps.ts';
import type { Router, RouterContext } from '../../bgp/router.ts';
import { roomFor } from '../compact/node-set.ts';
import { byKind } from '../engine/create-engine.ts';
import { type Engine, importClassOf } from '../engine/engine.ts';
import { judgesKernel } from '../kernel/fib.ts';
import { isSingleHop, wantsConnected } from '../kernel/next-hops.ts';
import type { PeerClass } from '../peers/peer-classes.ts';
import {
  BY_ADDRESS,
  CLASS_SHIFT,
  CONNECTED,
  G,
  GROUP_CELLS,
  INSTALLS,
  INSTALLS_CONNECTED,
  INTERNAL,
  KEEPS_EARLIER,
  LEAD_CELLS,
  LENGTH_FIRST,
  MOVES,
  N,
  NODE_CELLS,
  ONE_BY_ONE,
  ORDERED,
  S,
  SAYS_CHANGES,
  SLOT_CELLS,
  SPARES_SOURCE,
  SUPPRESSES_ALIKE,
  TO_INTERNAL,
} from './cells.ts';
import { type Classes, createClasses } from './classes.ts';
import type { Flat } from './layout.ts';
import { createNumbers } from './numbers.ts';
import { createSlab } from './slab.ts';

/** The tables of an engine in numbers, with nothing in them; `prefixes`: how many it will be used for. */
export function createFlat(engine: Engine, context: RouterContext, prefixes: number): Flat {
  const { routers, peers, owner, reverse } = engine.topology;
  const exportGroups = engine.groups.flat();
  const numbers = createNumbers();
  const classes = createClasses();
  const groups = new Int32Array(exportGroups.length * GROUP_CELLS);
  const told = exportGroups.reduce((sum, { slots }) => sum + slots.length, 0);
  const flat: Flat = {
    engine,
    context,
    store: context.store,
    slots: peers.length,
    cells: new Int32Array((peers.length + 1) * SLOT_CELLS),
    nodes: new Int32Array(routers.length * NODE_CELLS),
    selected: new Int32Array(routers.length).fill(-1),
    unsettled: new Int32Array(routers.length),
    unsettledCount: 0,
    isUnsettled: new Uint8Array(routers.length),
    groups,
    exportGroups,
    tellers: new Int32Array(told),
    hearers: new Int32Array(told),
    placeOf: new Int32Array(peers.length),
    leads: new Int32Array(
      LEAD_CELLS * owner.reduce((sum, node) => sum + (engine.groups[node]?.length ?? 0), 0),
    ),
    told: new Int32Array(exportGroups.some(({ looksAtPeer }) => looksAtPeer) ? 4 * peers.length : 0),
    numbers,
    classes,
    nextHops: null,
    locals: [],
    asked: new Uint8Array(routers.length),
    touched: new Int32Array(routers.length),
    reached: 0,
    queue: new Int32Array(4 * 1024),
    ...{ head: 0, tail: 0, epoch: 0, arrivals: 0, base: 0, events: 0, failed: false, asPath: 0 },
    ageless: routers.every((router) => !router?.process.steps.some(({ name }) => name === 'older-received')),
    fibs: createSlab(routers.length, prefixes, (length) => new Uint32Array(length)),
    holdings: createSlab((peers.length + 31) >>> 5, prefixes, (length) => new Uint32Array(length)),
    installed: new Uint32Array(routers.length),
    holding: new Uint32Array((peers.length + 31) >>> 5),
    ...{
      judgedOnce: true,
      foreign: roomFor(engine.topology.routers.length),
      plan: null,
      storied: false,
      restored: null,
      was: null,
    },
    ...{ allTwins: undefined, twins: null, alone: [], strays: [] },
  };
  let [group, place] = [0, 0];
  routers.forEach((router, node) => {
    const own = engine.groups[node] ?? [];
    const n = node * NODE_CELLS;
    flat.nodes[n + N.groupStart] = group;
    for (const one of own) {
      const g = group * GROUP_CELLS;
      groups[g + G.node] = node;
      groups[g + G.start] = place;
      for (const slot of one.slots) {
        flat.tellers[place] = slot;
        flat.placeOf[slot] = place;
        flat.hearers[place++] = reverse[slot] ?? 0;
      }
      groups[g + G.end] = place;
      groups[g + G.flags] =
        (one.looksAtPeer ? ONE_BY_ONE : 0) |
        (one.suppressesAlike ? SUPPRESSES_ALIKE : 0) |
        (isInternal(one.peer) ? TO_INTERNAL : 0) |
        (one.looksAtPeer && one.sparesSource && !one.suppressesAlike ? SPARES_SOURCE : 0);
      groups[g + G.exportClass] = classes.exportNumber(one.class);
      groups[g + G.view] = viewAlone(classes, groups[g + G.exportClass] ?? 0);
      groups[g + G.pathIn] = -1;
      groups[g + G.from] = -2;
      groups[g + G.ownAs] = router ? ownAs(router, one.class.peer) : 0;
      group++;
    }
    flat.nodes[n + N.groupEnd] = group;
    flat.nodes[n + N.view] = viewOfAll(flat, n);
    if (router) flat.nodes[n + N.flags] = habits(engine, router, node);
  });
  fillSlots(flat);
  return flat;
}

function viewAlone({ exports }: Classes, number: number): number {
  const answers = exports[number];
  return answers && answers.asks === null ? answers.view : 0;
}

/** `N.view` of the router whose numbers stand at `n`. */
function viewOfAll({ nodes, groups }: Flat, n: number): number {
  let view = 0;
  for (let group = nodes[n + N.groupStart] ?? 0; group < (nodes[n + N.groupEnd] ?? 0); group++) {
    const own = groups[group * GROUP_CELLS + G.view] ?? 0;
    if (own !== 0 && view !== 0 && own !== view) return -1;
    if (own !== 0) view = own;
  }
  return view;
}

function fillSlots({ engine, cells, classes }: Flat): void {
  const { owner, peers, routers } = engine.topology;
  const loops = byKind(engine.topology, plainLoopAs);
  const flags = byKind(engine.topology, slotFlags);
  const firstAs = byKind(engine.topology, expectedFirstAs);
  let [lead, last, number]: [number, PeerClass | null, number] = [0, null, 0];
  for (let slot = 0; slot < peers.length; slot++) {
    const node = owner[slot] ?? 0;
    const importClass = importClassOf(engine, slot);
    if (!routers[node] || !importClass) continue;
    if (importClass !== last) number = classes.importNumber(importClass);
    last = importClass;
    const kind = peers.kindOf(slot);
    const c = slot * SLOT_CELLS;
    cells[c + S.owner] = node;
    cells[c + S.loopAs] = loops[kind] ?? 0;
    cells[c + S.firstAs] = firstAs[kind] ?? 0;
    cells[c + S.flags] = (flags[kind] ?? 0) | (number << CLASS_SHIFT);
    cells[c + S.leads] = lead;
    lead += engine.groups[node]?.length ?? 0;
  }
}

/** What the kind of a peer says for good. */
function slotFlags(router: Router, peer: Peer): number {
  const { singleHopInstallsConnected } = router.config.profile.quirks;
  return (
    (isInternal(peer) ? INTERNAL : 0) |
    (wantsConnected(router, peer) ? CONNECTED : 0) |
    (singleHopInstallsConnected && isSingleHop(peer) ? INSTALLS_CONNECTED : 0) |
    (router.config.table || peer.viaLinkLocal || peer.ownViaLinkLocal ? 0 : BY_ADDRESS)
  );
}

/** Paths are not passed on from one of these to another: see `suppression`. */
function isInternal({ type, options, config }: Peer): boolean {
  return type === 'ibgp' && !options.routeReflectorClient && config.localAs === null;
}

/** `loopAs` for internal peers too: ORIGINATOR_ID and CLUSTER_LIST are looked at apart. */
function plainLoopAs(router: Router, peer: Peer): number {
  const { bgp } = router;
  const {
    type,
    options,
    config: { localAs },
  } = peer;
  if (mayRefuseOwnNextHop(router, peer)) return 0;
  const plain = type !== 'confed' && !localAs && options.allowasIn === 0 && !options.allowasInOrigin;
  return plain && bgp.confederation === null && options.gateway !== 'direct' ? bgp.asn : 0;
}

function habits({ ordered }: Engine, { process, config }: Router, node: number): number {
  return (
    (ordered[node] === 1 ? ORDERED : 0) |
    (updateMovesToEnd(config.profile.decision) ? MOVES : 0) |
    (lengthFirst(process) ? LENGTH_FIRST : 0) |
    (config.profile.quirks.loopKeepsEarlierPath ? KEEPS_EARLIER : 0) |
    (config.profile.quirks.saysChangesOnly ? SAYS_CHANGES : 0) |
    (config.installsRoutes && !judgesKernel(config) && !config.table ? INSTALLS : 0)
  );
}

/** Does the length of the AS_PATH tell two learned paths with the same attributes apart before any step that looks at the peer? */
function lengthFirst({ steps, config }: Router['process']): boolean {
  if (config.decision.asPathIgnore || config.decision.asPathConfed) return false;
  const place = steps.findIndex(({ name }) => name === 'as-path-length');
  return (
    place >= 0 &&
    steps.slice(0, place).every(({ name }) => looksAtPathOnly.has(name) || name === 'locally-originated')
  );
}

/** Is it the next hop of a session? Asked for host routes only. */
export function isNextHop(flat: Flat, { family, value }: Pick<Prefix, 'family' | 'value'>): boolean {
  if (flat.nextHops === null) {
    const { peers } = flat.engine.topology;
    const found = new Set<string>();
    for (let slot = 0; slot < peers.length; slot++) {
      const nextHop = peers.nextHop(slot);
      if (nextHop) found.add(`${nextHop.family} ${nextHop.value}`);
    }
    flat.nextHops = found;
  }
  return flat.nextHops.has(`${family} ${value}`);
}
