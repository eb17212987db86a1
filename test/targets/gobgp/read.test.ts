import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BgpConfig } from '../../../src/bgp/config.ts';
import { gobgpTarget } from '../../../src/targets/gobgp/index.ts';
import { full, reflector, rendered } from './fixture.ts';

function read(files: Readonly<Record<string, string>>) {
  const named = Object.entries(files).map(([path, text]) => [path, { path, text }] as const);
  return gobgpTarget.read(new Map(named), { host: 'gw01', version: '3' });
}

function bgpOf(files: Readonly<Record<string, string>>): BgpConfig {
  const { router, diagnostics } = read(files);
  expect(diagnostics).toEqual([]);
  return router?.bgp ?? expect.fail('no BGP was read');
}

const head = '[global.config]\n  as = 65500\n  router-id = "10.0.0.1"\n';
const toml = (rest: string): Record<string, string> => ({ 'gobgp.toml': head + rest });

describe('what was written comes back', () => {
  const files = Object.fromEntries(rendered(full, gobgpTarget));
  const config = bgpOf(files);

  it('nothing is unrecognised, unmodelled or refused', () => {
    expect(read(files)).toMatchObject({ lines: [], diagnostics: [], docker: null });
    expect(read(Object.fromEntries(rendered(reflector, gobgpTarget)))).toMatchObject({
      lines: [],
      diagnostics: [],
    });
  });

  it('the instance', () => {
    expect(config).toMatchObject({
      asn: 65500,
      routerId: { text: '10.0.0.1' },
      clusterId: null,
      importCheck: false,
    });
    expect(config.decision).toMatchObject({
      alwaysCompareMed: true,
      asPathIgnore: true,
      compareRouterId: true,
    });
    expect(config.maximumPaths['ipv4-unicast'].ebgp).toBeGreaterThan(1);
    expect(read(files).router).toMatchObject({ installsRoutes: false, profile: { id: 'gobgp-3' } });
  });

  it('the neighbors', () => {
    const model = full.bgp?.neighbors ?? [];
    expect(config.peers.map(({ address }) => address?.text)).toEqual(
      model.map(({ address }) => address.text),
    );
    for (const [index, neighbor] of model.entries()) {
      const peer = config.peers[index];
      expect(peer).toMatchObject({
        remoteAs: neighbor.remoteAs,
        description: neighbor.description,
        passive: neighbor.passive,
        shutdown: neighbor.shutdown,
        ebgpMultihop: neighbor.ebgpMultihop,
        ttlSecurityHops: neighbor.ttlSecurityHops,
        localAs: neighbor.localAs,
        timers: neighbor.timers ?? full.bgp?.timers,
      });
      expect(Object.keys(peer?.families ?? {})).toEqual(neighbor.families);
      for (const family of Object.values(peer?.families ?? {})) {
        expect(family).toMatchObject({
          routeReflectorClient: neighbor.routeReflectorClient,
          maximumPrefix: neighbor.maximumPrefix,
          allowasIn: neighbor.allowasIn ?? 0,
        });
      }
    }
    expect(config.peers[0]?.updateSource).toMatchObject({ text: '10.0.0.1' });
    expect(config.peers[2]?.families['ipv4-unicast']?.removePrivateAs).toEqual({
      all: true,
      replaceAs: true,
    });
  });

  it('the listen range', () => {
    expect(config.listenRanges).toMatchObject([
      { prefix: { text: '10.9.0.0/24' }, peer: { remoteAs: 65534, password: 'se"cret\\', passive: true } },
    ]);
  });

  it('the announcements', () => {
    expect(config.originations).toMatchObject([
      {
        kind: 'announce',
        family: 'ipv4-unicast',
        prefix: { text: '172.18.1.0/24' },
        attributes: { origin: 0, nextHop: null },
      },
      { kind: 'announce', family: 'ipv6-unicast', prefix: { text: '2001:db8:18:1::/64' } },
    ]);
  });

  it('the policies, as one with every statement bound to its neighbors', async () => {
    const [policy] = config.peers[0]?.families['ipv4-unicast']?.importPolicy ?? [];
    expect(policy?.otherwise).toBe('accept');
    await expect(
      policy?.statements.map(({ label, verdict }) => `${label} ${verdict}`).join('\n'),
    ).toMatchFileSnapshot('golden/import.txt');
    for (const { conditions } of policy?.statements ?? []) {
      expect(conditions.some(({ kind }) => kind === 'peer')).toBe(true);
    }
    const ten = policy?.statements.find(({ label }) => label === 'in:nested:foo/10');
    expect(ten?.actions).toEqual([
      { kind: 'med', amount: { op: 'add', value: 10, strict: true } },
      { kind: 'local-preference', amount: { op: 'set', value: 222 } },
    ]);
  });
});

describe('defaults of gobgpd', () => {
  it.each<[string, string, object]>([
    ['an IPv4 neighbor', 'neighbor-address = "10.0.0.2"', { families: ['ipv4-unicast'] }],
    ['an IPv6 neighbor', 'neighbor-address = "2001:db8::2"', { families: ['ipv6-unicast'] }],
    ['an interface', 'neighbor-interface = "eth0"', { families: ['ipv4-unicast', 'ipv6-unicast'] }],
  ])('%s', (_, line, { families }: { families?: string[] }) => {
    const [peer] = bgpOf(toml(`[[neighbors]]\n [neighbors.config]\n  peer-as = 1\n  ${line}\n`)).peers;
    expect(Object.keys(peer?.families ?? {})).toEqual(families);
    expect(peer).toMatchObject({
      timers: { hold: 90, keepalive: 30, connectRetry: 120 },
      port: 179,
      ebgpMultihop: null,
    });
    expect(peer?.families['ipv6-unicast'] ?? peer?.families['ipv4-unicast']).toMatchObject({
      importPolicy: [],
      exportPolicy: [],
    });
  });

  it('one path without use-multiple-paths', () => {
    expect(bgpOf(toml('')).maximumPaths['ipv4-unicast']).toEqual({ ebgp: 1, ibgp: 1 });
  });

  it('a group gives what the neighbor does not say, and its ASN always', () => {
    const text = `[[peer-groups]]
 [peer-groups.config]
  peer-group-name = "g"
  peer-as = 65001
  description = "group"
 [peer-groups.timers.config]
  hold-time = 30
 [[peer-groups.afi-safis]]
  [peer-groups.afi-safis.config]
   afi-safi-name = "ipv6-unicast"
[[neighbors]]
 [neighbors.config]
  neighbor-address = "10.0.0.2"
  peer-group = "g"
  peer-as = 65002
  description = "own"
`;
    const [peer] = bgpOf(toml(text)).peers;
    expect(peer).toMatchObject({ remoteAs: 65001, description: 'own', timers: { hold: 30, keepalive: 10 } });
    expect(Object.keys(peer?.families ?? {})).toEqual(['ipv6-unicast']);
  });
});

describe('what a peer group cannot hand down', () => {
  const member = (own: string, group: string) => {
    const text = `[[peer-groups]]
 [peer-groups.config]
  peer-group-name = "g"
  peer-as = 65001
  remove-private-as = "all"
 [peer-groups.as-path-options.config]
  allow-own-as = 2
  replace-peer-as = true
 ${group}
[[neighbors]]
 [neighbors.config]
  neighbor-address = "10.0.0.2"
  peer-group = "g"
 ${own}
`;
    const [peer] = bgpOf(toml(text)).peers;
    return { peer, family: peer?.families['ipv4-unicast'] };
  };

  it('options of the AS_PATH', () => {
    expect(member('', '').family).toMatchObject({ removePrivateAs: null, allowasIn: 0, asOverride: false });
    const own = '[neighbors.as-path-options.config]\n  allow-own-as = 1';
    expect(member(own, '').family).toMatchObject({ removePrivateAs: null, allowasIn: 1, asOverride: false });
  });

  it("the neighbor's own graceful restart is never looked at", () => {
    const on = (table: string) => `[${table}.graceful-restart.config]\n  enabled = true\n  restart-time = 30`;
    expect(member(on('neighbors'), '').peer?.habits).toBeUndefined();
    expect(member('', on('peer-groups')).peer?.habits).toMatchObject({ offersRestart: 30 });
  });

  const families = (table: string, more = '') =>
    `[[${table}.afi-safis]]\n  [${table}.afi-safis.config]\n   afi-safi-name = "ipv4-unicast"\n${more}`;
  const paths = (table: string) => `[${table}.add-paths.config]\n  receive = true\n  send-max = 4`;

  it.each<[string, string, string, 'all' | 'none']>([
    ['of a family of the group', '', families('peer-groups', paths('peer-groups.afi-safis')), 'none'],
    ['of the group, for its families', '', `${paths('peer-groups')}\n${families('peer-groups')}`, 'all'],
    ['of the group, without families', '', paths('peer-groups'), 'none'],
    ['of the neighbor, without families', paths('neighbors'), '', 'none'],
    ['of the group, for families of the neighbor', families('neighbors'), paths('peer-groups'), 'all'],
  ])('add-paths %s', (_, own, group, expected) => {
    expect(member(own, group).family).toMatchObject({
      addPathSend: expected,
      addPathReceive: expected === 'all',
    });
  });
});

describe('policies of a route-server client', () => {
  /** A client and an ordinary neighbor, where the global policy refuses everything. */
  const clientWith = (applied: string) => {
    const text = `[global.apply-policy.config]
  default-import-policy = "reject-route"
[[policy-definitions]]
  name = "known"
[[neighbors]]
 [neighbors.config]
  neighbor-address = "10.0.0.2"
  peer-as = 1
 [neighbors.route-server.config]
  route-server-client = true
 [neighbors.apply-policy.config]
  ${applied}
`;
    const { router, diagnostics } = read(toml(text));
    const family = router?.bgp?.peers[0]?.families['ipv4-unicast'];
    return { otherwise: family?.importPolicy.map(({ otherwise }) => otherwise), diagnostics };
  };

  it('the global ones are not asked', () => {
    expect(clientWith('')).toEqual({ otherwise: [], diagnostics: [] });
  });

  it('its own default', () => {
    expect(clientWith('default-import-policy = "reject-route"').otherwise).toEqual(['reject']);
  });

  // setPeerPolicy of 3.10 logs an error and sets no default either; seen for a policy that nobody defines.
  it.each([['["gone"]'], ['["known", "gone"]'], ['["known", "known"]']])(
    'nothing passes with %s',
    (names) => {
      const { otherwise, diagnostics } = clientWith(`import-policy-list = ${names}`);
      expect(otherwise).toEqual(['reject']);
      expect(diagnostics).toHaveLength(1);
    },
  );
});

describe('what gobgpd refuses', () => {
  const neighbor = (line: string) =>
    `[[neighbors]]\n [neighbors.config]\n  neighbor-address = "10.0.0.2"\n  peer-as = 65500\n  ${line}\n`;
  const policy = (rest: string) =>
    `[[policy-definitions]]\n name = "p"\n [[policy-definitions.statements]]\n  name = "s"\n${rest}`;
  it.each<[string, string, string]>([
    [
      'an unknown key',
      '[global.confg]\nas = 1',
      "4:9 gobgpd does not start: it does not know the key 'global.confg' [config]",
    ],
    [
      'an unknown key below',
      neighbor('peer-asn = 1'),
      "8:3 gobgpd does not start: it does not know the key 'neighbors.config.peer-asn' [peer-as]",
    ],
    [
      'an unknown section',
      '[neighbours]\n',
      "4:2 gobgpd does not start: it does not know the key 'neighbours' [neighbors]",
    ],
    [
      'a wrong kind',
      neighbor('admin-down = "maybe"'),
      "8:16 gobgpd does not start: 'neighbors.config.admin-down' must be true or false []",
    ],
    [
      'remove-private-as on iBGP',
      neighbor('remove-private-as = "all"'),
      '8:23 gobgpd does not start: remove-private-as on an iBGP session []',
    ],
    [
      'no such policy',
      '[global.apply-policy.config]\n import-policy-list = ["pp"]\n',
      "5:23 gobgpd runs without import-policy-list: there is no policy 'pp' []",
    ],
    [
      'no such set',
      policy('  [policy-definitions.statements.conditions.match-prefix-set]\n   prefix-set = "x"\n'),
      "9:17 gobgpd runs without any policy: there is no prefix set 'x' []",
    ],
    [
      'no such group',
      neighbor('peer-group = "g"'),
      "8:16 gobgpd runs without the neighbor: there is no peer group 'g' []",
    ],
    [
      'match-set-options in capitals',
      `${policy('  [policy-definitions.statements.conditions.bgp-conditions.match-as-path-set]\n   as-path-set = "a"\n   match-set-options = "ANY"\n')}[[defined-sets.bgp-defined-sets.as-path-sets]]\n as-path-set-name = "a"\n as-path-list = ["^1$"]\n`,
      "10:24 gobgpd runs without any policy: match-set-options 'ANY' []",
    ],
    [
      'a second statement of the name',
      policy(' [[policy-definitions.statements]]\n  name = "s"\n'),
      "8:23 gobgpd runs without any policy: a second statement is called 's' []",
    ],
    [
      'a range',
      '[[defined-sets.prefix-sets]]\n prefix-set-name = "x"\n [[defined-sets.prefix-sets.prefix-list]]\n  ip-prefix = "10.0.0.0/8"\n  masklength-range = "8-24"\n',
      "8:22 gobgpd does not start: '8-24' is not a range of lengths []",
    ],
    [
      'an address family',
      `${neighbor('')} [[neighbors.afi-safis]]\n  [neighbors.afi-safis.config]\n   afi-safi-name = "ipv4"\n`,
      "11:20 gobgpd does not start: there is no address family 'ipv4' []",
    ],
  ])('%s', (_, rest, expected) => {
    const found = read(toml(rest)).diagnostics;
    const said = found.map(
      ({ ranges, message, nearest }) =>
        `${ranges[0]?.line}:${ranges[0]?.column} ${message} [${nearest ?? ''}]`,
    );
    expect(said).toEqual([expected]);
  });

  // As gobgpd 3.10 was seen to.
  it.each([
    [
      'a range',
      '[[defined-sets.prefix-sets]]\n prefix-set-name = "x"\n [[defined-sets.prefix-sets.prefix-list]]\n  ip-prefix = "10.0.0.0/33"\n',
      false,
    ],
    ['an unknown key', '[global.confg]\n', false],
    ['a policy that is not there', '[global.apply-policy.config]\n import-policy-list = ["pp"]\n', true],
    ['a group that is not there', neighbor('peer-group = "g"'), true],
    [
      'a neighbor of a set',
      '[[defined-sets.neighbor-sets]]\n neighbor-set-name = "n"\n neighbor-info-list = ["10.0.0.333"]\n',
      true,
    ],
  ])('does it run without %s?', (_, rest, runs) => {
    const { router, diagnostics } = read(toml(rest));
    expect(diagnostics).toHaveLength(1);
    expect(router?.bgp !== null).toBe(runs);
    expect(router?.bgp?.peers ?? []).toEqual([]);
  });

  it('a disposition that it does not know counts as none', () => {
    const text = policy('  [policy-definitions.statements.actions]\n   route-disposition = "accept"\n');
    expect(read(toml(text)).lines).toMatchObject([
      { effect: 'gobgpd takes it for none: it knows accept-route, reject-route and none' },
    ]);
  });

  it('no ASN', () => {
    expect(read({ 'gobgp.toml': '' }).diagnostics).toMatchObject([{ rule: 'config-refused' }]);
  });
});

describe('known and not followed', () => {
  it.each<[string, string, boolean]>([
    [
      'a condition nobody asks',
      '[[policy-definitions]]\nname = "p"\n[[policy-definitions.statements]]\nname = "s"\n[policy-definitions.statements.conditions.bgp-conditions]\nmed-eq = 5\n',
      false,
    ],
    ['zebra', '[zebra.config]\nenabled = true\n', true],
    ['a VRF', '[[vrfs]]\n[vrfs.config]\nname = "v"\n', true],
  ])('%s', (_, text, matters) => {
    expect(read(toml(text)).lines).toMatchObject([{ status: 'unmodelled', matters }]);
  });
});

describe('gobgp-cli.txt', () => {
  const announced = (text: string) => read({ ...toml(''), 'gobgp-cli.txt': text });

  it('every attribute, in any order', () => {
    const line = `gobgp global rib add origin egp med 5 10.0.0.0/8 -a ipv4 local-pref 200 aspath "65001 65002" community 65500:1,no-export large-community 1:2:3 nexthop 10.0.0.9 # why`;
    expect(announced(`# comment\n\n${line}\n`).router?.bgp?.originations).toMatchObject([
      {
        prefix: { text: '10.0.0.0/8' },
        attributes: {
          origin: 1,
          med: 5,
          localPref: 200,
          asPath: [65001, 65002],
          communities: ['65500:1', '65535:65281'],
          largeCommunities: ['1:2:3'],
          nextHop: { text: '10.0.0.9' },
        },
        source: { line: 3, column: 39 },
      },
    ]);
  });

  it('extended communities behind the prefix, and an AS_SET', () => {
    const line =
      'gobgp global rib add 10.0.0.0/8 identifier 5 rt 65001:1 70000:2 1.2:3 10.0.0.1:70000 color 7 encap vxlan valid aspath "65001 {65002,65003}"';
    expect(announced(line).router?.bgp?.originations).toMatchObject([
      {
        attributes: {
          segments: [
            { kind: 'sequence', asns: [65001] },
            { kind: 'set', asns: [65002, 65003] },
          ],
          extendedCommunities: [
            '0002fde900000001',
            '0002ffff00000002',
            '0202000100020003',
            '01020a0000011170',
            '030b000000000007',
            '030c000000000008',
            '4300000000000000',
          ],
        },
      },
    ]);
  });

  it('without words the origin is incomplete and the next hop the own', () => {
    const [one] = announced('gobgp global rib add 10.0.0.0/8\n').router?.bgp?.originations ?? [];
    expect(one).toMatchObject({ attributes: { origin: 2, nextHop: null, med: null, localPref: null } });
  });

  it('a later command counts', () => {
    const text =
      'gobgp global rib add 10.0.0.0/8 med 1\ngobgp global rib add 11.0.0.0/8\ngobgp global rib add 10.0.0.0/8 med 2\ngobgp global rib del 11.0.0.0/8\n';
    expect(announced(text).router?.bgp?.originations).toMatchObject([
      { prefix: { text: '10.0.0.0/8' }, attributes: { med: 2 } },
    ]);
  });

  it.each<[string, string]>([
    ['gobgp global rib add 10.0.0/8', "1:22 gobgp refuses '10.0.0/8': it is not an IPv4 network"],
    ['gobgp global rib add 2001:db8::/32', "1:22 gobgp refuses '2001:db8::/32': it is not an IPv4 network"],
    ['gobgp global rib add 10.0.0.0/8 origin x', "1:40 gobgp refuses 'x': origin is igp, egp or incomplete"],
    ['gobgp global rib add', '1:18 gobgp refuses the command: it names no prefix'],
    [
      'gobgp global rib add 10.0.0.0/8 med',
      "1:33 gobgp refuses the command over 'med': no attribute is called so",
    ],
    [
      'gobgp global rib add 10.0.0.0/8 rt 65001:1 typo',
      "1:44 gobgp refuses the command: 'typo' is no route target",
    ],
    [
      'gobgp global rib add 10.0.0.0/8 community x',
      "1:43 gobgp refuses 'x': community holds what is not one",
    ],
  ])('%s', (line, expected) => {
    const { diagnostics } = announced(line);
    expect(
      diagnostics.map(({ ranges, message }) => `${ranges[0]?.line}:${ranges[0]?.column} ${message}`),
    ).toEqual([expected]);
  });

  it.each([
    ['sleep 1', 'unrecognised', true],
    ['gobgp vrf add red rd 65001:1 rt both 65001:1', 'unmodelled', true],
    ['gobgp global rib add -a evpn multicast', 'unmodelled', false],
    ['gobgp global rib had 10.0.0.0/8', 'unrecognised', true],
    ['gobgp global rib 10.0.0.0/8', 'unmodelled', false],
  ])('%s is %s', (line, status, matters) => {
    expect(announced(line).lines).toMatchObject([{ status, matters }]);
  });
});

describe('what gobgpd 3.10 makes of odd values', () => {
  it.each([
    ['99999999999', "gobgpd cuts 'neighbors.config.peer-as' to 32 bits, and takes 1215752191"],
    ['99999999999999999999', "gobgpd does not start: 'neighbors.config.peer-as' must be a number below 2^63"],
  ])('peer-as = %s', (asn, message) => {
    const text = `[global.config]\nas = 1\nrouter-id = "1.1.1.1"\n[[neighbors]]\n[neighbors.config]\nneighbor-address = "10.0.0.2"\npeer-as = ${asn}\n`;
    expect(read({ 'gobgp.toml': text }).diagnostics[0]?.message).toBe(message);
  });

  it.each(['[', '(?=a)b', '*a', 'a)', '(a', '\\\\1'])('the expression %s costs all policies', (regex) => {
    const text = `[global.config]\nas = 1\nrouter-id = "1.1.1.1"\n[[defined-sets.bgp-defined-sets.as-path-sets]]\nas-path-set-name = "h"\nas-path-list = ["${regex}"]\n`;
    expect(read({ 'gobgp.toml': text }).diagnostics).toMatchObject([{ rule: 'config-refused' }]);
    expect(read({ 'gobgp.toml': text }).diagnostics[0]?.message).toContain('gobgpd runs without any policy');
  });

  it('an expression that only Go knows is said and costs nothing', () => {
    const text = `[global.config]\nas = 1\nrouter-id = "1.1.1.1"\n[[defined-sets.bgp-defined-sets.as-path-sets]]\nas-path-set-name = "h"\nas-path-list = ["(?i)a"]\n`;
    const { diagnostics, lines } = read({ 'gobgp.toml': text });
    expect([diagnostics, lines.length]).toEqual([[], 1]);
  });
});

describe('hostile files', () => {
  it('never throw', () => {
    const text = Object.fromEntries(rendered(full, gobgpTarget))['gobgp.toml'] ?? '';
    const lines = text.split('\n');
    const damaged = fc
      .array(
        fc.tuple(
          fc.nat(lines.length - 1),
          fc.constantFrom('', '= 1', '["x"]', '{a = 1}', '-1', '""', '[[x]]'),
        ),
        { maxLength: 4 },
      )
      .map((edits) => {
        const copy = [...lines];
        for (const [at, value] of edits)
          copy[at] = value.startsWith('[[') ? value : (copy[at] ?? '').replace(/=.*/, `= ${value}`);
        return copy.join('\n');
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string()), fc.string(), (config, commands) => {
        const result = read({ 'gobgp.toml': config, 'gobgp-cli.txt': `gobgp global rib add ${commands}` });
        expect(Array.isArray(result.diagnostics)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
