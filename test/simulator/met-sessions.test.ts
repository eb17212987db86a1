import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BgpConfig } from '../../src/bgp/config.ts';
import type { PeerConfig } from '../../src/bgp/peer-config.ts';
import { layGround } from '../../src/simulator/ground.ts';
import type { Network } from '../../src/simulator/kernel/network.ts';
import { MetSessions } from '../../src/simulator/sessions/met-sessions.ts';
import type { SessionList } from '../../src/simulator/sessions/session-list.ts';
import { meetAll } from '../../src/simulator/sessions/sessions.ts';
import { kernelLookup } from '../../src/simulator/sessions/transport.ts';
import { address, bgpConfig, familyConfig, peerConfig, prefix } from '../bgp/fixtures.ts';
import { node } from './networks.ts';

/** What one end may have written otherwise than all others. */
const oddities: readonly Partial<PeerConfig>[] = [
  { password: 'secret' },
  { remoteAs: 65001 },
  { remoteAs: 'internal' },
  { remoteAs: 'any' },
  { passive: true },
  { shutdown: true },
  { port: 1179 },
  { listenPorts: [] },
  { ttlSecurityHops: 1 },
  { routerId: address('9.9.9.9') },
  { localAs: { asn: 65001, noPrepend: false, replaceAs: false, dualAs: true } },
  { localAs: { asn: 65001, noPrepend: false, replaceAs: false } },
  { updateSource: { interface: 'lo' } },
  { updateSource: { interface: 'eth9' } },
  { timers: { keepalive: 1, hold: 2, connectRetry: 10 } },
  { families: { 'ipv6-unicast': familyConfig() } },
  { families: { 'ipv4-unicast': familyConfig(), 'ipv6-unicast': familyConfig() } },
  { localRole: { role: 'customer', strict: true } },
  { address: address('10.0.77.1') },
];

const SIZE = 5;
const router = fc.nat({ max: SIZE - 1 });
const odd = fc.record({ node: router, peer: router, change: fc.constantFrom(...oddities) });
const strange = fc.record({
  odds: fc.array(odd, { maxLength: 6 }),
  /** Configured a second time behind all others. */
  twice: fc.array(fc.record({ node: router, peer: router }), { maxLength: 2 }),
  asns: fc.array(fc.constantFrom(65000, 65001), { minLength: SIZE, maxLength: SIZE }),
  ids: fc.array(fc.nat({ max: 7 }), { minLength: SIZE, maxLength: SIZE }),
  /** Has no way to anybody but the router in the middle. */
  lost: fc.option(router),
  confederate: fc.option(router),
});
type Strange = typeof strange extends fc.Arbitrary<infer T> ? T : never;

/** A star around router 0, everybody a neighbor of everybody over its static routes, but for what is strange. */
function star({ odds, twice, asns, ids, lost, confederate }: Strange): Network {
  const own = (i: number, end: number) => `10.0.${i}.${end}`;
  const nodes = asns.map((asn, i) => {
    const others = asns.map((_, j) => j).filter((j) => j !== i);
    const peerTo = (j: number): PeerConfig => ({
      ...peerConfig(j === 0 ? own(i, 0) : own(j, 1), asns[j] ?? 0, { ebgpMultihop: 255 }),
      ...Object.assign(
        {},
        ...odds.filter((one) => one.node === i && one.peer === j).map((one) => one.change),
      ),
    });
    const again = twice.filter((one) => one.node === i && one.peer !== i).map(({ peer }) => peerTo(peer));
    const peers = [...others.map(peerTo), ...again];
    const bgp: Partial<BgpConfig> =
      confederate === i ? { peers, confederation: { identifier: 65100, members: [65001] } } : { peers };
    const links = i === 0 ? others.map((j) => [j, own(j, 0)] as const) : [[i, own(i, 1)] as const];
    const interfaces = Object.fromEntries(
      links.map(([j, text]) => [`eth${j}`, { addresses: [`${text}/31`], link: `l${j}` }]),
    );
    const via = { prefix: prefix('10.0.0.0/16'), via: address(own(i, 0)), interface: null };
    const statics =
      i === 0 || lost === i ? [] : [{ ...via, blackhole: false, distance: 1, tag: 0, source: null }];
    const lo = { addresses: [`10.255.0.${i}/32`] };
    return node(`r${i}`, { ...interfaces, lo }, bgpConfig(asn, `1.1.1.${ids[i]}`, bgp), { statics });
  });
  return { nodes };
}

function meet(network: Network, many?: number): SessionList {
  const { wiring, tables, speakers } = layGround(network);
  return meetAll({ wiring, tables, route: kernelLookup(tables) }, speakers, many);
}

const plain: Strange = {
  ...{ odds: [], twice: [], asns: new Array(SIZE).fill(65000), lost: null, confederate: null },
  ids: Array.from({ length: SIZE }, (_, i) => i + 1),
};

describe('sessions as numbers', () => {
  it('everybody meets everybody in a star', () => {
    const ends = meet(star(plain), 1);
    expect(ends.length).toBe(SIZE * (SIZE - 1));
    expect(ends.up()).toBe(ends.length);
    expect(ends.anyIn('Active') || ends.anyIn('Idle') || ends.anyDynamic()).toBe(false);
  });

  it('calls known beforehand bring what calls one by one bring, whatever is configured', () => {
    fc.assert(
      fc.property(strange, (one) => {
        const network = star(one);
        expect(meet(network, 1).all()).toEqual(meet(network, Infinity).all());
      }),
      { numRuns: 100 },
    );
  });

  it('an end is the same whether it is made alone, in brief or with all others', () => {
    fc.assert(
      fc.property(strange, (one) => {
        const network = star(one);
        const [alone, together] = [meet(network), meet(network)];
        const all = together.all();
        expect(alone).toBeInstanceOf(MetSessions);
        expect(alone.at(-1) ?? alone.at(alone.length)).toBeUndefined();
        all.forEach((end, place) => {
          expect(alone.at(place)).toEqual(end);
          expect(together.at(place)).toBe(end);
          expect(alone.lean(place)).toMatchObject({ node: end.node, state: end.state, other: end.other });
          expect(alone.nodeOf(place)).toBe(end.node);
          expect(alone.otherOf(place)).toBe(end.other ?? -1);
          expect(alone.localOf(place)).toEqual(end.localAddress);
          for (const family of ['ipv4-unicast', 'ipv6-unicast'] as const)
            expect(alone.carries(place, family)).toBe(end.other !== null && end.families.includes(family));
          if (end.other !== null) expect(all[end.other]?.other).toBe(place);
        });
        expect(alone.up()).toBe(all.filter(({ other }) => other !== null).length);
        for (const state of ['Established', 'Active', 'Idle'] as const)
          expect(alone.anyIn(state)).toBe(all.some((end) => end.state === state && !end.config.shutdown));
      }),
      { numRuns: 30 },
    );
  });
});
