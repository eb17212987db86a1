import { closed, opened } from './open.ts';
import { run, tryRun } from './shell.ts';

interface KernelRouteLike {
  readonly prefix: { readonly family: number; readonly text: string };
  readonly via: { readonly text: string } | null;
  readonly interface: string | null;
  readonly blackhole: boolean;
  readonly metric?: number;
}

/** A container's namespace and how it is attached to its host; addresses with lengths. */
export interface Container {
  readonly bridge: string;
  readonly gateways: readonly string[];
  readonly name: string;
  readonly addresses: readonly string[];
}

/**
 * Network namespaces of one test, all with the same prefix, and what is plugged into them. `close` removes every one, also
 * after a failure; the bridges that stand for segments live in a namespace of their own, so the machine's own network is never touched.
 */
export class Namespaces {
  readonly #prefix: string;
  readonly #names = new Set<string>();
  readonly #switch: string;

  constructor(prefix: string) {
    this.#prefix = `${prefix}${process.pid}`;
    opened(this);
    this.#switch = this.add('sw');
  }

  name(host: string): string {
    return `${this.#prefix}-${host}`;
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

  setLink(host: string, device: string, up: boolean): void {
    run('ip', ['-n', this.name(host), 'link', 'set', device, up ? 'up' : 'down']);
  }

  address(host: string, device: string, addresses: readonly string[]): void {
    const name = this.name(host);
    // Without nodad an IPv6 address is tentative for a second and nothing can bind to it.
    for (const one of addresses) {
      run('ip', ['-n', name, 'addr', 'add', one, 'dev', device, ...(one.includes(':') ? ['nodad'] : [])]);
    }
    run('ip', ['-n', name, 'link', 'set', device, 'up']);
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
    run('ip', ['-n', name, family, 'route', 'add', ...kind, ...metric]);
  }

  exec(host: string, command: string, args: readonly string[]): string {
    return run('ip', ['netns', 'exec', this.name(host), command, ...args]);
  }

  tryExec(host: string, command: string, args: readonly string[]) {
    return tryRun('ip', ['netns', 'exec', this.name(host), command, ...args]);
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

  close(): void {
    closed(this);
    for (const name of this.#names) {
      for (const pid of tryRun('ip', ['netns', 'pids', name]).stdout.split('\n')) {
        if (pid !== '') tryRun('kill', ['-9', pid]);
      }
      tryRun('ip', ['netns', 'del', name]);
    }
    this.#names.clear();
  }
}
