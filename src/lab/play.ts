import { loadedKey } from '../pipeline/topology/configs.ts';
import type { TopologyEvent } from '../pipeline/topology/events.ts';
import { readTopologyFolder } from '../pipeline/topology/files.ts';
import { DEFAULT_DELAY } from '../simulator/timeline/timeline.ts';
import { converge } from './converge.ts';
import { LabFabric } from './fabric.ts';
import { type LabPlan, readPlan } from './plan/plan.ts';
import { goOn, pause, quietly, type Steps } from './steps.ts';
import type { FabricTables } from './tables.ts';

/** Tables at the end, and those that events recorded on the way. */
export interface Played {
  readonly phases: Readonly<Record<string, FabricTables>>;
  readonly hosts: FabricTables;
}

/** GoBGP takes up to 10 s before it dials: seconds that sessions get which have not come up, and never may. */
const PATIENCE = 18;
/** Seconds after which the events happen even though something still moves. */
const BOUND = 90;

/** The events of a folder; null: it has none. */
export function eventsOf(folder: string): readonly TopologyEvent[] | null {
  return readPlan(folder).events;
}

/** Runs a folder with its events on the real daemons, in real time. */
export async function play(folder: string, prefix: string): Promise<Played> {
  const plan = readPlan(folder);
  const lab = LabFabric.wired(prefix, plan.hosts);
  try {
    return await playEvents(lab, plan);
  } finally {
    lab.close();
  }
}

/** Starts the hosts of a wired fabric that wait for no event, lets them settle, and then the events happen. */
export async function playEvents(lab: LabFabric, plan: LabPlan, steps: Steps = quietly): Promise<Played> {
  const events = plan.events ?? [];
  const waiting = startedByEvent(events);
  const first = plan.hosts.map(({ name }) => name).filter((name) => !waiting.has(name));
  await lab.startTogether(first, () => goOn(steps));
  if (first.length > 0)
    await converge(lab, { sessions: 'all', patience: PATIENCE, expected: () => false, bound: BOUND }, steps);
  const phases: Record<string, FabricTables> = {};
  for (const event of events) {
    goOn(steps);
    steps.say(
      `event: ${event.change?.kind ?? 'time passes'}${event.record === null ? '' : ` (${event.record})`}`,
    );
    await act(lab, plan.folder, event);
    await pause((event.delay ?? DEFAULT_DELAY) * 1000, steps);
    if (event.record !== null) phases[event.record] = await lab.tables(true);
  }
  return { phases, hosts: await lab.tables(true) };
}

/** Hosts that an event starts before anything else is done to them. */
function startedByEvent(events: readonly TopologyEvent[]): ReadonlySet<string> {
  const waiting = new Set<string>();
  const acted = new Set<string>();
  for (const { change } of events) {
    const names =
      change === null ? [] : 'hosts' in change ? change.hosts : change.kind === 'files' ? [change.host] : [];
    for (const name of names) if (!acted.has(name) && change?.kind === 'start') waiting.add(name);
    for (const name of names) acted.add(name);
  }
  return waiting;
}

async function act(lab: LabFabric, folder: string, { change }: TopologyEvent): Promise<void> {
  switch (change?.kind) {
    case 'start':
      return lab.start(change.hosts);
    case 'stop':
      return lab.stop(change.hosts);
    case 'kill':
      return lab.kill(change.hosts);
    case 'link-down':
    case 'link-up':
      return lab.setLink(change.link, change.kind === 'link-up');
    case 'interface-down':
    case 'interface-up':
      return lab.setInterface(change.host, change.interface, change.kind === 'interface-up');
    case 'files': {
      const loaded = readTopologyFolder(folder).configs.loaded?.get(loadedKey(change)) ?? new Map();
      await lab.reload(change.host, new Map([...loaded].map(([name, { text }]) => [name, text])));
    }
  }
}
