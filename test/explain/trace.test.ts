import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/base/ip.ts';
import { formatTrace } from '../../src/report/trace-text.ts';
import { type Trace, trace } from '../../src/simulator/forwarding/trace.ts';
import { addressOfHost, nodeBehind } from '../../src/simulator/forwarding/trace-ends.ts';
import type { SimulationState } from '../../src/simulator/state.ts';
import { bgp, fabricOf, type TestRouter } from './fabrics.ts';

/** As the command reads its arguments: FROM is a host or an address behind one. */
function follow(state: SimulationState, from: string, to: string): Trace {
  const source = parseAddress(from);
  const node = source ? nodeBehind(state, source) : state.wiring.indexOf.get(from);
  const target = parseAddress(to);
  if (node === null || node === undefined || !target) throw new Error(`cannot trace ${from} ${to}`);
  return trace(state, node, source, target);
}

async function expectGolden(name: string, told: Trace): Promise<void> {
  await expect(formatTrace(told)).toMatchFileSnapshot(`golden/${name}.txt`);
  await expect(`${JSON.stringify(told, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.json`);
}

const cable = (own: string, link: string) => [link, own] as const;

/** Two leaves under two spines; each leaf announces its loopback, and what it is told to. */
function clos(leaf2: readonly string[] = []) {
  const spine = (n: number): TestRouter => ({
    links: { s1: cable(`10.${n}.1.0/31`, `l${n}1`), s2: cable(`10.${n}.2.0/31`, `l${n}2`) },
    conf: bgp(65100, `2.2.2.${n}`, [`10.${n}.1.1 65001`, `10.${n}.2.1 65002`]),
  });
  const leaf = (n: number, lines: readonly string[]): TestRouter => ({
    links: { u1: cable(`10.1.${n}.1/31`, `l1${n}`), u2: cable(`10.2.${n}.1/31`, `l2${n}`) },
    lo: `10.255.0.${n}/32`,
    conf: bgp(
      65000 + n,
      `1.1.1.${n}`,
      [`10.1.${n}.0 65100`, `10.2.${n}.0 65100`],
      ['bgp bestpath as-path multipath-relax', 'maximum-paths 4', `network 10.255.0.${n}/32`, ...lines],
    ).concat(`ip protocol bgp route-map SRC\nroute-map SRC permit 10\n set src 10.255.0.${n}\nexit\n`),
  });
  return { spine1: spine(1), spine2: spine(2), leaf1: leaf(1, []), leaf2: leaf(2, leaf2) };
}

/** Two Docker hosts on one network; `a` gives its containers its own address or not. */
function docker(masquerade: boolean, announces = true) {
  const host = (n: number, masq: boolean): TestRouter => ({
    links: { eth1: cable(`10.0.0.${n}/24`, 'lan') },
    conf: bgp(
      65500,
      `10.0.0.${n}`,
      [`10.0.0.${3 - n} 65500`],
      announces || n === 2 ? [`network 172.18.${n}.0/24`] : [],
    ),
    docker: JSON.stringify({ bip: `172.18.${n}.1/24`, 'ip-masq': masq }),
  });
  return fabricOf({ a: host(1, masquerade), b: host(2, false) });
}

describe('trace', () => {
  it('every way of ECMP, the source that set src names, and the same hosts back', async () => {
    const told = follow(fabricOf(clos()), 'leaf1', '10.255.0.2');
    expect(told).toMatchObject({ ok: true, symmetric: true });
    expect(told.there.map(({ source, branches }) => [source, branches.length])).toEqual([['10.255.0.1', 2]]);
    await expectGolden('ecmp', told);
  });

  it('answers that take other hosts', () => {
    const told = follow(fabricOf(clos(['neighbor 10.1.2.0 weight 9'])), 'leaf1', '10.255.0.2');
    expect(told).toMatchObject({ ok: true, symmetric: false });
    expect(told.back.map(({ branches }) => branches.map(({ hops }) => hops[1]?.host))).toEqual([['spine1']]);
  });

  it('static routes that point at each other', async () => {
    const state = fabricOf({
      r1: {
        links: { e0: cable('10.0.0.1/24', 'lan') },
        routes: ['10.9.0.0/16 via 10.0.0.2'],
        conf: bgp(65001, '1.1.1.1', []),
      },
      r2: {
        links: { e0: cable('10.0.0.2/24', 'lan') },
        routes: ['10.9.0.0/16 via 10.0.0.1'],
        conf: bgp(65002, '1.1.1.2', []),
      },
    });
    const told = follow(state, 'r1', '10.9.1.1');
    expect(told).toMatchObject({ ok: false, symmetric: null });
    await expectGolden('loop', told);
  });

  it('containers get the address of their host where it masquerades', async () => {
    const told = follow(docker(true), '172.18.1.7', '172.18.2.9');
    expect(told.ok).toBe(true);
    expect(told.there[0]?.branches[0]?.rewrites).toEqual([
      { host: 'a', interface: 'eth1', before: '172.18.1.7', after: '10.0.0.1' },
    ]);
    expect(told.back.map(({ to }) => to)).toEqual(['10.0.0.1']);
    await expectGolden('masquerade', told);
  });

  it('without masquerading answers need a route to the containers', () => {
    expect(follow(docker(false), '172.18.1.7', '172.18.2.9').ok).toBe(true);
    const told = follow(docker(false, false), '172.18.1.7', '172.18.2.9');
    expect(told.ok).toBe(false);
    expect(told.answer).toBe(
      '172.18.1.7 behind a reaches 172.18.2.9, but answers to 172.18.1.7 (docker0) do not come back: b: no route to 172.18.1.7',
    );
    // With masquerading nobody has to know them.
    expect(follow(docker(true, false), '172.18.1.7', '172.18.2.9').ok).toBe(true);
  });

  it('the source is the address of the interface, or what ip route says', () => {
    const pc = (route: string): SimulationState =>
      fabricOf({
        pc: { links: { e0: cable('10.0.0.2/24', 'lan') }, lo: '10.255.0.9/32', routes: [route], conf: '' },
        r1: {
          links: { e0: cable('10.0.0.1/24', 'lan') },
          lo: '10.255.0.1/32',
          routes: ['10.255.0.9 via 10.0.0.2'],
          conf: bgp(65001, '1.1.1.1', []),
        },
      });
    const plain = follow(pc('default via 10.0.0.1'), 'pc', '10.255.0.1');
    expect(plain.there[0]).toMatchObject({ source: '10.0.0.2', sourceWhy: 'e0' });
    const named = follow(pc('default via 10.0.0.1 src 10.255.0.9'), 'pc', '10.255.0.1');
    expect(named.there[0]).toMatchObject({ source: '10.255.0.9', sourceWhy: 'src of the route 0.0.0.0/0' });
    expect(named.ok).toBe(true);
  });

  // What `ip route get` says in a namespace with these addresses and routes.
  it.each([
    [
      'the address in the network of the gateway',
      '10.1.0.1/24 10.2.0.1/24 10.2.0.9/24',
      '172.16.0.0/16 via 10.2.0.254',
      '172.16.0.1',
      '10.2.0.1',
    ],
    [
      'the most bits in common with the destination',
      '2001:db8:1::1/64 2001:db8:2::1/64 2001:db8:3::1/64',
      '2001:db8:1:5::/64 via 2001:db8:2::fe',
      '2001:db8:1:5::1',
      '2001:db8:1::1',
    ],
    [
      'of several the last',
      '2001:db8:1::1/64 2001:db8:2::1/64 2001:db8:3::1/64',
      '2001:db8:99::/48 via 2001:db8:1::fe',
      '2001:db8:99::1',
      '2001:db8:3::1',
    ],
  ])('source address: %s', (_rule, addresses, route, to, source) => {
    const state = fabricOf({ pc: { links: { e0: cable(addresses, 'lan') }, routes: [route], conf: '' } });
    expect(follow(state, 'pc', to).there[0]).toMatchObject({ source, sourceWhy: 'e0' });
  });

  it('a black hole is named with its host', () => {
    const state = fabricOf({
      r1: {
        links: { e0: cable('10.0.0.1/31', 'x') },
        conf: bgp(65001, '1.1.1.1', ['10.0.0.0 65002']),
      },
      r2: {
        links: { e0: cable('10.0.0.0/31', 'x') },
        routes: ['blackhole 10.2.0.0/24'],
        conf: bgp(65002, '1.1.1.2', ['10.0.0.1 65001'], ['network 10.2.0.0/24']),
      },
    });
    expect(follow(state, 'r1', '10.2.0.1').answer).toBe(
      'r1 does not reach 10.2.0.1: r2: black hole route 10.2.0.0/24',
    );
    expect(follow(state, 'r1', '10.7.0.1').answer).toBe(
      'r1 does not reach 10.7.0.1: r1: no route to 10.7.0.1',
    );
  });

  it('the address that stands for a host: lo, then a shared segment', () => {
    const state = fabricOf(clos());
    const node = (name: string) => state.wiring.indexOf.get(name) ?? -1;
    expect(addressOfHost(state, node('leaf2'), node('leaf1'), 4)?.text).toBe('10.255.0.2');
    expect(addressOfHost(state, node('spine2'), node('leaf2'), 4)?.text).toBe('10.2.2.0');
    expect(addressOfHost(state, node('spine2'), node('leaf2'), 6)).toBeNull();
  });
});
