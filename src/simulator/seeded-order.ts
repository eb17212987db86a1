import type { StartOrder } from './converge.ts';
import {
  deliverNext,
  eventLimit,
  type Origins,
  type Oscillation,
  tellFirst,
  watchCycle,
} from './converge.ts';
import type { Defaults } from './dependencies.ts';
import { type Draw, drawFrom } from './draw.ts';
import { addLocal, type Engine, redecide, tellAll } from './engine.ts';

/**
 * One of the many ways in which a fabric may come up: what each router originates, and each session, comes up in a drawn order,
 * between deliveries that are drawn as well. The same seed gives the same order.
 */
export function convergeSeeded(
  engine: Engine,
  origins: Origins,
  defaults: Defaults,
  { seed = 0 }: StartOrder,
): Oscillation {
  const draw = drawFrom(seed);
  const haste = draw.share();
  const steps = startSteps(engine, origins, defaults, draw);
  const limit = eventLimit(engine);
  while (steps.length > 0 || engine.queue.head !== engine.queue.tail) {
    if (engine.events >= limit) return watchCycle(engine);
    const idle = engine.queue.head === engine.queue.tail;
    if (steps.length > 0 && (idle || draw.share() < haste)) steps.pop()?.();
    else deliverDrawn(engine, draw);
  }
  return null;
}

/** What is still to come up, last first. Most daemons have their own routes before their first session; some seeds differ. */
function startSteps(engine: Engine, origins: Origins, defaults: Defaults, draw: Draw): (() => void)[] {
  const own = [...origins].map(([node, paths]) => () => {
    for (const path of paths) addLocal(engine, node, path);
    redecide(engine, node);
  });
  own.push(...[...defaults.keys()].map((node) => () => tellAll(engine, node)));
  const sessions: (() => void)[] = [];
  engine.topology.reverse.forEach((far, slot) => {
    if (slot < far) sessions.push(() => openSession(engine, slot, far));
  });
  return draw.share() < 0.7
    ? [...draw.shuffled(sessions), ...draw.shuffled(own)]
    : draw.shuffled([...sessions, ...own]);
}

function openSession(engine: Engine, slot: number, far: number): void {
  engine.open[slot] = engine.open[far] = 1;
  tellFirst(engine, slot);
  tellFirst(engine, far);
}

/** Delivers the oldest message of the session that a drawn one belongs to. */
function deliverDrawn(engine: Engine, draw: Draw): void {
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
