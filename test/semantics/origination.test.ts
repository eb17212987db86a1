import { describe, expect, it } from 'vitest';
import type { PathResult } from '../../src/simulator/result/result.ts';
import type { Daemon } from './support/fabric.ts';
import { type Passage, seen } from './support/passage.ts';

interface Row extends Passage {
  readonly name: string;
  readonly prefix?: string;
  /** The router's own path, and what x gets. */
  readonly cells: Partial<
    Record<Daemon, { readonly dut?: Partial<PathResult> | null; readonly x?: Partial<PathResult> | null }>
  >;
}

const frr = (cell: Row['cells'][Daemon] & object) => ({ 'frr-8.4': cell, 'frr-10': cell });
const family = (cell: Row['cells'][Daemon] & object) => ({ ...frr(cell), 'quagga-1.2': cell });
const lines = (...list: string[]) => ({ 'frr-8.4': list, 'frr-10': list, 'quagga-1.2': list });
const own = '10.77.0.0/24';

const rows: readonly Row[] = [
  {
    name: 'originate: network gives IGP, MED 0, weight 32768; GoBGP as told, without weight',
    networks: [own],
    cells: {
      ...family({ dut: { origin: 'igp', med: 0, weight: 32768, nextHop: '0.0.0.0' }, x: { med: 0 } }),
      'gobgp-3': { dut: { origin: 'igp', med: null, weight: null }, x: { med: null } },
    },
  },
  {
    name: 'import-check: without the route the network is there and unusable',
    networks: [own],
    lines: { 'frr-8.4': ['bgp network import-check'], 'frr-10': ['bgp network import-check'] },
    cells: frr({ dut: { valid: false }, x: null }),
  },
  {
    name: 'redistribute: incomplete, MED the metric, next hop the gateway',
    prefix: '10.66.0.0/24',
    routes: ['10.66.0.0/24 via 10.0.9.2 metric 50'],
    familyLines: lines('redistribute kernel'),
    cells: family({ dut: { origin: 'incomplete', med: 50, nextHop: '10.0.9.2' }, x: { med: 50 } }),
  },
  {
    name: 'aggregate: AS_PATH empty, the worst origin, MED 0',
    prefix: '10.0.0.0/8',
    feed: { as: 65001, origin: 'egp', med: 9 },
    familyLines: lines('aggregate-address 10.0.0.0/8'),
    cells: family({ x: { asPath: '65000', origin: 'egp', med: 0 } }),
  },
  {
    name: 'aggregate: as-set keeps the AS',
    prefix: '10.0.0.0/8',
    feed: { as: 65001 },
    familyLines: lines('aggregate-address 10.0.0.0/8 as-set'),
    cells: { 'frr-8.4': { x: { asPath: '65000 65001' } }, 'quagga-1.2': { x: { asPath: '65000 65001' } } },
  },
  {
    name: 'aggregate: summary-only keeps the rest back',
    feed: { as: 65001 },
    familyLines: lines('aggregate-address 10.0.0.0/8 summary-only'),
    cells: family({ x: null }),
  },
  {
    name: 'default-originate: IGP, MED 0, with no default route of its own',
    prefix: '0.0.0.0/0',
    familyLines: lines('neighbor 10.0.8.2 default-originate'),
    cells: family({ dut: null, x: { asPath: '65000', origin: 'igp', med: 0 } }),
  },
  {
    name: 'what is advertised: BIRD tells the best route of its table, a static one before that of BGP',
    feed: { as: 65001 },
    networks: [own],
    cells: { 'bird-2': { x: { asPath: '65000' } } },
  },
  {
    name: 'what is advertised: a route that is not installed is told all the same',
    feed: { as: 65001 },
    routes: [`${own} via 10.0.9.2`],
    cells: family({ x: { asPath: '65000 65001' } }),
  },
  {
    name: 'what is advertised: not with suppress-fib-pending',
    feed: { as: 65001 },
    routes: [`${own} via 10.0.9.2`],
    lines: { 'frr-8.4': ['bgp suppress-fib-pending'], 'frr-10': ['bgp suppress-fib-pending'] },
    cells: frr({ x: null }),
  },
  {
    name: 'aggregate: matching-MED-only with one MED',
    prefix: '10.0.0.0/8',
    feed: { as: 65001, med: 9 },
    familyLines: lines('aggregate-address 10.0.0.0/8 matching-MED-only'),
    cells: frr({ x: { asPath: '65000', med: 0 } }),
  },
  {
    name: 'default-originate: not while its route-map finds nothing',
    prefix: '0.0.0.0/0',
    head: lines(
      'ip prefix-list NONE permit 10.99.0.0/24',
      'route-map IF permit 10',
      ' match ip address prefix-list NONE',
      'exit',
    ),
    familyLines: lines('neighbor 10.0.8.2 default-originate route-map IF'),
    cells: family({ x: null }),
  },
  {
    name: 'default-originate: while its route-map finds a route',
    prefix: '0.0.0.0/0',
    feed: { as: 65001 },
    head: lines(
      `ip prefix-list SOME permit ${own}`,
      'route-map IF permit 10',
      ' match ip address prefix-list SOME',
      'exit',
    ),
    familyLines: lines('neighbor 10.0.8.2 default-originate route-map IF'),
    cells: family({ x: { asPath: '65000' } }),
  },
  {
    name: 'weight: 32768 on local routes, 0 on learned ones; others have none',
    feed: { as: 65001 },
    cells: {
      ...family({ dut: { weight: 0 } }),
      'gobgp-3': { dut: { weight: null } },
      'bird-2': { dut: { weight: null } },
    },
  },
  {
    name: 'eBGP without policy (RFC 8212): denied in FRR, both ways',
    networks: [own],
    lines: { 'frr-8.4': ['bgp ebgp-requires-policy'], 'frr-10': ['bgp ebgp-requires-policy'] },
    cells: { ...frr({ x: null }), 'quagga-1.2': { x: {} }, 'gobgp-3': { x: {} } },
  },
  {
    name: 'eBGP without policy (RFC 8212): confederation peers too in FRR 8.4, with any policy',
    asn: 65100,
    confederation: { identifier: 65000, members: [65003] },
    inside: true,
    networks: [own],
    head: lines('route-map ALL permit 10', 'exit'),
    lines: { 'frr-8.4': ['bgp ebgp-requires-policy'], 'frr-10': ['bgp ebgp-requires-policy'] },
    familyLines: lines('neighbor 10.0.8.2 route-map ALL out'),
    cells: { 'frr-8.4': { x: null }, 'frr-10': { x: {} } },
  },
];

describe('2.2', () => {
  for (const { name, cells, prefix = own, ...passage } of rows) {
    describe(`"${name}"`, () => {
      it.each(Object.entries(cells))('%s', (daemon, cell) => {
        const places = seen(daemon as Daemon, passage, prefix);
        for (const place of ['dut', 'x'] as const) {
          const wanted = cell?.[place];
          if (wanted === null) expect(places[place], place).toBeUndefined();
          else if (wanted) expect(places[place], place).toMatchObject(wanted);
        }
      });
    });
  }
});
