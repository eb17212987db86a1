import { spawn } from 'node:child_process';
import type { RunningContainer } from './containers/containers.ts';
import type { Namespaces } from './netns.ts';
import { isRunning } from './processes.ts';
import { programPath } from './programs.ts';
import { type Ran, until } from './shell.ts';

/** What came of a ping. */
export interface Pinged {
  readonly sent: number;
  readonly received: number;
  /** TTL of the first answer; null: there was none. */
  readonly ttl: number | null;
  /** The source address in which the requests arrived; null: none arrived, or nobody could look. */
  readonly source: string | null;
  readonly said: string;
}

/** Where a ping starts: a container, or a host that has none. */
export interface PingFrom {
  readonly exec: (program: string, words: readonly string[]) => Promise<Ran>;
}

const COUNT = 3;

/** Pings `address`; where `at` is given, tcpdump on the bridge of that container's host says whose requests arrive. */
export async function ping(
  namespaces: Namespaces,
  from: PingFrom,
  address: string,
  at: RunningContainer | null,
): Promise<Pinged> {
  const watch = at && programPath('tcpdump') ? await watchSources(namespaces, at, address) : null;
  const family = address.includes(':') ? '-6' : '-4';
  const { stdout, stderr } = await from.exec('ping', [family, '-c', String(COUNT), '-W', '2', address]);
  const received = Number(/(\d+)(?: packets)? received/.exec(stdout)?.[1] ?? 0);
  const ttl = /ttl=(\d+)/i.exec(stdout)?.[1];
  return {
    sent: COUNT,
    received,
    ttl: ttl === undefined ? null : Number(ttl),
    source: watch ? await watch(received > 0) : null,
    said: stdout.trim() === '' ? stderr.trim() : stdout.trim(),
  };
}

/** Starts to look; the answer is the first source seen, waited for only where something must have come by. */
async function watchSources(
  namespaces: Namespaces,
  { host, bridge }: RunningContainer,
  address: string,
): Promise<(some: boolean) => Promise<string | null>> {
  const filter = address.includes(':') ? `icmp6 and ip6[40] = 128` : 'icmp[icmptype] = icmp-echo';
  const words = ['-n', '-l', '-i', bridge, '-c', '1', `${filter} and dst host ${address}`];
  const child = spawn('ip', ['netns', 'exec', namespaces.name(host), 'tcpdump', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...namespaces.mark },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (piece: Buffer) => {
    out += piece.toString('utf8');
  });
  child.stderr.on('data', (piece: Buffer) => {
    err += piece.toString('utf8');
  });
  child.on('error', () => undefined);
  const source = () => /IP6? (\S+) > /.exec(out)?.[1] ?? null;
  const ended = () => child.pid === undefined || !isRunning(child.pid);
  await until('tcpdump listens', 10, () => (err.includes('listening on') || ended() ? true : null));
  return async (some) => {
    if (some)
      await until('tcpdump sees the packet', 3, () => source() ?? (ended() ? '' : null)).catch(() => '');
    child.kill('SIGTERM');
    return source();
  };
}
