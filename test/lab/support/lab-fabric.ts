import { join } from 'node:path';
import type { StaticRouteConfig } from '../../../src/bgp/config.ts';
import { readTopologyFolder } from '../../../src/pipeline/topology/files.ts';
import { readTopology, type TopologyHost } from '../../../src/pipeline/topology/topology.ts';
import type { RunningDaemon } from './daemon.ts';
import { daemonKinds } from './daemons.ts';
import { kernelTables, type LinkLocals, linkLocals } from './kernel-tables.ts';
import { type Container, Namespaces } from './netns.ts';
import type { FabricTables, HostTables } from './tables.ts';

/** A host to be run: its wiring, and the files its daemon starts from. */
export interface LabHost extends Pick<TopologyHost, 'name' | 'daemon' | 'interfaces' | 'kernelRoutes'> {
  readonly files: ReadonlyMap<string, string>;
  /** Kernel settings; forwarding in both families where none are given. */
  readonly sysctls?: readonly (readonly [string, string])[];
  /** Bridges of the host with a container behind each. */
  readonly containers?: readonly Container[];
}

const forwarding: readonly (readonly [string, string])[] = [
  ['net.ipv4.ip_forward', '1'],
  ['net.ipv6.conf.all.forwarding', '1'],
];

/** Hosts with their real daemons, each in a namespace. */
export class LabFabric {
  /** By host; a host that was stopped or killed has none. */
  readonly daemons = new Map<string, RunningDaemon>();
  readonly namespaces: Namespaces;
  readonly #hosts: readonly LabHost[];
  /** `host interface` → its port on the other side. */
  readonly #ports = new Map<string, string>();
  #locals: LinkLocals | null = null;

  private constructor(namespaces: Namespaces, hosts: readonly LabHost[]) {
    this.namespaces = namespaces;
    this.#hosts = hosts;
  }

  /** Runs `folder` of topology and configurations; all daemons together. */
  static async boot(folder: string, prefix: string): Promise<LabFabric> {
    const { topology, configs, diagnostics } = readTopologyFolder(folder);
    const read = topology ? readTopology(topology.text, topology.path) : null;
    if (!read?.topology) throw new Error(JSON.stringify([...diagnostics, ...(read?.diagnostics ?? [])]));
    const hosts = read.topology.hosts.map((host) => {
      const files = [...(configs.hosts.get(host.name) ?? [])];
      return { ...host, files: new Map(files.map(([name, { text }]) => [name, text])) };
    });
    return LabFabric.run(prefix, hosts);
  }

  /** Runs hosts; those of `later` start stage by stage once `settled` says that those before are done. */
  static async run(
    prefix: string,
    hosts: readonly LabHost[],
    later: readonly (readonly string[])[] = [],
    settled: (lab: LabFabric) => Promise<unknown> = async () => undefined,
  ): Promise<LabFabric> {
    const lab = new LabFabric(new Namespaces(prefix), hosts);
    try {
      lab.#wire();
      const first = hosts.map(({ name }) => name).filter((name) => !later.flat().includes(name));
      for (const [index, stage] of [first, ...later].entries()) {
        if (index > 0) await settled(lab);
        await Promise.all(hosts.filter(({ name }) => stage.includes(name)).map((host) => lab.#start(host)));
      }
    } catch (error) {
      lab.close();
      throw error;
    }
    return lab;
  }

  #wire(): void {
    const bridges = new Map<string, string>();
    const bridge = (link: string) => {
      const known = bridges.get(link);
      if (known) return known;
      const name = `br${bridges.size}`;
      bridges.set(link, name);
      this.namespaces.segment(name);
      return name;
    };
    for (const host of this.#hosts) {
      this.namespaces.add(host.name);
      for (const [name, value] of host.sysctls ?? forwarding) this.namespaces.sysctl(host.name, name, value);
      // Nobody else has these addresses: they are usable at once, also those that zebra sets.
      for (const scope of ['all', 'default'])
        this.namespaces.sysctl(host.name, `net.ipv6.conf.${scope}.accept_dad`, '0');
      // A packet of a session may come in on another link than the answer takes.
      this.namespaces.sysctl(host.name, 'net.ipv4.conf.all.rp_filter', '0');
      for (const { name, addresses, link } of host.interfaces) {
        const texts = addresses.map(({ text }) => text);
        if (name === 'lo') this.namespaces.address(host.name, 'lo', texts);
        else {
          const segment = bridge(link ?? `${host.name} ${name}`);
          const port = `p${this.#ports.size}`;
          this.#ports.set(`${host.name} ${name}`, port);
          this.namespaces.plug(host.name, name, segment, port, texts);
        }
      }
      for (const container of host.containers ?? []) this.namespaces.container(host.name, container);
      const same = new Map<string, StaticRouteConfig[]>();
      for (const route of host.kernelRoutes) {
        const key = `${route.prefix.text} ${route.metric}`;
        same.set(key, [...(same.get(key) ?? []), route]);
      }
      for (const routes of same.values()) this.namespaces.route(host.name, routes);
    }
  }

  async #start({ name, daemon, files }: LabHost): Promise<void> {
    this.#locals = null;
    if (daemon === 'none') return;
    const kind = daemonKinds[daemon];
    if (!kind) throw new Error(`${name}: ${daemon} cannot be run here`);
    this.daemons.set(name, await kind.start(this.namespaces, name, files));
  }

  tables(): FabricTables {
    return Object.fromEntries(
      this.#hosts.flatMap(({ name }): [string, HostTables][] => {
        const tables = this.#hostTables(name);
        return tables ? [[name, tables]] : [];
      }),
    );
  }

  /** null: no daemon runs there. */
  #hostTables(name: string): HostTables | null {
    const daemon = this.daemons.get(name);
    if (!daemon) return null;
    this.#locals ??= linkLocals(
      this.namespaces,
      this.#hosts.map((host) => host.name),
    );
    const kernel = kernelTables(this.namespaces, name, this.#locals);
    return { ...daemon.tables(), kernel };
  }

  /** Takes the carrier away from an interface, as a pulled cable does. */
  unplug(host: string, device: string): void {
    const port = this.#ports.get(`${host} ${device}`);
    if (port === undefined) throw new Error(`${host} has no ${device}`);
    this.namespaces.unplug(port);
  }

  /** Asks until the tables of every running daemon are the wanted ones; false once `seconds` are over. */
  async reaches(wanted: (host: string, tables: HostTables) => boolean, seconds: number): Promise<boolean> {
    const deadline = Date.now() + seconds * 1000;
    const names = this.#hosts.map(({ name }) => name);
    while (Date.now() < deadline) {
      // Asking takes its time from the daemons: nobody is asked before the one that was not ready the last time.
      const late = names.findIndex((name) => {
        const tables = this.#hostTables(name);
        return tables !== null && !wanted(name, tables);
      });
      if (late < 0) return true;
      names.unshift(...names.splice(late, 1));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return false;
  }

  /** Asks until nothing has changed for `quiet` seconds and at least `sessions` session ends are up; gives up on that after `patience`. */
  async settled(sessions: number, quiet = 6, patience = 60): Promise<FabricTables> {
    const begin = Date.now();
    let last = '';
    let since = begin;
    for (;;) {
      const tables = this.tables();
      const now = Date.now();
      const text = JSON.stringify(tables);
      if (text !== last) [last, since] = [text, now];
      const up = Object.values(tables).flatMap((host) =>
        host.sessions.filter(({ state }) => state === 'Established'),
      );
      const enough = up.length >= sessions || now - begin > patience * 1000;
      if (enough && now - since >= quiet * 1000) return tables;
      if (now - begin > 90_000 + patience * 500) throw new Error(`the tables never settle: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  close(): void {
    this.namespaces.close();
    for (const daemon of this.daemons.values()) daemon.close();
  }
}

/** Where the scenario folders are. */
export const scenarios = join(import.meta.dirname, '..', '..', 'scenarios');
