import type { Namespaces } from '../netns.ts';
import { containerOf } from '../plan/from-fabric.ts';
import type { LabPlan } from '../plan/plan.ts';
import { forEachOf, type Ran } from '../shell.ts';
import { Dockerd, renderedDaemonJson } from './dockerd.ts';

/** Something with an address of its own behind a host's bridge: a real container, or a namespace in its stead. */
export interface RunningContainer {
  readonly host: string;
  readonly kind: 'docker' | 'namespace';
  /** Of the host, to which it is attached. */
  readonly bridge: string;
  readonly addresses: readonly string[];
  exec(program: string, words: readonly string[]): Promise<Ran>;
}

/** What has to be kept to find a container again. */
export interface KeptContainer {
  readonly kind: RunningContainer['kind'];
  readonly addresses: readonly string[];
  /** Of its dockerd. */
  readonly folder: string | null;
}

/** Engines that start at the same time: each wants a processor for a second. */
const AT_ONCE = 3;

/** Starts the Docker engines of a plan; what stands in for containers has been wired with the hosts. */
export async function startContainers(
  namespaces: Namespaces,
  plan: LabPlan,
  group: string,
  started: (host: string) => void,
): Promise<Readonly<Record<string, KeptContainer>>> {
  const kept: Record<string, KeptContainer> = {};
  for (const { name, containers = [] } of plan.hosts) {
    const [first] = containers;
    if (!first) continue;
    const addresses = first.addresses.map((text) => text.split('/')[0] ?? '');
    kept[name] = { kind: 'namespace', addresses, folder: null };
  }
  const engines = plan.hosts.filter(({ dockerd }) => dockerd === true);
  await forEachOf(engines, AT_ONCE, async ({ name }) => {
    const dockerd = await Dockerd.start(namespaces, name, renderedDaemonJson(plan.folder, name), group);
    kept[name] = { kind: 'docker', addresses: await dockerd.addresses(), folder: dockerd.folder };
    started(name);
  });
  return kept;
}

/** The containers of a lab, by host. */
export function runningContainers(
  namespaces: Namespaces,
  kept: Readonly<Record<string, KeptContainer>>,
): ReadonlyMap<string, RunningContainer> {
  return new Map(
    Object.entries(kept).map(([host, { kind, addresses, folder }]) => {
      const dockerd = folder === null ? null : new Dockerd(namespaces, host, folder);
      const exec = (program: string, words: readonly string[]) =>
        dockerd ? dockerd.exec([program, ...words]) : namespaces.askExec(containerOf(host), program, words);
      return [host, { host, kind, bridge: 'docker0', addresses, exec }];
    }),
  );
}
