import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DaemonProcess } from '../daemons/process.ts';
import type { Namespaces } from '../netns.ts';
import { stopAll } from '../processes.ts';
import { programPath } from '../programs.ts';
import { ask, type Ran } from '../shell.ts';

const IMAGE = 'fabricgen-lab:1';
const CONTAINER = 'c1';
const BUSYBOX = '/bin/busybox';

/** Programs without which there is no real Docker in a lab. */
export const dockerPrograms: readonly string[] = [
  'dockerd',
  'docker',
  'nsenter',
  'unshare',
  'tar',
  'busybox',
];

/**
 * A Docker engine of one host: the rendered daemon.json with folders of its own, in the network namespace of the host. It runs in a
 * PID and a mount namespace as well: when its first process is killed containerd, shims and containers go with it, and no mount stays.
 */
export class Dockerd extends DaemonProcess {
  /** `rendered`: daemon.json; `group`: the control group its containers run below. */
  static async start(
    namespaces: Namespaces,
    host: string,
    rendered: string,
    group: string,
  ): Promise<Dockerd> {
    const dockerd = new Dockerd(namespaces, host, namespaces.folder(`${host}+docker`));
    dockerd.write('daemon.json', `${JSON.stringify(dockerd.#settings(rendered, group), null, 2)}\n`);
    // Not `ip netns exec`: it mounts /sys anew, and dockerd then misses its control groups.
    const own = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const words = [`--net=/run/netns/${namespaces.name(host)}`, ...own];
    const program = [programPath('dockerd') ?? 'dockerd', '--config-file', dockerd.path('daemon.json')];
    dockerd.spawnProgram('dockerd', programPath('nsenter') ?? 'nsenter', [...words, ...program]);
    await dockerd.answers('dockerd', async () => (await dockerd.docker(['version'])).code === 0, 60);
    await dockerd.#container();
    return dockerd;
  }

  /** What the inventory says, but for what would be the machine's own; storage that works on any file system. */
  #settings(rendered: string, group: string): Readonly<Record<string, unknown>> {
    // Containers that outlive their dockerd would outlive the lab.
    const { 'live-restore': _, ...kept } = JSON.parse(rendered) as Record<string, unknown>;
    return {
      ...kept,
      'data-root': this.path('data'),
      'exec-root': this.path('exec'),
      pidfile: this.path('docker.pid.own'),
      hosts: [`unix://${this.path('docker.sock')}`],
      'storage-driver': 'vfs',
      'cgroup-parent': `/${group}`,
    };
  }

  /** No registry is asked: the image is one static program. */
  async #container(): Promise<void> {
    mkdirSync(this.path('image/bin'), { recursive: true });
    copyFileSync(programPath('busybox') ?? BUSYBOX, this.path('image/bin/busybox'));
    symlinkSync('busybox', this.path('image/bin/sh'));
    const archive = this.path('image.tar');
    await this.#succeeds('tar', ['-C', this.path('image'), '-cf', archive, '.']);
    await this.#docker(['import', archive, IMAGE]);
    await this.#docker(['run', '-d', '--name', CONTAINER, IMAGE, BUSYBOX, 'sleep', '1000000']);
  }

  /** Addresses of the container, IPv4 first. */
  async addresses(): Promise<readonly string[]> {
    const format = '{{.NetworkSettings.IPAddress}} {{.NetworkSettings.GlobalIPv6Address}}';
    const said = await this.#docker(['inspect', CONTAINER, '--format', format]);
    return said
      .trim()
      .split(/\s+/)
      .filter((one) => one !== '');
  }

  /** Runs a program of busybox in the container. */
  exec(words: readonly string[]): Promise<Ran> {
    return this.docker(['exec', CONTAINER, BUSYBOX, ...words]);
  }

  docker(words: readonly string[]): Promise<Ran> {
    const env = { ...process.env, ...this.namespaces.mark, HOME: this.folder };
    return ask('docker', ['-H', `unix://${this.path('docker.sock')}`, ...words], { env });
  }

  async #docker(words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.docker(words);
    if (code !== 0) throw new Error(`${this.host}: docker ${words[0]} fails\n${stderr}\n${this.log()}`);
    return stdout;
  }

  async #succeeds(program: string, words: readonly string[]): Promise<void> {
    const { code, stderr } = await ask(program, words);
    if (code !== 0) throw new Error(`${this.host}: ${program} fails\n${stderr}`);
  }

  /** SIGKILL to the first process of its PID namespace takes all the others along. */
  override stop(): Promise<void> {
    return stopAll(`dockerd of ${this.host}`, this.pids(), 0);
  }

  /** The version the engine says it has. */
  async version(): Promise<string> {
    return (await this.#docker(['version', '--format', '{{.Server.Version}}'])).trim();
  }
}

/** daemon.json as it stands in the folder of the host's files. */
export function renderedDaemonJson(fabricFolder: string, host: string): string {
  return readFileSync(join(fabricFolder, 'configs', host, 'daemon.json'), 'utf8');
}
