import { Carriers } from './carriers.ts';
import type { RunningDaemon } from './daemons/daemon.ts';
import { daemonKinds } from './daemons/kinds.ts';
import { kernelTables, type LinkLocals, linkLocals } from './kernel-tables.ts';
import { Namespaces, type NamespacesOptions } from './netns.ts';
import { ownNames, withOwnNames } from './own-names.ts';
import { readPlan } from './plan/plan.ts';
import { forEachOf, until } from './shell.ts';
import type { FabricTables, HostTables } from './tables.ts';
import { type LabHost, wire } from './wiring.ts';

/** Daemons that are started or asked at the same time: more do not make it faster on few processors. */
const AT_ONCE = 8;
/** Within which that has to be so: 600 is the longest `bgp route-map delay-timer`. */
const POLICY_SECONDS = 660;
const LISTENS_TO_RANGE = /^\s*bgp listen range\s/m;

/** Hosts with their real daemons, each in a namespace. */
export class LabFabric {
  /** By host; a host that was stopped or killed has none. */
  readonly daemons = new Map<string, RunningDaemon>();
  readonly namespaces: Namespaces;
  readonly #hosts: readonly LabHost[];
  readonly #carriers: Carriers;
  /** What hosts have loaded since: they start from it again. */
  readonly #loaded = new Map<string, ReadonlyMap<string, string>>();
  #locals: LinkLocals | null = null;

  private constructor(namespaces: Namespaces, hosts: readonly LabHost[]) {
    this.namespaces = namespaces;
    this.#hosts = hosts;
    this.#carriers = new Carriers(namespaces, hosts);
  }

  /** Runs `folder` of topology and configurations; all daemons together. */
  static async boot(folder: string, prefix: string): Promise<LabFabric> {
    return LabFabric.run(prefix, readPlan(folder).hosts);
  }

  /** A fabric that an earlier run of the command started: `folders` names the folder of each daemon that runs. */
  static attach(
    prefix: string,
    hosts: readonly LabHost[],
    folders: Readonly<Record<string, string>>,
    options: NamespacesOptions = {},
  ): LabFabric {
    const lab = new LabFabric(new Namespaces(prefix, options), hosts);
    for (const [name, folder] of Object.entries(folders)) {
      const { daemon } = lab.#host(name);
      const attached = daemonKinds[daemon]?.attach(lab.namespaces, name, folder);
      if (attached) lab.daemons.set(name, attached);
    }
    return lab;
  }

  /** Wires hosts and starts nothing. */
  static wired(prefix: string, hosts: readonly LabHost[], options: NamespacesOptions = {}): LabFabric {
    const lab = new LabFabric(new Namespaces(prefix, options), hosts);
    try {
      wire(lab.namespaces, hosts);
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
        await lab.startTogether(stage);
      }
    } catch (error) {
      lab.close();
      throw error;
    }
    return lab;
  }

  /**
   * Starts hosts together. FRR keeps its neighbors waiting until about the moment at which its policies are in force; whether a call of
   * one that says everything once comes before or after that moment nobody can foretell, so such hosts start when it is past. Callers
   * out of a range FRR does not keep waiting: where there is one, all start at the same time.
   */
  async startTogether(
    names: readonly string[],
    started: (name: string) => void = () => undefined,
  ): Promise<void> {
    const inRange = this.#hosts.some(({ files }) =>
      [...files.values()].some((text) => LISTENS_TO_RANGE.test(text)),
    );
    const saysOnce = (name: string) => !inRange && daemonKinds[this.#host(name).daemon]?.saysOnce === true;
    const last = names.filter(saysOnce);
    await this.start(
      names.filter((name) => !saysOnce(name)),
      started,
    );
    if (last.length === 0) return;
    for (const [name, daemon] of this.daemons)
      await until(
        `policies of ${name} are in force`,
        POLICY_SECONDS,
        async () => (await (daemon.policiesInForce?.() ?? true)) || null,
        () => daemon.log(),
      );
    await this.start(last, started);
  }

  /** Starts the daemons of these hosts, whatever becomes of it. */
  async start(names: readonly string[], started: (name: string) => void = () => undefined): Promise<void> {
    await forEachOf(names, AT_ONCE, async (name) => {
      await this.#start(this.#host(name));
      started(name);
    });
  }

  /** Folder of the daemon of each host whose daemon runs. */
  folders(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.daemons].map(([name, { folder }]) => [name, folder]));
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
    this.daemons.set(name, await kind.start(this.namespaces, name, this.#loaded.get(name) ?? files));
  }

  /** `always`: also what the kernel of a host holds whose daemon does not run. */
  async tables(always = false): Promise<FabricTables> {
    const found = new Map<string, HostTables>();
    const names = this.#hosts.map(({ name }) => name);
    await this.#linkLocals();
    await forEachOf(names, AT_ONCE, async (name) => {
      const tables = await this.#hostTables(name, always);
      if (tables) found.set(name, tables);
    });
    return Object.fromEntries(
      names.flatMap((name): [string, HostTables][] => {
        const tables = found.get(name);
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

  /** What the daemon says of other files. */
  async reload(name: string, files: ReadonlyMap<string, string>): Promise<string> {
    this.#locals = null;
    this.#loaded.set(name, files);
    return (await this.daemons.get(name)?.reload(files)) ?? '';
  }

  /** The daemon ends and starts again from other files. */
  async restart(name: string, files: ReadonlyMap<string, string>): Promise<void> {
    await this.stop([name]);
    this.#loaded.set(name, files);
    await this.#start(this.#host(name));
  }

  /** Every interface on the link loses its carrier, or gets it back. */
  setLink(link: string, up: boolean): void {
    this.#carriers.setLink(link, up);
  }

  /** `ip link set` on the host; at the other end of a cable the carrier goes with it. */
  setInterface(host: string, device: string, up: boolean): void {
    this.#locals = null;
    this.#carriers.setInterface(host, device, up);
  }

  /** Takes the carrier away from an interface, as a pulled cable does. */
  unplug(host: string, device: string): void {
    this.#carriers.unplug(host, device);
  }

  /** null: there is no daemon, or (unless `always`) it does not run. */
  async #hostTables(name: string, always = false): Promise<HostTables | null> {
    const daemon = this.daemons.get(name);
    if (!daemon && !(always && this.#host(name).daemon !== 'none')) return null;
    const names = ownNames(name, this.#hosts, await this.#linkLocals());
    const kernel = await kernelTables(this.namespaces, name, names.nextHop);
    const { sessions = [], bgp = {} } = (await daemon?.tables()) ?? {};
    return { sessions, bgp: withOwnNames({ bgp, sessions }, names), kernel };
  }

  async #linkLocals(): Promise<LinkLocals> {
    const names = this.#hosts.map((host) => host.name);
    this.#locals ??= await linkLocals(this.namespaces, names);
    return this.#locals;
  }

  /** Asks until the tables of every running daemon are the wanted ones; false once `seconds` are over. */
  async reaches(wanted: (host: string, tables: HostTables) => boolean, seconds: number): Promise<boolean> {
    const deadline = Date.now() + seconds * 1000;
    const names = this.#hosts.map(({ name }) => name);
    while (Date.now() < deadline) {
      // Asking takes its time from the daemons: nobody is asked before the one that was not ready the last time.
      let late = -1;
      for (const [index, name] of names.entries()) {
        const tables = await this.#hostTables(name);
        if (tables === null || wanted(name, tables)) continue;
        late = index;
        break;
      }
      if (late < 0) return true;
      names.unshift(...names.splice(late, 1));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return false;
  }

  /** What moves as long as anything does, of every daemon that runs: host → text, to be compared with the next. */
  async versions(): Promise<ReadonlyMap<string, string>> {
    const known = new Map<string, string>();
    await forEachOf([...this.daemons], AT_ONCE, async ([name, daemon]) => {
      known.set(name, (await daemon.version?.()) ?? '');
    });
    return known;
  }

  /** `host peer` → the second at which that end of the session came up, of the daemons that tell. */
  async since(): Promise<ReadonlyMap<string, number>> {
    const found: (readonly [string, number])[] = [];
    await forEachOf([...this.daemons], AT_ONCE, async ([name, daemon]) => {
      for (const [peer, at] of (await daemon.since?.()) ?? []) found.push([`${name} ${peer}`, at]);
    });
    return new Map(found);
  }

  /** Asks until nothing has changed for `quiet` seconds and at least `sessions` session ends are up; gives up on that after `patience`. */
  async settled(sessions: number, quiet = 6, patience = 60): Promise<FabricTables> {
    const begin = Date.now();
    let last = '';
    let since = begin;
    for (;;) {
      // What flaps quickly can look the same each time it is asked for.
      const versions = [...(await this.versions())].sort(([a], [b]) => (a < b ? -1 : 1));
      const tables = await this.tables();
      const now = Date.now();
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
    // First what has to be known of the daemons, then their end.
    for (const daemon of this.daemons.values()) daemon.kill();
    for (const daemon of this.daemons.values()) daemon.close();
    this.namespaces.close();
  }
}
