import { type ChildProcess, spawn } from 'node:child_process';
import type { Namespaces } from '../netns.ts';
import { until } from '../shell.ts';

/** One end of a stream: a namespace and an address in it. */
export interface EndPoint {
  /** The host, as the report names it. */
  readonly host: string;
  /** The namespace: of its container, or its own. */
  readonly inside: string;
  readonly address: string;
}

/** What came through from one end to another. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly sent: number;
  readonly lost: number;
  /** Milliseconds of the longest silence. */
  readonly gap: number;
}

/** Milliseconds between two packets of a flow: what is lost is known to that. */
const INTERVAL = 50;
/** More flows than this are too much for a small machine: then each end sends to some of the others. */
const MOST_FLOWS = 30;

/** Echo requests from every end to every other one, for as long as it takes. */
export class PacketStream {
  #flows: {
    readonly from: EndPoint;
    readonly to: EndPoint;
    readonly child: ChildProcess;
    out: string;
  }[] = [];

  constructor(namespaces: Namespaces, ends: readonly EndPoint[]) {
    for (const [from, to] of pairs(ends)) {
      const words = [
        'netns',
        'exec',
        namespaces.name(from.inside),
        'ping',
        '-n',
        '-O',
        '-D',
        '-i',
        String(INTERVAL / 1000),
        to.address,
      ];
      const child = spawn('ip', words, {
        detached: true,
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, ...namespaces.mark },
      });
      const flow = { from, to, child, out: '' };
      child.on('error', () => undefined);
      child.stdout.on('data', (piece: Buffer) => {
        flow.out += piece.toString('utf8');
      });
      this.#flows.push(flow);
    }
  }

  /** Waits until every flow has had an answer; ends those that have none, and says which: what never worked cannot be lost. */
  async begin(seconds = 5): Promise<readonly string[]> {
    const silent = () => this.#flows.filter(({ out }) => !out.includes(' bytes from '));
    await until('packets come through', seconds, () => (silent().length === 0 ? true : null)).catch(
      () => undefined,
    );
    const mute = new Set(silent());
    for (const { child } of mute) child.kill('SIGKILL');
    this.#flows = this.#flows.filter((flow) => !mute.has(flow));
    return [...mute].map(({ from, to }) => `${from.host} to ${to.host}`);
  }

  /** SIGINT has each of them say how many it has sent; what was on its way at that moment is no loss. */
  async end(): Promise<readonly Flow[]> {
    for (const { child } of this.#flows) child.kill('SIGINT');
    const said = () =>
      this.#flows.every(({ out, child }) => /packets transmitted/.test(out) || child.exitCode !== null);
    await until('the packet stream ends', 10, () => (said() ? true : null)).catch(() => undefined);
    for (const { child } of this.#flows) child.kill('SIGKILL');
    return this.#flows.map(({ from, to, out }) => flowOf(from.host, to.host, out));
  }
}

function pairs(ends: readonly EndPoint[]): readonly (readonly [EndPoint, EndPoint])[] {
  const all = ends.flatMap((from, index) =>
    // The next ones round the circle first, so that a part of all pairs still has every end in it.
    ends.slice(1).map((_, step) => ({ from, to: ends[(index + step + 1) % ends.length] ?? from, step })),
  );
  return all
    .sort((a, b) => a.step - b.step)
    .slice(0, MOST_FLOWS)
    .map(({ from, to }) => [from, to] as const);
}

/** Reads what `ping -D` printed. */
export function flowOf(from: string, to: string, out: string): Flow {
  const answers = [...out.matchAll(/^\[([0-9.]+)\] .* bytes from .* icmp_seq=(\d+)/gm)];
  const answered = new Set(answers.map(([, , seq]) => Number(seq)));
  const transmitted = Number(/(\d+) packets transmitted/.exec(out)?.[1] ?? 0);
  const last = Math.max(0, ...answered);
  // The last one may have been on its way.
  const sent = transmitted === last + 1 ? last : transmitted;
  const times = answers.map(([, time]) => Number(time) * 1000);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return { from, to, sent, lost: sent - answered.size, gap: Math.round(Math.max(0, ...gaps)) };
}
