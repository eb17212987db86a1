import { join } from 'node:path';
import { addressOf, type InterfaceAddress, interfaceAddressOf } from '../../../src/base/ip.ts';
import { readInventoryFiles } from '../../../src/inventory/files.ts';
import { validateInventory } from '../../../src/inventory/validate.ts';
import { modAge } from '../../../src/lab/compare/age-ties.ts';
import { simulatedTables } from '../../../src/lab/compare/simulated.ts';
import { LabFabric } from '../../../src/lab/fabric.ts';
import type { FabricTables, HostTables } from '../../../src/lab/tables.ts';
import type { LabHost } from '../../../src/lab/wiring.ts';
import type { Host } from '../../../src/model/fabric.ts';
import { type ReadFabric, readBack } from '../../../src/pipeline/read-back.ts';
import { simulateFabric } from '../../../src/pipeline/simulate.ts';
import { filesOfHost } from '../../../src/pipeline/sources.ts';
import { type RenderedFile, renderHost } from '../../../src/targets/render.ts';
import { loadTemplates } from '../../../src/targets/template-files.ts';

const inventories = join(import.meta.dirname, '..', '..', '..', 'inventory');

export interface ExampleOptions {
  /** Default: all hosts of the inventory. */
  readonly hosts?: readonly string[];
  /** Hosts that start after all others, stage by stage, each once the one before has settled: FRR's eBGP ties go by age. */
  readonly later?: readonly (readonly string[])[];
}

/** What the real daemons hold and what the simulator says they do. */
export interface Comparison {
  readonly observed: FabricTables;
  readonly simulated: FabricTables;
}

/** An example of the inventory folder on its real daemons, and the same simulated. */
export class Example implements Comparison {
  readonly lab: LabFabric;
  readonly observed: FabricTables;
  readonly simulated: FabricTables;
  readonly #fabric: StartedFabric;

  constructor(lab: LabFabric, fabric: StartedFabric, { observed, simulated }: Comparison) {
    this.lab = lab;
    this.observed = observed;
    this.simulated = simulated;
    this.#fabric = fabric;
  }

  /**
   * Pulls the cable between two interfaces, and compares sessions and kernel routes again. Not the BGP tables: which of the paths
   * used together is passed on is now a matter of the whole history.
   */
  async unplug(...ends: readonly Interface[]): Promise<Comparison> {
    for (const [host, device] of ends) this.lab.unplug(host, device);
    return compared(this.lab, { ...this.#fabric, unplugged: ends }, withoutBgp);
  }
}

function withoutBgp(tables: FabricTables): FabricTables {
  return Object.fromEntries(Object.entries(tables).map(([host, one]) => [host, { ...one, bgp: {} }]));
}

type Interface = readonly [host: string, device: string];

/** A fabric as its files say, and what happens to it. */
interface StartedFabric {
  readonly read: ReadFabric;
  readonly startOrder: readonly string[];
  readonly unplugged: readonly Interface[];
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
  const first = hosts.map((host) => host.name).filter((host) => !later.flat().includes(host));
  const started: StartedFabric = { read, startOrder: [...first, ...later.flat()], unplugged: [] };
  const lab = await LabFabric.run(prefix, hosts, later, async (running) => {
    const { observed, simulated } = await compared(running, started);
    if (!same(observed, simulated))
      throw new Error(`before the next stage: ${difference(observed, simulated)}`);
  });
  try {
    return new Example(lab, started, await compared(lab, started));
  } catch (error) {
    lab.close();
    throw error;
  }
}

/**
 * Waits until the daemons that run hold what is simulated for them, and until that stays so; gives both in any case. `view` is
 * what of the tables is compared.
 */
async function compared(
  lab: LabFabric,
  fabric: StartedFabric,
  view = (tables: FabricTables) => tables,
): Promise<Comparison> {
  const simulated = view(simulateRunning(lab, fabric));
  const seen = (tables: FabricTables) => modAge(view(tables), simulated);
  const agrees = (host: string, tables: HostTables) =>
    JSON.stringify(seen({ [host]: tables })[host]) === JSON.stringify(simulated[host]);
  const agreed = await lab.reaches(agrees, 25);
  return { simulated, observed: seen(agreed ? await lab.settled(0, 1) : await lab.tables()) };
}

function simulateRunning(lab: LabFabric, { read, startOrder, unplugged }: StartedFabric): FabricTables {
  const running = (name: string) => lab.daemons.has(name);
  const down = new Set(unplugged.map(([host, device]) => `${host} ${device}`));
  const nodes = read.nodes
    .filter(({ name }) => running(name))
    .map((node) => ({
      ...node,
      interfaces: node.interfaces.map((one) => ({
        ...one,
        up: one.up && !down.has(`${node.name} ${one.name}`),
      })),
    }));
  const options = { startOrder: startOrder.filter(running) };
  return simulatedTables(simulateFabric({ ...read, nodes }, [], undefined, options));
}

function difference(observed: FabricTables, simulated: FabricTables): string {
  const hosts = Object.keys(simulated).filter(
    (host) => JSON.stringify(observed[host]) !== JSON.stringify(simulated[host]),
  );
  return hosts.map((host) => `${host}\n${JSON.stringify([observed[host], simulated[host]])}`).join('\n');
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
