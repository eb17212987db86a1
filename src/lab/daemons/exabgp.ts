import { mkdirSync } from 'node:fs';
import type { Namespaces } from '../netns.ts';
import { programPath } from '../programs.ts';
import { run } from '../shell.ts';
import type { HostTables } from '../tables.ts';
import type { RunningDaemon } from './daemon.ts';
import { DaemonProcess } from './process.ts';

/** The named pipes' name: one ExaBGP per folder, so that it need not differ. */
const PIPE = 'exabgp-lab';

/** One ExaBGP inside a namespace, from exabgp.conf. It keeps no table of best paths: only its sessions are asked for, and seldom (that starts Python). */
export class Exabgp extends DaemonProcess implements RunningDaemon {
  static async start(
    namespaces: Namespaces,
    host: string,
    files: ReadonlyMap<string, string>,
  ): Promise<Exabgp> {
    const exabgp = new Exabgp(namespaces, host);
    exabgp.writeAll(files);
    mkdirSync(exabgp.path('run'));
    run(
      'mkfifo',
      ['in', 'out'].map((end) => exabgp.path(`run/${PIPE}.${end}`)),
    );
    exabgp.spawn('exabgp', ['--root', exabgp.folder, exabgp.path('exabgp.conf')], {
      'exabgp.daemon.user': 'root',
      'exabgp.api.cli': 'true',
      'exabgp.api.pipename': PIPE,
      'exabgp.log.level': 'INFO',
    });
    await exabgp.answers('exabgp', async () => (await exabgp.#sessions()) !== null);
    return exabgp;
  }

  /** null: it does not answer. */
  async #sessions(): Promise<HostTables['sessions'] | null> {
    // It waits for an answer as long as nobody stops it.
    const words = ['20', 'env', `exabgp_api_pipename=${PIPE}`, programPath('exabgpcli') ?? 'exabgpcli'];
    const question = ['--root', this.folder, 'show', 'neighbor', 'extensive'];
    const asked = await this.namespaces.askExec(this.host, 'timeout', [...words, ...question]);
    if (asked.code !== 0) return null;
    const found = asked.stdout.matchAll(/^Neighbor (\S+)$[\s\S]*?^\s+state\s+(\S+)/gm);
    // A range of callers stands there too, and is no session.
    return [...found]
      .filter(([, peer = '']) => !peer.includes('/'))
      .map(([, peer = '', state]) => ({ peer, state: state === 'ESTABLISHED' ? 'Established' : 'down' }))
      .sort((a, b) => (a.peer < b.peer ? -1 : 1));
  }

  async tables(): Promise<Omit<HostTables, 'kernel'>> {
    return { sessions: (await this.#sessions()) ?? [], bgp: {} };
  }

  /** SIGUSR1 has the file read again. */
  async reload(files: ReadonlyMap<string, string>): Promise<string> {
    this.writeAll(files);
    this.signal('SIGUSR1');
    return '';
  }
}
