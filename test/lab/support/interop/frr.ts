import { Frr } from '../../../../src/lab/daemons/frr.ts';
import { daemonRoutes, ends, files, type InteropDaemon, LARGE, when } from './daemon.ts';

export const frr: InteropDaemon = {
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
    const route = async (prefix: string) => {
      const family = prefix.includes(':') ? 'ipv6' : 'ipv4';
      const text = (await daemon.tryVtysh(`show bgp ${family} unicast ${prefix}`)) ?? '';
      return text.includes('not in table') ? '' : text;
    };
    return {
      daemon,
      route,
      paths: async (prefix) => Number(/Paths: \((\d+) available/.exec(await route(prefix))?.[1] ?? 0),
      refresh: () => daemon.vtysh(`clear bgp ipv4 unicast ${speaker} soft in`),
    };
  },
};
