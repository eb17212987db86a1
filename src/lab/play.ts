import { loadedKey } from '../pipeline/topology/configs.ts';
import type { TopologyEvent } from '../pipeline/topology/events.ts';
import { readTopologyFolder } from '../pipeline/topology/files.ts';
import { readTopology } from '../pipeline/topology/topology.ts';
import { DEFAULT_DELAY } from '../simulator/timeline/timeline.ts';
import { LabFabric, labHosts } from './fabric.ts';
import type { FabricTables } from './tables.ts';

/** Tables at the end, and those that events recorded on the way. */
export interface Played {
  readonly phases: Readonly<Record<string, FabricTables>>;
  readonly hosts: FabricTables;
}

/** The events of a folder; null: it has none. */
export function eventsOf(folder: string): readonly TopologyEvent[] | null {
  const { topology } = readTopologyFolder(folder);
  return topology ? (readTopology(topology.text, topology.path).topology?.events ?? null) : null;
}

/** Runs a folder with its events on the real daemons, in real time. */
export async function play(folder: string, prefix: string): Promise<Played> {
  const hosts = labHosts(folder);
  const events = eventsOf(folder) ?? [];
  const waiting = new Set<string>();
  const acted = new Set<string>();
  for (const { change } of events) {
    const names =
      change === null ? [] : 'hosts' in change ? change.hosts : change.kind === 'files' ? [change.host] : [];
    for (const name of names) if (!acted.has(name) && change?.kind === 'start') waiting.add(name);
    for (const name of names) acted.add(name);
  }
  const first = hosts.map(({ name }) => name).filter((name) => !waiting.has(name));
  const lab = LabFabric.wired(prefix, hosts);
  try {
    await lab.start(first);
    // GoBGP takes up to 10 s before it dials.
    if (first.length > 0) {
      await seconds(12);
      await lab.settled(0);
    }
    const phases: Record<string, FabricTables> = {};
    for (const event of events) {
      await act(lab, folder, event);
      await seconds(event.delay ?? DEFAULT_DELAY);
      if (event.record !== null) phases[event.record] = await lab.tables(true);
    }
    return { phases, hosts: await lab.tables(true) };
  } finally {
    lab.close();
  }
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

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}
