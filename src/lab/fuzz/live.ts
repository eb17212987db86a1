import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { converge } from '../converge.ts';
import { LabFabric } from '../fabric.ts';
import { readPlan } from '../plan/plan.ts';
import { playEvents } from '../play.ts';
import { labFolder, prefixOf } from '../run/names.ts';
import { goOn, type Steps } from '../steps.ts';
import type { Play } from './events-run.ts';
import { type Observe, observed } from './random-run.ts';

/** Seconds after which a fabric is taken for one that never settles. */
const BOUND = 150;
/** FRR calls again two minutes after a call came to nothing, as it does where everything starts at once on a busy machine. */
const PATIENCE = 130;
/** The same where the simulator says that some prefix never settles: what goes round and round takes the processor from all others. */
const RESTLESS_BOUND = 40;

/** Boots a folder in namespaces that belong to the lab, so that whatever becomes of it they are found. */
export function observer(name: string, seed: number, steps: Steps): Observe {
  let count = 0;
  return async (folder, sessions, restless) => {
    const run = `s${seed}-${count++}`;
    const { hosts } = readPlan(folder);
    const options = { exact: true, folder: join(labFolder(name), run) };
    const lab = LabFabric.wired(`${prefixOf(name)}.${run}`, hosts, options);
    const tables = await observed(lab, async () => {
      const names = hosts.filter(({ daemon }) => daemon !== 'none').map((host) => host.name);
      await lab.startTogether(names, () => goOn(steps));
      // Nothing is expected: that tables are the simulated ones for a moment must not end it.
      const settled = await converge(
        lab,
        {
          sessions,
          expected: () => false,
          every: 2,
          patience: PATIENCE,
          bound: restless ? RESTLESS_BOUND : BOUND,
        },
        steps,
      );
      return settled.settled ? { tables: settled.tables, upAt: await lab.since() } : null;
    });
    rmSync(options.folder, { recursive: true, force: true });
    return tables;
  };
}

/** The same for a folder with events: they happen in real time. */
export function player(name: string, seed: number, steps: Steps): Play {
  let count = 0;
  return async (plan) => {
    const run = `s${seed}-${count++}`;
    const options = { exact: true, folder: join(labFolder(name), run) };
    const lab = LabFabric.wired(`${prefixOf(name)}.${run}`, plan.hosts, options);
    try {
      return await playEvents(lab, plan, { ...steps, say: () => undefined });
    } finally {
      lab.close();
      rmSync(options.folder, { recursive: true, force: true });
    }
  };
}
