import { Bird } from '../../../../src/lab/daemons/bird.ts';
import { daemonRoutes, ends, files, type InteropDaemon, LARGE, when } from './daemon.ts';

export const bird: InteropDaemon = {
  name: 'BIRD',
  programs: ['bird', 'birdc'],
  lacks: {
    ...Object.fromEntries(
      ['EVPN type 2', 'EVPN type 3', 'EVPN type 5'].flatMap((name) => [
        [`${name}, from`, 'BIRD 2.0 has no EVPN'],
        [`${name}, to`, 'BIRD 2.0 has no EVPN'],
      ]),
    ),
    'RT constraint, told': 'BIRD 2.0 has no RFC 4684',
    'RT constraint, asked': 'BIRD 2.0 has no RFC 4684',
  },
  start: async (namespaces, host, wanted) => {
    const { own, peers } = ends(wanted);
    const channel = (name: string) =>
      `  ${name} { import all; export all;${wanted.addPath ? ' add paths on;' : ''}${wanted.extendedNextHop && name === 'ipv4' ? ' extended next hop on;' : ''} next hop self; };`;
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
        ...when(
          wanted.carried,
          'flow4 table flowtab4; flow6 table flowtab6;',
          'protocol static f4 { flow4; route flow4 { dst 10.62.0.0/24; proto = 6; dport = 80; }; }',
          'protocol static f6 { flow6; route flow6 { dst 2001:db8:62::/48; next header = 6; }; }',
        ),
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
          ...when(
            wanted.carried,
            '  flow4 { import all; export all; };',
            '  flow6 { import all; export all; };',
          ),
          '}',
        ]),
      ]),
    );
    const route = async (prefix: string) => {
      const text = await daemon.ask(`show route for ${prefix} all`);
      return text.includes(prefix) ? text : '';
    };
    return {
      daemon,
      route,
      carried: async ({ bird: name }) =>
        name ? await daemon.ask(`show route all table ${name === 'flow4' ? 'flowtab4' : 'flowtab6'}`) : '',
      paths: async (prefix) => (await route(prefix)).split('BGP.as_path').length - 1,
      refresh: () => daemon.ask('reload in speaker0'),
    };
  },
};
