import { Frr } from '../../../../src/lab/daemons/frr.ts';
import type { Namespaces } from '../../../../src/lab/netns.ts';
import { carriedNames } from './carried.ts';
import { daemonRoutes, ends, files, type InteropDaemon, LARGE, when } from './daemon.ts';

export const frr: InteropDaemon = {
  name: 'FRR',
  programs: ['zebra', 'bgpd', 'staticd', 'vtysh'],
  lacks: {
    'RT constraint, told': 'FRR 8.4 has no RFC 4684',
    'RT constraint, asked': 'FRR 8.4 has no RFC 4684',
    'flowspec IPv4, from': 'FRR takes flow specifications and makes none',
    'flowspec IPv6, from': 'FRR takes flow specifications and makes none',
  },
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
    if (wanted.carried) bridges(namespaces, host);
    const daemon = await Frr.start(
      namespaces,
      host,
      files('frr.conf', [
        ...when(wanted.carried, 'vni 200'),
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
          ...when(wanted.extendedNextHop, ` neighbor ${peer} capability extended-nexthop`),
        ]),
        ...family('ipv4', daemonRoutes[0]),
        ...family('ipv6', daemonRoutes[1]),
        ...(wanted.carried ? carriedNames : []).flatMap(({ frr: name }) => [
          ` address-family ${name}`,
          ...peers.map((peer) => `  neighbor ${peer} activate`),
          ...when(name === 'l2vpn evpn', '  advertise-all-vni', '  advertise ipv4 unicast'),
          ' exit-address-family',
        ]),
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
      carried: async ({ frr: name }) =>
        (await daemon.tryVtysh(`show bgp ${name}${name.endsWith('flowspec') ? ' detail' : ''}`)) ?? '',
      paths: async (prefix) => Number(/Paths: \((\d+) available/.exec(await route(prefix))?.[1] ?? 0),
      refresh: () => daemon.vtysh(`clear bgp ipv4 unicast ${speaker} soft in`),
    };
  },
};

/** FRR makes EVPN routes of what is in the kernel: a bridge with VNI 100 and one MAC behind it, and one with VNI 200 for routing. */
function bridges(namespaces: Namespaces, host: string): void {
  const ip = (words: string) => namespaces.exec(host, 'ip', words.split(' '));
  for (const vni of [100, 200]) {
    ip(`link add vni${vni} type vxlan id ${vni} local 10.0.0.2 dstport 4789 nolearning`);
    ip(`link add br${vni} type bridge`);
    ip(`link set vni${vni} master br${vni}`);
    ip(`link set vni${vni} up`);
    ip(`link set br${vni} up`);
  }
  ip('link add host0 type veth peer name host1');
  ip('link set host0 master br100');
  ip('link set host0 up');
  ip('link set host1 up');
  namespaces.exec(host, 'bridge', 'fdb add 02:00:00:00:00:02 dev host0 master static'.split(' '));
}
