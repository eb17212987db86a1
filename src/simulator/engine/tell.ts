import { announcedTo } from '../../bgp/announce.ts';
import type { Path } from '../../bgp/attributes.ts';
import { egressPath } from '../../bgp/egress.ts';
import { named } from '../../bgp/export.ts';
import { pathWith } from '../../bgp/path-store.ts';
import type { Candidate } from '../../bgp/rib/candidate.ts';
import type { Router } from '../../bgp/router.ts';
import { loopsToPeer, suppression, unfitNextHop } from '../../bgp/suppression.ts';
import { hiddenBehindDefault } from '../../bgp/zero-networks.ts';
import { exportedAnswer, exportedId } from '../peers/class-answers.ts';
import { standingIn } from '../peers/company.ts';
import { type ExportGroup, knownLead, noteLead, SUPPRESSED } from '../peers/export-groups.ts';
import { tellLanes } from './add-path.ts';
import { hashesAlike } from './alike.ts';
import { tellChange } from './changes.ts';
import { conditionally } from './conditional.ts';
import { type Engine, noteSlot, routerAt, touch } from './engine.ts';
import { keepsSilent, withheld } from './fib-pending.ts';
import { toldPath } from './merged-paths.ts';
import { remembersPaths, tellByPath } from './told-by-path.ts';

export function tellGroups(engine: Engine, router: Router, node: number, best: Candidate | null): void {
  const groups = engine.groups[node] ?? [];
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i];
    if (group) tellGroup(engine, router, node, group, best);
  }
}

/** Tells all peers of a router what they have to know now; used where something else than the best path changed. */
export function tellAll(engine: Engine, node: number): void {
  touch(engine, node);
  const router = routerAt(engine.topology, node);
  for (const group of engine.groups[node] ?? [])
    tellGroup(engine, router, node, group, engine.best[node] ?? null);
  if (engine.lanes[node]) tellLanes(engine, node);
}

/** Tells one peer what it has to know now, where something else than the best path changed. */
export function tellAgain(engine: Engine, slot: number): void {
  const node = engine.topology.owner[slot] ?? -1;
  const router = routerAt(engine.topology, node);
  const group = engine.groups[node]?.find(({ slots }) => slots.includes(slot));
  if (!group || keepsSilent(engine, node, router)) return;
  touch(engine, node);
  const best = engine.best[node] ?? null;
  if (router.config.profile.quirks.saysChangesOnly) {
    // The same is said once more, and what is refused by now is not taken back.
    const before = engine.sent[slot] ?? 0;
    engine.sent[slot] = 0;
    tellChange(engine, router, group, slot, best, null);
    if (engine.sent[slot] === 0) engine.sent[slot] = before;
  } else tellSlot(engine, router, group, slot, best, groupWire(engine, router, node, group, best));
}

/** The group is told something: what it was told will be cleared before the next prefix. */
export function noteTold(engine: Engine, group: ExportGroup): void {
  if (group.sent === 0) engine.told.push(group);
}

function tellGroup(
  engine: Engine,
  router: Router,
  node: number,
  group: ExportGroup,
  best: Candidate | null,
): void {
  if (keepsSilent(engine, node, router)) return;
  const wire = groupWire(engine, router, node, group, best);
  const from = best?.peer ?? null;
  if (wire === group.sent && (wire === 0 || !group.looksAtPeer || from === group.from)) return;
  noteTold(engine, group);
  group.sent = wire;
  group.from = from;
  const { slots } = group;
  for (let i = 0; i < slots.length; i++) tellSlot(engine, router, group, slots[i] ?? 0, best, wire);
}

/** Sends to one slot what its group is told, or nothing where the rules about the single peer say so. */
export function tellSlot(
  engine: Engine,
  router: Router,
  group: ExportGroup,
  slot: number,
  best: Candidate | null,
  groupsWire: number,
): void {
  if (engine.open[slot] === 0 || (engine.topology.lanes.size > 0 && engine.topology.lanes.has(slot))) return;
  let wire = groupsWire;
  if (wire !== 0 && group.looksAtPeer && best) {
    const peer = engine.topology.peers.at(slot);
    // What `default-originate` sends comes from nobody, whatever default route the table has.
    const own = engine.prefix.length === 0 && peer?.options.defaultOriginate;
    if (
      peer &&
      !own &&
      (loopsToPeer(router, peer, best) !== null || unfitNextHop(router, peer, engine.paths[wire]) !== null)
    )
      wire = 0;
  }
  if (engine.full.length > 0 && engine.full.includes(slot)) wire = 0;
  if (engine.missed.size > 0 && engine.missed.get(slot) === wire) return;
  if (group.suppressesAlike && remembersPaths(engine, slot)) {
    tellByPath(engine, slot, best, wire);
    return;
  }
  const said = engine.sent[slot] === wire;
  // Said once more because of other policies: nobody hears anything new, but from now on this is what it was made from.
  if (said && (wire === 0 || !group.suppressesAlike || engine.toldFrom[slot] !== 0)) return;
  if (group.suppressesAlike && best) {
    if (!said && hashesAlike(engine, slot, wire, best.path, router)) return;
    engine.toldFrom[slot] = best.path.id;
  }
  if (said) return;
  engine.sent[slot] = wire;
  engine.missed.delete(slot);
  noteSlot(engine, slot);
  engine.queue.push(engine.topology.reverse[slot] ?? 0, wire);
}

/** What a group is told of a best path, as a number; 0: nothing. */
export function groupWire(
  engine: Engine,
  router: Router,
  node: number,
  group: ExportGroup,
  best: Candidate | null,
): number {
  const { peer } = group;
  if (engine.plainTeller[node] === 0 && router.config.profile.quirks.originatesOnly)
    return announcedTo(router, peer, engine.prefix)?.id ?? 0;
  // `default-originate` stands instead of whatever default route the table has.
  if (engine.prefix.length === 0 && peer.options.defaultOriginate) {
    const path = engine.defaults.get(node)?.get(peer.options.defaultOriginate.policy);
    return path ? egressPath({ router, peer, from: null, keepsNextHop: false }, path).id : 0;
  }
  if (best === null || withheld(engine, node, router, best) !== null) return 0;
  if (hiddenBehindDefault(router, peer, engine.prefix)) return 0;
  const merged = engine.plainTeller[node] === 0 ? mergedBest(engine, node, router, best) : null;
  if (merged) return groupWire(engine, router, node, group, merged);
  // One aggregate is never kept back for another (FRR passes over BGP_ROUTE_AGGREGATE in bgp_aggregate_route).
  if (engine.summarised[node] === 1 && best.path.source !== 'aggregate') {
    const lead = group.unsuppressed && offered(engine, router, group, best);
    return lead && group.unsuppressed ? exportedId(group.unsuppressed, engine.prefix, best.peer, lead) : 0;
  }
  if (group.conditional) {
    const told = conditionally(engine.met, node, router, group, engine.prefix, best);
    if (told === 'withheld') return 0;
    const lead = told && offered(engine, router, group, told);
    if (told) return lead === null ? 0 : exportedId(group.conditional, engine.prefix, best.peer, lead);
  }
  const known = knownLead(group, best.peer, standingIn(engine, group, best.peer), best.path);
  if (known === SUPPRESSED) return 0;
  const { path, peer: from } = best;
  if (known >= 0) {
    const lead = known === path.attributes ? path : pathWith(router.context.store, path.asPath, known);
    return exportedAnswer(group.class, engine.prefix, from, lead, group.leadKind);
  }
  const lead = offered(engine, router, group, best);
  return lead === null ? 0 : exportedId(group.class, engine.prefix, from, lead);
}

/** The best path with what is told in its place; null: that is itself, or another path is asked about. */
function mergedBest(engine: Engine, node: number, router: Router, one: Candidate): Candidate | null {
  const best = engine.best[node];
  if (!best || best !== one) return null;
  const path = toldPath(engine, node, router, best);
  return path === best.path ? null : { ...best, path };
}

/** The path on its way to a group, before policy; null: none of its peers is told. */
function offered(engine: Engine, router: Router, group: ExportGroup, best: Candidate): Path | null {
  const { path, peer: from } = best;
  const { peer } = group;
  const standing = standingIn(engine, group, from);
  const lead = suppression(router, peer, best) === null ? named(router, standing, best) : null;
  noteLead(group, router, from, standing, path, lead);
  return lead;
}
