import type { Namespaces } from '../netns.ts';
import type { HostTables } from '../tables.ts';
import { birdRoutes, birdSessions } from './bird-observed.ts';
import { askBird } from './bird-socket.ts';
import type { RunningDaemon } from './daemon.ts';
import { DaemonProcess } from './process.ts';

/** One bird inside a namespace, from bird.conf and what it includes. */
export class Bird extends DaemonProcess implements RunningDaemon {
  static async start(
    namespaces: Namespaces,
    host: string,
    files: ReadonlyMap<string, string>,
  ): Promise<Bird> {
    const bird = new Bird(namespaces, host);
    bird.writeAll(files);
    bird.spawn('bird', ['-f', '-c', bird.path('bird.conf'), '-s', bird.path('ctl')]);
    await bird.answers('bird', async () => (await bird.#asked('show status')).includes('Daemon is up'));
    return bird;
  }

  #words(command: string): readonly string[] {
    return ['-s', this.path('ctl'), ...command.split(' ')];
  }

  /** What birdc answers. */
  ask(command: string): string {
    return this.namespaces.tryExec(this.host, 'birdc', this.#words(command)).stdout;
  }

  /** Empty: it does not answer. */
  #asked(command: string): Promise<string> {
    return askBird(this.path('ctl'), command).catch(() => '');
  }

  async tables(): Promise<Omit<HostTables, 'kernel'>> {
    const { sessions, neighbors } = birdSessions(await this.#asked('show protocols all'));
    return { sessions, bgp: birdRoutes(await this.#asked('show route all'), neighbors) };
  }

  /** States, and what was imported and exported so far. */
  async version(): Promise<string> {
    const said = await this.#asked('show protocols all');
    return said
      .split('\n')
      .filter((line) => /BGP state:|Routes:|(?:Import|Export) (?:updates|withdraws):/.test(line))
      .join('\n');
  }

  async connections(): Promise<ReadonlyMap<string, string>> {
    const said = await this.#asked('show protocols all');
    const { neighbors, sessions } = birdSessions(said);
    const up = new Set(sessions.filter(({ state }) => state === 'Established').map(({ peer }) => peer));
    const since = [...said.matchAll(/^(\S+)\s+BGP\s+\S+\s+\S+\s+(\S+(?: [0-9:.]+)?)/gm)];
    return new Map(
      since.flatMap(([, name = '', time = '']): [string, string][] => {
        const peer = neighbors.get(name) ?? '';
        return up.has(peer) ? [[peer, time]] : [];
      }),
    );
  }

  /** It says the time of day, to a thousandth. */
  async since(): Promise<ReadonlyMap<string, number>> {
    const today = new Date().toDateString();
    return new Map(
      [...(await this.connections())].flatMap(([peer, time]): [string, number][] => {
        const at = Date.parse(`${today} ${time}`) / 1000;
        return Number.isNaN(at) ? [] : [[peer, at]];
      }),
    );
  }

  async reload(files: ReadonlyMap<string, string>): Promise<string> {
    this.writeAll(files);
    return this.#asked('configure');
  }
}
