import { join } from 'node:path';
import { addressOf, type InterfaceAddress, interfaceAddressOf } from '../../../src/base/ip.ts';
import { readInventoryFiles } from '../../../src/inventory/files.ts';
import { validateInventory } from '../../../src/inventory/validate.ts';
import type { Host } from '../../../src/model/fabric.ts';
import { type ReadFabric, readBack } from '../../../src/pipeline/read-back.ts';
import { simulateFabric } from '../../../src/pipeline/simulate.ts';
import { filesOfHost } from '../../../src/pipeline/sources.ts';
import { type RenderedFile, renderHost } from '../../../src/targets/render.ts';
import { loadTemplates } from '../../../src/targets/template-files.ts';
import { simulatedTables } from '../../scenarios/support/simulated.ts';
import { modAge } from './age-ties.ts';
import { LabFabric, type LabHost } from './lab-fabric.ts';
import type { FabricTables } from './tables.ts';

const inventories = join(import.meta.dirname, '..', '..', '..', 'inventory');

export interface ExampleOptions {
  /** Default: all hosts of the inventory. */
  readonly hosts?: readonly string[];
  /** Hosts that start after all others, stage by stage, each once the one before has settled: FRR's eBGP ties go by age. */
  readonly later?: readonly (readonly string[])[];
}

/** An example of the inventory folder on its real daemons, and the same simulated. */
export interface Example {
  readonly lab: LabFabric;
  readonly observed: FabricTables;
  readonly simulated: FabricTables;
}

/**
 * Renders hosts of an example, boots each in a namespace from nothing but its rendered files, with a container behind docker0
 * (`containerOf`), and waits until the tables are those simulated from the same files, or for as long as that may take: the
 * caller compares. `prefix` begins the names of the namespaces. The caller closes `lab`.
 */
export async function bootExample(
  name: string,
  prefix: string,
  { hosts: names, later = [] }: ExampleOptions = {},
): Promise<Example> {
  const folder = join(inventories, name);
  const { fabric } = validateInventory((await readInventoryFiles(folder)).source);
  if (!fabric) throw new Error(`${name} is not valid`);
  const { templates } = loadTemplates(folder);
  const rendered = [...fabric.hosts.values()]
    .filter((host) => names?.includes(host.name) ?? true)
    .map((host) => ({ host, files: renderHost(host, fabric, templates).files }));
  const read = readBack(rendered.map(({ host, files }) => filesOfHost(host, files, 'build')));
  const hosts = rendered.map(({ host, files }) => labHost(host, files));
  const order = [
    ...hosts.map((host) => host.name).filter((host) => !later.flat().includes(host)),
    ...later.flat(),
  ];
  const reached = async (lab: LabFabric) => {
    const simulated = simulateStarted(read, lab, order);
    await lab.reaches((tables) => same(modAge(tables, simulated), simulated), 40);
    return simulated;
  };
  const lab = await LabFabric.run(prefix, hosts, later, reached);
  try {
    const simulated = await reached(lab);
    return { lab, simulated, observed: modAge(await lab.settled(0, 2), simulated) };
  } catch (error) {
    lab.close();
    throw error;
  }
}

/** What the daemons that run so far come to, started in `order`. */
function simulateStarted(read: ReadFabric, lab: LabFabric, order: readonly string[]): FabricTables {
  const started = (name: string) => lab.frr.has(name) || lab.gobgp.has(name);
  const nodes = read.nodes.filter(({ name }) => started(name));
  return simulatedTables(
    simulateFabric({ ...read, nodes }, [], undefined, { startOrder: order.filter(started) }),
  );
}

function same(a: FabricTables, b: FabricTables): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(tables: FabricTables) {
  return Object.entries(tables).sort(([a], [b]) => (a < b ? -1 : 1));
}

function labHost(host: Host, files: readonly RenderedFile[]): LabHost {
  const { kind } = host.daemon;
  if (kind !== 'frr' && kind !== 'gobgp') throw new Error(`${host.name}: ${kind} cannot be run here`);
  const bips = [host.docker?.bip, host.docker?.bip6].filter((bip) => bip != null);
  const inside = bips.map(({ address, length }) => interfaceAddressOf(next(address), length).text);
  return {
    name: host.name,
    daemon: kind,
    // FRR sets the addresses of its files itself, as it would on a host; on a GoBGP host somebody else has.
    interfaces: host.interfaces
      .filter(({ name, segment }) => segment !== null || name === 'lo')
      .map(({ name, addresses, segment }) => {
        return { name, addresses: kind === 'frr' ? [] : addresses, link: segment, up: true };
      }),
    kernelRoutes: [],
    files: new Map(files.filter(({ target }) => target === kind).map(({ path, text }) => [path, text])),
    sysctls: files.filter(({ path }) => path.startsWith('90-')).flatMap(({ text }) => settingsOf(text)),
    containers:
      bips.length === 0
        ? []
        : [
            {
              bridge: 'docker0',
              gateways: bips.map(({ text }) => text),
              name: containerOf(host.name),
              addresses: inside,
            },
          ],
  };
}

export function containerOf(host: string): string {
  return `c-${host}`;
}

function next({ family, value }: InterfaceAddress['address']) {
  return addressOf(family, value + 1n);
}

/** The lines of a sysctl.d file. */
function settingsOf(text: string): readonly (readonly [string, string])[] {
  return text.split('\n').flatMap((line): readonly (readonly [string, string])[] => {
    const [, name, value] = /^\s*([^#;\s=]+)\s*=\s*(\S.*?)\s*$/.exec(line) ?? [];
    return name && value ? [[name, value]] : [];
  });
}
