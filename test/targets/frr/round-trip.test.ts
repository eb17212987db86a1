import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FamilyName } from '../../../src/base/family.ts';
import { addressOf, prefixOf } from '../../../src/base/ip.ts';
import type { Policy } from '../../../src/bgp/policy/types.ts';
import type { PrefixList, RouteMap } from '../../../src/model/policy.ts';
import { frrTarget, quaggaTarget } from '../../../src/targets/frr/index.ts';
import { bgp, neighbor, noPolicies, routeMapEntry, setNothing } from '../sample.ts';
import { expectRoundTrip } from './expect-round-trip.ts';
import { daemons, fullHost, meshHost } from './fixture.ts';

const source = { file: 'hosts.yml', line: 4, column: 14 };

describe('what is rendered says what the model says', () => {
  it.each([
    ['mesh for Quagga', quaggaTarget, meshHost(2, daemons.quagga)],
    ['mesh for FRR', frrTarget, meshHost(2, daemons.frr)],
    ['mesh for FRR, a file per daemon', frrTarget, meshHost(2, daemons.separate)],
    ['every option, FRR 8.4', frrTarget, fullHost(daemons.frr)],
    ['every option, a file per daemon', frrTarget, fullHost(daemons.separate)],
    ['every option, FRR 10 datacenter', frrTarget, fullHost(daemons.datacenter)],
  ] as const)('%s', (_name, target, host) => {
    expectRoundTrip(target, host);
  });

  it('keeps every clause of a route-map', () => {
    const router = expectRoundTrip(frrTarget, fullHost(daemons.datacenter));
    const network = router.bgp?.originations.find((one) => one.kind === 'network' && one.policy !== null);
    const policy = network?.kind === 'network' ? (network.policy as Policy) : null;
    const first = policy?.statements[0];
    expect(first?.conditions.map((one) => one.kind).sort()).toEqual([
      'as-path',
      'community',
      'large-community',
      'local-preference',
      'med',
      'next-hop',
      'origin',
      'peer',
      'prefix',
      'prefix',
      'source-protocol',
      'tag',
    ]);
    expect(first?.actions.map((one) => one.kind).sort()).toEqual([
      'community',
      'community-delete',
      'exclude-as',
      'large-community',
      'local-preference',
      'med',
      'next-hop',
      'next-hop',
      'origin',
      'prepend',
      'tag',
      'weight',
    ]);
    expect(first?.call?.name).toBe('IN');
    expect(policy?.statements.map((one) => [one.label, one.verdict, one.onMatch])).toEqual([
      ['10', 'accept', { goto: 30 }],
      ['20', 'reject', 'exit'],
      ['30', 'accept', 'next'],
      ['40', 'accept', 'exit'],
    ]);
  });

  it('resolves a prefix-list to its lengths, in sequence order', () => {
    const router = expectRoundTrip(frrTarget, fullHost(daemons.frr));
    const [filter] = router.bgp?.peers[0]?.families['ipv4-unicast']?.importPolicy ?? [];
    const condition = filter?.statements[0]?.conditions[0];
    expect(
      condition?.kind === 'prefix' &&
        condition.set.entries.map((one) => [one.permit, one.prefix.text, one.minLength, one.maxLength]),
    ).toEqual([
      [false, '10.66.0.0/16', 16, 16],
      [true, '10.0.0.0/8', 12, 24],
    ]);
  });

  it("gives the group's lines to members and to whoever connects from the range", () => {
    const { bgp: config } = expectRoundTrip(frrTarget, fullHost(daemons.frr));
    expect(config?.listenLimit).toBe(20);
    expect(
      config?.listenRanges.map((one) => [
        one.prefix.text,
        one.peer.remoteAs,
        one.peer.address,
        one.peer.timers.hold,
      ]),
    ).toEqual([['10.9.0.0/16', 65001, null, 9]]);
  });
});

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const asn = fc.integer({ min: 1, max: 4294967294 }).filter((value) => value !== 23456);
const timers = fc.record({
  keepalive: fc.integer({ min: 0, max: 20000 }),
  hold: fc.integer({ min: 3, max: 65535 }),
  connectRetry: fc.integer({ min: 1, max: 65535 }),
});
const ipv4Prefix = fc
  .tuple(fc.integer({ min: 1, max: 0xdfffffff }), fc.integer({ min: 8, max: 32 }))
  .map(([value, length]) => prefixOf(4, BigInt(value), length));
const ipv6Prefix = fc
  .tuple(fc.bigInt(1n << 125n, (1n << 126n) - 1n), fc.integer({ min: 3, max: 128 }))
  .map(([value, length]) => prefixOf(6, value, length));
const anyPrefix = fc.oneof(ipv4Prefix, ipv6Prefix);

const prefixList: fc.Arbitrary<PrefixList> = fc
  .record({ name: word, prefix: anyPrefix, permit: fc.boolean() })
  .map(({ name, prefix, permit }) => ({
    name: `L${name}`,
    family: prefix.family,
    source,
    entries: [{ seq: 5, action: permit ? 'permit' : 'deny', prefix, ge: null, le: null }],
  }));

const routeMap: fc.Arbitrary<RouteMap> = fc
  .record({
    name: word,
    preference: maybe(fc.integer({ min: 0, max: 4294967295 })),
    sequences: fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ name, preference, sequences }) => ({
    name: `M${name}`,
    source,
    entries: sequences.map((seq) =>
      routeMapEntry(seq, {
        set: { ...setNothing, localPreference: preference === null ? null : String(preference) },
      }),
    ),
  }));

function options(maps: readonly RouteMap[], lists: readonly PrefixList[]) {
  const mapName = maybe(
    fc.constantFrom(...maps.map((one) => one.name), ...(maps.length ? [] : ['none'])),
  ).map((name) => (maps.length ? name : null));
  const listName = maybe(
    fc.constantFrom(...lists.map((one) => one.name), ...(lists.length ? [] : ['none'])),
  ).map((name) => (lists.length ? name : null));
  const families: fc.Arbitrary<readonly FamilyName[]> = fc.constantFrom(
    ['ipv4-unicast'],
    ['ipv6-unicast'],
    ['ipv4-unicast', 'ipv6-unicast'],
  );
  return fc.record({
    families,
    timers: maybe(timers),
    password: maybe(fc.stringMatching(/^[!-~]{1,20}$/)),
    passive: fc.boolean(),
    shutdown: fc.boolean(),
    ebgpMultihop: maybe(fc.integer({ min: 1, max: 255 })),
    updateSource: fc.constantFrom(null, 'lo', '10.1.1.1'),
    description: maybe(
      // A bar with a space behind it is refused before it is rendered.
      fc.stringMatching(/^[!-~]{1,8}( [!-~]{1,8}){0,2}$/).filter((text) => !text.includes('| ')),
    ),
    routeMapIn: mapName,
    routeMapOut: mapName,
    prefixListIn: listName,
    prefixListOut: listName,
    nextHopSelf: fc.constantFrom('no' as const, 'yes' as const, 'force' as const),
    sendCommunity: fc.boolean(),
    allowasIn: maybe(fc.integer({ min: 1, max: 10 })),
    weight: maybe(fc.integer({ min: 0, max: 65535 })),
    maximumPrefix: maybe(fc.integer({ min: 1, max: 4294967295 })),
    defaultOriginate: fc.boolean(),
  });
}

const models = fc
  .tuple(
    fc.uniqueArray(routeMap, { maxLength: 3, selector: (one) => one.name }),
    fc.uniqueArray(prefixList, { maxLength: 3, selector: (one) => one.name }),
  )
  .chain(([routeMaps, prefixLists]) =>
    fc.record({
      asn,
      timers,
      importCheck: fc.boolean(),
      defaultLocalPreference: fc.integer({ min: 0, max: 4294967295 }),
      maximumPaths: fc.record({
        ebgp: fc.integer({ min: 1, max: 64 }),
        ibgp: fc.integer({ min: 1, max: 64 }),
      }),
      networks: fc
        .uniqueArray(anyPrefix, { maxLength: 5, selector: (one) => one.text })
        .map((list) =>
          list.map((prefix) => ({ prefix, routeMap: null, reason: 'network' as const, source })),
        ),
      neighbors: fc
        .uniqueArray(
          fc.tuple(fc.integer({ min: 0x0a000001, max: 0x0affffff }), asn, options(routeMaps, prefixLists)),
          { maxLength: 4, selector: ([value]) => value },
        )
        .map((list) =>
          list.map(([value, remoteAs, peer]) => neighbor(addressOf(4, BigInt(value)).text, remoteAs, peer)),
        ),
      policies: fc.constant({ ...noPolicies, routeMaps, prefixLists }),
    }),
  )
  .map((options) => bgp({ ...options, families: ['ipv4-unicast', 'ipv6-unicast'] }));

describe('any model', () => {
  it.each([
    ['Quagga 1.2', quaggaTarget, daemons.quagga],
    ['FRR 8.4', frrTarget, daemons.frr],
    ['FRR 8.4, a file per daemon', frrTarget, daemons.separate],
    ['FRR 10 datacenter', frrTarget, daemons.datacenter],
  ] as const)('comes back from %s as it went', (_name, target, daemon) => {
    const base = meshHost(1, daemon);
    fc.assert(
      fc.property(models, (instance) => {
        const host = { ...base, bgp: instance };
        fc.pre(target.limits(host, { hosts: new Map(), segments: [], sessions: [] }).length === 0);
        expectRoundTrip(target, host);
      }),
      { numRuns: 40 },
    );
  });
});
