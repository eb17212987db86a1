import { loopsToPeer, unfitNextHop } from '../../bgp/suppression.ts';
import { hashAlike } from '../engine/alike.ts';
import { routerAt } from '../engine/engine.ts';
import { exportOf, pathOf } from './answers.ts';
import { candidateAt } from './candidates.ts';
import {
  G,
  GROUP_CELLS,
  N,
  NODE_CELLS,
  ONE_BY_ONE,
  S,
  SLOT_CELLS,
  SPARES_SOURCE,
  SUPPRESSES_ALIKE,
  TOLD,
} from './cells.ts';
import { type Flat, push } from './layout.ts';
import { stray } from './twins.ts';

export function tellGroup(flat: Flat, group: number, best: number): void {
  const { groups } = flat;
  const g = group * GROUP_CELLS;
  const attributes = exportOf(flat, group, best);
  const asPath = attributes === 0 ? 0 : flat.asPath;
  const flags = groups[g + G.flags] ?? 0;
  const from = best < flat.slots ? best : -1;
  if (
    attributes === groups[g + G.sent] &&
    (attributes === 0 ||
      (asPath === groups[g + G.sentAsPath] && ((flags & ONE_BY_ONE) === 0 || from === groups[g + G.from])))
  ) {
    noteStory(flat, group, best);
    return;
  }
  noteTold(flat, group);
  stray(flat, groups[g + G.node] ?? 0);
  const spared = groups[g + G.from] ?? -1;
  groups[g + G.sentAsPath] = asPath;
  groups[g + G.sent] = attributes;
  groups[g + G.from] = from;
  if ((flags & SPARES_SOURCE) !== 0) {
    tellOthers(flat, group, spared, from, asPath, attributes);
    return;
  }
  if ((flags & ONE_BY_ONE) !== 0) {
    tellOneByOne(flat, group, best, asPath, attributes);
    return;
  }
  const had = groups[g + G.had] ?? 0;
  if (had === attributes && (had === 0 || groups[g + G.hadAsPath] === asPath)) {
    noteStory(flat, group, best);
    return;
  }
  if ((flags & SUPPRESSES_ALIKE) !== 0 && best >= 0) {
    const c = best * SLOT_CELLS;
    if (had !== 0 && attributes !== 0 && groups[g + G.hadAsPath] === asPath) {
      const before = pathOf(flat, asPath, had);
      const source = pathOf(flat, groups[g + G.toldAsPath] ?? 0, groups[g + G.told] ?? 0);
      const { path } = candidateAt(flat, best);
      if (hashAlike(before, pathOf(flat, asPath, attributes), source, path)) {
        flat.storied = true;
        return;
      }
    }
    groups[g + G.toldAsPath] = flat.cells[c + S.asPath] ?? 0;
    groups[g + G.told] = flat.cells[c + S.attributes] ?? 0;
  }
  groups[g + G.hadAsPath] = asPath;
  groups[g + G.had] = attributes;
  push(flat, groups[g + G.start] ?? 0, groups[g + G.end] ?? 0, asPath, attributes);
}

/** Something is written for the group: it is cleared when the router is reached for another prefix. */
function noteTold({ groups, nodes }: Flat, group: number): void {
  const f = (groups[group * GROUP_CELLS + G.node] ?? 0) * NODE_CELLS + N.flags;
  nodes[f] = (nodes[f] ?? 0) | TOLD;
}

/** What the group has stays, and was made from another path than the best one now: what is told next hangs on that (`hashAlike`). */
function noteStory(flat: Flat, group: number, best: number): void {
  const { groups } = flat;
  const g = group * GROUP_CELLS;
  const flags = groups[g + G.flags] ?? 0;
  if ((flags & (SUPPRESSES_ALIKE | ONE_BY_ONE)) !== SUPPRESSES_ALIKE || best < 0 || groups[g + G.had] === 0)
    return;
  if (!isSource(flat, best, groups[g + G.toldAsPath] ?? 0, groups[g + G.told] ?? 0)) flat.storied = true;
}

function isSource({ cells }: Flat, place: number, asPath: number, attributes: number): boolean {
  const c = place * SLOT_CELLS;
  return cells[c + S.asPath] === asPath && cells[c + S.attributes] === attributes;
}

/**
 * All are told but the one in slot `source`; the one in slot `spared` (-1: none of them) was not told what the others have. In the
 * order of the peers, as `tellOneByOne` does.
 */
function tellOthers(
  flat: Flat,
  group: number,
  spared: number,
  source: number,
  asPath: number,
  attributes: number,
): void {
  const { groups } = flat;
  const g = group * GROUP_CELLS;
  const [start, end] = [groups[g + G.start] ?? 0, groups[g + G.end] ?? 0];
  const had = groups[g + G.had] ?? 0;
  const before = had === 0 ? -1 : placeIn(flat, start, end, spared);
  const now = attributes === 0 ? -1 : placeIn(flat, start, end, source);
  if (had === attributes && groups[g + G.hadAsPath] === asPath) {
    if (before === now) return;
    // The same goes to whoever was spared, and is taken back from whoever is now.
    for (const at of before < now ? [before, now] : [now, before])
      if (at >= 0) push(flat, at, at + 1, at === now ? 0 : asPath, at === now ? 0 : attributes);
    return;
  }
  groups[g + G.hadAsPath] = asPath;
  groups[g + G.had] = attributes;
  const exception = attributes === 0 ? before : now;
  if (exception < 0) {
    push(flat, start, end, asPath, attributes);
    return;
  }
  push(flat, start, exception, asPath, attributes);
  if (attributes !== 0 && had !== 0 && before !== now) push(flat, exception, exception + 1, 0, 0);
  push(flat, exception + 1, end, asPath, attributes);
}

/** The place of a slot of the group; -1: it is none of its own. */
function placeIn({ placeOf }: Flat, start: number, end: number, slot: number): number {
  const place = slot < 0 ? -1 : (placeOf[slot] ?? -1);
  return place >= start && place < end ? place : -1;
}

/** Where the rules look at the single peer. */
function tellOneByOne(
  flat: Flat,
  group: number,
  best: number,
  groupsAsPath: number,
  groupsWire: number,
): void {
  const { groups, tellers, told, engine } = flat;
  const g = group * GROUP_CELLS;
  const router = routerAt(engine.topology, groups[g + G.node]);
  const candidate = best < 0 ? null : candidateAt(flat, best);
  const wirePath = groupsWire === 0 ? undefined : pathOf(flat, groupsAsPath, groupsWire);
  for (let at = groups[g + G.start] ?? 0; at < (groups[g + G.end] ?? 0); at++) {
    const slot = tellers[at] ?? 0;
    let wire = groupsWire;
    if (wire !== 0 && candidate) {
      const peer = engine.topology.peers.at(slot);
      if (
        peer &&
        (loopsToPeer(router, peer, candidate) !== null || unfitNextHop(router, peer, wirePath) !== null)
      )
        wire = 0;
    }
    const asPath = wire === 0 ? 0 : groupsAsPath;
    const t = slot * 4;
    if (told[t] === wire && told[t + 1] === asPath) {
      if (wire !== 0 && candidate && !isSource(flat, best, told[t + 3] ?? 0, told[t + 2] ?? 0))
        flat.storied = true;
      continue;
    }
    if (((groups[g + G.flags] ?? 0) & SUPPRESSES_ALIKE) !== 0 && candidate) {
      const [had, source] = [told[t] ?? 0, told[t + 2] ?? 0];
      if (
        had !== 0 &&
        wire !== 0 &&
        source !== 0 &&
        hashAlike(
          pathOf(flat, told[t + 1] ?? 0, had),
          pathOf(flat, asPath, wire),
          pathOf(flat, told[t + 3] ?? 0, source),
          candidate.path,
        )
      ) {
        flat.storied = true;
        continue;
      }
      told[t + 2] = flat.cells[best * SLOT_CELLS + S.attributes] ?? 0;
      told[t + 3] = flat.cells[best * SLOT_CELLS + S.asPath] ?? 0;
    }
    told[t] = wire;
    told[t + 1] = asPath;
    push(flat, at, at + 1, asPath, wire);
  }
}
