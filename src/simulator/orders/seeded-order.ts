import type { Defaults } from '../dependencies.ts';
import { redecide } from '../engine/choose.ts';
import type { StartOrder } from '../engine/converge.ts';
import {
  deliverNext,
  eventLimit,
  type Origins,
  type Oscillation,
  openSlot,
  tellFirst,
} from '../engine/converge.ts';
import { addLocal, type Engine, nextSecond, routerAt } from '../engine/engine.ts';
import { tellAll } from '../engine/tell.ts';
import { noteLeader } from '../peers/update-groups.ts';
import { type Draw, drawFrom } from './draw.ts';
import { convergeTimed } from './timed-order.ts';

/**
 * One of the many ways in which a fabric may come up: what each router originates, and each session, comes up in a drawn order,
 * between deliveries that are drawn as well. The same seed gives the same order.
 */
export function convergeSeeded(
  engine: Engine,
  origins: Origins,
  defaults: Defaults,
  { seed = 0, upAt }: StartOrder,
): Oscillation {
  if (upAt) return convergeTimed(engine, { origins, defaults, seed, upAt });
  const draw = drawFrom(seed);
  const haste = draw.share();
  const time = drawFrom(seed + 1);
  const steps = startSteps(engine, origins, defaults, draw);
  const limit = eventLimit(engine);
  while (steps.length > 0 || engine.queue.head !== engine.queue.tail) {
    // In a drawn order no state comes back: that it goes on and on is all there is to say.
    if (engine.events >= limit) return { nodes: [...engine.touched].sort((a, b) => a - b), repeats: false };
    if (time.share() < SECOND_PASSES) nextSecond(engine);
    const idle = engine.queue.head === engine.queue.tail;
    const next = steps.at(-1);
    if (next && (idle || (!next.waits && draw.share() < haste))) {
      steps.pop();
      next.run();
    } else deliverDrawn(engine, draw);
  }
  return null;
}

/** How often a second goes by between two things that happen. */
const SECOND_PASSES = 0.5;

interface Step {
  /** Only once everything under way has arrived. */
  readonly waits: boolean;
  run(): void;
}

/** What is still to come up, last first. Most daemons have their own routes before their first session; some seeds differ. */
function startSteps(engine: Engine, origins: Origins, defaults: Defaults, draw: Draw): Step[] {
  const own = [...origins].map(([node, paths]) => () => {
    for (const path of paths) addLocal(engine, node, path);
    redecide(engine, node);
  });
  own.push(...[...defaults.keys()].map((node) => () => tellAll(engine, node)));
  const sessions: (() => void)[] = [];
  engine.topology.reverse.forEach((far, slot) => {
    if (slot < far)
      sessions.push(() => {
        for (const end of draw.shuffled([slot, far])) startSlot(engine, end, steps, draw);
      });
  });
  const order =
    draw.share() < 0.7
      ? [...draw.shuffled(sessions), ...draw.shuffled(own)]
      : draw.shuffled([...sessions, ...own]);
  const steps: Step[] = order.map((run) => ({ waits: false, run }));
  return steps;
}

/** The session of a slot is up: its router announces at once, or some time later. */
function startSlot(engine: Engine, slot: number, steps: Step[], draw: Draw): void {
  const announce = () => {
    openSlot(engine, slot);
    tellFirst(engine, slot);
  };
  const router = routerAt(engine.topology, engine.topology.owner[slot] ?? 0);
  noteLeader(engine, slot);
  if (router.config.profile.quirks.firstAnnouncementWaits)
    steps.splice(draw.below(steps.length + 1), 0, { waits: true, run: announce });
  else announce();
}

/** Delivers the oldest message of the session that a drawn one belongs to. */
export function deliverDrawn(engine: Engine, draw: Draw): void {
  const { queue } = engine;
  const mask = queue.slots.length - 1;
  const slot = queue.slots[(queue.head + draw.below(queue.tail - queue.head)) & mask];
  let at = queue.head;
  while (queue.slots[at & mask] !== slot) at++;
  const path = queue.paths[at & mask] ?? 0;
  for (; at > queue.head; at--) {
    queue.slots[at & mask] = queue.slots[(at - 1) & mask] ?? 0;
    queue.paths[at & mask] = queue.paths[(at - 1) & mask] ?? 0;
  }
  queue.slots[queue.head & mask] = slot ?? 0;
  queue.paths[queue.head & mask] = path;
  deliverNext(engine);
}
