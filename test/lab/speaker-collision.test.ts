import { afterEach, expect, it } from 'vitest';
import { Frr } from '../../src/lab/daemons/frr.ts';
import { Namespaces, SWITCH } from '../../src/lab/netns.ts';
import { signalAll } from '../../src/lab/processes.ts';
import { until } from '../../src/lab/shell.ts';
import { describeLab } from './support/requirements.ts';
import { RunningSpeaker } from './support/running-speaker.ts';

const [SPEAKER, FRR] = ['10.0.0.1', '10.0.0.2'];

/** Neither end begins a second attempt while the test runs: what comes up is one of the two connections that met. */
const session = (peer: string, asn: number) => [
  ` neighbor ${peer} remote-as ${asn}`,
  ` neighbor ${peer} timers connect 120`,
];

class Meeting {
  readonly namespaces = new Namespaces('col');
  speaker: RunningSpeaker | null = null;
  frr: Frr | null = null;

  constructor() {
    this.namespaces.segment('lan');
    for (const [host, address] of [
      ['speaker', SPEAKER],
      ['frr', FRR],
    ] as const) {
      this.namespaces.add(host);
      this.namespaces.plug(host, 'eth0', 'lan', `p-${host}`, [`${address}/24`]);
      // The first packet waits for the neighbour's address for as long as it takes.
      this.namespaces.sysctl(host, 'net.ipv4.neigh.eth0.mcast_solicit', '1000');
    }
  }

  /** The two ends cannot hear each other. */
  apart(yes: boolean): void {
    for (const port of ['p-speaker', 'p-frr'])
      this.namespaces.exec(SWITCH, 'bridge', ['link', 'set', 'dev', port, 'isolated', yes ? 'on' : 'off']);
  }

  /** Lets the two kernels open both connections while neither program can say a word on the first of them. */
  async connect(): Promise<void> {
    const pids = ['speaker', 'frr'].flatMap((host) => this.namespaces.pids(host));
    signalAll(pids, 'SIGSTOP');
    this.apart(false);
    try {
      await until('both connections are open', 20, () =>
        ['speaker', 'frr'].every((host) => this.sockets(host, 'established').length === 2) ? true : null,
      );
    } finally {
      signalAll(pids, 'SIGCONT');
    }
  }

  sockets(host: string, state: string): readonly string[] {
    const { stdout } = this.namespaces.tryExec(host, 'ss', ['-Htn', 'state', state]);
    return stdout.split('\n').filter((line) => line.includes(':179'));
  }

  close(): void {
    this.speaker?.close();
    this.frr?.close();
    this.namespaces.close();
  }
}

const meetings: Meeting[] = [];

afterEach(() => {
  for (const meeting of meetings.splice(0)) meeting.close();
});

describeLab(
  'both ends call at once',
  { root: true, programs: ['ip', 'bridge', 'ss', 'zebra', 'bgpd', 'vtysh'] },
  () => {
    it.each([
      ['FRR has the higher identifier, and its connection stays', '10.0.0.1', '10.0.0.2', 'frr'],
      ['the speaker has the higher identifier, and its connection stays', '10.0.0.9', '10.0.0.2', 'speaker'],
    ])('%s', { timeout: 90_000 }, async (_, speakerId, frrId, stays) => {
      const meeting = new Meeting();
      meetings.push(meeting);
      meeting.apart(true);
      const { namespaces } = meeting;
      meeting.frr = await Frr.start(
        namespaces,
        'frr',
        new Map([
          [
            'frr.conf',
            [
              'router bgp 65002',
              ` bgp router-id ${frrId}`,
              ' no bgp ebgp-requires-policy',
              ...session(SPEAKER, 65001),
              '',
            ].join('\n'),
          ],
        ]),
      );
      meeting.speaker = new RunningSpeaker(namespaces, 'speaker', [
        'router bgp 65001',
        ` bgp router-id ${speakerId}`,
        ' no bgp ebgp-requires-policy',
        ...session(FRR, 65002),
      ]);
      const { speaker } = meeting;
      await until('both ends call', 30, () =>
        ['speaker', 'frr'].every((host) => meeting.sockets(host, 'syn-sent').length === 1) ? true : null,
      );
      await meeting.connect();
      await until(
        'the session is up',
        20,
        async () => ((await speaker.neighbor(FRR))?.state === 'Established' ? true : null),
        () => speaker.log(),
      );
      await until('one connection is left', 10, () =>
        meeting.sockets('speaker', 'established').length === 1 ? true : null,
      );
      const [own = ''] = meeting.sockets('speaker', 'established');
      const called = own.trim().split(/\s+/)[2]?.endsWith(':179') ? 'frr' : 'speaker';
      expect(called, speaker.log()).toBe(stays);
      expect((await speaker.neighbor(FRR))?.flaps).toEqual({ up: 1, down: 0 });
      expect(speaker.log()).toContain('connection collision');
    });
  },
);
