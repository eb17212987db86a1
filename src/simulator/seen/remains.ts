import type { Asn } from '../../base/asn.ts';
import { internAsPath } from '../../bgp/as-path-table.ts';
import type { Path } from '../../bgp/attributes.ts';
import { named } from '../../bgp/export.ts';
import { withPath } from '../../bgp/path-store.ts';
import type { Candidate } from '../../bgp/rib/candidate.ts';
import type { Router } from '../../bgp/router.ts';
import { drain, type Oscillation } from '../engine/converge.ts';
import { imported } from '../engine/deliver.ts';
import { candidateOf, type Engine, routerAt } from '../engine/engine.ts';
import { keepsSilent } from '../engine/fib-pending.ts';
import { judgeNextHop } from '../engine/judge.ts';
import { takesSeveral } from '../engine/lanes.ts';
import { isServerClient, pathsForClient } from '../engine/server-table.ts';
import { groupWire } from '../engine/tell.ts';
import { exportedId } from '../peers/class-answers.ts';
import { isShownAs, type Seen, type ShownPath } from './chosen.ts';
import { overruled } from './stands.ts';

/** What remains somewhere changes what is passed on from there: so often it is looked at again. */
const PASSES = 8;
/** An earlier path may itself come from an earlier path, so many routers back. */
const STEPS_BACK = 3;

/**
 * Puts what was left behind where a table shows it. A path at rest is what its neighbor says now, with four exceptions, each a habit in the
 * profile: a change that a daemon without Adj-RIB-Out says nothing of leaves an earlier path (`saysChangesOnly`), a path refused for a loop leaves
 * the one before (`loopKeepsEarlierPath`), and what hashes as what was sent last is not sent again (`suppressesAlike`), nor is what a peer was told while it was alone in its update group (`updateGroupsShareAs`); a router that keeps silent by now may have been so from the
 * beginning. An earlier path has to be
 * one that the neighbor can have had: made from what its neighbors have, or can have had.
 */
export function leaveRemains(engine: Engine, seen: Seen): Oscillation {
  const { owner, reverse, peers, lanes, routers } = engine.topology;
  const stages = setsIn(routers.flatMap((_router, node) => seen.paths(node, engine.prefix.text)));
  for (let pass = 0; pass < PASSES; pass++) {
    let left = false;
    for (const [slot, far] of reverse.entries()) {
      // Of several paths over one session it is not known which came where.
      if ((lanes.get(far)?.length ?? 0) > 1) continue;
      const node = owner[slot] ?? -1;
      const name = peers.at(slot)?.name;
      const wanted = seen.paths(node, engine.prefix.text).filter(({ from }) => from === name);
      if (wanted.length === 0 && unsaid(engine, slot)) {
        engine.queue.push(slot, 0);
        left = true;
        continue;
      }
      const only = wanted.length === 1 && far >= 0 ? wanted[0] : undefined;
      if (!only || holds(engine, slot, node, only)) continue;
      const wire = earlierWires(engine, slot, node, stages).find((one) =>
        brings(engine, slot, node, one, only),
      );
      if (wire === undefined) continue;
      engine.queue.push(slot, wire);
      left = true;
    }
    const restless = drain(engine);
    if (restless || !left) return restless;
  }
  return null;
}

/** Has the slot a path that its neighbor, silent by now, may never have said (`keepsSilent`)? */
function unsaid(engine: Engine, slot: number): boolean {
  const { owner, reverse, routers } = engine.topology;
  const node = owner[reverse[slot] ?? -1] ?? -1;
  const router = routers[node];
  return engine.inList[slot] === 1 && router != null && keepsSilent(engine, node, router);
}

function holds(engine: Engine, slot: number, node: number, wanted: ShownPath): boolean {
  return engine.inList[slot] === 1 && isShownAs(engine, node, candidateOf(engine, slot), wanted);
}

/** Would the path, received there, be shown so? */
function brings(engine: Engine, slot: number, node: number, wire: number, wanted: ShownPath): boolean {
  const path = importedAs(engine, slot, wire);
  return path !== null && isShownAs(engine, node, { ...candidateOf(engine, slot), path }, wanted);
}

function importedAs(engine: Engine, slot: number, wire: number): Path | null {
  const received = engine.received[slot] ?? 0;
  engine.received[slot] = wire;
  const path = imported(engine, slot, routerAt(engine.topology, engine.topology.owner[slot]));
  engine.received[slot] = received;
  return path;
}

/** What the neighbor may have said before and not taken back, as path numbers. */
function earlierWires(engine: Engine, slot: number, node: number, stages: Stages): readonly number[] {
  const { topology } = engine;
  const sender = routerAt(topology, topology.owner[topology.reverse[slot] ?? -1]);
  const now = engine.received[slot] ?? 0;
  const { saysChangesOnly, suppressesAlike } = sender.config.profile.quirks;
  const refused = now !== 0 && engine.inList[slot] === 0;
  const keeps = refused && routerAt(topology, node).config.profile.quirks.loopKeepsEarlierPath === true;
  const path = engine.paths[now];
  const wires: number[] = [];
  if (suppressesAlike && path && (path.med === null || path.med === 0))
    wires.push(withPath(sender.context.store, path, { med: path.med === null ? 0 : null }).id);
  wires.push(...saidAlone(engine, slot), ...saidByServer(engine, slot));
  if ((saysChangesOnly && now === 0) || keeps) wires.push(...saidBefore(engine, slot, STEPS_BACK, stages));
  return wires.filter((wire) => wire !== 0 && wire !== now);
}

/**
 * FRR tells a peer its own route back with the next hop that the others of its update group are told, unless the peer is alone in it. It may have been when
 * it came up: it has a subgroup of its own until it knows what the others do, and nothing is said again when the two become one
 * (`update_subgroup_check_merge`).
 */
function saidAlone(engine: Engine, slot: number): readonly number[] {
  const { topology, prefix } = engine;
  const far = topology.reverse[slot] ?? -1;
  const node = topology.owner[far] ?? -1;
  const router = routerAt(topology, node);
  const [peer, best] = [topology.peers.at(far), engine.best[node]];
  const group = engine.groups[node]?.find(({ slots }) => slots.includes(far));
  const shares = router.config.profile.quirks.updateGroupsShareAs === true;
  if (!shares || !peer || !best || !group || best.peer !== peer || engine.received[slot] === 0) return [];
  return [exportedId(group.class, prefix, peer, named(router, peer, best))];
}

/** The table a route server has for its clients is shown nowhere: whatever it may choose for this one in some order of arrival. */
function saidByServer(engine: Engine, slot: number): readonly number[] {
  const { topology, prefix } = engine;
  const far = topology.reverse[slot] ?? -1;
  const node = topology.owner[far] ?? -1;
  const router = routerAt(topology, node);
  const client = topology.peers.at(far);
  const group = engine.groups[node]?.find(({ slots }) => slots.includes(far));
  if (!client || !group || !isServerClient(router, client)) return [];
  const several = takesSeveral(topology, far);
  const others = pathsForClient(router, client, engine.lists[node] ?? [], several).map((one) => ({
    ...one,
    invalid: null,
  }));
  const all = several || client.options.secondaryRoute === true;
  return others
    .filter((one) => all || overruled(router.process, others, one) === null)
    .map((one) => exportedId(group.class, prefix, one.peer, named(router, client, one)));
}

/** All that the neighbor of a slot can have said there. */
function saidBefore(engine: Engine, slot: number, steps: number, stages: Stages): ReadonlySet<number> {
  const { topology, prefix } = engine;
  const far = topology.reverse[slot] ?? -1;
  const node = topology.owner[far] ?? -1;
  const router = topology.routers[node];
  const peer = topology.peers.at(far);
  const group = engine.groups[node]?.find(({ slots }) => slots.includes(far));
  const wires = new Set<number>();
  if (!router || !peer || !group) return wires;
  for (const candidate of hadBefore(engine, node, far, steps, stages))
    wires.add(
      router.config.profile.quirks.saysChangesOnly
        ? exportedId(group.class, prefix, candidate.peer, named(router, peer, candidate))
        : groupWire(engine, router, node, group, candidate),
    );
  wires.delete(0);
  return wires;
}

/** All that a router can have had, but for what came from where it is told. */
function hadBefore(
  engine: Engine,
  node: number,
  told: number,
  steps: number,
  stages: Stages,
): readonly Candidate[] {
  const { slotStart, reverse } = engine.topology;
  const router = routerAt(engine.topology, node);
  const had: Candidate[] = (engine.lists[node] ?? []).filter(({ invalid }) => invalid === null);
  had.push(...had.flatMap((one) => fromOtherParts(router, one, stages)));
  if (steps === 0) return had;
  for (let slot = slotStart[node] ?? 0; slot < (slotStart[node + 1] ?? 0); slot++) {
    if (slot === told || (reverse[slot] ?? -1) < 0) continue;
    for (const wire of saidBefore(engine, slot, steps - 1, stages)) {
      const path = importedAs(engine, slot, wire);
      if (!path) continue;
      const candidate = { ...candidateOf(engine, slot), path };
      if (had.some((one) => one.path === path && one.peer === candidate.peer)) continue;
      // The next hop that is sent hangs on where the path leads.
      if (router.config.table) judgeNextHop(engine, node, router, candidate);
      had.push(candidate);
    }
  }
  return had;
}

/** The AS_SETs that tables show of a prefix: what an aggregate of it was made of at one time or another. */
type Stages = readonly (readonly Asn[])[];

function setsIn(paths: readonly ShownPath[]): Stages {
  const texts = paths.flatMap(({ asPath }) =>
    [...asPath.matchAll(/\{([\d,]+)\}/g)].map(([, asns]) => asns ?? ''),
  );
  return [...new Set(texts)].map((text) => text.split(',').map(Number));
}

/**
 * An aggregate as it was before parts from elsewhere came, or with parts that are gone: another AS_SET, a better ORIGIN (RFC 4271 9.2.2.2). Of one
 * part alone FRR keeps the AS_PATH as it is.
 */
function fromOtherParts(
  { context: { store } }: Router,
  candidate: Candidate,
  stages: Stages,
): readonly Candidate[] {
  const { path } = candidate;
  if (path.source !== 'aggregate') return [];
  const origins = ([0, 1, 2] as const).filter((origin) => origin <= path.origin);
  const alone = [...new Set(path.asPath.asns)].map((asn) =>
    internAsPath(store.asPaths, [{ kind: 'sequence', asns: [asn] }]),
  );
  const sets = stages.map((asns) => internAsPath(store.asPaths, [{ kind: 'set', asns }]));
  return origins.flatMap((origin) => [
    { ...candidate, path: withPath(store, path, { origin }) },
    ...[store.asPaths.empty, ...alone, ...(path.atomicAggregate ? [] : sets)].map((asPath) => ({
      ...candidate,
      path: withPath(store, path, { origin, asPath, communities: [] }),
    })),
  ]);
}
