import { describe, expect, it } from 'vitest';
import { type Address, type Prefix, parseAddress, parsePrefix } from '../../src/base/ip.ts';
import { formatExplanation } from '../../src/report/explain-text.ts';
import { explainRoute, type RouteExplanation } from '../../src/simulator/explain/route.ts';
import type { SimulationState } from '../../src/simulator/state.ts';
import { bgp, fabricOf } from './fabrics.ts';

function ask(state: SimulationState, host: string, text: string): RouteExplanation {
  const asked: Prefix | Address | null = parsePrefix(text) ?? parseAddress(text);
  const told = asked && explainRoute(state, host, asked);
  if (!told) throw new Error(`no answer for ${host} ${text}`);
  return told;
}

async function expectGolden(name: string, told: RouteExplanation): Promise<void> {
  await expect(formatExplanation(told)).toMatchFileSnapshot(`golden/${name}.txt`);
  await expect(`${JSON.stringify(told, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.json`);
}

const cable = (own: string, link: string) => [link, own] as const;

/** tor – spine – web in a row, three ASes. */
function row(changes: { tor?: string; spine?: string; web?: string; routes?: readonly string[] } = {}) {
  return fabricOf({
    tor1: {
      links: { swp1: cable('10.0.1.0/31', 'l1') },
      routes: changes.routes ?? ['blackhole 10.1.2.0/24'],
      conf: changes.tor ?? bgp(65001, '1.1.1.1', ['10.0.1.1 65100'], ['network 10.1.2.0/24']),
    },
    spine1: {
      links: { swp1: cable('10.0.1.1/31', 'l1'), swp2: cable('10.0.2.1/31', 'l2') },
      conf: changes.spine ?? bgp(65100, '2.2.2.2', ['10.0.1.0 65001', '10.0.2.0 65003']),
    },
    web03: {
      links: { eth0: cable('10.0.2.0/31', 'l2') },
      conf: changes.web ?? bgp(65003, '3.3.3.3', ['10.0.2.1 65100']),
    },
  });
}

describe('a route that is there', () => {
  it('three paths: who lost against whom, where and by how much', async () => {
    const state = fabricOf({
      a: {
        links: { e0: cable('10.0.0.2/24', 'lan') },
        routes: ['blackhole 10.1.0.0/24'],
        conf: bgp(65001, '1.1.1.1', ['10.0.0.1 65000'], ['network 10.1.0.0/24']),
      },
      b: {
        links: { e0: cable('10.0.0.3/24', 'lan') },
        routes: ['blackhole 10.1.0.0/24'],
        conf: bgp(65002, '1.1.1.2', ['10.0.0.1 65000'], ['network 10.1.0.0/24 route-map P']).concat(
          'route-map P permit 10\n set as-path prepend 65002 65002\nexit\n',
        ),
      },
      c: {
        links: { e0: cable('10.0.0.4/24', 'lan') },
        routes: ['blackhole 10.1.0.0/24'],
        conf: bgp(65003, '1.1.1.3', ['10.0.0.1 65000'], ['network 10.1.0.0/24']),
      },
      r: {
        links: { e0: cable('10.0.0.1/24', 'lan') },
        conf: bgp(
          65000,
          '9.9.9.9',
          ['10.0.0.2 65001', '10.0.0.3 65002', '10.0.0.4 65003'],
          ['neighbor 10.0.0.4 route-map LOW in'],
        ).concat('route-map LOW permit 10\n set local-preference 50\nexit\n'),
      },
    });
    const told = ask(state, 'r', '10.1.0.0/24');
    expect(told.present).toBe(true);
    expect(told.paths.map(({ fromHost, lost }) => [fromHost, lost?.step, lost?.own, lost?.other])).toEqual([
      ['a', undefined, undefined, undefined],
      ['b', 'as-path-length', '3', '1'],
      ['c', 'local-preference', '50', '100 (default)'],
    ]);
    await expectGolden('three-paths', told);
  });

  it('an aggregate is made where something more specific is', async () => {
    const state = row({
      spine: bgp(
        65100,
        '2.2.2.2',
        ['10.0.1.0 65001', '10.0.2.0 65003'],
        ['aggregate-address 10.1.0.0/16 summary-only', 'aggregate-address 10.7.0.0/16'],
      ),
    });
    await expectGolden('aggregate', ask(state, 'web03', '10.1.0.0/16'));
    expect(ask(state, 'web03', '10.1.2.0/24').answer).toBe(
      'web03 has no route to 10.1.2.0/24: spine1 does not send it to web03: covered by a summary-only aggregate',
    );
    expect(ask(state, 'web03', '10.7.0.0/16').answer).toContain(
      'spine1 does not announce it: the aggregate has no more specific route in the table',
    );
  });

  it('beside a better route of the kernel', () => {
    const web = bgp(65003, '3.3.3.3', ['10.0.2.1 65100']).concat('ip route 10.1.2.0/24 10.0.2.1\n');
    const told = ask(row({ web }), 'web03', '10.1.2.0/24');
    expect(told.answer).toBe(
      'web03 has 10.1.2.0/24 from spine1 (10.0.2.1), the only path; the kernel has it as static route via 10.0.2.1 instead: the static route has distance 1, BGP 20',
    );
    expect(told.kernel.source?.line).toBe(6);
  });

  it('for an address: the longest match, and what is longer elsewhere', () => {
    const web = bgp(65003, '3.3.3.3', ['10.0.2.1 65100'], ['neighbor 10.0.2.1 prefix-list SHORT in']).concat(
      'ip prefix-list SHORT permit 10.0.0.0/8 le 16\n',
    );
    const spine = bgp(
      65100,
      '2.2.2.2',
      ['10.0.1.0 65001', '10.0.2.0 65003'],
      ['aggregate-address 10.1.0.0/16'],
    );
    const told = ask(row({ web, spine }), 'web03', '10.1.2.3');
    expect(told.prefix).toBe('10.1.0.0/16');
    expect(told.present).toBe(true);
    expect(told.longer).toMatchObject([
      {
        prefix: '10.1.2.0/24',
        answer: expect.stringMatching(
          /refused at web03 by prefix-list SHORT, line \d+ takes 10\.0\.0\.0\/8 with lengths 8 to 16 only/,
        ),
      },
    ]);
  });
});

describe('a route that is missing', () => {
  it('refused by a policy on the way', async () => {
    const spine = bgp(
      65100,
      '2.2.2.2',
      ['10.0.1.0 65001', '10.0.2.0 65003'],
      ['neighbor 10.0.1.0 route-map FROM-TOR in'],
    ).concat(
      'ip prefix-list BAD permit 10.1.0.0/16 le 32\nroute-map FROM-TOR deny 20\n match ip address prefix-list BAD\nexit\n',
    );
    const told = ask(row({ spine }), 'web03', '10.1.2.0/24');
    expect(told.present).toBe(false);
    expect(told.cause?.source).toMatchObject({ file: 'net/configs/spine1/frr.conf', line: 9 });
    await expectGolden('policy', told);
  });

  it('a route-map of which no entry matches says what they ask for', () => {
    const spine = bgp(
      65100,
      '2.2.2.2',
      ['10.0.1.0 65001', '10.0.2.0 65003'],
      ['neighbor 10.0.2.0 route-map OUT out'],
    ).concat(
      'ip prefix-list GOOD permit 10.9.0.0/16\nbgp community-list standard BLUE permit 65001:1\nroute-map OUT permit 10\n match ip address prefix-list GOOD\nexit\nroute-map OUT permit 20\n match community BLUE\nexit\n',
    );
    expect(ask(row({ spine }), 'web03', '10.1.2.0/24').answer).toBe(
      'web03 has no route to 10.1.2.0/24: kept from web03 at spine1 by route-map OUT, no entry matches (seq 10 asks for prefix-list GOOD: no entry holds it, seq 20 asks for community list BLUE: it has no community)',
    );
  });

  it('the policy that was called is the one that is named', () => {
    const spine = bgp(
      65100,
      '2.2.2.2',
      ['10.0.1.0 65001', '10.0.2.0 65003'],
      ['neighbor 10.0.1.0 route-map IN in'],
    ).concat('route-map IN permit 10\n call INNER\nexit\nroute-map INNER deny 5\nexit\n');
    const told = ask(row({ spine }), 'web03', '10.1.2.0/24');
    expect(told.answer).toContain(
      'refused at spine1 by route-map INNER seq 5, called by route-map IN seq 10',
    );
    expect(told.cause?.source?.line).toBe(11);
  });

  it('a network statement without a route behind it', async () => {
    const told = ask(row({ routes: [] }), 'web03', '10.1.2.0/24');
    await expectGolden('import-check', told);
    expect(ask(row({ routes: [] }), 'tor1', '10.1.2.0/24').answer).toContain('(bgp network import-check)');
  });

  it('a route of the kernel that no statement takes up', () => {
    const tor = bgp(65001, '1.1.1.1', ['10.0.1.1 65100']);
    expect(ask(row({ tor }), 'web03', '10.1.2.0/24').answer).toBe(
      'web03 has no route to 10.1.2.0/24: tor1 does not announce it: it is a kernel route there, and neither a network statement nor redistribute kernel announces it',
    );
    const filtered = bgp(65001, '1.1.1.1', ['10.0.1.1 65100'], ['redistribute kernel route-map NO']).concat(
      'route-map NO deny 10\nexit\n',
    );
    expect(ask(row({ tor: filtered }), 'web03', '10.1.2.0/24').answer).toContain(
      'redistribute kernel denied: route-map NO seq 10',
    );
  });

  it('a loop: the own AS is in the path', async () => {
    const web = bgp(65001, '3.3.3.3', ['10.0.2.1 65100']);
    const spine = bgp(65100, '2.2.2.2', ['10.0.1.0 65001', '10.0.2.0 65001']);
    await expectGolden('as-loop', ask(row({ web, spine }), 'web03', '10.1.2.0/24'));
  });

  it('a session that is down', async () => {
    const web = bgp(65003, '3.3.3.3', ['10.0.2.1 65999']);
    await expectGolden('session', ask(row({ web }), 'web03', '10.1.2.0/24'));
  });

  it('a family that the session does not carry', () => {
    const six = (address: string) => [
      'address-family ipv6 unicast',
      ` neighbor ${address} activate`,
      'exit-address-family',
    ];
    const web = bgp(
      65003,
      '3.3.3.3',
      ['10.0.2.1 65100'],
      [
        'address-family ipv4 unicast',
        ' no neighbor 10.0.2.1 activate',
        'exit-address-family',
        ...six('10.0.2.1'),
      ],
    );
    const spine = bgp(65100, '2.2.2.2', ['10.0.1.0 65001', '10.0.2.0 65003'], six('10.0.2.0'));
    expect(ask(row({ web, spine }), 'web03', '10.1.2.0/24').answer).toBe(
      'web03 has no route to 10.1.2.0/24: the session between spine1 and web03 does not carry ipv4 (not activated on web03)',
    );
  });

  /** tor1 – eBGP – a – iBGP – b – iBGP – c, the loopbacks of the inner three known to each other or not. */
  const inside = (a: readonly string[], b: readonly string[] = []) =>
    fabricOf({
      tor1: {
        links: { e0: cable('192.0.2.1/31', 'x') },
        routes: ['blackhole 10.1.2.0/24'],
        conf: bgp(65001, '1.1.1.1', ['192.0.2.0 65000'], ['network 10.1.2.0/24']),
      },
      a: {
        links: { e0: cable('192.0.2.0/31', 'x'), e1: cable('10.0.1.0/31', 'l1') },
        conf: bgp(65000, '2.2.2.1', ['192.0.2.1 65001', '10.0.1.1 65000'], a),
      },
      b: {
        links: { e0: cable('10.0.1.1/31', 'l1'), e1: cable('10.0.2.1/31', 'l2') },
        conf: bgp(65000, '2.2.2.2', ['10.0.1.0 65000', '10.0.2.0 65000'], b),
      },
      c: {
        links: { e0: cable('10.0.2.0/31', 'l2') },
        conf: bgp(65000, '2.2.2.3', ['10.0.2.1 65000']),
      },
    });

  it('a next hop that nothing leads to', async () => {
    const told = ask(inside([]), 'b', '10.1.2.0/24');
    expect(told.paths).toMatchObject([{ valid: false }]);
    await expectGolden('next-hop', told);
  });

  it('not reflected from one iBGP neighbor to another', async () => {
    await expectGolden('reflection', ask(inside(['neighbor 10.0.1.1 next-hop-self']), 'c', '10.1.2.0/24'));
  });

  it('no-export stays inside', () => {
    const told = ask(
      row({
        tor: bgp(
          65001,
          '1.1.1.1',
          ['10.0.1.1 65100'],
          ['network 10.1.2.0/24', 'neighbor 10.0.1.1 route-map C out'],
        ).concat('route-map C permit 10\n set community no-export\nexit\n'),
      }),
      'web03',
      '10.1.2.0/24',
    );
    expect(told.answer).toBe(
      'web03 has no route to 10.1.2.0/24: spine1 does not send it to web03: community no-export, which tor1 puts on by route-map C seq 10',
    );
  });

  it('the neighbor prefers another path, which is refused', async () => {
    const state = fabricOf({
      o: {
        links: { e1: cable('10.0.1.0/31', 'l1'), e2: cable('10.0.2.0/31', 'l2') },
        routes: ['blackhole 10.1.2.0/24'],
        conf: bgp(65001, '1.1.1.1', ['10.0.1.1 65002', '10.0.2.1 65003'], ['network 10.1.2.0/24']),
      },
      via: {
        links: { e1: cable('10.0.2.1/31', 'l2'), e2: cable('10.0.3.0/31', 'l3') },
        conf: bgp(65003, '1.1.1.3', ['10.0.2.0 65001', '10.0.3.1 65002']),
      },
      x: {
        links: {
          e1: cable('10.0.1.1/31', 'l1'),
          e2: cable('10.0.3.1/31', 'l3'),
          e3: cable('10.0.4.0/31', 'l4'),
        },
        conf: bgp(
          65002,
          '1.1.1.2',
          ['10.0.1.0 65001', '10.0.3.0 65003', '10.0.4.1 65004'],
          ['neighbor 10.0.3.0 route-map UP in'],
        ).concat('route-map UP permit 10\n set local-preference 200\nexit\n'),
      },
      h: {
        links: { e1: cable('10.0.4.1/31', 'l4') },
        conf: bgp(65004, '1.1.1.4', ['10.0.4.0 65002'], ['neighbor 10.0.4.0 filter-list NOT3 in']).concat(
          'bgp as-path access-list NOT3 deny _65003_\nbgp as-path access-list NOT3 permit .*\n',
        ),
      },
    });
    const told = ask(state, 'h', '10.1.2.0/24');
    expect(told.ways[0]?.stop.note).toBe(
      'the path from o would pass, but at x it lost to the path from via at local-preference',
    );
    await expectGolden('passed-over', told);
  });

  it('nobody announces it: what is near is named', () => {
    const told = ask(row(), 'web03', '10.1.0.0/16');
    expect(told.answer).toBe(
      'web03 has no route to 10.1.0.0/16: nobody announces it; the fabric has 10.1.2.0/24',
    );
    expect(told.instead).toBeNull();
  });

  it('a host without BGP', () => {
    const state = fabricOf({
      r1: {
        links: { e0: cable('10.0.0.1/24', 'lan') },
        routes: ['blackhole 10.1.2.0/24'],
        conf: bgp(65001, '1.1.1.1', [], ['network 10.1.2.0/24']),
      },
      pc: { links: { e0: cable('10.0.0.2/24', 'lan') }, routes: ['default via 10.0.0.1'], conf: '' },
    });
    const told = ask(state, 'pc', '10.1.2.0/24');
    expect(told.answer).toBe('pc has no route to 10.1.2.0/24: r1 announces it, but it does not speak BGP');
    expect(told.instead).toEqual({ prefix: '0.0.0.0/0', protocol: 'kernel', via: ['10.0.0.1'] });
    expect(ask(state, 'pc', '10.0.0.1').answer).toBe(
      'pc has 10.0.0.0/24 as connected route on e0, not by BGP',
    );
  });
});
