import { describe, expect, it } from 'vitest';
import { KernelInstaller, type KernelTable } from '../../../src/speaker/kernel/installer.ts';
import type { BatchFailure, StandingRoute } from '../../../src/speaker/kernel/ip-route.ts';
import type { LogRecord } from '../../../src/speaker/monitor/log.ts';
import { frrConf } from '../support/configs.ts';
import { VirtualNetwork, type VirtualSpeaker, virtualSpeaker } from '../support/virtual.ts';

const MARK = { protocol: 179, metric: 20 };

/** A kernel in memory: lines of batches in, routes by prefix; `refuse` are words for prefixes it does not take. */
class FakeKernel implements KernelTable {
  readonly routes = new Map<string, string>();
  readonly refuse = new Map<string, string>();
  batches = 0;

  async standing(): Promise<readonly StandingRoute[]> {
    return [...this.routes].map(([prefix, way]) => ({ prefix, way, metric: MARK.metric }));
  }

  async apply(lines: readonly string[]): Promise<readonly BatchFailure[]> {
    this.batches++;
    return lines.flatMap((line, at) => {
      const [, kind, prefix = '', way = ''] =
        /^route (add|replace|del) (\S+) table main proto 179 metric 20 ?(.*)$/.exec(line) ?? [];
      const words = kind === undefined ? `strange: ${line}` : this.refuse.get(prefix);
      if (words !== undefined) return [{ line: at, words }];
      if (kind === 'del' && !this.routes.delete(prefix)) return [{ line: at, words: 'No such process' }];
      if (kind === 'add' && this.routes.has(prefix)) return [{ line: at, words: 'File exists' }];
      if (kind !== 'del') this.routes.set(prefix, way);
      return [];
    });
  }

  get text(): readonly string[] {
    return [...this.routes].map(([prefix, way]) => `${prefix} ${way}`).sort();
  }
}

const peers = (...addresses: string[]) => addresses.map((one) => `neighbor ${one} remote-as 65002`);

interface Lab {
  readonly network: VirtualNetwork;
  readonly own: VirtualSpeaker;
  readonly others: readonly VirtualSpeaker[];
  readonly kernel: FakeKernel;
  readonly installer: KernelInstaller;
  readonly said: LogRecord[];
  readonly counted: string[];
  settle(seconds?: number): Promise<void>;
}

/** One speaker of AS 65001 with an installer, and two of AS 65002 that both announce 10.2.0.0/24. */
function lab(family: readonly string[] = [], after: readonly string[] = []): Lab {
  const network = new VirtualNetwork();
  const lines = ['network 10.1.0.0/24', 'maximum-paths 2', ...family];
  const text = frrConf(65001, peers('10.0.0.2', '10.0.0.3'), lines, after);
  const own = virtualSpeaker(network, '10.0.0.1', text, { followsNextHops: true });
  const others = ['10.0.0.2', '10.0.0.3'].map((address) =>
    virtualSpeaker(
      network,
      address,
      frrConf(65002, ['neighbor 10.0.0.1 remote-as 65001'], ['network 10.2.0.0/24']),
    ),
  );
  const kernel = new FakeKernel();
  const said: LogRecord[] = [];
  const counted: string[] = [];
  const installer = new KernelInstaller(own.speaker, kernel, MARK, {
    count: (kind) => counted.push(kind),
    publish: (record) => said.push(record),
  });
  const settle = async (seconds = 60) => {
    network.run(seconds);
    // Each batch and each reading of the kernel takes some turns.
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
  };
  return { network, own, others, kernel, installer, said, counted, settle };
}

function startAll({ own, others, installer }: Lab, leftovers: readonly StandingRoute[] = []): void {
  installer.start(leftovers);
  for (const { speaker } of [own, ...others]) speaker.start();
}

/** Does something so many turns of the microtask queue from now. */
async function later(turns: number, what: () => void): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await null;
  what();
}

const ECMP = 'nexthop via 10.0.0.2 dev eth0 nexthop via 10.0.0.3 dev eth0';

describe('routes of the speaker in the kernel', () => {
  it('has every path that is used, and not what is made here', async () => {
    const l = lab();
    startAll(l);
    await l.settle();
    expect(l.kernel.text).toEqual([`10.2.0.0/24 ${ECMP}`]);
    l.others[1]?.speaker.stop('');
    await l.settle(5);
    expect(l.kernel.text).toEqual(['10.2.0.0/24 via 10.0.0.2 dev eth0']);
    l.others[0]?.speaker.stop('');
    await l.settle(5);
    expect(l.kernel.text).toEqual([]);
    expect(l.said).toEqual([]);
  });

  it('a table-map keeps out single paths', async () => {
    const l = lab(
      ['table-map TM'],
      [
        'ip prefix-list SECOND permit 10.0.0.3/32',
        'route-map TM deny 10',
        ' match ip next-hop prefix-list SECOND',
        'route-map TM permit 20',
      ],
    );
    startAll(l);
    await l.settle();
    expect(l.kernel.text).toEqual(['10.2.0.0/24 via 10.0.0.2 dev eth0']);
  });

  it('removes what an earlier run left, and keeps what is still right', async () => {
    const l = lab();
    l.kernel.routes.set('10.9.0.0/24', 'via 10.0.0.2 dev eth0');
    startAll(l, await l.kernel.standing());
    await l.settle();
    expect(l.kernel.text).toEqual([`10.2.0.0/24 ${ECMP}`]);
  });

  it('an unreachable next hop: the path is not used, and comes back with the link', async () => {
    const l = lab();
    startAll(l);
    await l.settle();
    l.own.speaker.setHost({ interfaces: [], routes: [] });
    await l.settle(1);
    expect(l.kernel.text).toEqual([]);
    l.own.speaker.setHost({ interfaces: [{ name: 'eth1', addresses: ['10.0.0.1/24'] }], routes: [] });
    await l.settle(1);
    expect(l.kernel.text).toEqual([`10.2.0.0/24 ${ECMP.replaceAll('eth0', 'eth1')}`]);
  });

  it("where the host has a route of its own BGP's stays out", async () => {
    const l = lab();
    startAll(l);
    await l.settle();
    const interfaces = [{ name: 'eth0', addresses: ['10.0.0.1/24'] }];
    l.own.speaker.setHost({ interfaces, routes: [{ prefix: '10.2.0.0/24', via: '10.0.0.9' }] });
    l.installer.recheck();
    await l.settle(1);
    expect(l.kernel.text).toEqual([]);
  });

  it('what the kernel refuses is counted each time and said once', async () => {
    const l = lab();
    l.kernel.refuse.set('10.2.0.0/24', 'File exists');
    startAll(l);
    await l.settle();
    l.installer.recheck();
    await l.settle(1);
    expect(l.counted.length).toBeGreaterThan(1);
    expect(new Set(l.counted)).toEqual(new Set(['kernel_route']));
    expect(l.said.map(({ message }) => message)).toEqual([
      '10.2.0.0/24 is not in the kernel as it should be (add): File exists',
    ]);
    expect(l.installer.hasFailed).toBe(true);
    l.kernel.refuse.clear();
    l.installer.recheck();
    await l.settle(1);
    expect([l.kernel.text, l.installer.hasFailed]).toEqual([[`10.2.0.0/24 ${ECMP}`], false]);
  });

  it('a kernel that cannot be reached is counted and said, at the end too', async () => {
    const l = lab();
    l.kernel.apply = () => Promise.reject(new Error('no such program'));
    startAll(l);
    await l.settle();
    await l.installer.end(false);
    expect(new Set(l.counted)).toEqual(new Set(['kernel_table']));
    expect(l.said[0]?.message).toBe("the kernel's routes: Error: no such program");
  });

  it("a batch that came to nothing is made good at the next look, and its routes never pass for the host's", async () => {
    const l = lab();
    startAll(l);
    await l.settle();
    const { apply } = l.kernel;
    l.kernel.apply = () => Promise.reject(new Error('killed'));
    for (const { speaker } of l.others) speaker.stop('');
    await l.settle(1);
    expect(l.kernel.text).toEqual([`10.2.0.0/24 ${ECMP}`]);
    expect([l.installer.owns('10.2.0.0/24', MARK.metric), l.installer.isMissing(1)]).toEqual([true, true]);
    l.installer.recheck();
    await l.settle(1);
    expect(l.said.map(({ message }) => message)).toEqual(["the kernel's routes: Error: killed"]);
    l.kernel.apply = apply;
    l.installer.recheck();
    await l.settle(1);
    expect([l.kernel.text, l.installer.isMissing(0), l.installer.size]).toEqual([[], false, 0]);
  });

  it('what changes while a batch ends is not forgotten, at whatever moment it comes', async () => {
    for (let turns = 0; turns < 12; turns++) {
      const l = lab();
      startAll(l);
      const apply = l.kernel.apply.bind(l.kernel);
      let changes = 0;
      l.kernel.apply = (lines) => {
        const failures = apply(lines);
        if (changes++ === 0) void later(turns, () => l.own.speaker.setHost({ interfaces: [], routes: [] }));
        return failures;
      };
      await l.settle();
      expect([turns, l.kernel.text]).toEqual([turns, []]);
    }
  });

  it('an end after a batch that came to nothing reads what is there first', async () => {
    const l = lab();
    startAll(l);
    await l.settle();
    const apply = l.kernel.apply.bind(l.kernel);
    l.kernel.apply = (lines) => {
      l.kernel.apply = apply;
      return Promise.reject(new Error(`killed before ${lines.length}`));
    };
    for (const { speaker } of l.others) speaker.stop('');
    await l.settle(1);
    await l.installer.end(false);
    expect(l.kernel.text).toEqual([]);
  });

  it('its end removes everything, or nothing', async () => {
    for (const keep of [true, false]) {
      const l = lab();
      startAll(l);
      await l.settle();
      const ended = l.installer.end(keep);
      l.own.speaker.stop('');
      await l.settle(1);
      await ended;
      expect(l.kernel.routes.size).toBe(keep ? 1 : 0);
    }
  });
});
