/**
 * The workloads W1 to W4 as files of FRR 8.4: `{ name, interfaces, text }` per host, one at a time, so that the texts of a large
 * fabric never stand in memory together. Every originator announces one /24 of its own.
 */
export const HOSTS_PER_RACK = 25;
export const TORS_PER_RACK = 2;
export const SPINES = 4;

/** W1: one AS, a star around router 0, an iBGP full mesh; statics stand in for the IGP. */
export function* ibgpMesh(count) {
  const own = (i) => (i === 0 ? down(1) : down(i, 1));
  const peersOf = (i) =>
    range(count)
      .filter((j) => j !== i)
      .map((j) => (i === 0 ? down(j, 1) : j === 0 ? down(i) : own(j)));
  for (const i of range(count)) {
    const links =
      i === 0
        ? range(count).flatMap((j) =>
            j > 0 ? [{ name: `eth${j}`, address: `${down(j)}/31`, link: `l${j}` }] : [],
          )
        : [{ name: 'eth0', address: `${down(i, 1)}/31`, link: `l${i}` }];
    yield host(`r${i}`, [...links, bridge(i)], {
      asn: 65000,
      routerId: `10.255.${i >> 8}.${i & 255}`,
      statics: i === 0 ? [] : [`ip route 10.0.0.0/8 ${down(i)}`],
      peers: peersOf(i).map((address) => ({ address, asn: 65000, in: 'ANY', out: 'ANY' })),
      network: network(i),
      maps: ANY,
    });
  }
}

/**
 * W2: racks of 25 hosts behind two ToRs each, four spines of one AS above, eBGP everywhere, multipath and route-maps on every
 * session; hosts announce only what is theirs.
 */
export function* clos(count) {
  const racks = count / HOSTS_PER_RACK;
  const tors = racks * TORS_PER_RACK;
  for (const spine of range(SPINES)) {
    const links = range(tors).map((tor) => spineLink(tor, spine, 0));
    yield host(`spine${spine}`, links, {
      asn: SPINE_AS,
      routerId: `10.254.0.${spine + 1}`,
      peers: range(tors).map((tor) => ({
        address: far(spineLink(tor, spine, 1)),
        asn: TOR_AS + tor,
        in: 'ANY',
        out: 'ANY',
      })),
      maps: ANY,
    });
  }
  for (const tor of range(tors)) {
    const members = range(HOSTS_PER_RACK).map((n) => Math.floor(tor / TORS_PER_RACK) * HOSTS_PER_RACK + n);
    const side = tor % TORS_PER_RACK;
    const up = range(SPINES).map((spine) => spineLink(tor, spine, 1));
    yield host(`tor${tor}`, [...up, ...members.map((i) => hostLink(i, side, 0))], {
      asn: TOR_AS + tor,
      routerId: `10.253.${tor >> 8}.${tor & 255}`,
      peers: [
        ...range(SPINES).map((spine) => ({
          address: far(spineLink(tor, spine, 0)),
          asn: SPINE_AS,
          in: 'ANY',
          out: 'ANY',
        })),
        ...members.map((i) => ({
          address: far(hostLink(i, side, 1)),
          asn: HOST_AS + i,
          in: 'FROM-HOSTS',
          out: 'ANY',
        })),
      ],
      maps: [
        ...ANY,
        'ip prefix-list HOSTS permit 100.64.0.0/10 ge 24 le 24',
        'route-map FROM-HOSTS permit 10',
        ' match ip address prefix-list HOSTS',
        'exit',
      ],
    });
  }
  for (const i of range(count)) {
    const rack = Math.floor(i / HOSTS_PER_RACK);
    const sides = range(TORS_PER_RACK);
    yield host(`host${i}`, [...sides.map((side) => hostLink(i, side, 1)), bridge(i)], {
      asn: HOST_AS + i,
      routerId: `10.252.${i >> 8}.${i & 255}`,
      peers: sides.map((side) => ({
        address: far(hostLink(i, side, 0)),
        asn: TOR_AS + rack * TORS_PER_RACK + side,
        in: 'ANY',
        out: 'OWN',
      })),
      network: network(i),
      maps: [
        ...ANY,
        'bgp as-path access-list OWN permit ^$',
        'route-map OWN permit 10',
        ' match as-path OWN',
        'exit',
      ],
    });
  }
}

/** W4: host 0 of W2 with files that announce nothing. */
export function withoutNetwork(count) {
  for (const one of clos(count)) {
    if (one.name === 'host0') return { ...one, text: one.text.replace(/^ {2}network .*\n/m, '') };
  }
  throw new Error('no host0');
}

/**
 * Deliveries for one prefix of W2. Beside the closed form for best path, first in first out and a loop check on receipt,
 * 2 + 2 (H - 1 + S) + S (2R - 1) + (2R - 2)(H + S - 1), FRR tells a path also to the neighbour it came from: each router that
 * learned it and passes it on sends one more (the two ToRs, the spines, every other ToR).
 */
export function closEvents(count) {
  const [H, S, R] = [HOSTS_PER_RACK, SPINES, count / HOSTS_PER_RACK];
  const closed = 2 + 2 * (H - 1 + S) + S * (2 * R - 1) + (2 * R - 2) * (H + S - 1);
  return closed + 2 + S + (2 * R - 2);
}

const SPINE_AS = 4200000000;
const TOR_AS = 4200000001;
const HOST_AS = 4210000000;
const ANY = ['route-map ANY permit 10', 'exit'];

export const range = (n) => Array.from({ length: n }, (_, i) => i);
const far = ({ address }) => address.slice(0, address.indexOf('/'));
/** The n-th even address of 10.0.0.0/9 and the one after it. */
const down = (n, end = 0) => `10.${(n * 2) >> 16}.${((n * 2) >> 8) & 255}.${((n * 2) & 255) + end}`;
const spineLink = (tor, spine, end) => {
  const n = tor * SPINES + spine;
  return {
    name: end === 0 ? `down${tor}` : `up${spine}`,
    address: `172.${16 + (n >> 15)}.${(n >> 7) & 255}.${(n & 127) * 2 + end}/31`,
    link: `s${n}`,
  };
};
const hostLink = (i, side, end) => {
  const n = i * TORS_PER_RACK + side;
  return { name: end === 0 ? `host${i}` : `eth${side}`, address: `${down(n, end)}/31`, link: `h${n}` };
};
const network = (i) => `100.${64 + (i >> 8)}.${i & 255}.0/24`;
const bridge = (i) => ({ name: 'docker0', address: network(i).replace('.0/24', '.1/24'), link: null });

function host(name, interfaces, { asn, routerId, peers, network: own = null, maps, statics = [] }) {
  const lines = [
    'frr version 8.4',
    'frr defaults traditional',
    `hostname ${name}`,
    '!',
    ...statics,
    `router bgp ${asn}`,
    ` bgp router-id ${routerId}`,
    ' bgp bestpath as-path multipath-relax',
    ...peers.map((peer) => ` neighbor ${peer.address} remote-as ${peer.asn}`),
    ' !',
    ' address-family ipv4 unicast',
    '  maximum-paths 64',
    ...(own === null ? [] : [`  network ${own}`]),
    ...peers.flatMap((peer) => [
      `  neighbor ${peer.address} route-map ${peer.in} in`,
      `  neighbor ${peer.address} route-map ${peer.out} out`,
    ]),
    ' exit-address-family',
    'exit',
    '!',
    ...maps,
    '',
  ];
  return { name, interfaces, text: lines.join('\n') };
}
