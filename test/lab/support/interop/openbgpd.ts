import { Openbgpd } from '../../../../src/lab/daemons/openbgpd.ts';
import { carriedFeatures } from './carried.ts';
import { daemonRoutes, ends, files, type InteropDaemon, LARGE, when } from './daemon.ts';

export const openbgpd: InteropDaemon = {
  name: 'OpenBGPD',
  programs: ['openbgpd', 'bgpctl'],
  lacks: {
    'RT constraint, told': 'OpenBGPD 7.7 has no RFC 4684',
    'RT constraint, asked': 'OpenBGPD 7.7 has no RFC 4684',
    ...Object.fromEntries(
      carriedFeatures.flatMap(({ feature }) =>
        ['from', 'to'].map((way) => [
          `${feature}, ${way}`,
          'OpenBGPD 7.7 has neither EVPN nor flow specifications',
        ]),
      ),
    ),
    'dual stack':
      'OpenBGPD 7.7 on Linux says the IPv6 next hop ::1 on a session over IPv4, whatever next hop is set; such routes are withdrawn here, and FRR takes none of them',
    'IPv4 over IPv6 next hops': 'OpenBGPD 7.7 does not offer RFC 8950',
    'extended messages': 'OpenBGPD 7.7 does not offer RFC 8654',
    'graceful restart helper': 'OpenBGPD marks End-of-RIB and asks nobody to keep its routes',
    'route refresh, ours':
      'OpenBGPD 7.7 logs "AID IPv4 unicast not negotiated" and sends nothing, to FRR neither',
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
    const route = async (prefix: string) => {
      const { stdout } = await daemon.ask(`show rib detail ${prefix}`);
      return stdout.includes(prefix) ? stdout : '';
    };
    return {
      daemon,
      route,
      carried: async () => '',
      paths: async (prefix) => (await route(prefix)).split('routing table entry').length - 1,
      refresh: () => daemon.ask(`neighbor ${speaker} refresh`),
      call: () => daemon.ask(`neighbor ${speaker} clear`),
    };
  },
};
