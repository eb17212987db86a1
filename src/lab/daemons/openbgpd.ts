import { chmodSync, mkdirSync } from 'node:fs';
import type { Namespaces } from '../netns.ts';
import type { RunningDaemon } from './daemon.ts';
import { DaemonProcess } from './process.ts';

/** OpenBGPD's `bgpd` has the name of FRR's: where both are installed Debian's `dpkg-divert` gives it its own (scripts/install-daemons). */
const PROGRAM = 'openbgpd';
const CONFIG = 'bgpd.conf';

/** One OpenBGPD inside a namespace, from bgpd.conf. */
export class Openbgpd extends DaemonProcess implements RunningDaemon {
  static async start(
    namespaces: Namespaces,
    host: string,
    files: ReadonlyMap<string, string>,
  ): Promise<Openbgpd> {
    const openbgpd = new Openbgpd(namespaces, host);
    // The home its processes are locked into; Debian's unit makes it.
    mkdirSync('/run/openbgpd', { recursive: true });
    openbgpd.#configure(files);
    openbgpd.spawn(PROGRAM, ['-d', '-f', openbgpd.path(CONFIG)]);
    await openbgpd.answers('openbgpd', async () => openbgpd.ask('show').code === 0);
    return openbgpd;
  }

  #configure(files: ReadonlyMap<string, string>): void {
    // Its own line for the socket: two of them must not share the default.
    this.write(CONFIG, `socket "${this.path('socket')}"\n${files.get(CONFIG) ?? ''}`);
    // It refuses a file that others may read.
    chmodSync(this.path(CONFIG), 0o600);
  }

  /** What bgpctl answers. */
  ask(command: string) {
    const words = ['-s', this.path('socket'), ...command.split(' ')];
    return this.namespaces.tryExec(this.host, 'bgpctl', words);
  }

  async tables(): ReturnType<RunningDaemon['tables']> {
    const rows = this.ask('show').stdout.split('\n').slice(1);
    const sessions = rows.flatMap((row) => {
      const [peer = '', , , , , , , state = ''] = row.trim().split(/\s+/);
      return peer === ''
        ? []
        : [{ peer, state: /^[0-9]/.test(state) ? ('Established' as const) : ('down' as const) }];
    });
    return { sessions, bgp: {} };
  }

  async reload(files: ReadonlyMap<string, string>): Promise<string> {
    this.#configure(files);
    return this.ask('reload').stdout;
  }
}
