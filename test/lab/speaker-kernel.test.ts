import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Frr } from '../../src/lab/daemons/frr.ts';
import { Namespaces } from '../../src/lab/netns.ts';
import { until } from '../../src/lab/shell.ts';
import type { NeighborView } from '../../src/speaker/api/types.ts';
import { frrConf } from '../speaker/support/configs.ts';
import { describeLab } from './support/requirements.ts';
import { SpeakerProcess } from './support/speaker.ts';

const FRR = `router bgp 65002
 bgp router-id 10.0.0.2
 no bgp ebgp-requires-policy
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 timers connect 2
 neighbor 10.0.1.1 remote-as 65001
 neighbor 10.0.1.1 timers connect 2
 address-family ipv4 unicast
  network 10.2.0.0/24
  network 10.66.0.0/24
  network 10.77.0.0/24
  maximum-paths 2
 exit-address-family
 address-family ipv6 unicast
  neighbor 10.0.0.1 activate
  neighbor 10.0.1.1 activate
  network 2001:db8:2::/64
  maximum-paths 2
 exit-address-family
`;

/** Of FRR. */
const NETWORKS = { ipv4: 3, ipv6: 1 };

const speakerConf = frrConf(
  65001,
  ['10.0.0.2', '10.0.1.2'].flatMap((peer) => [
    `neighbor ${peer} remote-as 65002`,
    `neighbor ${peer} timers connect 2`,
  ]),
  ['network 10.1.0.0/24', 'maximum-paths 2'],
  [
    ' address-family ipv6 unicast',
    '  neighbor 10.0.0.2 activate',
    '  neighbor 10.0.1.2 activate',
    '  network 2001:db8:1::/64',
    '  maximum-paths 2',
    ' exit-address-family',
  ],
);

const ARGS = ['--config', 'frr.conf', '--install-routes'];

interface KernelRoute {
  readonly dst: string;
  readonly gateway?: string;
  readonly protocol: string;
  readonly metric?: number;
  readonly nexthops?: readonly { readonly gateway: string }[];
}

describeLab(
  'routes of the speaker in the kernel',
  { root: true, programs: ['zebra', 'bgpd', 'ip', 'ping'] },
  () => {
    let namespaces: Namespaces;
    let speaker: SpeakerProcess;
    let frr: Frr;

    beforeAll(async () => {
      namespaces = new Namespaces('spi');
      for (const link of ['lan0', 'lan1']) namespaces.segment(link);
      for (const [host, last] of [
        ['a', 1],
        ['b', 2],
      ] as const) {
        namespaces.add(host);
        for (const lan of [0, 1])
          namespaces.plug(host, `eth${lan}`, `lan${lan}`, `p${lan}${last}`, [
            `10.0.${lan}.${last}/24`,
            `2001:db8:0:${lan}::${last}/64`,
          ]);
        namespaces.container(host, {
          bridge: 'docker0',
          gateways: [`10.${last}.0.1/24`, `2001:db8:${last}::1/64`],
          name: `${host}c`,
          addresses: [`10.${last}.0.9/24`, `2001:db8:${last}::9/64`],
        });
        for (const name of ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'])
          namespaces.sysctl(host, name, '1');
      }
      // Routes that are not the speaker's: one for a network that it learns, one of an unlucky metric, one of a neighbouring number.
      ip('route', 'add', '10.66.0.0/24', 'via', '10.0.0.2', 'metric', '20');
      ip('route', 'add', '10.77.0.0/24', 'via', '10.0.0.2', 'proto', '199', 'metric', '7');
      ip('route', 'add', '10.88.0.0/24', 'via', '10.0.0.2', 'proto', '77');
      // What an earlier run left.
      ip('route', 'add', '10.99.0.0/24', 'via', '10.0.0.2', 'proto', '179', 'metric', '20');
      ip('route', 'add', '2001:db8:99::/64', 'via', '2001:db8::2', 'proto', '179', 'metric', '33');
      // FRR announces them where its kernel has them, and so not before zebra has told bgpd of interfaces and addresses.
      for (const prefix of ['10.66.0.0/24', '10.77.0.0/24'])
        namespaces.exec('b', 'ip', ['route', 'add', 'blackhole', prefix]);
      frr = await Frr.start(namespaces, 'b', new Map([['bgpd.conf', FRR]]));
      await until('FRR knows its networks', 20, () =>
        (['ipv4', 'ipv6'] as const).every(
          (family) => frr.vtysh(`show bgp ${family} unicast`).split('*>').length - 1 === NETWORKS[family],
        )
          ? true
          : null,
      );
      // An address that the kernel is still checking for duplicates is none yet, and FRR would name :: as its next hop.
      await until('FRR knows its addresses', 20, () => {
        const shown = frr.vtysh('show interface');
        return ['2001:db8::2/64', '2001:db8:0:1::2/64'].every((one) => shown.includes(one)) ? true : null;
      });
      speaker = new SpeakerProcess(namespaces, 'a');
      speaker.write('frr.conf', speakerConf);
      await speaker.start(ARGS);
    }, 60_000);

    afterAll(() => speaker?.close());

    const ip = (...args: string[]) => namespaces.exec('a', 'ip', args);
    const routes = (...args: string[]): readonly KernelRoute[] =>
      (['-4', '-6'] as const).flatMap((family) => {
        const out = ip('-json', family, 'route', 'show', ...args);
        return out.trim() === '' ? [] : (JSON.parse(out) as readonly KernelRoute[]);
      });
    const own = () =>
      routes('proto', '179')
        .map(({ dst, gateway, nexthops, metric }) => {
          const gateways = (nexthops?.map((hop) => hop.gateway) ?? [gateway]).sort();
          return `${dst} ${gateways.join(' ')} metric ${metric}`;
        })
        .sort();
    const installed = (expected: readonly string[]) =>
      until(
        `the kernel has ${expected.join(', ')}`,
        30,
        () => (JSON.stringify(own()) === JSON.stringify(expected) ? true : null),
        () => `${own().join('\n')}\n${speaker.log}`,
      );
    const pings = (address: string) =>
      until(`${address} answers`, 10, () =>
        namespaces.tryExec('ac', 'ping', ['-c', '1', '-W', '1', address]).code === 0 ? true : null,
      );
    const foreign = () =>
      ['10.66.0.0/24', '10.77.0.0/24', '10.88.0.0/24'].map((prefix) => ip('route', 'show', prefix).trim());
    const untouched = [
      '10.66.0.0/24 via 10.0.0.2 dev eth0 metric 20',
      '10.77.0.0/24 via 10.0.0.2 dev eth0 proto 199 metric 7',
      '10.88.0.0/24 via 10.0.0.2 dev eth0 proto 77',
    ];

    const both = [
      '10.2.0.0/24 10.0.0.2 10.0.1.2 metric 20',
      '2001:db8:2::/64 2001:db8:0:1::2 2001:db8::2 metric 20',
    ];
    const one = ['10.2.0.0/24 10.0.0.2 metric 20', '2001:db8:2::/64 2001:db8::2 metric 20'];

    it('both ways are used, the networks reach each other, and what an earlier run left is gone', async () => {
      await installed(both);
      await pings('10.2.0.9');
      await pings('2001:db8:2::9');
      expect(foreign()).toEqual(untouched);
    }, 60_000);

    it('a link that goes down takes its way along long before the hold time is over', async () => {
      namespaces.setPort('p11', false);
      await installed(one);
      await pings('10.2.0.9');
      const { state } = speaker.json<NeighborView>(['neighbors', '10.0.1.2']);
      expect(state).toBe('Established');
      namespaces.setPort('p11', true);
      await installed(both);
    }, 90_000);

    it('a route that somebody takes away comes back', async () => {
      ip('route', 'del', '10.2.0.0/24', 'proto', '179');
      await installed(both);
    }, 60_000);

    it('kill -9: the routes stay, and the next run has the table right', async () => {
      speaker.signal('SIGKILL');
      ip('route', 'add', '10.98.0.0/24', 'via', '10.0.0.2', 'proto', '179', 'metric', '20');
      expect(own()).toHaveLength(3);
      await speaker.start(ARGS);
      await installed(both);
      await pings('10.2.0.9');
      await pings('2001:db8:2::9');
      expect(foreign()).toEqual(untouched);
    }, 90_000);

    it('a normal end leaves nothing behind', async () => {
      await speaker.stop();
      expect(own()).toEqual([]);
      expect(foreign()).toEqual(untouched);
    }, 30_000);

    it('a graceful end leaves the routes, and the next run keeps them until it has heard its peers', async () => {
      const graceful = [...ARGS, '--graceful', '60'];
      await speaker.start(graceful);
      await installed(both);
      await speaker.stop();
      expect(own()).toEqual(both);
      ip('route', 'add', '10.98.0.0/24', 'via', '10.0.0.2', 'proto', '179', 'metric', '20');
      const bgpd = readFileSync(frr.path('bgpd.pid'), 'utf8').trim();
      namespaces.exec('b', 'kill', ['-STOP', bgpd]);
      await speaker.start(graceful);
      expect(own()).toHaveLength(3);
      namespaces.exec('b', 'kill', ['-CONT', bgpd]);
      await installed(both);
    }, 120_000);
  },
);
