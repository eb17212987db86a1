import { describe, expect, it } from 'vitest';
import type { PathResult } from '../../src/simulator/result/result.ts';
import type { Daemon } from './support/fabric.ts';
import { type Passage, type Seen, seen } from './support/passage.ts';

/** What one place sees: some of the path, or null for nothing. */
type Cell = { readonly [K in keyof Seen]?: Partial<PathResult> | null };

interface Row extends Passage {
  readonly name: string;
  readonly cells: Partial<Record<Daemon, Cell>>;
}

const frr = (cell: Cell) => ({ 'frr-8.4': cell, 'frr-10': cell });
const family = (cell: Cell) => ({ ...frr(cell), 'quagga-1.2': cell });
const all = (cell: Cell) => ({ ...family(cell), 'gobgp-3': cell });
const line = (...lines: string[]) => ({ 'frr-8.4': lines, 'frr-10': lines, 'quagga-1.2': lines });

const outer = { as: 65001 };
const inner = { as: 65000 };
const marked = (...communities: string[]) => ({ ...outer, communities });
const member = {
  asn: 65100,
  confederation: { identifier: 65000, members: [65101, 65003] },
  inside: true,
};

const rows: Readonly<Record<'2.3' | '2.4' | '2.5', readonly Row[]>> = {
  '2.3': [
    {
      name: 'to eBGP: self',
      feed: outer,
      cells: { ...all({ x: { nextHop: '10.0.8.1' } }), 'bird-2': { x: { nextHop: '10.0.8.1' } } },
    },
    {
      name: 'to iBGP, eBGP-learned: unchanged',
      feed: outer,
      routes: ['10.0.0.0/21 dev eth9'],
      cells: { ...all({ y: { nextHop: '10.0.1.1' } }), 'bird-2': { y: { nextHop: '10.0.1.1' } } },
    },
    {
      name: 'reflected iBGP: unchanged',
      feed: inner,
      clients: ['a'],
      cells: { ...all({ y: { nextHop: '10.0.1.1' } }), 'bird-2': { y: { nextHop: '10.0.1.1' } } },
    },
    {
      name: 'next-hop-self: eBGP-learned only',
      feed: outer,
      familyLines: line('neighbor 10.0.9.2 next-hop-self'),
      birdChannel: ['next hop self ebgp;'],
      cells: { ...family({ y: { nextHop: '10.0.9.1' } }), 'bird-2': { y: { nextHop: '10.0.9.1' } } },
    },
    {
      name: 'next-hop-self: not what is reflected',
      feed: inner,
      clients: ['a'],
      familyLines: line('neighbor 10.0.9.2 next-hop-self'),
      birdChannel: ['next hop self ebgp;'],
      cells: { ...family({ y: { nextHop: '10.0.1.1' } }), 'bird-2': { y: { nextHop: '10.0.1.1' } } },
    },
    {
      name: 'next-hop-self force: what is reflected too',
      feed: inner,
      clients: ['a'],
      familyLines: {
        'frr-8.4': ['neighbor 10.0.9.2 next-hop-self force'],
        'frr-10': ['neighbor 10.0.9.2 next-hop-self force'],
      },
      birdChannel: ['next hop self;'],
      cells: { ...frr({ y: { nextHop: '10.0.9.1' } }), 'bird-2': { y: { nextHop: '10.0.9.1' } } },
    },
    {
      name: 'local route to iBGP: the own address of the session',
      networks: ['10.77.0.0/24'],
      cells: {
        ...frr({ y: { nextHop: '10.0.9.1' } }),
        'gobgp-3': { y: { nextHop: '10.0.9.1' } },
        'bird-2': { y: { nextHop: '10.0.9.1' } },
      },
    },
    {
      name: 'next hop == neighbour: BIRD does not export the route, the others send it',
      feed: { ...inner, nextHop: '10.0.8.2' },
      birdChannel: ['next hop keep;'],
      cells: { 'bird-2': { x: null }, 'gobgp-3': { x: {} }, ...family({ x: {} }) },
    },
    {
      name: 'received next hop = own address: FRR drops the path, GoBGP does not look',
      feed: { ...inner, nextHop: '10.0.8.1' },
      cells: { ...family({ dut: null }), 'gobgp-3': { dut: { valid: true } } },
    },
    {
      name: 'unresolvable: kept, invalid, not told; always valid in GoBGP without zebra',
      feed: { ...inner, nextHop: '192.0.2.1' },
      cells: {
        ...family({ dut: { valid: false, best: false }, x: null }),
        'bird-2': { dut: { valid: false } },
        'gobgp-3': { dut: { valid: true, best: true }, x: {} },
      },
    },
    {
      name: 'resolve via default route: not in FRR 8.4, in FRR 10 traditional',
      feed: { ...inner, nextHop: '192.0.2.1' },
      routes: ['default via 10.0.8.2'],
      cells: {
        'frr-8.4': { dut: { valid: false } },
        'frr-10': { dut: { valid: true } },
        'gobgp-3': { dut: { valid: true } },
      },
    },
    {
      name: 'resolve via default route: BIRD takes one of its table',
      feed: { ...inner, nextHop: '192.0.2.1' },
      lines: { 'bird-2': ['protocol static { ipv4; route 0.0.0.0/0 via 10.0.8.2; }'] },
      cells: { 'bird-2': { dut: { valid: true, best: true } } },
    },
    {
      name: 'unresolvable: BIRD withdraws it on a direct session',
      feed: { ...outer, nextHop: '192.0.2.1' },
      cells: { 'bird-2': { dut: null } },
    },
    {
      name: 'directly connected eBGP: the next hop needs a connected route',
      feed: { ...outer, nextHop: '192.0.2.1' },
      routes: ['192.0.2.0/24 via 10.0.8.2'],
      cells: { ...family({ dut: { valid: false } }), 'gobgp-3': { dut: { valid: true } } },
    },
    {
      name: 'directly connected eBGP: lifted by disable-ebgp-connected-route-check',
      feed: { ...outer, nextHop: '192.0.2.1' },
      routes: ['192.0.2.0/24 via 10.0.8.2'],
      lines: line('bgp disable-ebgp-connected-route-check'),
      cells: frr({ dut: { valid: true } }),
    },
  ],
  '2.4': [
    {
      name: 'LOCAL_PREF to eBGP: stripped; to iBGP 100 where there is none',
      feed: outer,
      cells: {
        ...all({ x: { localPref: null }, y: { localPref: 100 } }),
        'bird-2': { x: { localPref: null }, y: { localPref: 100 } },
      },
    },
    {
      name: 'LOCAL_PREF to confed: kept by FRR and Quagga, stripped by GoBGP',
      ...member,
      feed: { as: 65100, localPref: 150 },
      cells: {
        ...family({ x: { localPref: 150 } }),
        'gobgp-3': { x: { localPref: null } },
        'bird-2': { x: { localPref: 150 } },
      },
    },
    {
      name: 'MED to eBGP: removed unless local',
      feed: { ...outer, med: 30 },
      cells: { ...all({ x: { med: null }, y: { med: 30 } }), 'bird-2': { x: { med: null } } },
    },
    {
      name: 'MED to eBGP: kept by attribute-unchanged med',
      feed: { ...outer, med: 30 },
      familyLines: line('neighbor 10.0.8.2 attribute-unchanged med'),
      cells: family({ x: { med: 30 } }),
    },
    {
      name: 'MED to eBGP: a route-map may set one again',
      feed: { ...outer, med: 30 },
      head: line('route-map M permit 10', ' set metric 7', 'exit'),
      familyLines: line('neighbor 10.0.8.2 route-map M out'),
      cells: family({ x: { med: 7 } }),
    },
    {
      name: 'MED to eBGP: max-med administrative says its own to all',
      feed: { ...outer, med: 30 },
      lines: { 'frr-8.4': ['bgp max-med administrative 777'], 'frr-10': ['bgp max-med administrative'] },
      cells: { 'frr-8.4': { x: { med: 777 }, y: { med: 777 } }, 'frr-10': { x: { med: 4294967294 } } },
    },
    {
      name: 'MED to eBGP: max-med on-startup says its own while it lasts',
      feed: { ...outer, med: 30 },
      lines: { 'frr-8.4': ['bgp max-med on-startup 3600 777'], 'frr-10': ['bgp max-med on-startup 5 777'] },
      cells: { 'frr-8.4': { x: { med: 777 } }, 'frr-10': { x: { med: null } } },
    },
    {
      name: 'MED to confed-external: kept; GoBGP removes it and puts itself in as next hop',
      ...member,
      feed: { as: 65101, med: 30 },
      cells: {
        ...family({ x: { med: 30, nextHop: '10.0.1.1' } }),
        'gobgp-3': { x: { med: null, nextHop: '10.0.8.1' } },
        'bird-2': { x: { med: 30 } },
      },
    },
    {
      name: 'AS loop on receive: dropped',
      feed: { ...outer, path: [65000] },
      cells: { ...family({ dut: null }), 'bird-2': { dut: null }, 'gobgp-3': { dut: null } },
    },
    {
      name: 'AS loop on receive: as often as allowas-in says (bare: 3)',
      feed: { ...outer, path: [65000, 65000, 65000] },
      familyLines: line('neighbor 10.0.1.1 allowas-in'),
      birdSession: ['allow local as 3;'],
      cells: {
        ...family({ dut: { asPath: '65001 65000 65000 65000' } }),
        'bird-2': { dut: { asPath: '65001 65000 65000 65000' } },
      },
    },
    {
      name: 'AS loop on receive: not more often',
      feed: { ...outer, path: [65000, 65000, 65000] },
      familyLines: line('neighbor 10.0.1.1 allowas-in 2'),
      birdSession: ['allow local as 2;'],
      cells: { ...family({ dut: null }), 'bird-2': { dut: null } },
    },
    {
      name: 'AS loop on send: not checked; GoBGP does not send it',
      feed: { ...outer, path: [65003] },
      cells: {
        'bird-2': { x: { asPath: '65000 65001 65003' } },
        ...family({ x: { asPath: '65000 65001 65003' } }),
        'gobgp-3': { x: null },
      },
    },
    {
      name: 'AS loop on send: sender-as-path-loop-detection needs solo in FRR 8.4',
      feed: { ...outer, path: [65003] },
      lines: {
        'frr-8.4': ['neighbor 10.0.8.2 sender-as-path-loop-detection'],
        'frr-10': ['neighbor 10.0.8.2 sender-as-path-loop-detection'],
      },
      cells: { 'frr-8.4': { x: {} }, 'frr-10': { x: null } },
    },
    {
      name: 'AS loop on send: sender-as-path-loop-detection with solo',
      feed: { ...outer, path: [65003] },
      lines: line('neighbor 10.0.8.2 sender-as-path-loop-detection', 'neighbor 10.0.8.2 solo'),
      cells: frr({ x: null }),
    },
    {
      name: 'no-export: not to eBGP; GoBGP tells everybody',
      feed: marked('65535:65281'),
      cells: {
        'bird-2': { x: null, y: {} },
        ...family({ x: null, y: {} }),
        'gobgp-3': { x: {}, y: {} },
      },
    },
    {
      name: 'no-advertise: to nobody; GoBGP tells everybody',
      feed: marked('65535:65282'),
      cells: {
        'bird-2': { x: null, y: null },
        ...family({ x: null, y: null }),
        'gobgp-3': { x: {}, y: {} },
      },
    },
    {
      name: 'local-as: not to eBGP; GoBGP tells everybody',
      feed: marked('65535:65283'),
      cells: { ...family({ x: null, y: {} }), 'gobgp-3': { x: {}, y: {} }, 'bird-2': { x: null, y: {} } },
    },
    {
      name: 'no-export: passes inside a confederation',
      ...member,
      feed: { as: 65101, communities: ['65535:65281'] },
      cells: family({ x: {} }),
    },
    {
      name: 'local-as: stops inside a confederation',
      ...member,
      feed: { as: 65101, communities: ['65535:65283'] },
      cells: family({ x: null }),
    },
    {
      name: 'graceful-shutdown from eBGP: LOCAL_PREF 0 in FRR, nothing elsewhere',
      feed: marked('65535:0'),
      cells: {
        ...frr({ dut: { localPref: 0 } }),
        'quagga-1.2': { dut: { localPref: null } },
        'gobgp-3': { dut: { localPref: null } },
        'bird-2': { dut: { localPref: 100 } },
      },
    },
    {
      name: 'graceful-shutdown of its own: iBGP LOCAL_PREF 0, eBGP the community',
      feed: outer,
      lines: line('bgp graceful-shutdown'),
      cells: frr({ x: { communities: ['65535:0'] }, y: { localPref: 0 } }),
    },
    {
      name: 'BLACKHOLE from eBGP: FRR adds no-export',
      feed: marked('65535:666'),
      cells: {
        'bird-2': { dut: { communities: ['65535:666'] }, x: {} },
        ...frr({ dut: { communities: ['65535:666', '65535:65281'] }, x: null }),
        'quagga-1.2': { dut: { communities: ['65535:666'] }, x: {} },
        'gobgp-3': { dut: { communities: ['65535:666'] }, x: {} },
      },
    },
    {
      name: 'send-community: on by default',
      feed: marked('65001:7'),
      cells: { ...all({ x: { communities: ['65001:7'] } }), 'bird-2': { x: { communities: ['65001:7'] } } },
    },
    {
      name: 'send-community: switched off',
      feed: marked('65001:7'),
      familyLines: line('no neighbor 10.0.8.2 send-community'),
      cells: family({ x: { communities: [] } }),
    },
    {
      name: 'remove-private-as: plain only where the whole path is private',
      feed: { ...outer, path: [7] },
      familyLines: line('neighbor 10.0.8.2 remove-private-AS'),
      cells: family({ x: { asPath: '65000 65001 7' } }),
    },
    {
      name: 'remove-private-as: the whole path is private',
      feed: { ...outer, path: [65010] },
      familyLines: line('neighbor 10.0.8.2 remove-private-AS'),
      cells: family({ x: { asPath: '65000' } }),
    },
    {
      name: 'remove-private-as: FRR all keeps the ASN of the peer',
      feed: { ...outer, path: [65003, 7, 65010] },
      familyLines: {
        'frr-8.4': ['neighbor 10.0.8.2 remove-private-AS all'],
        'frr-10': ['neighbor 10.0.8.2 remove-private-AS all'],
      },
      cells: frr({ x: { asPath: '65000 65003 7' } }),
    },
    {
      name: 'remove-private-as: FRR all replace-AS',
      feed: { ...outer, path: [7, 65010] },
      familyLines: {
        'frr-8.4': ['neighbor 10.0.8.2 remove-private-AS all replace-AS'],
        'frr-10': ['neighbor 10.0.8.2 remove-private-AS all replace-AS'],
      },
      cells: frr({ x: { asPath: '65000 65000 7 65000' } }),
    },
    {
      name: 'as-override: the AS of the peer becomes the own',
      feed: { ...outer, path: [65003] },
      familyLines: line('neighbor 10.0.8.2 as-override'),
      cells: frr({ x: { asPath: '65000 65001 65000' } }),
    },
    {
      name: 'enforce-first-as: off in FRR 8.4, where a neighbour may leave itself out',
      feed: outer,
      head: line(
        'bgp as-path access-list ANY permit .*',
        'route-map M permit 10',
        ' set as-path exclude 65001',
        'exit',
      ),
      familyLines: line('neighbor 10.0.1.1 route-map M in'),
      cells: family({ dut: { asPath: '' } }),
    },
    {
      name: 'enforce-first-as: on in FRR 10; a switch of the session in BIRD',
      feed: { ...outer, rawPath: '7' },
      birdSession: ['enforce first as;'],
      cells: {
        'frr-8.4': { dut: { asPath: '7' } },
        'frr-10': { dut: null },
        'quagga-1.2': { dut: { asPath: '7' } },
        'gobgp-3': { dut: { asPath: '7' } },
        'bird-2': { dut: null },
      },
    },
    {
      name: 'AS_SET in path: accepted, refused by FRR 10 alone',
      feed: { ...outer, rawPath: '65001 ( 7 8 )' },
      cells: {
        'frr-8.4': { dut: { asPath: '65001 {7,8}' } },
        'frr-10': { dut: null },
        'quagga-1.2': { dut: { asPath: '65001 {7,8}' } },
        'gobgp-3': { dut: { valid: true } },
        'bird-2': { dut: { valid: true } },
      },
    },
    {
      name: 'AS_SET in path: FRR 10 takes it with `no bgp reject-as-sets`, FRR 8.4 refuses it when told to',
      feed: { ...outer, rawPath: '65001 ( 7 8 )' },
      lines: { 'frr-8.4': ['bgp reject-as-sets'], 'frr-10': ['no bgp reject-as-sets'] },
      cells: { 'frr-8.4': { dut: null }, 'frr-10': { dut: { asPath: '65001 {7,8}' } } },
    },
    {
      name: 'route-server-client: neither AS nor next hop nor MED is touched',
      feed: { ...outer, med: 30 },
      familyLines: line('neighbor 10.0.1.1 route-server-client', 'neighbor 10.0.8.2 route-server-client'),
      cells: {
        ...family({ x: { asPath: '65001', med: 30, nextHop: '10.0.1.1' } }),
      },
    },
    {
      name: 'route-map on reflected routes: matched, set clauses ignored',
      feed: inner,
      clients: ['a'],
      head: line('route-map M permit 10', ' set local-preference 250', 'exit'),
      familyLines: line('neighbor 10.0.9.2 route-map M out'),
      cells: family({ y: { localPref: 100 } }),
    },
    {
      name: 'route-map on reflected routes: allow-outbound-policy lets it set',
      feed: inner,
      clients: ['a'],
      head: line('route-map M permit 10', ' set local-preference 250', 'exit'),
      lines: line('bgp route-reflector allow-outbound-policy'),
      familyLines: line('neighbor 10.0.9.2 route-map M out'),
      cells: family({ y: { localPref: 250 } }),
    },
    {
      name: 'local-as: in front of the own AS',
      feed: outer,
      face: 65055,
      lines: line('neighbor 10.0.8.2 local-as 65055'),
      cells: family({ x: { asPath: '65055 65000 65001' } }),
    },
    {
      name: 'local-as: no-prepend still sends both',
      feed: outer,
      face: 65055,
      lines: line('neighbor 10.0.8.2 local-as 65055 no-prepend'),
      cells: family({ x: { asPath: '65055 65000 65001' } }),
    },
    {
      name: 'local-as: replace-as sends it alone',
      feed: outer,
      face: 65055,
      lines: line('neighbor 10.0.8.2 local-as 65055 no-prepend replace-as'),
      cells: family({ x: { asPath: '65055 65001' } }),
    },
    {
      name: 'eBGP with confederation segments never happens: GoBGP and FRR take them out',
      asn: 65100,
      confederation: { identifier: 65000, members: [65101] },
      feed: { as: 65101 },
      cells: { ...all({ x: { asPath: '65000' } }), 'bird-2': { x: { asPath: '65000' } } },
    },
  ],
  '2.5': [
    {
      name: 'loop check on receive: the own ORIGINATOR_ID, everywhere',
      feed: { ...inner, originatorId: '10.255.0.254' },
      clients: ['a'],
      cells: { ...all({ dut: null }), 'bird-2': { dut: null } },
    },
    {
      name: 'loop check on receive: the own cluster id; not in GoBGP, which keeps it from its clients',
      feed: { ...inner, originatorId: '9.9.9.9', clusterList: ['10.255.0.254'] },
      clients: ['a', 'y'],
      cells: { ...family({ dut: null }), 'gobgp-3': { dut: {}, x: {}, y: null }, 'bird-2': { dut: null } },
    },
    {
      name: 'loop check on receive: the own cluster id from somebody who is no client; BIRD does not look',
      feed: { ...inner, originatorId: '9.9.9.9', clusterList: ['10.255.0.254'] },
      cells: { ...family({ dut: null }), 'gobgp-3': { dut: {} }, 'bird-2': { dut: {} } },
    },
    {
      name: 'attributes added: iBGP to iBGP; GoBGP to clients alone',
      feed: { ...inner, id: '10.255.0.1' },
      clients: ['a'],
      cells: {
        ...family({ y: { originatorId: '10.255.0.1', clusterList: ['10.255.0.254'] } }),
        'gobgp-3': { y: { originatorId: null, clusterList: [] } },
        'bird-2': { y: { originatorId: '10.255.0.1', clusterList: ['10.255.0.254'] } },
      },
    },
    {
      name: 'attributes added: between clients by both',
      feed: { ...inner, id: '10.255.0.1' },
      clients: ['a', 'y'],
      cells: {
        ...all({ y: { originatorId: '10.255.0.1', clusterList: ['10.255.0.254'] } }),
        'bird-2': { y: { originatorId: '10.255.0.1', clusterList: ['10.255.0.254'] } },
      },
    },
    {
      name: 'attributes added: GoBGP marks eBGP-learned routes to a client too',
      feed: { ...outer, id: '10.255.0.1' },
      clients: ['y'],
      cells: {
        ...family({ y: { originatorId: null, clusterList: [] } }),
        'gobgp-3': { y: { originatorId: '10.255.0.1', clusterList: ['10.255.0.254'] } },
        'bird-2': { y: { originatorId: null, clusterList: [] } },
      },
    },
    {
      name: 'neither side a client: nothing is reflected',
      feed: inner,
      cells: { ...all({ y: null, x: {} }), 'bird-2': { y: null, x: {} } },
    },
    {
      name: 'no client-to-client reflection',
      feed: inner,
      clients: ['a', 'y'],
      lines: line('no bgp client-to-client reflection'),
      cells: family({ y: null }),
    },
    {
      name: 'cluster id: configured',
      feed: inner,
      clients: ['a', 'y'],
      lines: line('bgp cluster-id 9.8.7.6'),
      cells: family({ y: { clusterList: ['9.8.7.6'] } }),
    },
  ],
};

for (const [table, list] of Object.entries(rows)) {
  describe(table, () => {
    for (const { name, cells, ...passage } of list) {
      describe(`"${name}"`, () => {
        it.each(Object.entries(cells) as [Daemon, Cell][])('%s', (daemon, cell) => {
          const places = seen(daemon, passage);
          for (const [place, wanted] of Object.entries(cell) as [keyof Seen, Partial<PathResult> | null][]) {
            if (wanted === null) expect(places[place], place).toBeUndefined();
            else expect(places[place], place).toMatchObject(wanted);
          }
        });
      });
    }
  });
}
