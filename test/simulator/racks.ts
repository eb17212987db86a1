import type { PeerConfig } from '../../src/bgp/peer-config.ts';
import type { PolicyChain } from '../../src/bgp/policy/types.ts';
import type { Network } from '../../src/simulator/kernel/network.ts';
import { type Draw, drawFrom } from '../../src/simulator/orders/draw.ts';
import { bgpConfig, familyConfig, networkStatement, noOptions, peerConfig, prefix } from '../bgp/fixtures.ts';
import { type Interfaces, node } from './networks.ts';
import { chain, flatProfiles } from './webs.ts';

/** How the hosts of a rack are: an AS of each, one for all, the same ones in every rack, or that of the switches, as clients. */
const numberings = ['own', 'shared', 'by place', 'internal'] as const;

interface Built {
  readonly name: string;
  readonly asn: number;
  readonly interfaces: Record<string, Interfaces[string]>;
  readonly peers: PeerConfig[];
  readonly networks: string[];
}

/**
 * Racks of hosts behind switches, under a spine: the hosts of one rack hear the same, and do the same about nearly all of it. Drawn
 * are their AS numbers, policies, whether they sit on one network with the switches, what several of them announce, whether they pass on
 * what they hear, and the daemons.
 */
export function racks(seed: number): Network {
  const drawn = drawFrom(seed);
  const built: Built[] = [];
  const make = (name: string, asn: number): Built => {
    const made = { name, asn, interfaces: {}, peers: [], networks: [`192.168.${built.length}.0/24`] };
    built.push(made);
    return made;
  };
  const numbering = pick(drawn, numberings);
  const profiles = [pick(drawn, flatProfiles), pick(drawn, flatProfiles)];
  const onOneNetwork = drawn.below(3) === 0;
  const switches = 1 + drawn.below(3);
  const spine = make('spine', 64600);
  let cables = 0;
  for (let rack = 0; rack < 2; rack++) {
    const tors = Array.from({ length: switches }, (_, i) =>
      make(
        `tor${rack}${i}`,
        65000 + rack * (numbering === 'internal' ? 1 : switches) + (numbering === 'internal' ? 0 : i),
      ),
    );
    for (const tor of tors) connect(tor, spine, cables++, [], []);
    const [inward, outward] = [chain(drawn), hostsExport(drawn)];
    const towards =
      drawn.below(3) === 0 ? chain(drawn) : drawn.below(6) === 0 ? naming(built.length + 1) : [];
    const size = 3 + drawn.below(4);
    for (let place = 0; place < size; place++) {
      const asn = {
        own: 4200000000 + built.length,
        shared: 64999,
        'by place': 64700 + place,
        internal: tors[0]?.asn ?? 0,
      };
      const host = make(`host${rack}${place}`, asn[numbering]);
      if (drawn.below(4) === 0) host.networks.push(`10.99.${drawn.below(2)}.0/24`);
      if (drawn.below(8) === 0) host.interfaces['eth9'] = { addresses: [`192.168.${drawn.below(8)}.7/24`] };
      for (const tor of tors)
        if (onOneNetwork) meet(tor, host, rack, { towards, inward, outward });
        else connect(host, tor, cables++, drawn.below(10) === 0 ? chain(drawn) : inward, outward, towards);
    }
  }
  const width = { ebgp: 1 + drawn.below(3), ibgp: 1 + drawn.below(3) };
  const relax = drawn.below(2) === 0;
  return {
    nodes: built.map((made, i) => {
      const own = Object.fromEntries(
        made.networks.map((text, n) => [`docker${n}`, { addresses: [text.replace('.0/', '.1/')] }]),
      );
      const config = bgpConfig(made.asn, `10.255.0.${i + 1}`, {
        peers: made.peers,
        originations: made.networks.map((text) => networkStatement(prefix(text).text)),
        decision: { ...noOptions, asPathMultipathRelax: relax },
        maximumPaths: { 'ipv4-unicast': width, 'ipv6-unicast': width },
      });
      const profile = profiles[made.name.startsWith('host') ? 0 : 1];
      return node(made.name, { ...own, ...made.interfaces }, config, profile ? { profile } : {});
    }),
  };
}

function pick<T>(drawn: Draw, all: readonly T[]): T {
  const one = all[drawn.below(all.length)];
  if (one === undefined) throw new Error('nothing to draw from');
  return one;
}

/** Puts the AS of one host in front, which refuses all of that. */
function naming(number: number): PolicyChain {
  const actions = [{ kind: 'prepend', asns: [4200000000 + number] } as const];
  return [
    {
      ...{ name: 'naming', source: null, otherwise: 'accept' },
      statements: [
        {
          ...{ label: '10', conditions: [], actions, verdict: 'accept', call: null },
          ...{ onMatch: 'exit', source: null },
        },
      ],
    },
  ];
}

/** Only what is theirs, as a rule. */
function hostsExport(drawn: Draw): PolicyChain {
  if (drawn.below(5) === 0) return chain(drawn);
  const set = { name: 'own', entries: [{ permit: true, regex: '^$' }] };
  return [
    {
      ...{ name: 'own', source: null, otherwise: 'reject' },
      statements: [
        {
          ...{ label: '10', actions: [], verdict: 'accept', call: null, onMatch: 'exit', source: null },
          conditions: [{ kind: 'as-path', set, quantifier: 'any' }],
        },
      ],
    },
  ];
}

function connect(
  a: Built,
  b: Built,
  cable: number,
  inward: PolicyChain,
  outward: PolicyChain,
  towards: PolicyChain = [],
): void {
  const address = (end: number) => `10.1.${(cable * 2) >> 8}.${((cable * 2) & 255) + end}`;
  const link = `l${cable}`;
  a.interfaces[`eth${Object.keys(a.interfaces).length}`] = { addresses: [`${address(0)}/31`], link };
  b.interfaces[`eth${Object.keys(b.interfaces).length}`] = { addresses: [`${address(1)}/31`], link };
  a.peers.push(peer(address(1), b.asn, inward, outward));
  b.peers.push(peer(address(0), a.asn, [], towards, a.asn === b.asn));
}

/** On the network of the rack. */
function meet(
  tor: Built,
  host: Built,
  rack: number,
  { towards, inward, outward }: Record<'towards' | 'inward' | 'outward', PolicyChain>,
): void {
  const join = (one: Built) => {
    const present = one.interfaces['rack'];
    if (present) return present.addresses[0]?.split('/')[0] ?? '';
    const number = one.name.startsWith('tor')
      ? 1 + Number(one.name.slice(4))
      : 10 + Number(one.name.slice(5));
    one.interfaces['rack'] = { addresses: [`10.2.${rack}.${number}/24`], link: `rack${rack}` };
    return `10.2.${rack}.${number}`;
  };
  const [there, here] = [join(tor), join(host)];
  host.peers.push(peer(there, tor.asn, inward, outward));
  tor.peers.push(peer(here, host.asn, [], towards, tor.asn === host.asn));
}

function peer(
  address: string,
  asn: number,
  importPolicy: PolicyChain,
  exportPolicy: PolicyChain,
  routeReflectorClient = false,
): PeerConfig {
  return peerConfig(address, asn, {
    families: { 'ipv4-unicast': familyConfig({ importPolicy, exportPolicy, routeReflectorClient }) },
  });
}
