import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closed, opened } from './open.ts';
import { signalAll } from './processes.ts';
import { programPath } from './programs.ts';
import { ask, asked, type Ran, run, tryRun } from './shell.ts';

/** Environment variable that every process of a run has. */
export const MARK = 'FABRICGEN_LAB';
/** The namespace that holds the bridges; no host can have this name in a lab. */
export const SWITCH = '+switch';

interface KernelRouteLike {
  readonly prefix: { readonly family: number; readonly text: string };
  readonly via: { readonly text: string } | null;
  readonly interface: string | null;
  readonly blackhole: boolean;
  readonly metric?: number;
  readonly protocol?: number;
  readonly preferredSource?: { readonly text: string };
}

/** A container's namespace and how it is attached to its host; addresses with lengths. */
export interface Container {
  readonly bridge: string;
  readonly gateways: readonly string[];
  readonly name: string;
  readonly addresses: readonly string[];
}

/** Where namespaces come from and what they are called. */
export interface NamespacesOptions {
  /** Folder for what the daemons leave on disk; a temporary one where none is given, which goes with the namespaces. */
  readonly folder?: string;
  /** The names are `PREFIX.HOST`; otherwise the pid stands between, so that two test runs never meet. */
  readonly exact?: boolean;
  /** They are there already: an earlier run of the command made them. */
  readonly existing?: readonly string[];
}

/**
 * Network namespaces of one run, all with the same prefix, and what is plugged into them. `close` removes every one, also
 * after a failure; the bridges that stand for segments live in a namespace of their own, so the machine's own network is never touched.
 */
export class Namespaces {
  readonly #prefix: string;
  readonly #separator: string;
  readonly #names = new Set<string>();
  readonly #switch: string;
  readonly #given: string | null;
  #folder: string | null = null;

  constructor(prefix: string, { folder, exact = false, existing }: NamespacesOptions = {}) {
    this.#prefix = exact ? prefix : `${prefix}${process.pid}`;
    this.#separator = exact ? '.' : '-';
    this.#given = folder ?? null;
    this.#switch = this.name(SWITCH);
    if (existing) {
      for (const host of existing) this.#names.add(this.name(host));
      return;
    }
    opened(this);
    this.add(SWITCH);
  }

  /** What every process of the run has in its environment: how one is found again that nobody wrote down. */
  get mark(): Readonly<Record<string, string>> {
    return { [MARK]: this.#prefix };
  }

  name(host: string): string {
    return `${this.#prefix}${this.#separator}${host}`;
  }

  /** An empty folder for one daemon of a host. */
  folder(host: string): string {
    const root = this.#root();
    for (let count = 1; ; count++) {
      const folder = join(root, count === 1 ? host : `${host}.${count}`);
      if (existsSync(folder)) continue;
      mkdirSync(folder, { recursive: true });
      return folder;
    }
  }

  #root(): string {
    if (this.#given !== null) return this.#given;
    this.#folder ??= mkdtempSync(join(tmpdir(), 'fabricgen-lab-'));
    // FRR drops to a user of its own, who has to come through here.
    chmodSync(this.#folder, 0o755);
    return this.#folder;
  }

  /** Is this process in the namespace of the host? */
  holds(host: string, pid: number): boolean {
    try {
      return statSync(`/proc/${pid}/ns/net`).ino === statSync(`/run/netns/${this.name(host)}`).ino;
    } catch {
      return false;
    }
  }

  add(host: string): string {
    const name = this.name(host);
    run('ip', ['netns', 'add', name]);
    this.#names.add(name);
    run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
    return name;
  }

  /** A bridge that every interface with this link name is plugged into. Link names are short: interface names have 15 letters. */
  segment(link: string): void {
    run('ip', ['-n', this.#switch, 'link', 'add', link, 'type', 'bridge']);
    run('ip', ['-n', this.#switch, 'link', 'set', link, 'up']);
  }

  /** One interface of a host, plugged into a segment, with its addresses. */
  plug(host: string, device: string, segment: string, port: string, addresses: readonly string[]): void {
    const name = this.name(host);
    run('ip', [
      '-n',
      this.#switch,
      'link',
      'add',
      port,
      'type',
      'veth',
      'peer',
      'name',
      device,
      'netns',
      name,
    ]);
    run('ip', ['-n', this.#switch, 'link', 'set', port, 'master', segment, 'up']);
    this.address(host, device, addresses);
  }

  /** The other end of a plugged interface goes down or up: the interface loses its carrier or gets it back. */
  setPort(port: string, up: boolean): void {
    run('ip', ['-n', this.#switch, 'link', 'set', port, up ? 'up' : 'down']);
  }

  /** The kernel of a host knows no MAC address behind an interface any more, and waits for none. */
  forgetNeighbors(host: string, device: string): void {
    run('ip', ['-n', this.name(host), 'neigh', 'flush', 'dev', device]);
  }

  setLink(host: string, device: string, up: boolean): void {
    run('ip', ['-n', this.name(host), 'link', 'set', 'dev', device, up ? 'up' : 'down']);
  }

  address(host: string, device: string, addresses: readonly string[]): void {
    const name = this.name(host);
    // Without nodad an IPv6 address is tentative for a second and nothing can bind to it.
    for (const one of addresses) {
      run('ip', ['-n', name, 'addr', 'add', one, 'dev', device, ...(one.includes(':') ? ['nodad'] : [])]);
    }
    run('ip', ['-n', name, 'link', 'set', 'dev', device, 'up']);
  }

  /** A bridge of the host itself (docker0) with a container behind it: another namespace with default routes through it. */
  container(host: string, { bridge, gateways, name, addresses }: Container): void {
    const outside = this.name(host);
    const inside = this.add(name);
    run('ip', ['-n', outside, 'link', 'add', bridge, 'type', 'bridge']);
    run('ip', ['-n', outside, 'link', 'add', 'vc0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', inside]);
    run('ip', ['-n', outside, 'link', 'set', 'vc0', 'master', bridge, 'up']);
    this.address(host, bridge, gateways);
    this.address(name, 'eth0', addresses);
    for (const gateway of gateways) {
      const family = gateway.includes(':') ? '-6' : '-4';
      run('ip', ['-n', inside, family, 'route', 'add', 'default', 'via', gateway.split('/')[0] ?? '']);
    }
  }

  /** A route of the kernel, before any daemon runs. Several routes with one prefix and metric are one with several next hops. */
  route(host: string, routes: readonly KernelRouteLike[]): void {
    const [first] = routes;
    if (!first) return;
    const metric = first.metric ? ['metric', String(first.metric)] : [];
    const hops = routes.map(({ via, interface: dev }) => [
      ...(via ? ['via', via.text] : []),
      ...(dev ? ['dev', dev] : []),
    ]);
    const family = first.prefix.family === 6 ? '-6' : '-4';
    const name = this.name(host);
    const way = hops.length === 1 ? (hops[0] ?? []) : hops.flatMap((hop) => ['nexthop', ...hop]);
    const kind = first.blackhole ? ['blackhole', first.prefix.text] : [first.prefix.text, ...way];
    const origin = [
      ...(first.protocol === undefined ? [] : ['proto', String(first.protocol)]),
      ...(first.preferredSource ? ['src', first.preferredSource.text] : []),
    ];
    run('ip', ['-n', name, family, 'route', 'add', ...kind, ...metric, ...origin]);
  }

  exec(host: string, command: string, args: readonly string[]): string {
    return run('ip', ['netns', 'exec', this.name(host), programPath(command) ?? command, ...args]);
  }

  tryExec(host: string, command: string, args: readonly string[]) {
    return tryRun('ip', ['netns', 'exec', this.name(host), programPath(command) ?? command, ...args]);
  }

  /** The same without holding up the others. */
  askExec(host: string, command: string, args: readonly string[], timeout?: number): Promise<Ran> {
    const options = { env: { ...process.env, ...this.mark }, ...(timeout === undefined ? {} : { timeout }) };
    return ask('ip', ['netns', 'exec', this.name(host), programPath(command) ?? command, ...args], options);
  }

  execAsked(host: string, command: string, args: readonly string[]): Promise<string> {
    const env = { ...process.env, ...this.mark };
    return asked('ip', ['netns', 'exec', this.name(host), programPath(command) ?? command, ...args], env);
  }

  /** `ip` in the namespace of a host: quicker than to run a program there. */
  ip(host: string, args: readonly string[]): Promise<string> {
    return asked('ip', ['-n', this.name(host), ...args]);
  }

  /** What runs in the namespace of a host. */
  pids(host: string): readonly number[] {
    const { stdout } = tryRun('ip', ['netns', 'pids', this.name(host)]);
    return stdout
      .split('\n')
      .filter((pid) => pid !== '')
      .map(Number);
  }

  sysctl(host: string, name: string, value: string): void {
    this.exec(host, 'sysctl', ['-q', '-w', `${name}=${value}`]);
  }

  sysctls(host: string, settings: readonly (readonly [string, string])[]): void {
    this.exec(host, 'sysctl', ['-q', '-w', ...settings.map(([name, value]) => `${name}=${value}`)]);
  }

  close(): void {
    closed(this);
    for (const name of this.#names) removeNamespace(name);
    this.#names.clear();
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = null;
  }
}

/** Kills what runs in a namespace and removes it; whatever of that is gone already does no harm. */
export function removeNamespace(name: string): void {
  const inside = () =>
    tryRun('ip', ['netns', 'pids', name])
      .stdout.split('\n')
      .filter((pid) => pid !== '')
      .map(Number);
  // A process that is being killed may start one more.
  for (let pids = inside(), tries = 0; pids.length > 0 && tries < 50; pids = inside(), tries++)
    signalAll(pids, 'SIGKILL');
  tryRun('ip', ['netns', 'del', name]);
}
