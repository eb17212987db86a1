import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTopologyFolder } from '../../pipeline/topology/files.ts';
import { readTopology, type Topology, type TopologyHost } from '../../pipeline/topology/topology.ts';
import { LabError } from '../error.ts';
import type { Container } from '../netns.ts';
import type { LabHost } from '../wiring.ts';

/**
 * A fabric on disk as the lab runs it: a folder as `simulate --configs` takes it, and lab.json with what the simulator does not have
 * to know. Whatever a lab is made from becomes such a folder first, so that every command after `up` has the files that run.
 */
export interface LabPlan {
  readonly folder: string;
  readonly hosts: readonly (LabHost & Pick<TopologyHost, 'version'>)[];
  readonly events: Topology['events'];
}

/** What lab.json says of a host. */
export interface LabExtras {
  readonly sysctls?: readonly (readonly [string, string])[];
  readonly containers?: readonly Container[];
  readonly dockerd?: boolean;
  readonly restarts?: boolean;
}

const EXTRAS = 'lab.json';

export function writeExtras(folder: string, extras: Readonly<Record<string, LabExtras>>): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, EXTRAS), `${JSON.stringify(extras, null, 2)}\n`);
}

function readExtras(folder: string): Readonly<Record<string, LabExtras>> {
  try {
    return JSON.parse(readFileSync(join(folder, EXTRAS), 'utf8')) as Readonly<Record<string, LabExtras>>;
  } catch {
    return {};
  }
}

/** Reads such a folder; the first fault is thrown. */
export function readPlan(folder: string): LabPlan {
  const { topology, configs, diagnostics } = readTopologyFolder(folder);
  const read = topology ? readTopology(topology.text, topology.path) : null;
  const [fault] = [...diagnostics, ...(read?.diagnostics ?? [])].filter(
    ({ severity }) => severity === 'error',
  );
  if (fault || !read?.topology) throw fault ? new LabError(fault) : new Error(`${folder} cannot be read`);
  const extras = readExtras(folder);
  const hosts = read.topology.hosts.map((host) => {
    const files = [...(configs.hosts.get(host.name) ?? [])];
    return {
      ...host,
      ...extras[host.name],
      files: new Map(files.map(([name, { text }]) => [name, text])),
    };
  });
  return { folder, hosts, events: read.topology.events };
}
