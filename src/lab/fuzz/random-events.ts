import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlan } from '../plan/plan.ts';
import type { LabHost } from '../wiring.ts';
import { type DrawnEvent, eventsText } from './event-text.ts';
import { Random } from './random.ts';
import { Course } from './random-course.ts';

/** Beside topology.yml: what the files of each event changed. */
export const CHANGES = 'changes.txt';

/**
 * Lets things happen to a fabric of the generator: its hosts start one by one, so that it is certain which session is the older one, and then hosts end and come back,
 * links and interfaces fail, files change. Writes `events` into its topology.yml and the files that are loaded beside `configs`.
 */
export function addRandomEvents(seed: number, folder: string): void {
  const random = new Random(seed * 7919 + 13);
  const { hosts } = readPlan(folder);
  const course = new Course(random, folder, hosts);
  const events = [...starts(random, hosts), ...course.draw(random.int(3, 5))];
  appendFileSync(join(folder, 'topology.yml'), eventsText(events));
  writeFileSync(join(folder, CHANGES), course.told.map((line) => `${line}\n`).join(''));
}

/** GoBGP takes its time before it dials, and all that is up before the next one starts is older for certain. */
const APART = { gobgp: 12, others: 8 };
const SETTLED = 25;

function starts(random: Random, hosts: readonly LabHost[]): readonly DrawnEvent[] {
  const left = hosts.map(({ name }) => name);
  const apart = hosts.some(({ daemon }) => daemon === 'gobgp') ? APART.gobgp : APART.others;
  return hosts.map((): DrawnEvent => {
    const [name = ''] = left.splice(random.int(0, left.length - 1), 1);
    const last = left.length === 0;
    return {
      change: { kind: 'start', hosts: [name] },
      delay: last ? SETTLED : apart,
      record: last ? 'begin' : null,
    };
  });
}
