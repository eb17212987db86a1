import { bitsOf, type Prefix } from '../../base/ip.ts';
import { isOdd } from '../../bgp/unicast-networks.ts';
import { forgetFlat } from '../flat/layout.ts';
import { forgetAnswers } from '../peers/class-answers.ts';
import { forgetLead } from '../peers/export-groups.ts';
import type { PeerClass } from '../peers/peer-classes.ts';
import { clearLanes } from './add-path.ts';
import type { Engine } from './engine.ts';
import { forgetOutcomes } from './outcomes.ts';

/** Forgets the prefix before and begins with this one, with all sessions open or none. */
export function beginPrefix(engine: Engine, prefix: Prefix, open: 0 | 1 = 0): void {
  for (const node of engine.touched) {
    const list = engine.lists[node];
    if (list) for (const candidate of list) candidate.selected = false;
    if (list) list.length = 0;
    engine.best[node] = null;
    engine.bestPath[node] = 0;
    engine.isTouched[node] = 0;
    engine.sameMed[node] = 0;
  }
  engine.touched.length = 0;
  for (const group of engine.told) {
    group.sent = 0;
    group.from = null;
  }
  engine.told.length = 0;
  for (const slot of engine.noted)
    engine.received[slot] = engine.sent[slot] = engine.inList[slot] = engine.isNoted[slot] = 0;
  engine.noted.length = 0;
  engine.missed.clear();
  engine.toldByPath.clear();
  engine.waiting.clear();
  engine.damping?.flaps.clear();
  engine.damping?.counted.clear();
  engine.inRounds = false;
  for (const node of engine.unsettled) engine.isUnsettled[node] = 0;
  engine.unsettled.length = 0;
  if (engine.topology.lanes.size > 0) clearLanes(engine);
  engine.summarised.fill(0);
  engine.defaults.clear();
  engine.choice = null;
  engine.queue.head = engine.queue.tail = 0;
  openAll(engine, open);
  engine.prefix = prefix;
  engine.isHostRoute = prefix.length === bitsOf(prefix.family);
  engine.isOdd = isOdd(prefix);
  engine.arrivals = 0;
  engine.events = 0;
  engine.throughBgp = false;
}

function openAll(engine: Engine, open: 0 | 1): void {
  if (engine.openness !== open) engine.open.fill(open);
  engine.openness = open;
}

/** One class for all that share their answers: few of very many. */
function answering(engine: Engine): readonly PeerClass[] {
  if (engine.answering.of !== engine.classes.size) {
    const byAnswers = new Map([...engine.classes.values()].map((one) => [one.answers, one]));
    engine.answering = { of: engine.classes.size, classes: [...byAnswers.values()] };
  }
  return engine.answering.classes;
}

/** Empties everything that refers to a path, so that the paths can be forgotten. */
export function clearEngine(engine: Engine, attributesToo: boolean): void {
  beginPrefix(engine, engine.prefix);
  for (const peerClass of answering(engine)) forgetAnswers(peerClass, attributesToo);
  if (engine.flat && engine.flat !== 'never') forgetFlat(engine.flat, attributesToo);
  if (!attributesToo) return;
  for (const groups of engine.groups) for (const group of groups) forgetLead(group);
  forgetOutcomes(engine.outcomes);
}
