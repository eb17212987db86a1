import { compareAddresses } from '../../base/ip.ts';
import { routerAt } from '../engine/engine.ts';
import { judgeAddress } from './candidates.ts';
import {
  CHOSEN_BY_AGE,
  FOR_GOOD,
  G,
  GROUP_CELLS,
  JUDGED,
  KEEPS_EARLIER,
  N,
  NODE_CELLS,
  ONE_BY_ONE,
  ORDERED,
  RANKED,
  S,
  SAYS_CHANGES,
  SLOT_CELLS,
  SPARES_SOURCE,
  UNRANKED,
  USABLE,
} from './cells.ts';
import type { Flat } from './layout.ts';
import { loopsOf, numberOfSet, type Twins } from './twins.ts';

/** Routers with more slots are no hosts. */
const MOST_SLOTS = 8;

/** All of the fabric. */
export function twinsOf(flat: Flat): Twins | null {
  if (flat.allTwins === undefined) flat.allTwins = findTwins(flat);
  return flat.allTwins;
}

function findTwins(flat: Flat): Twins | null {
  const { nodes, hearers, cells } = flat;
  const groups: Int32Array[] = [new Int32Array(0)];
  const steps = numberedSteps(flat);
  for (const alike of byKey(candidates(flat), (node) => hearsAs(flat, node, steps(node))))
    for (const same of byKey(alike, (node) => choosesAs(flat, node)))
      if (same.length > 1) groups.push(Int32Array.from(same));
  if (groups.length === 1) return null;
  const groupOf = new Int32Array(nodes.length / NODE_CELLS);
  groups.forEach((members, group) => {
    for (const node of members) groupOf[node] = group;
  });
  const leads = (node: number) => groups[groupOf[node] ?? 0]?.[0] === node;
  const followed = hearers.map((slot) => {
    const node = cells[slot * SLOT_CELLS] ?? 0;
    return leads(node) ? 0 : (groupOf[node] ?? 0);
  });
  return {
    ...{ groupOf, groups, followed, rowEnd: rowEnds(followed) },
    apart: new Int32Array(groups.length),
    ...setsByAs(flat, groups),
    setOfAsPath: new Int32Array(1024),
    choices: new Int32Array(groups.length),
    hops: groups.map(({ length }) => new Int32Array(length)),
  };
}

function rowEnds(followed: Int32Array): Int32Array {
  const ends = new Int32Array(followed.length);
  for (let at = followed.length - 1; at >= 0; at--)
    ends[at] = followed[at + 1] === followed[at] ? (ends[at + 1] ?? 0) : at + 1;
  return ends;
}

/** Routers whose choice hangs on nothing but what is compared below. */
function candidates({ engine, nodes }: Flat): readonly number[] {
  const { routers, slotStart } = engine.topology;
  const found: number[] = [];
  routers.forEach((router, node) => {
    const slots = (slotStart[node + 1] ?? 0) - (slotStart[node] ?? 0);
    const flags = nodes[node * NODE_CELLS + N.flags] ?? 0;
    if (!router || slots === 0 || slots > MOST_SLOTS || router.bgp.decision.bySession) return;
    if ((flags & (ORDERED | SAYS_CHANGES | KEEPS_EARLIER)) === ORDERED) found.push(node);
  });
  return found;
}

function byKey(nodes: readonly number[], keyOf: (node: number) => string | null): Iterable<number[]> {
  const found = new Map<string, number[]>();
  for (const node of nodes) {
    const key = keyOf(node);
    if (key === null) continue;
    const same = found.get(key);
    if (same) same.push(node);
    else found.set(key, [node]);
  }
  return found.values();
}

const HABITS = FOR_GOOD & ~(RANKED | UNRANKED | CHOSEN_BY_AGE);

/** Who tells the router, by what rules it imports that and passes it on; null: it is told in ways of its own. */
function hearsAs(flat: Flat, node: number, steps: number): string | null {
  const { engine, nodes, groups, cells } = flat;
  const { slotStart, reverse, routers } = engine.topology;
  const n = node * NODE_CELLS;
  const key: number[] = [(nodes[n + N.flags] ?? 0) & HABITS, nodes[n + N.view] ?? 0, steps];
  for (let slot = slotStart[node] ?? 0; slot < (slotStart[node + 1] ?? 0); slot++) {
    const c = slot * SLOT_CELLS;
    const teller = groupHolding(flat, reverse[slot] ?? -1);
    const g = teller * GROUP_CELLS;
    const from = groups[g + G.node] ?? 0;
    if (((groups[g + G.flags] ?? 0) & (ONE_BY_ONE | SPARES_SOURCE)) === ONE_BY_ONE) return null;
    if (!routers[from] || ((nodes[from * NODE_CELLS + N.flags] ?? 0) & SAYS_CHANGES) !== 0) return null;
    key.push(teller, cells[c + S.firstAs] ?? 0, (cells[c + S.flags] ?? 0) & ~(JUDGED | USABLE));
  }
  for (let group = nodes[n + N.groupStart] ?? 0; group < (nodes[n + N.groupEnd] ?? 0); group++) {
    const g = group * GROUP_CELLS;
    key.push(groups[g + G.flags] ?? 0, groups[g + G.exportClass] ?? 0, groups[g + G.view] ?? 0);
  }
  return key.join();
}

/** The export group that a slot is told with. */
function groupHolding({ placeOf, groups, nodes, cells }: Flat, slot: number): number {
  const n = (cells[slot * SLOT_CELLS] ?? 0) * NODE_CELLS;
  const place = placeOf[slot] ?? 0;
  let group = nodes[n + N.groupStart] ?? 0;
  while (place >= (groups[group * GROUP_CELLS + G.end] ?? 0) && group < (nodes[n + N.groupEnd] ?? 0)) group++;
  return group;
}

/** Routers with the same steps and options share them. */
function numberedSteps({ engine }: Flat): (node: number) => number {
  const numbers = new Map<unknown, number>();
  return (node) => {
    const { steps } = routerAt(engine.topology, node).process;
    const number = numbers.get(steps) ?? numbers.size;
    numbers.set(steps, number);
    return number;
  };
}

/** What tells its peers apart in the decision; null: their next hops cannot be used, or not always. */
function choosesAs(flat: Flat, node: number): string | null {
  const { engine, cells } = flat;
  const { slotStart, peers } = engine.topology;
  const start = slotStart[node] ?? 0;
  const key: string[] = [];
  const found = [];
  for (let slot = start; slot < (slotStart[node + 1] ?? 0); slot++) {
    const peer = peers.brief(slot);
    if (!peer?.address || !judgeAddress(flat, slot)) return null;
    if (((cells[slot * SLOT_CELLS + S.flags] ?? 0) & USABLE) === 0) return null;
    found.push({ place: slot - start, address: peer.address });
    key.push(`${peer.type} ${peer.routerId} ${engine.ownResolution[slot]?.metric}`);
  }
  found.sort((a, b) => compareAddresses(a.address, b.address));
  return [...key, ...found.map(({ place }) => place)].join();
}

/** By the AS that routers find loops by: the groups where these are not the same for all. */
function setsByAs(flat: Flat, groups: readonly Int32Array[]): Pick<Twins, 'sets' | 'setOfAs'> {
  const found = new Map<number, number[]>();
  groups.forEach((members, group) => {
    const own = Array.from(members, (node) => loopsOf(flat, node));
    const [first = []] = own;
    if (own.every((loops) => loops.join() === first.join())) return;
    for (const asn of new Set(own.flat())) {
      const others = found.get(asn);
      if (others) others.push(group);
      else found.set(asn, [group]);
    }
  });
  const sets: (readonly number[])[] = [[]];
  const setOfAs = new Map([...found].map(([asn, all]) => [asn, numberOfSet(sets, all)]));
  return { sets, setOfAs };
}
