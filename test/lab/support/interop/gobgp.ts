import { Gobgp } from '../../../../src/lab/daemons/gobgp.ts';
import { carriedNames, gobgpCarried } from './carried.ts';
import { daemonRoutes, ends, type InteropDaemon, LARGE, when } from './daemon.ts';
import { gobgpTargets } from './targets.ts';

export const gobgp: InteropDaemon = {
  name: 'GoBGP',
  programs: ['gobgpd', 'gobgp'],
  lacks: {
    'extended messages': 'GoBGP 3.10 does not offer RFC 8654',
    'route refresh, asked': 'GoBGP 3.10 keeps what it was told and asks nobody',
  },
  start: async (namespaces, host, wanted) => {
    const { own, speaker, peers } = ends(wanted);
    const more = [
      ...(wanted.carried ? carriedNames.map(({ name }) => name) : []),
      ...when(wanted.targets, 'l3vpn-ipv4-unicast', 'rtc'),
    ];
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
              ...['ipv4-unicast', 'ipv6-unicast', ...more].flatMap((name) => [
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
          `gobgp global rib add ${daemonRoutes[0]} large-community ${LARGE}\ngobgp global rib add ${daemonRoutes[2]}\ngobgp global rib add -a ipv6 ${daemonRoutes[1]} nexthop 2001:db8::2\n${wanted.carried ? gobgpCarried(2) : ''}${wanted.targets ? gobgpTargets : ''}`,
        ],
      ]),
    );
    const route = async (prefix: string) => {
      const family = prefix.includes(':') ? 'ipv6' : 'ipv4';
      const { stdout } = await namespaces.tryExec(host, 'gobgp', ['global', 'rib', '-a', family, prefix]);
      return stdout.includes('not in table') ? '' : stdout;
    };
    return {
      daemon,
      route,
      carried: async ({ gobgp: name }) =>
        (await namespaces.tryExec(host, 'gobgp', ['global', 'rib', '-a', name])).stdout,
      paths: async (prefix) => (await route(prefix)).split(prefix).length - 1,
      refresh: () => namespaces.exec(host, 'gobgp', ['neighbor', speaker, 'softresetin']),
    };
  },
};
