import { afterAll, beforeAll, expect, it } from 'vitest';
import { Frr } from '../../src/lab/daemons/frr.ts';
import { Namespaces } from '../../src/lab/netns.ts';
import { programPath } from '../../src/lab/programs.ts';
import { tryRun, until } from '../../src/lab/shell.ts';
import type { AdjInRow, NeighborView, Page } from '../../src/speaker/api/types.ts';
import { frrConf } from '../speaker/support/configs.ts';
import { command } from './support/command.ts';
import { describeLab } from './support/requirements.ts';
import { SpeakerProcess } from './support/speaker.ts';

const FRR = `router bgp 65002
 bgp router-id 10.0.0.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 timers connect 2
 address-family ipv4 unicast
  network 10.2.0.0/16
  network 10.3.0.0/16
 exit-address-family
 address-family ipv6 unicast
  neighbor 10.0.0.1 activate
  network 2001:db8:2::/48
 exit-address-family
`;

const peer = ['neighbor 10.0.0.2 remote-as 65002', 'neighbor 10.0.0.2 timers connect 2'];
const ipv6 = [
  ' address-family ipv6 unicast',
  '  neighbor 10.0.0.2 activate',
  '  network 2001:db8:1::/48',
  ' exit-address-family',
];
const before = frrConf(65001, peer, ['network 10.1.0.0/16', 'redistribute connected'], ipv6);
const after = frrConf(
  65001,
  peer,
  ['network 10.11.0.0/16', 'neighbor 10.0.0.2 route-map in in'],
  [
    ...ipv6,
    'ip prefix-list two permit 10.2.0.0/16',
    'route-map in permit 10',
    ' match ip address prefix-list two',
    ' set local-preference 333',
  ],
);

interface FrrNeighbor {
  readonly bgpState: string;
  readonly lastResetDueTo?: string;
  readonly lastNotificationReason?: string;
  readonly connectionsDropped: number;
}

describeLab(
  'fabricgen speaker beside FRR',
  { root: true, programs: ['zebra', 'bgpd', 'vtysh', 'ip'] },
  () => {
    let frr: Frr;
    let speaker: SpeakerProcess;

    beforeAll(async () => {
      const namespaces = new Namespaces('spk');
      namespaces.segment('lan');
      for (const [host, last] of [
        ['a', 1],
        ['b', 2],
      ] as const) {
        namespaces.add(host);
        namespaces.plug(host, 'eth0', 'lan', `p${last}`, [`10.0.0.${last}/24`, `2001:db8::${last}/64`]);
      }
      frr = await Frr.start(namespaces, 'b', new Map([['bgpd.conf', FRR]]));
      speaker = new SpeakerProcess(namespaces, 'a');
      speaker.write('frr.conf', before);
      await speaker.start(['--config', 'frr.conf', '--record', 'life.rec']);
      await until(
        'the session is up',
        20,
        () => (neighbor().state === 'Established' ? true : null),
        () => speaker.log,
      );
    }, 60_000);

    afterAll(() => speaker?.close());

    const neighbor = () => speaker.json<NeighborView>(['neighbors', '10.0.0.2']);
    const frrNeighbor = () =>
      frr.json<Record<string, FrrNeighbor>>('show bgp neighbors 10.0.0.1')['10.0.0.1'] ?? {
        bgpState: '',
        connectionsDropped: 0,
      };
    const frrHas = (prefix: string) => {
      const family = prefix.includes(':') ? 'ipv6' : 'ipv4';
      return Object.keys(frr.json<{ routes: object }>(`show bgp ${family} unicast`).routes).includes(prefix);
    };
    const told = (prefix: string) => until(`FRR has ${prefix}`, 10, () => (frrHas(prefix) ? true : null));

    it('routes go both ways, in both families', async () => {
      for (const prefix of ['10.1.0.0/16', '10.0.0.0/24', '2001:db8:1::/48']) await told(prefix);
      const learned = await until('its routes are here', 10, () => {
        const { families } = neighbor();
        return families.every(({ accepted }) => accepted > 0) ? families : null;
      });
      expect(learned.map(({ family, accepted }) => [family, accepted])).toEqual([
        ['ipv4-unicast', 2],
        ['ipv6-unicast', 1],
      ]);
      expect(speaker.ask(['neighbors']).stdout).toMatch(/10\.0\.0\.2 +65002 .* Established/);
    });

    it('what an operator announces arrives with its attributes', async () => {
      expect(speaker.ask(['announce', '10.99.0.0/24', '--community', '65001:7', '--med', '5']).code).toBe(0);
      await told('10.99.0.0/24');
      const route = frr.vtysh('show bgp ipv4 unicast 10.99.0.0/24');
      expect(route).toContain('Community: 65001:7');
      expect(route).toContain('metric 5');
      expect(speaker.ask(['withdraw', '10.99.0.0/24']).code).toBe(0);
      await until('FRR lost it', 10, () => (frrHas('10.99.0.0/24') ? null : true));
    });

    it('SIGHUP applies the difference and resets nothing', async () => {
      speaker.write('frr.conf', after);
      speaker.signal('SIGHUP');
      await told('10.11.0.0/16');
      await until('FRR lost the old network', 10, () => (frrHas('10.1.0.0/16') ? null : true));
      const { rows } = speaker.json<Page<AdjInRow>>(['adj-in', '10.0.0.2']);
      const own = rows.filter(({ received }) => received.asPath === '65002');
      expect(own.map(({ prefix, accepted }) => [prefix, accepted?.localPref ?? null]).sort()).toEqual([
        ['10.2.0.0/16', 333],
        ['10.3.0.0/16', null],
      ]);
      expect([frrNeighbor().connectionsDropped, neighbor().flaps]).toEqual([0, { up: 1, down: 0 }]);
    });

    it('a configuration with a mistake is refused and the old one stays', async () => {
      speaker.write('frr.conf', `${after}router bgp 65001\n neighbor 10.0.0.2 nonsense\n`);
      speaker.signal('SIGHUP');
      await until('it says so', 10, () =>
        speaker.log.includes('configuration not taken over') ? true : null,
      );
      expect(neighbor().state).toBe('Established');
      expect(speaker.log).toMatch(/frr\.conf:\d+: /);
      speaker.write('frr.conf', after);
    });

    it('FRR hears why an operator ends the session', async () => {
      expect(speaker.ask(['shutdown', '10.0.0.2', '--message', 'works on rack 4']).code).toBe(0);
      await until('FRR noticed', 10, () => (frrNeighbor().bgpState === 'Established' ? null : true));
      expect(frr.vtysh('show bgp neighbors 10.0.0.1')).toContain('Cease/Administrative Shutdown');
      expect(neighbor()).toMatchObject({ state: 'Idle', reason: 'works on rack 4' });
      expect(speaker.ask(['start', '10.0.0.2']).code).toBe(0);
      await until(
        'it is back',
        30,
        () => (neighbor().state === 'Established' ? true : null),
        () => speaker.log,
      );
    });

    it('SIGTERM: FRR is told, and the speaker is gone within two seconds', async () => {
      const { code, took } = await speaker.stop();
      expect(code).toBe(0);
      expect(took).toBeLessThan(2000);
      await until('FRR noticed', 10, () => (frrNeighbor().bgpState === 'Established' ? null : true));
      expect(frr.vtysh('show bgp neighbors 10.0.0.1')).toContain('Cease/Administrative Shutdown');
    });

    it('what was recorded replays to the last octet', () => {
      const replayed = tryRun(process.execPath, [command(), 'speaker', '--replay', speaker.path('life.rec')]);
      expect(replayed.stderr).toContain('every answer the same');
      expect(replayed.code).toBe(0);
    });

    it('and is a capture', () => {
      const made = tryRun(process.execPath, [
        ...[command(), 'speaker', 'pcap', speaker.path('life.rec')],
        ...['--output', speaker.path('life.pcap')],
      ]);
      expect(made).toMatchObject({ code: 0, stderr: '' });
    });

    const noTshark = programPath('tshark') === null;
    if (noTshark) console.warn('skipped: a capture that tshark reads: needs tshark');
    it.skipIf(noTshark)('that tshark reads', () => {
      const shown = tryRun('tshark', ['-r', speaker.path('life.pcap'), '-T', 'fields', '-e', 'bgp.type']);
      expect(shown.code).toBe(0);
      for (const type of ['1', '2', '3', '4']) expect(shown.stdout.split(/[,\n]/)).toContain(type);
      const bad = tryRun('tshark', [
        '-r',
        speaker.path('life.pcap'),
        '-o',
        'tcp.check_checksum:TRUE',
        '-Y',
        'tcp.checksum.status == "Bad" || _ws.malformed',
      ]);
      expect(bad.stdout).toBe('');
    });

    it('comes back gracefully: FRR keeps the routes over a restart', async () => {
      await speaker.start(['--config', 'frr.conf', '--graceful', '60']);
      await told('10.11.0.0/16');
      await until('FRR has said all', 20, () =>
        neighbor().families.every(({ endOfRib }) => endOfRib) ? true : null,
      );
      await speaker.stop();
      await until('FRR noticed', 10, () => (frrNeighbor().bgpState === 'Established' ? null : true));
      expect(frrHas('10.11.0.0/16')).toBe(true);
      await speaker.start(['--config', 'frr.conf', '--graceful', '60']);
      await until(
        'it is back',
        30,
        () => (neighbor().state === 'Established' ? true : null),
        () => speaker.log,
      );
      expect(frrHas('10.11.0.0/16')).toBe(true);
      await until('all is said', 70, () =>
        speaker.log.includes('routes are announced from now on') ? true : null,
      );
      expect(frrHas('10.11.0.0/16')).toBe(true);
    }, 120_000);
  },
);
