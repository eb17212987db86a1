import { chmodSync, existsSync } from 'node:fs';
import type { Namespaces } from '../netns.ts';
import { programPath } from '../programs.ts';
import { ask, run } from '../shell.ts';
import type { HostTables } from '../tables.ts';
import type { RunningDaemon } from './daemon.ts';
import { frrTables, frrVersion } from './frr-observed.ts';
import { DaemonProcess } from './process.ts';
import { askVty } from './vty.ts';

const programs = ['zebra', 'staticd', 'bgpd'] as const;
const INTEGRATED = 'frr.conf';

/**
 * Where FRR keeps what it would say of a crash (lib/zlog.c) is fixed, and whoever is killed leaves a folder there. Every daemon runs in
 * a mount namespace of its own (ip-netns(8)): there that place is a folder of the host.
 */
const CRASHES = '/var/tmp/frr';
const WITH_OWN_CRASHES = `mkdir -p "$0" ${CRASHES} && mount --bind "$0" ${CRASHES} && exec "$@"`;

interface NeighborEntry {
  readonly bgpState: string;
  readonly portLocal?: number;
  readonly portForeign?: number;
  /** Whole seconds. */
  readonly bgpTimerUpEstablishedEpoch?: number;
}

/** One FRR (zebra, staticd, bgpd) inside a namespace, started from a folder of files as they were rendered. */
export class Frr extends DaemonProcess implements RunningDaemon {
  /** Copies the files, starts the daemons, waits until bgpd answers, loads an integrated frr.conf where there is one. */
  static async start(namespaces: Namespaces, host: string, files: ReadonlyMap<string, string>): Promise<Frr> {
    const frr = new Frr(namespaces, host);
    // The daemons drop to user frr, who must be able to write here.
    chmodSync(frr.folder, 0o777);
    frr.writeAll(frr.#ownLogs(files));
    if (!files.has('vtysh.conf')) frr.write('vtysh.conf', '');
    for (const daemon of programs) {
      if (!existsSync(frr.path(`${daemon}.conf`))) frr.write(`${daemon}.conf`, '');
    }
    run('chown', ['-R', 'frr:frr', frr.folder]);
    for (const daemon of programs) await frr.#daemon(daemon);
    await frr.answers('bgpd', async () => (await frr.#tryAsk('show version')) !== null);
    if (files.has(INTEGRATED)) await frr.#load();
    return frr;
  }

  async #daemon(daemon: (typeof programs)[number]): Promise<void> {
    await this.namespaces.execAsked(this.host, 'sh', [
      ...['-c', WITH_OWN_CRASHES, this.path('crashes'), programPath(daemon) ?? daemon],
      ...[
        '-d',
        '-f',
        this.path(`${daemon}.conf`),
        '-i',
        this.path(`${daemon}.pid`),
        '-z',
        this.path('zserv.api'),
      ],
      ...['--vty_socket', this.folder, '-A', '127.0.0.1', '--log', `file:${this.path(`${daemon}.log`)}`],
    ]);
  }

  /** What the daemons refuse is said, and ends the start: nobody shall compare half a configuration. */
  async #load(): Promise<void> {
    const args = [...this.#vtyshArgs(), '-f', this.path(INTEGRATED)];
    const { code, stdout, stderr } = await ask('vtysh', args, { env: this.#environment() });
    if (code !== 0) throw new Error(`${this.host}: FRR refuses its files\n${stdout}${stderr}`);
  }

  /** A log file of the machine is nothing for a daemon of the lab: it gets one in its own folder. */
  #ownLogs(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    return new Map(
      [...files].map(([name, text]) => [
        name,
        text.replace(/^(\s*log file) \S+/gm, (_, words: string) => `${words} ${this.path('said.log')}`),
      ]),
    );
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.namespaces.mark };
  }

  #vtyshArgs(): string[] {
    return ['--vty_socket', this.folder, '--config_dir', this.folder];
  }

  vtysh(command: string): string {
    return run('vtysh', [...this.#vtyshArgs(), '-c', command]);
  }

  tryVtysh(command: string): string | null {
    try {
      return this.vtysh(command);
    } catch {
      return null;
    }
  }

  json<T>(command: string): T {
    return JSON.parse(this.vtysh(`${command} json`)) as T;
  }

  /** What bgpd answers. */
  ask(command: string): Promise<string> {
    return askVty(this.path('bgpd.vty'), command);
  }

  async #tryAsk(command: string): Promise<string | null> {
    try {
      return await this.ask(command);
    } catch {
      return null;
    }
  }

  /** Until its `bgp route-map delay-timer` is over (5 s) a map that stands below the line that names it lets nothing pass. */
  async policiesInForce(): Promise<boolean> {
    return !(await this.ask('show thread timers')).includes('bgp_route_map_update_timer');
  }

  tables(): Promise<Omit<HostTables, 'kernel'>> {
    return frrTables((command) => this.ask(command));
  }

  version(): Promise<string> {
    return frrVersion((command) => this.ask(command));
  }

  async connections(): Promise<ReadonlyMap<string, string>> {
    const up = await this.#established();
    return new Map(up.map(([peer, one]) => [peer, `${one.portLocal}-${one.portForeign}`]));
  }

  async since(): Promise<ReadonlyMap<string, number>> {
    const up = await this.#established();
    return new Map(up.map(([peer, one]) => [peer, (one.bgpTimerUpEstablishedEpoch ?? 0) + 0.5]));
  }

  async #established(): Promise<readonly (readonly [string, NeighborEntry])[]> {
    const peers = JSON.parse(await this.ask('show bgp neighbors json')) as Record<
      string,
      NeighborEntry | string
    >;
    return Object.entries(peers).flatMap(([peer, one]): [string, NeighborEntry][] =>
      typeof one === 'string' || one.bgpState !== 'Established' ? [] : [[peer, one]],
    );
  }

  /**
   * As an operator does it: `frr-reload.py` turns the difference into commands. Files per daemon are put together to the one that
   * it takes; it reloads twice, since a route-map is attached before it is made the first time round.
   */
  async reload(files: ReadonlyMap<string, string>): Promise<string> {
    const own = this.#ownLogs(files);
    const whole = own.get(INTEGRATED) ?? programs.map((daemon) => own.get(`${daemon}.conf`) ?? '').join('\n');
    this.write(INTEGRATED, whole);
    this.write('vtysh.conf', '');
    run('chown', ['frr:frr', this.path(INTEGRATED), this.path('vtysh.conf')]);
    const dirs = ['--confdir', '--rundir', '--vty_socket'].flatMap((option) => [option, this.folder]);
    const args = ['--reload', '--bindir', '/usr/bin', ...dirs, this.path(INTEGRATED)];
    const program = programPath('frr-reload.py') ?? 'frr-reload.py';
    const { stdout, stderr } = await ask(program, args, { env: this.#environment() });
    return `${stdout}${stderr}`;
  }
}
