import type { StaticRouteConfig } from '../bgp/config.ts';
import { readTopologyFolder } from '../pipeline/topology/files.ts';
import { readTopology, type TopologyHost } from '../pipeline/topology/topology.ts';
import type { RunningDaemon } from './daemons/daemon.ts';
import { daemonKinds } from './daemons/kinds.ts';
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

/** The hosts of a folder with topology.yml and configs/. */
export function labHosts(folder: string): readonly LabHost[] {
  const { topology, configs, diagnostics } = readTopologyFolder(folder);
  const read = topology ? readTopology(topology.text, topology.path) : null;
  if (!read?.topology) throw new Error(JSON.stringify([...diagnostics, ...(read?.diagnostics ?? [])]));
  return read.topology.hosts.map((host) => {
    const files = [...(configs.hosts.get(host.name) ?? [])];
    return { ...host, files: new Map(files.map(([name, { text }]) => [name, text])) };
  });
}

/** Hosts with their real daemons, each in a namespace. */
export class LabFabric {
  /** By host; a host that was stopped or killed has none. */
  readonly daemons = new Map<string, RunningDaemon>();
  readonly namespaces: Namespaces;
  readonly #hosts: readonly LabHost[];
  /** `host interface` → its port on the other side. */
  readonly #ports = new Map<string, string>();
  /** Links and interfaces (`host interface`) that are down. */
  readonly #down = new Set<string>();
  #locals: LinkLocals | null = null;

  private constructor(namespaces: Namespaces, hosts: readonly LabHost[]) {
    this.namespaces = namespaces;
    this.#hosts = hosts;
  }

  /** Runs `folder` of topology and configurations; all daemons together. */
  static async boot(folder: string, prefix: string): Promise<LabFabric> {
    return LabFabric.run(prefix, labHosts(folder));
  }

  /** Wires hosts and starts nothing. */
  static wired(prefix: string, hosts: readonly LabHost[]): LabFabric {
    const lab = new LabFabric(new Namespaces(prefix), hosts);
    try {
      lab.#wire();
    } catch (error) {
      lab.close();
      throw error;
    }
    return lab;
  }

  /** Runs hosts; those of `later` start stage by stage once `settled` says that those before are done. */
  static async run(
    prefix: string,
    hosts: readonly LabHost[],
    later: readonly (readonly string[])[] = [],
    settled: (lab: LabFabric) => Promise<unknown> = async () => undefined,
  ): Promise<LabFabric> {
    const lab = LabFabric.wired(prefix, hosts);
    try {
      const first = hosts.map(({ name }) => name).filter((name) => !later.flat().includes(name));
      for (const [index, stage] of [first, ...later].entries()) {
        if (index > 0) await settled(lab);
        await lab.start(stage);
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

  /** Starts the daemons of these hosts, together. */
  async start(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.#start(this.#host(name))));
  }

  #host(name: string): LabHost {
    const host = this.#hosts.find((one) => one.name === name);
    if (!host) throw new Error(`no host ${name}`);
    return host;
  }

  async #start({ name, daemon, files }: LabHost): Promise<void> {
    this.#locals = null;
    if (daemon === 'none') return;
    const kind = daemonKinds[daemon];
    if (!kind) throw new Error(`${name}: ${daemon} cannot be run here`);
    this.daemons.set(name, await kind.start(this.namespaces, name, files));
  }

  /** `always`: also what the kernel of a host holds whose daemon does not run. */
  tables(always = false): FabricTables {
    return Object.fromEntries(
      this.#hosts.flatMap(({ name }): [string, HostTables][] => {
        const tables = this.#hostTables(name, always);
        return tables ? [[name, tables]] : [];
      }),
    );
  }

  /** SIGTERM to the daemons of these hosts, together. */
  async stop(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.daemons.get(name)?.stop()));
    this.#forget(names);
  }

  kill(names: readonly string[]): void {
    for (const name of names) this.daemons.get(name)?.kill();
    this.#forget(names);
  }

  #forget(names: readonly string[]): void {
    for (const name of names) {
      this.daemons.get(name)?.close();
      this.daemons.delete(name);
    }
  }

  async reload(name: string, files: ReadonlyMap<string, string>): Promise<void> {
    this.#locals = null;
    await this.daemons.get(name)?.reload(files);
  }

  /** Every interface on the link loses its carrier, or gets it back. */
  setLink(link: string, up: boolean): void {
    if (up) this.#down.delete(link);
    else this.#down.add(link);
    this.#setPorts();
  }

  /** `ip link set` on the host; at the other end of a cable the carrier goes with it. */
  setInterface(host: string, device: string, up: boolean): void {
    if (up) this.#down.delete(`${host} ${device}`);
    else this.#down.add(`${host} ${device}`);
    this.#locals = null;
    this.namespaces.setLink(host, device, up);
    this.#setPorts();
  }

  /** A link of two is a cable: what is down at one end has no carrier at the other. */
  #setPorts(): void {
    const all = this.#hosts.flatMap(({ name, interfaces }) =>
      interfaces.map((one) => ({ key: `${name} ${one.name}`, link: one.link })),
    );
    for (const { key, link } of all) {
      const port = this.#ports.get(key);
      if (port === undefined || link === null) continue;
      const others = all.filter((one) => one.link === link && one.key !== key);
      const cut = others.length === 1 && others.some((one) => this.#down.has(one.key));
      this.namespaces.setPort(port, !this.#down.has(link) && !cut);
    }
  }

  /** null: there is no daemon, or (unless `always`) it does not run. */
  #hostTables(name: string, always = false): HostTables | null {
    const daemon = this.daemons.get(name);
    if (!daemon && !(always && this.#host(name).daemon !== 'none')) return null;
    this.#locals ??= linkLocals(
      this.namespaces,
      this.#hosts.map((host) => host.name),
    );
    const kernel = kernelTables(this.namespaces, name, this.#locals);
    return { sessions: [], bgp: {}, ...daemon?.tables(), kernel };
  }

  /** Takes the carrier away from an interface, as a pulled cable does. */
  unplug(host: string, device: string): void {
    const port = this.#ports.get(`${host} ${device}`);
    if (port === undefined) throw new Error(`${host} has no ${device}`);
    this.namespaces.setPort(port, false);
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
      // What flaps quickly can look the same each time it is asked for.
      const versions = [...this.daemons.values()].map((daemon) => daemon.version?.() ?? '');
      const text = JSON.stringify([tables, versions]);
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
