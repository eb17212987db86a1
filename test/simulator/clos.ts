import type { BgpConfig } from '../../src/bgp/config.ts';
import type { PeerConfig } from '../../src/bgp/peer-config.ts';
import type { Policy } from '../../src/bgp/policy/types.ts';
import type { Network, NetworkNode } from '../../src/simulator/kernel/network.ts';
import {
  bgpConfig,
  familyConfig,
  networkStatement,
  noOptions,
  peerConfig,
  prefix,
  routerConfig,
} from '../bgp/fixtures.ts';
import { interfacesOf } from './networks.ts';

export interface ClosSize {
  readonly spines: number;
  readonly racks: number;
  readonly torsPerRack: number;
  readonly hostsPerRack: number;
  /** Also IPv6: sessions over IPv6 addresses of the same links. */
  readonly dualStack: boolean;
  readonly maximumPaths: number;
}

interface Build {
  readonly name: string;
  readonly asn: number;
  readonly routerId: string;
  readonly interfaces: Record<string, { addresses: string[]; link?: string }>;
  readonly peers: PeerConfig[];
  readonly networks: string[];
}

/** eBGP fabric: one AS for the spines, one per ToR, one per host; hosts announce their docker networks only. */
export function clos(size: ClosSize): Network {
  const builds: Build[] = [];
  const build = (name: string, asn: number): Build => {
    const number = builds.length + 1;
    const made = {
      name,
      asn,
      routerId: `10.255.${number >> 8}.${number & 255}`,
      interfaces: {},
      peers: [],
      networks: [],
    };
    builds.push(made);
    return made;
  };
  const spines = range(size.spines).map((number) => build(`spine${number}`, 64600));
  let cables = 0;
  for (const rack of range(size.racks)) {
    const tors = range(size.torsPerRack).map((number) =>
      build(`tor${rack}-${number}`, 65000 + (rack - 1) * 2 + number),
    );
    for (const tor of tors) for (const spine of spines) connect(size, tor, spine, cables++);
    for (const number of range(size.hostsPerRack)) {
      const host = build(`host${rack}-${number}`, 4200000000 + builds.length);
      const at = builds.length;
      const bridge = [
        `172.${16 + (at >> 8)}.${at & 255}.1/24`,
        ...(size.dualStack ? [`2001:db8:d:${at.toString(16)}::1/64`] : []),
      ];
      host.interfaces['docker0'] = { addresses: bridge };
      host.networks.push(...bridge.map((text) => prefix(text).text));
      for (const tor of tors) connect(size, host, tor, cables++);
    }
  }
  return { nodes: builds.map((made) => nodeOf(made, size)) };
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function connect({ dualStack }: ClosSize, a: Build, b: Build, cable: number): void {
  const value = cable * 2;
  const four = (offset: number) => `10.${value >> 16}.${(value >> 8) & 255}.${(value & 255) + offset}`;
  const six = (offset: number) => `2001:db8:0:${cable.toString(16)}::${offset}`;
  const link = `l${cable}`;
  for (const [own, far, offset] of [
    [a, b, 0],
    [b, a, 1],
  ] as const) {
    const other = 1 - offset;
    const addresses = [`${four(offset)}/31`, ...(dualStack ? [`${six(offset + 1)}/64`] : [])];
    own.interfaces[`eth${Object.keys(own.interfaces).length}`] = { addresses, link };
    own.peers.push(peer(own, four(other), far.asn));
    if (dualStack) own.peers.push(peer(own, six(other + 1), far.asn));
  }
}

/** Hosts announce only what is theirs. */
function peer(own: Build, address: string, asn: number): PeerConfig {
  if (!own.name.startsWith('host')) return peerConfig(address, asn);
  const family = address.includes(':') ? 'ipv6-unicast' : 'ipv4-unicast';
  return peerConfig(address, asn, { families: { [family]: familyConfig({ exportPolicy: [ownOnly] }) } });
}

const ownOnly: Policy = {
  name: 'own',
  source: null,
  otherwise: 'reject',
  statements: [
    {
      label: '10',
      conditions: [
        {
          kind: 'as-path',
          set: { name: 'own', entries: [{ permit: true, regex: '^$' }] },
          quantifier: 'any',
        },
      ],
      actions: [],
      verdict: 'accept',
      call: null,
      onMatch: 'exit',
      source: null,
    },
  ],
};

function nodeOf(made: Build, { maximumPaths }: ClosSize): NetworkNode {
  const width = { ebgp: maximumPaths, ibgp: 1 };
  const config: BgpConfig = bgpConfig(made.asn, made.routerId, {
    importCheck: true,
    peers: made.peers,
    originations: made.networks.map((text) => networkStatement(text)),
    decision: { ...noOptions, asPathMultipathRelax: true },
    maximumPaths: { 'ipv4-unicast': width, 'ipv6-unicast': width },
  });
  return {
    name: made.name,
    interfaces: interfacesOf(made.interfaces),
    kernelRoutes: [],
    router: routerConfig(made.name, config),
  };
}
