import { join } from 'node:path';
import type { StaticRouteConfig } from '../../../src/bgp/config.ts';
import { readTopologyFolder } from '../../../src/pipeline/topology/files.ts';
import { readTopology, type TopologyHost } from '../../../src/pipeline/topology/topology.ts';
import { Frr } from './frr.ts';
import { frrTables } from './frr-observed.ts';
import { Gobgp } from './gobgp.ts';
import { kernelTables, type LinkLocals, linkLocals } from './kernel-tables.ts';
import { Namespaces } from './netns.ts';
import type { FabricTables, HostTables } from './tables.ts';

type Files = ReadonlyMap<string, { readonly text: string }>;

/** A folder of topology and configurations, running: every host a namespace with its real daemon. */
export class LabFabric {
  readonly frr = new Map<string, Frr>();
  readonly gobgp = new Map<string, Gobgp>();
  readonly #namespaces: Namespaces;
  readonly #hosts: readonly TopologyHost[];
  #locals: LinkLocals | null = null;

  private constructor(namespaces: Namespaces, hosts: readonly TopologyHost[]) {
    this.#namespaces = namespaces;
    this.#hosts = hosts;
  }

  /** Boots `folder`; all daemons together, or in `order`, each once the one before has settled (`settle` waits). */
  static async boot(
    folder: string,
    prefix: string,
    order: readonly string[] = [],
    settle: (lab: LabFabric) => Promise<unknown> = async () => undefined,
  ): Promise<LabFabric> {
    const { topology, configs, diagnostics } = readTopologyFolder(folder);
    const read = topology ? readTopology(topology.text, topology.path) : null;
    if (!read?.topology) throw new Error(JSON.stringify([...diagnostics, ...(read?.diagnostics ?? [])]));
    const namespaces = new Namespaces(prefix);
    const lab = new LabFabric(namespaces, read.topology.hosts);
    try {
      lab.#wire();
      const files = (name: string): Files => configs.hosts.get(name) ?? new Map();
      const first = order.flatMap((name) => lab.#hosts.find((host) => host.name === name) ?? []);
      for (const host of first) {
        await lab.#start(host, files(host.name));
        await settle(lab);
      }
      const rest = lab.#hosts.filter((host) => !first.includes(host));
      await Promise.all(rest.map((host) => lab.#start(host, files(host.name))));
    } catch (error) {
      lab.close();
      throw error;
    }
    return lab;
  }

  #wire(): void {
    const bridges = new Map<string, string>();
    let port = 0;
    const bridge = (link: string) => {
      const known = bridges.get(link);
      if (known) return known;
      const name = `br${bridges.size}`;
      bridges.set(link, name);
      this.#namespaces.segment(name);
      return name;
    };
    for (const host of this.#hosts) {
      this.#namespaces.add(host.name);
      this.#namespaces.sysctl(host.name, 'net.ipv4.ip_forward', '1');
      this.#namespaces.sysctl(host.name, 'net.ipv6.conf.all.forwarding', '1');
      // A packet of a session may come in on another link than the answer takes.
      this.#namespaces.sysctl(host.name, 'net.ipv4.conf.all.rp_filter', '0');
      for (const { name, addresses, link } of host.interfaces) {
        const texts = addresses.map(({ text }) => text);
        if (name === 'lo') this.#namespaces.address(host.name, 'lo', texts);
        else {
          const segment = bridge(link ?? `${host.name} ${name}`);
          this.#namespaces.plug(host.name, name, segment, `p${port++}`, texts);
        }
      }
      const same = new Map<string, StaticRouteConfig[]>();
      for (const route of host.kernelRoutes) {
        const key = `${route.prefix.text} ${route.metric}`;
        same.set(key, [...(same.get(key) ?? []), route]);
      }
      for (const routes of same.values()) this.#namespaces.route(host.name, routes);
    }
  }

  async #start(host: TopologyHost, files: Files): Promise<void> {
    const texts = new Map([...files].map(([name, { text }]) => [name, text]));
    if (host.daemon === 'frr') {
      this.frr.set(host.name, await Frr.start(this.#namespaces, host.name, texts));
    } else if (host.daemon === 'gobgp') {
      this.gobgp.set(host.name, await Gobgp.start(this.#namespaces, host.name, texts));
    } else if (host.daemon !== 'none') {
      throw new Error(`${host.name}: ${host.daemon} cannot be run here`);
    }
  }

  tables(): FabricTables {
    const tables: Record<string, HostTables> = {};
    this.#locals ??= linkLocals(
      this.#namespaces,
      this.#hosts.map(({ name }) => name),
    );
    for (const { name } of this.#hosts) {
      const frr = this.frr.get(name);
      const gobgp = this.gobgp.get(name);
      const kernel = kernelTables(this.#namespaces, name, this.#locals);
      if (frr) tables[name] = { ...frrTables(frr), kernel };
      else if (gobgp) tables[name] = { ...gobgp.tables(), kernel };
    }
    return tables;
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
      if (now - begin > 4 * patience * 1000) throw new Error(`the tables never settle: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  close(): void {
    this.#namespaces.close();
    for (const frr of this.frr.values()) frr.close();
    for (const gobgp of this.gobgp.values()) gobgp.close();
  }
}

/** Where the scenario folders are. */
export const scenarios = join(import.meta.dirname, '..', '..', 'scenarios');
