import { ipFamilyOf } from '../../base/family.ts';
import type { Defaults } from '../dependencies.ts';
import { redecide } from '../engine/choose.ts';
import {
  eventLimit,
  type Origins,
  type Oscillation,
  openSlot,
  type StartOrder,
  tellFirst,
} from '../engine/converge.ts';
import { addLocal, type Engine, nextSecond, routerAt } from '../engine/engine.ts';
import { firstWait } from '../engine/first-announcement.ts';
import { tellAll } from '../engine/tell.ts';
import { noteLeader } from '../peers/update-groups.ts';
import { hostOf } from '../table/beside.ts';
import { type Draw, drawFrom } from './draw.ts';
import { deliverDrawn } from './seeded-order.ts';

export interface TimedOrder {
  readonly origins: Origins;
  readonly defaults: Defaults;
  readonly seed: number;
  readonly upAt: NonNullable<StartOrder['upAt']>;
}

/** What happens at a second of the clock. */
interface Step {
  readonly at: number;
  run(): void;
}

/** Messages are there after so many seconds; what is further apart does not cross. */
const UNDER_WAY = 0.3;
/** What FRR waits before it says what it has to new peers may be longer than it should, in seconds. */
const GATHERS_LONGER = 1.5;
/** How wrongly the seconds may have been read: one of these is drawn. Daemons that tell whole seconds are the reason for the second. */
const ERRORS = [0.1, 1, 3];

/**
 * One of the ways in which a fabric came up whose sessions were seen to come up at certain seconds: the order is drawn from around
 * these. What the daemons have is far more often the outcome of such an order than of one in which everything is drawn.
 */
export function convergeTimed(engine: Engine, order: TimedOrder): Oscillation {
  const draw = drawFrom(order.seed);
  const steps = stepsOf(engine, order, draw).sort((a, b) => b.at - a.at);
  const limit = eventLimit(engine);
  let now = steps.at(-1)?.at ?? 0;
  while (steps.length > 0 || engine.queue.head !== engine.queue.tail) {
    if (engine.events >= limit) return { nodes: [...engine.touched].sort((a, b) => a - b), repeats: false };
    const idle = engine.queue.head === engine.queue.tail;
    const next = steps.at(-1);
    // Each delivery takes its part of the time a message needs.
    if (!next || (!idle && next.at - now > draw.share() * UNDER_WAY)) {
      deliverDrawn(engine, draw);
      now += idle ? 0 : draw.share() * 0.01;
      continue;
    }
    if (Math.floor(next.at) > Math.floor(now)) nextSecond(engine);
    now = Math.max(now, next.at);
    steps.pop();
    next.run();
  }
  return null;
}

function stepsOf(engine: Engine, order: TimedOrder, draw: Draw): Step[] {
  const error = ERRORS[draw.below(ERRORS.length)] ?? 0;
  const around = (at: number) => at + (draw.share() - 0.5) * error;
  const steps: Step[] = [];
  const first = new Map<number, number>();
  for (const [slot, far] of engine.topology.reverse.entries()) {
    if (slot > far || far < 0) continue;
    const at = around(seenUp(engine, order.upAt, slot) ?? seenUp(engine, order.upAt, far) ?? 0);
    const [node, other] = [slot, far].map((end) => engine.topology.owner[end] ?? 0) as [number, number];
    for (const one of [node, other]) first.set(one, Math.min(at, first.get(one) ?? at));
    for (const end of draw.shuffled([slot, far])) steps.push(...startSlot(engine, end, at, draw));
  }
  // Nearly always a daemon has its own routes before its first session; commands that add some may be late.
  const late = draw.share() < 0.2;
  for (const [node, paths] of order.origins)
    steps.push({
      at: (first.get(node) ?? 0) + (late ? draw.share() * 2 - 1 : -10 - draw.share()),
      run: () => {
        for (const path of paths) addLocal(engine, node, path);
        redecide(engine, node);
      },
    });
  for (const node of order.defaults.keys())
    steps.push({ at: (first.get(node) ?? 0) - 5, run: () => tellAll(engine, node) });
  return steps;
}

/** The second at which the session of a slot was seen to come up. */
export function seenUp(
  engine: Engine,
  upAt: NonNullable<StartOrder['upAt']>,
  slot: number,
): number | undefined {
  const { owner, peers, family } = engine.topology;
  const address = peers.at(slot)?.address;
  if (!address || address.family !== ipFamilyOf(family)) return undefined;
  return upAt(hostOf(engine.topology, owner[slot] ?? -1), address.text);
}

function startSlot(engine: Engine, slot: number, at: number, draw: Draw): readonly Step[] {
  const opens = () => {
    noteLeader(engine, slot);
    openSlot(engine, slot);
  };
  const router = routerAt(engine.topology, engine.topology.owner[slot] ?? 0);
  const wait = firstWait(router);
  if (wait === 0)
    return [
      {
        at,
        run: () => {
          opens();
          tellFirst(engine, slot);
        },
      },
    ];
  return [
    { at, run: () => noteLeader(engine, slot) },
    {
      at: at + wait / 1000 + draw.share() * GATHERS_LONGER,
      run: () => {
        opens();
        tellFirst(engine, slot);
      },
    },
  ];
}
