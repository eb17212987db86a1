import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasErrors } from '../../../src/base/diagnostic.ts';
import { varNames } from '../../../src/inventory/schema/host-vars.ts';
import { build } from './support.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** An inventory that uses most variables, as data to be damaged. */
const healthy: Json = {
  all: {
    vars: {
      bgp_asn: 65500,
      bgp_timers: { keepalive: 30, hold: 90 },
      bgp_bestpath: { as_path_multipath_relax: true },
      bgp_maximum_paths: { ebgp: 4 },
      bgp_families: ['ipv4', 'ipv6'],
      bgp_prefix_lists: { a: ['permit 10.0.0.0/8 le 24', { action: 'deny', prefix: '10.0.0.0/8', ge: 25 }] },
      bgp_as_path_lists: { own: ['permit ^$'] },
      bgp_community_lists: { c: [{ action: 'permit', value: '65500:1' }] },
      bgp_route_maps: {
        m: [
          {
            action: 'permit',
            match: { prefix_list: 'a', peer: '10.0.0.1' },
            set: { community: ['1:1'], next_hop: 'unchanged' },
          },
        ],
      },
      bgp_redistribute: ['static', { from: 'connected', route_map: 'm' }],
      bgp_aggregates: [{ prefix: '10.0.0.0/8', summary_only: true }],
      net_routes: [{ prefix: '10.9.0.0/16', via: '10.0.0.254' }],
      fabric_ignore: [{ rule: 'reserved-asn', reason: 'lab' }],
    },
    children: {
      pair: {
        vars: {
          bgp_neighbors: [{ group: 'pair', via_family: 'both', peer_group: 'g', local_as: { asn: 64999 } }],
          bgp_peer_groups: { g: { timers: { hold: 9 }, remove_private_as: 'all' } },
          bgp_listen: [{ range: '10.0.0.0/24', peer_group: 'g' }],
          docker_default_address_pools: [{ base: '10.200.0.0/16', size: 24 }],
        },
        hosts: {
          a: {
            net_interfaces: { eth0: ['10.0.0.1/24', '2001:db8::1/64'], lo: { addresses: '192.0.2.1' } },
            docker_bip: '172.18.1.1/24',
          },
          b: {
            net_interfaces: {
              lo: '192.0.2.2/32',
              eth0: { addresses: ['10.0.0.2/24', '2001:db8::2/64'], segment: '10.0.0.0/24' },
            },
          },
        },
      },
      other: {
        hosts: {
          c: {
            bgp_daemon: 'gobgp',
            net_interfaces: { lo: '192.0.2.3/32' },
            bgp_neighbors: [
              { host: ['a', 'b'], via: 'loopback' },
              { address: '10.0.0.9', asn: 1 },
            ],
          },
        },
      },
    },
  },
};

const junk: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 53,
    '',
    ' ',
    'a',
    'b',
    'all',
    'pair',
    'lo',
    'eth0',
    'force',
    'permit any',
    '{{ x }}',
    '10.0.0.1',
    '10.0.0.1/24',
    '10.0.0.0/24',
    '10.0.0.1/99',
    '::/0',
    'fe80::1%lo',
    '::ffff:1.2.3.4/128',
    '0.0.0.0/0',
    '__proto__',
    'constructor',
    '1.10',
    '4294967295.1',
    [],
    {},
    [[]],
    [{}],
    { __proto__: null, seq: 1 },
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

/** Replaces, removes or adds something at a random place. */
function damage(value: Json, steps: readonly number[], put: Json, name: string): Json {
  const [step = 0, ...rest] = steps;
  if (steps.length === 0 || value === null || typeof value !== 'object') return put;
  if (Array.isArray(value)) {
    if (value.length === 0 || step % 7 === 6) return [...value, put];
    return value.map((item, i) => (i === step % value.length ? damage(item, rest, put, name) : item));
  }
  const keys = Object.keys(value);
  if (keys.length === 0 || step % 7 === 6) return { ...value, [name]: put };
  const key = keys[step % keys.length] ?? '';
  return { ...value, [key]: damage(value[key] ?? null, rest, put, name) };
}

const mutation = fc.record({
  steps: fc.array(fc.nat({ max: 41 }), { maxLength: 9 }),
  put: junk,
  name: fc.oneof(
    fc.constantFrom<string>(...varNames),
    fc.constantFrom('__proto__', 'hosts', 'vars', 'asn', 'bgp_x'),
  ),
});

it('is itself without errors', () => {
  expect(build(JSON.stringify(healthy)).diagnostics).toEqual([]);
});

it('never throws for a damaged inventory, and says something where a value is refused', () => {
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const damaged = mutations.reduce<Json>((v, m) => damage(v, m.steps, m.put, m.name), healthy);
      const { fabric, diagnostics } = build(JSON.stringify(damaged));
      for (const diagnostic of diagnostics) {
        expect(diagnostic.message).toMatch(/^[^\n]*[^.\n]$/);
        expect(diagnostic.ranges.length).toBeGreaterThan(0);
      }
      // Without errors nothing was left out: every host that names a daemon speaks.
      if (hasErrors(diagnostics)) return;
      for (const host of fabric.hosts.values()) expect(host.bgp === null).toBe(host.daemon.kind === 'none');
    }),
    { numRuns: 400 },
  );
});
