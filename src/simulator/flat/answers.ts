import { holdsAs } from '../../bgp/as-path.ts';
import { prependAs } from '../../bgp/as-path-table.ts';
import type { Path } from '../../bgp/attributes.ts';
import { sentAsPath } from '../../bgp/egress.ts';
import { LONGEST_AS_PATH } from '../../bgp/export.ts';
import { namesOwnNextHop } from '../../bgp/import.ts';
import { pathWith } from '../../bgp/path-store.ts';
import { imported } from '../engine/deliver.ts';
import { importClassOf, routerAt } from '../engine/engine.ts';
import { groupWire } from '../engine/tell.ts';
import { importedAnswer } from '../peers/class-answers.ts';
import { SUPPRESSED } from '../peers/export-groups.ts';
import { candidateAt } from './candidates.ts';
import {
  CLASS_SHIFT,
  G,
  GROUP_CELLS,
  INTERNAL,
  LEAD_CELLS,
  N,
  NODE_CELLS,
  S,
  SLOT_CELLS,
  TO_INTERNAL,
} from './cells.ts';
import { answerOf, type ClassAnswers, keepAnswer } from './classes.ts';
import type { Flat } from './layout.ts';
import { asPathOf, bitOf, noteAsPath, noteAttributes, noteLonger, PLAIN } from './numbers.ts';

/** The path behind two numbers. */
export function pathOf({ store }: Flat, asPath: number, attributes: number): Path {
  return pathWith(store, asPathOf(store, asPath), attributes - 1);
}

/** Keeps a path as two numbers: the answer is that of its attributes, `flat.asPath` the other. */
export function numbersOf(flat: Flat, path: Path | null | undefined): number {
  if (!path) return 0;
  flat.asPath = noteAsPath(flat.numbers, path.asPath);
  return noteAttributes(flat.numbers, path);
}

/** What the import makes of a path: its attributes (0: refused), with its AS_PATH in `flat.asPath`. */
export function importOf(flat: Flat, slot: number, asPath: number, attributes: number): number {
  const { cells, numbers } = flat;
  const c = slot * SLOT_CELLS;
  const loop = cells[c + S.loopAs] ?? 0;
  const first = cells[c + S.firstAs] ?? 0;
  const p = asPath * 4;
  if (
    loop === 0 ||
    ((numbers.flags[attributes] ?? 0) & PLAIN) === 0 ||
    numbers.asPaths[p + 3] !== 1 ||
    (asPath === 0 && first !== 0)
  )
    return importSlowly(flat, slot, asPath, attributes);
  if (((numbers.asPaths[p + 2] ?? 0) & bitOf(loop)) !== 0 && looped(flat, asPath, loop)) return 0;
  if (first !== 0 && first !== numbers.asPaths[p + 1]) return 0;
  return classAnswer(flat, slot, asPath, attributes);
}

/** The same for a plain path that nothing refuses before the rules of the slot's class are asked. */
export function classAnswer(flat: Flat, slot: number, asPath: number, attributes: number): number {
  const answers = flat.classes.imports[(flat.cells[slot * SLOT_CELLS + S.flags] ?? 0) >>> CLASS_SHIFT];
  if (!answers) return 0;
  flat.asPath = asPath;
  const known = answerOf(flat, answers, asPath, attributes);
  return known !== 0 ? known - 1 : importAnew(flat, answers, slot, asPath, attributes);
}

export function looped({ store }: Flat, asPath: number, asn: number): boolean {
  return holdsAs(asPathOf(store, asPath), asn >>> 0);
}

function importAnew(
  flat: Flat,
  answers: ClassAnswers,
  slot: number,
  asPath: number,
  attributes: number,
): number {
  const { engine, cells } = flat;
  const router = routerAt(engine.topology, cells[slot * SLOT_CELLS]);
  const peer = engine.topology.peers.at(slot);
  const peerClass = importClassOf(engine, slot);
  if (!peer || !peerClass) return 0;
  const wire = pathOf(flat, asPath, attributes);
  const id = importedAnswer(peerClass, router, peer, engine.prefix, wire);
  const path = engine.paths[id];
  // Whose address that is hangs on the router, and the class has several.
  if (path && path.nextHop !== null) return namesOwnNextHop(router, path) ? 0 : numbersOf(flat, path);
  const answer = numbersOf(flat, path);
  keepAnswer(flat, answers, asPath, attributes, answer + 1);
  return answer;
}

/** As the engine does it. */
function importSlowly(flat: Flat, slot: number, asPath: number, attributes: number): number {
  const { engine, cells } = flat;
  engine.received[slot] = pathOf(flat, asPath, attributes).id;
  const path = imported(engine, slot, routerAt(engine.topology, cells[slot * SLOT_CELLS]));
  engine.received[slot] = 0;
  return numbersOf(flat, path);
}

/** What a group is told of the best path: its attributes (0: nothing), with its AS_PATH in `flat.asPath`. */
export function exportOf(flat: Flat, group: number, best: number): number {
  if (best < 0) return 0;
  const { cells, nodes, groups } = flat;
  const g = group * GROUP_CELLS;
  const c = best * SLOT_CELLS;
  if (
    best < flat.slots &&
    ((cells[c + S.flags] ?? 0) & INTERNAL) !== 0 &&
    ((groups[g + G.flags] ?? 0) & TO_INTERNAL) !== 0
  )
    return 0;
  const n = (groups[g + G.node] ?? 0) * NODE_CELLS;
  const asPath = cells[c + S.asPath] ?? 0;
  const attributes = cells[c + S.attributes] ?? 0;
  const at = LEAD_CELLS * ((cells[c + S.leads] ?? 0) + group - (nodes[n + N.groupStart] ?? 0));
  if (best < flat.slots && flat.leads[at] === attributes && isShort(flat, asPath)) {
    const lead = flat.leads[at + 1] ?? 0;
    const answer = lead >= 0 ? lead : leadAnswer(flat, group, asPath, at);
    if (answer === 0) return 0;
    if (answer > 0) {
      flat.asPath =
        groups[g + G.pathIn] === asPath ? (groups[g + G.pathOut] ?? 0) : putOwn(flat, group, asPath);
      return answer;
    }
  }
  return exportSlowly(flat, group, best, at);
}

/** One sequence or none, and so short that one more AS fits in. */
export function isShort({ numbers }: Flat, asPath: number): boolean {
  return numbers.asPaths[asPath * 4 + 3] === 1 && (numbers.asPaths[asPath * 4] ?? 0) < LONGEST_AS_PATH - 2;
}

function putOwn(flat: Flat, group: number, asPath: number): number {
  const { groups, engine, numbers, store } = flat;
  const g = group * GROUP_CELLS;
  const ownAs = (groups[g + G.ownAs] ?? 0) >>> 0;
  if (ownAs !== 0) {
    const { id } = prependAs(store.asPaths, asPathOf(store, asPath), ownAs);
    groups[g + G.pathIn] = asPath;
    groups[g + G.pathOut] = id;
    return noteLonger(numbers, asPath, ownAs, id);
  }
  const exportGroup = flat.exportGroups[group];
  const router = routerAt(engine.topology, groups[g + G.node]);
  if (!exportGroup) return 0;
  const sent = sentAsPath(router, exportGroup.class.peer, asPathOf(router.context.store, asPath));
  groups[g + G.pathIn] = asPath;
  groups[g + G.pathOut] = noteAsPath(numbers, sent);
  return sent.id;
}

/** The policy's answer for the AS_PATH of a path offered to the group (its `leads` begin at `at`); -1: not known. */
function leadAnswer(flat: Flat, group: number, asPath: number, at: number): number {
  const { groups, leads, classes } = flat;
  const g = group * GROUP_CELLS;
  // The same answers of the AS_PATH as last time: nothing of the class has to be looked at.
  const view = classes.views[(groups[g + G.view] ?? 0) - 1]?.known[asPath] ?? 0;
  if (view > 0 && leads[at + 2] === view) return leads[at + 3] ?? 0;
  const answers = classes.exports[groups[g + G.exportClass] ?? 0];
  if (!answers) return -1;
  const answer = answerOf(flat, answers, asPath, -(leads[at + 1] ?? 0)) - 1;
  if (view > 0 && answer >= 0) {
    leads[at + 2] = view;
    leads[at + 3] = answer;
  }
  return answer;
}

/** As the engine does it; remembers the answer as far as it hangs on what is known by numbers. */
function exportSlowly(flat: Flat, group: number, best: number, at: number): number {
  const { engine, groups, cells } = flat;
  const exportGroup = flat.exportGroups[group];
  if (!exportGroup) return 0;
  const node = groups[group * GROUP_CELLS + G.node] ?? 0;
  const candidate = candidateAt(flat, best);
  const id = groupWire(engine, routerAt(engine.topology, node), node, exportGroup, candidate);
  const answer = numbersOf(flat, engine.paths[id]);
  const c = best * SLOT_CELLS;
  const asPath = cells[c + S.asPath] ?? 0;
  const attributes = cells[c + S.attributes] ?? 0;
  if (best >= flat.slots || !isShort(flat, asPath)) return answer;
  if (exportGroup.leadFrom !== candidate.peer || exportGroup.leadAttributes !== attributes - 1) return answer;
  const { scope, answers } = exportGroup.class;
  if (scope === 'whole') return answer;
  flat.leads[at] = attributes;
  if (exportGroup.lead === SUPPRESSED) {
    flat.leads[at + 1] = 0;
    return answer;
  }
  if (scope === 'attributes' && !answers.byPrefix) {
    flat.leads[at + 1] = answer;
    return answer;
  }
  const key = (exportGroup.lead + 1) * 16 + exportGroup.leadKind;
  flat.leads[at + 1] = -key;
  flat.leads[at + 2] = 0;
  const known = flat.classes.exports[groups[group * GROUP_CELLS + G.exportClass] ?? 0];
  if (known) keepAnswer(flat, known, asPath, key, answer + 1);
  return answer;
}
