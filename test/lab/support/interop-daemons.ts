import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bird } from '../../../src/lab/daemons/bird.ts';
import type { RunningDaemon } from '../../../src/lab/daemons/daemon.ts';
import { Exabgp } from '../../../src/lab/daemons/exabgp.ts';
import { Frr } from '../../../src/lab/daemons/frr.ts';
import { Gobgp } from '../../../src/lab/daemons/gobgp.ts';
import { Openbgpd } from '../../../src/lab/daemons/openbgpd.ts';
import type { Namespaces } from '../../../src/lab/netns.ts';

/** The daemon's end of a session with the speaker; the daemon is 10.0.0.2 and 2001:db8::2, the speaker ends in 1. */
export interface Wanted {
  readonly asn: number;
  readonly speakerAs: number;
  /** The session's own addresses. */
  readonly transport: 4 | 6;
  /** The daemon waits to be called. */
  readonly passive: boolean;
  /** The daemon reflects for the speaker. */
  readonly client: boolean;
  /** Both ends offer to send and receive several paths. */
  readonly addPath: boolean;
  readonly graceful: boolean;
  /** Seconds. */
  readonly hold: number;
}

/** Routes every daemon announces, the first one with a large community. */
export const daemonRoutes = ['10.2.0.0/16', '2001:db8:2::/48', '10.22.0.0/16'] as const;
export const LARGE = '65002:4200000000:7';

export interface RunningPeer {
  readonly daemon: RunningDaemon;
  /** What it knows of a destination, as it prints it; '' where it knows nothing. */
  route(prefix: string): string;
  /** Asks the speaker for everything again (RFC 2918); null: it cannot be told to. */
  readonly refresh: (() => void) | null;
  /** Has it call again at once, where its first call came too early and the next one is minutes away. */
  readonly call?: () => void;
}

export interface InteropDaemon {
  readonly name: string;
  readonly programs: readonly string[];
  /** What this version cannot do, by feature, in words. */
  readonly lacks: Readonly<Record<string, string>>;
  start(namespaces: Namespaces, host: string, wanted: Wanted): Promise<RunningPeer>;
}

/** The own address, the speaker's, and those of all peers: where the daemon reflects there is a third router. */
function ends({ transport, client }: Wanted) {
  const base = transport === 4 ? '10.0.0.' : '2001:db8::';
  const speaker = `${base}1`;
  return { own: `${base}2`, speaker, peers: client ? [speaker, `${base}3`] : [speaker] };
}

const files = (name: string, lines: readonly string[]) => new Map([[name, `${lines.join('\n')}\n`]]);
const when = (condition: boolean, ...lines: readonly string[]) => (condition ? lines : []);

const frr: InteropDaemon = {
  name: 'FRR',
  programs: ['zebra', 'bgpd', 'staticd', 'vtysh'],
  lacks: {},
  start: async (namespaces, host, wanted) => {
    const { speaker, peers } = ends(wanted);
    const family = (name: string, network: string) => [
      ` address-family ${name} unicast`,
      `  network ${network}${name === 'ipv4' ? ' route-map large' : ''}`,
      ...when(name === 'ipv4', `  network ${daemonRoutes[2]}`),
      ...peers.flatMap((peer) => [
        `  neighbor ${peer} activate`,
        ...when(wanted.client, `  neighbor ${peer} route-reflector-client`),
        ...when(wanted.addPath, `  neighbor ${peer} addpath-tx-all-paths`),
      ]),
      ' exit-address-family',
    ];
    const daemon = await Frr.start(
      namespaces,
      host,
      files('frr.conf', [
        'route-map large permit 10',
        ` set large-community ${LARGE}`,
        'exit',
        `router bgp ${wanted.asn}`,
        ' bgp router-id 10.0.0.2',
        ' no bgp ebgp-requires-policy',
        ' no bgp network import-check',
        ...when(wanted.graceful, ' bgp graceful-restart', ' bgp graceful-restart preserve-fw-state'),
        ...peers.flatMap((peer) => [
          ` neighbor ${peer} remote-as ${wanted.speakerAs}`,
          ` neighbor ${peer} timers ${wanted.hold / 3} ${wanted.hold}`,
          ` neighbor ${peer} timers connect 1`,
          ...when(wanted.passive, ` neighbor ${peer} passive`),
        ]),
        ...family('ipv4', daemonRoutes[0]),
        ...family('ipv6', daemonRoutes[1]),
      ]),
    );
    return {
      daemon,
      route: (prefix) => {
        const text =
          daemon.tryVtysh(`show bgp ${prefix.includes(':') ? 'ipv6' : 'ipv4'} unicast ${prefix}`) ?? '';
        return text.includes('not in table') ? '' : text;
      },
      refresh: () => void daemon.vtysh(`clear bgp ipv4 unicast ${speaker} soft in`),
    };
  },
};

const gobgp: InteropDaemon = {
  name: 'GoBGP',
  programs: ['gobgpd', 'gobgp'],
  lacks: {
    'extended messages': 'GoBGP 3.10 does not offer RFC 8654',
    'route refresh, asked': 'GoBGP 3.10 keeps what it was told and asks nobody',
  },
  start: async (namespaces, host, wanted) => {
    const { own, speaker, peers } = ends(wanted);
    const daemon = await Gobgp.start(
      namespaces,
      host,
      new Map([
        [
          'gobgp.toml',
          [
            '[global.config]',
            `  as = ${wanted.asn}`,
            '  router-id = "10.0.0.2"',
            ...peers.flatMap((peer) => [
              '[[neighbors]]',
              '  [neighbors.config]',
              `    neighbor-address = "${peer}"`,
              `    peer-as = ${wanted.speakerAs}`,
              '  [neighbors.timers.config]',
              `    hold-time = ${wanted.hold}`,
              `    keepalive-interval = ${wanted.hold / 3}`,
              '    connect-retry = 1',
              '    idle-hold-time-after-reset = 1',
              '  [neighbors.transport.config]',
              `    passive-mode = ${wanted.passive}`,
              `    local-address = "${own}"`,
              ...when(
                wanted.client,
                '  [neighbors.route-reflector.config]',
                '    route-reflector-client = true',
                '    route-reflector-cluster-id = "10.0.0.2"',
              ),
              ...when(
                wanted.graceful,
                '  [neighbors.graceful-restart.config]',
                '    enabled = true',
                '    restart-time = 60',
              ),
              ...['ipv4-unicast', 'ipv6-unicast'].flatMap((name) => [
                '  [[neighbors.afi-safis]]',
                '    [neighbors.afi-safis.config]',
                `      afi-safi-name = "${name}"`,
                ...when(
                  wanted.graceful,
                  '    [neighbors.afi-safis.mp-graceful-restart.config]',
                  '      enabled = true',
                ),
                ...when(
                  wanted.addPath,
                  '    [neighbors.afi-safis.add-paths.config]',
                  '      receive = true',
                  '      send-max = 8',
                ),
              ]),
            ]),
            '',
          ].join('\n'),
        ],
        [
          'gobgp-cli.txt',
          `gobgp global rib add ${daemonRoutes[0]} large-community ${LARGE}\ngobgp global rib add ${daemonRoutes[2]}\ngobgp global rib add -a ipv6 ${daemonRoutes[1]} nexthop 2001:db8::2\n`,
        ],
      ]),
    );
    return {
      daemon,
      route: (prefix) => {
        const family = prefix.includes(':') ? 'ipv6' : 'ipv4';
        const { stdout } = namespaces.tryExec(host, 'gobgp', ['global', 'rib', '-a', family, prefix]);
        return stdout.includes('not in table') ? '' : stdout;
      },
      refresh: () => void namespaces.exec(host, 'gobgp', ['neighbor', speaker, 'softresetin']),
    };
  },
};

const bird: InteropDaemon = {
  name: 'BIRD',
  programs: ['bird', 'birdc'],
  lacks: {},
  start: async (namespaces, host, wanted) => {
    const { own, peers } = ends(wanted);
    const channel = (name: string) =>
      `  ${name} { import all; export all;${wanted.addPath ? ' add paths on;' : ''} next hop self; };`;
    const daemon = await Bird.start(
      namespaces,
      host,
      files('bird.conf', [
        'router id 10.0.0.2;',
        'protocol device {}',
        'protocol direct { ipv4; ipv6; interface "eth0"; }',
        'protocol static s4 { ipv4;',
        `  route ${daemonRoutes[0]} blackhole { bgp_large_community.add((${LARGE.replaceAll(':', ',')})); };`,
        `  route ${daemonRoutes[2]} blackhole;`,
        '}',
        `protocol static s6 { ipv6; route ${daemonRoutes[1]} blackhole; }`,
        ...peers.flatMap((peer, place) => [
          `protocol bgp speaker${place} {`,
          `  local ${own} as ${wanted.asn};`,
          `  neighbor ${peer} as ${wanted.speakerAs};`,
          `  hold time ${wanted.hold};`,
          '  connect retry time 1; connect delay time 1; error wait time 1, 2;',
          '  enable extended messages on;',
          ...when(wanted.passive, '  passive yes;'),
          ...when(wanted.client, '  rr client;'),
          `  graceful restart ${wanted.graceful ? 'on' : 'aware'};`,
          channel('ipv4'),
          channel('ipv6'),
          '}',
        ]),
      ]),
    );
    return {
      daemon,
      route: (prefix) => {
        const text = daemon.ask(`show route for ${prefix} all`);
        return text.includes(prefix) ? text : '';
      },
      refresh: () => void daemon.ask('reload in speaker0'),
    };
  },
};

const exabgp: InteropDaemon = {
  name: 'ExaBGP',
  programs: ['exabgp', 'exabgpcli', 'mkfifo'],
  lacks: {
    'reflector, daemon': 'ExaBGP passes nothing on',
    'route refresh, asked': 'ExaBGP 4.2 asks only from its API process',
    'add-path, both ways': 'ExaBGP has one path of its own for a destination',
  },
  start: async (namespaces, host, wanted) => {
    const { own, speaker } = ends(wanted);
    const folder = mkdtempSync(join(tmpdir(), 'fabricgen-heard-'));
    const heard = join(folder, 'heard');
    // Its standard output stays open: ExaBGP takes the end of it for the end of the process.
    writeFileSync(`${heard}.sh`, `#!/bin/sh\nwhile read -r line; do echo "$line" >>${heard}; done\n`, {
      mode: 0o755,
    });
    const daemon = await Exabgp.start(
      namespaces,
      host,
      files('exabgp.conf', [
        `process heard { run ${heard}.sh; encoder json; }`,
        `neighbor ${speaker} {`,
        '  router-id 10.0.0.2;',
        `  local-address ${own};`,
        `  local-as ${wanted.asn};`,
        `  peer-as ${wanted.speakerAs};`,
        `  hold-time ${wanted.hold};`,
        ...when(wanted.passive, '  passive;', '  listen 179;'),
        '  api { processes [ heard ]; receive { parsed; update; } }',
        `  capability { asn4 enable; route-refresh enable; extended-message enable; ${wanted.graceful ? 'graceful-restart 60;' : ''}${wanted.addPath ? ' add-path send/receive;' : ''} }`,
        '  family { ipv4 unicast; ipv6 unicast; }',
        '  static {',
        `    route ${daemonRoutes[0]} next-hop 10.0.0.2 large-community [ ${LARGE} ];`,
        `    route ${daemonRoutes[1]} next-hop 2001:db8::2;`,
        `    route ${daemonRoutes[2]} next-hop 10.0.0.2;`,
        '  }',
        '}',
      ]),
    );
    return {
      daemon,
      route: (prefix) => {
        try {
          const lines = readFileSync(heard, 'utf8')
            .split('\n')
            .filter((line) => line.includes(prefix));
          const last = lines.at(-1) ?? '';
          return last.includes('"withdraw"') ? '' : last;
        } catch {
          return '';
        }
      },
      refresh: null,
    };
  },
};

const openbgpd: InteropDaemon = {
  name: 'OpenBGPD',
  programs: ['openbgpd', 'bgpctl'],
  lacks: {
    'dual stack':
      'OpenBGPD 7.7 on Linux says the IPv6 next hop ::1 on a session over IPv4, whose routes are withdrawn here',
    'extended messages': 'OpenBGPD 7.7 does not offer RFC 8654',
    'graceful restart helper': 'OpenBGPD marks End-of-RIB and asks nobody to keep its routes',
    'route refresh, ours': 'OpenBGPD 7.7 logs "AID IPv4 unicast not negotiated" and sends nothing',
  },
  start: async (namespaces, host, wanted) => {
    const { own, speaker, peers } = ends(wanted);
    const daemon = await Openbgpd.start(
      namespaces,
      host,
      files('bgpd.conf', [
        `AS ${wanted.asn}`,
        'router-id 10.0.0.2',
        'fib-update no',
        `listen on ${own}`,
        `holdtime ${wanted.hold}`,
        `network ${daemonRoutes[0]} set large-community ${LARGE}`,
        `network ${daemonRoutes[1]}`,
        `network ${daemonRoutes[2]}`,
        'allow from any',
        'allow to any',
        ...peers.flatMap((peer) => [
          `neighbor ${peer} {`,
          `  remote-as ${wanted.speakerAs}`,
          `  local-address ${own}`,
          ...when(wanted.passive, '  passive'),
          ...when(wanted.client, '  route-reflector'),
          '  announce IPv4 unicast',
          '  announce IPv6 unicast',
          `  announce restart ${wanted.graceful ? 'yes' : 'no'}`,
          ...when(wanted.addPath, '  announce add-path recv yes', '  announce add-path send all'),
          '}',
        ]),
      ]),
    );
    return {
      daemon,
      route: (prefix) => {
        const { stdout } = daemon.ask(`show rib detail ${prefix}`);
        return stdout.includes(prefix) ? stdout : '';
      },
      refresh: () => void daemon.ask(`neighbor ${speaker} refresh`),
      call: () => void daemon.ask(`neighbor ${speaker} clear`),
    };
  },
};

export const interopDaemons: readonly InteropDaemon[] = [frr, bird, gobgp, exabgp, openbgpd];
