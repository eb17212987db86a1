import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RouterConfig } from '../../../src/bgp/config.ts';
import { frrTarget, quaggaTarget } from '../../../src/targets/frr/index.ts';
import type { ReadResult } from '../../../src/targets/target.ts';

/** Reads one frr.conf (or, for Quagga, bgpd.conf). */
function read(text: string, version = '8.4'): ReadResult {
  const quagga = version === '1.2';
  const path = quagga ? 'bgpd.conf' : 'frr.conf';
  const target = quagga ? quaggaTarget : frrTarget;
  return target.read(new Map([[path, { path, text }]]), { host: 'r1', version });
}

function router(text: string, version?: string): RouterConfig {
  const result = read(text, version);
  if (!result.router) throw new Error('nothing was read');
  return result.router;
}

const inRouter = (...lines: string[]): string => ['router bgp 65000', ...lines].join('\n');
const peerLines = (...lines: string[]): string =>
  inRouter('neighbor 10.0.0.1 remote-as 65001', ...lines.map((line) => `neighbor 10.0.0.1 ${line}`));

describe('defaults the files do not say', () => {
  const values = (version: string, head = '') => {
    const { bgp, profile, resolveViaDefault } = router(`${head}\n${peerLines()}`, version);
    const [peer] = bgp?.peers ?? [];
    return [
      profile.id,
      bgp?.ebgpRequiresPolicy,
      bgp?.importCheck,
      bgp?.decision.deterministicMed,
      bgp?.enforceFirstAs,
      bgp?.maximumPaths['ipv4-unicast'].ebgp,
      peer?.timers,
      resolveViaDefault[4],
    ];
  };
  it.each([
    [
      '1.2',
      '',
      ['quagga-1.2', false, false, false, false, 1, { keepalive: 60, hold: 180, connectRetry: 5 }, false],
    ],
    [
      '8.4',
      '',
      ['frr-8.4', true, true, false, false, 256, { keepalive: 60, hold: 180, connectRetry: 120 }, false],
    ],
    [
      '8.4',
      'frr defaults datacenter',
      ['frr-8.4', false, true, true, false, 256, { keepalive: 3, hold: 9, connectRetry: 10 }, false],
    ],
    [
      '10',
      '',
      ['frr-10', true, true, false, true, 256, { keepalive: 60, hold: 180, connectRetry: 120 }, true],
    ],
    [
      '10',
      'frr version 8.4',
      ['frr-10', true, true, false, false, 256, { keepalive: 60, hold: 180, connectRetry: 120 }, true],
    ],
    [
      '10',
      'frr defaults datacenter',
      ['frr-10', false, true, true, true, 256, { keepalive: 3, hold: 9, connectRetry: 10 }, false],
    ],
  ])('%s %s', (version, head, expected) => {
    expect(values(version, head)).toEqual(expected);
  });
});

describe('lines of a neighbor', () => {
  it.each([
    ['ebgp-multihop', { ebgpMultihop: 255 }],
    ['ebgp-multihop 3', { ebgpMultihop: 3 }],
    ['ttl-security hops 2', { ttlSecurityHops: 2 }],
    ['local-as 65009 no-prepend replace-as', { localAs: { asn: 65009, noPrepend: true, replaceAs: true } }],
    ['local-as 65009', { localAs: { asn: 65009, noPrepend: false, replaceAs: false } }],
    ['update-source lo', { updateSource: { interface: 'lo' } }],
    ['password a!b#c', { password: 'a!b#c' }],
    ['port 1179', { port: 1179 }],
    ['passive', { passive: true }],
    ['disable-connected-check', { disableConnectedCheck: true }],
    ['timers 3 9', { timers: { keepalive: 3, hold: 9, connectRetry: 120 } }],
    ['description  two   blanks', { description: 'two blanks' }],
  ])('%s', (line, expected) => {
    expect(router(peerLines(line)).bgp?.peers[0]).toMatchObject(expected);
  });

  it.each([
    ['next-hop-self', { nextHopSelf: 'yes' }],
    ['next-hop-self all', { nextHopSelf: 'force' }],
    ['allowas-in', { allowasIn: 3 }],
    ['allowas-in 1', { allowasIn: 1 }],
    ['as-override', { asOverride: true }],
    ['remove-private-AS all replace-AS', { removePrivateAs: { all: true, replaceAs: true } }],
    ['remove-private-AS', { removePrivateAs: { all: false, replaceAs: false } }],
    ['route-server-client', { routeServerClient: true }],
    [
      'attribute-unchanged next-hop med',
      { attributeUnchanged: { asPath: false, nextHop: true, med: true }, nextHopUnchanged: true },
    ],
    ['attribute-unchanged', { attributeUnchanged: { asPath: true, nextHop: true, med: true } }],
    ['maximum-prefix 10 80 restart 5', { maximumPrefix: 10 }],
    ['maximum-prefix 10 warning-only', { maximumPrefix: null }],
    ['default-originate', { defaultOriginate: { policy: null } }],
    ['addpath-tx-all-paths', { addPathSend: 'all' }],
    ['weight 7', { weight: 7 }],
  ])('%s, in the family', (line, expected) => {
    const result = read(peerLines(line));
    expect(result.lines).toEqual([]);
    expect(result.router?.bgp?.peers[0]?.families['ipv4-unicast']).toMatchObject(expected);
  });

  it('takes a limit that only warns for the own one of a member, and the warning from its group', () => {
    const limits = (group: string, member: string) => {
      const text = [
        'router bgp 65001',
        ' neighbor G peer-group',
        ' neighbor 10.0.0.1 remote-as 65002',
        ' neighbor 10.0.0.1 peer-group G',
        ' address-family ipv4 unicast',
        `  neighbor G maximum-prefix ${group}`,
        `  neighbor 10.0.0.1 maximum-prefix ${member}`,
      ];
      return read(text.join('\n')).router?.bgp?.peers[0]?.families['ipv4-unicast']?.maximumPrefix;
    };
    expect(limits('3', '2')).toBe(2);
    expect(limits('3', '2 warning-only')).toBeNull();
    expect(limits('3 warning-only', '2')).toBeNull();
  });

  it('switches one kind of community off', () => {
    const text = peerLines().concat('\nno neighbor 10.0.0.1 send-community extended');
    expect(router(text).bgp?.peers[0]?.families['ipv4-unicast']?.sendCommunity).toEqual({
      standard: true,
      extended: false,
      large: true,
    });
  });

  it("takes an own line away with no, and the group's shows again", () => {
    const text = inRouter(
      'neighbor G peer-group',
      'neighbor G remote-as 65001',
      'neighbor G timers 3 9',
      'neighbor 10.0.0.1 peer-group G',
      'neighbor 10.0.0.1 timers 4 12',
      'no neighbor 10.0.0.1 timers',
    );
    expect(router(text).bgp?.peers[0]?.timers).toMatchObject({ keepalive: 3, hold: 9 });
  });

  it('reads an unnumbered neighbor', () => {
    const [peer] = router(inRouter('neighbor eth0 interface remote-as external')).bgp?.peers ?? [];
    expect(peer).toMatchObject({ address: null, interface: 'eth0', remoteAs: 'external' });
  });

  it('activates nothing by itself after no bgp default ipv4-unicast', () => {
    const text = inRouter(
      'no bgp default ipv4-unicast',
      'neighbor 2001:DB8::1 remote-as 65001',
      'address-family ipv6',
      'neighbor 2001:db8::1 activate',
    );
    expect(Object.keys(router(text).bgp?.peers[0]?.families ?? {})).toEqual(['ipv6-unicast']);
  });
});

describe('the instance', () => {
  it('reads confederation, cluster id, distance and switches', () => {
    const { bgp } = router(
      inRouter(
        'bgp confederation identifier 100',
        'bgp confederation peers 65002 65001',
        'bgp cluster-id 1.2.3.4',
        'distance bgp 30 210 220',
        'no bgp network import-check',
        'bgp graceful-shutdown',
        'bgp bestpath med confed missing-as-worst',
      ),
    );
    expect(bgp).toMatchObject({
      confederation: { identifier: 100, members: [65001, 65002] },
      clusterId: { text: '1.2.3.4' },
      distanceByFamily: { 'ipv4-unicast': { ebgp: 30, ibgp: 210, local: 220 } },
      importCheck: false,
      gracefulShutdown: true,
      decision: { medConfed: true, medMissingAsWorst: true },
    });
  });

  it('reads networks in every spelling', () => {
    const text = inRouter(
      'network 10.1.2.3/8',
      'network 172.16.0.0',
      'network 192.168.4.0 mask 255.255.252.0',
      'network 10.5.0.0/16',
      'no network 10.5.0.0/16',
      'address-family ipv6 unicast',
      'network 2001:db8::/32',
    );
    expect(router(text).bgp?.originations.map((one) => one.kind === 'network' && one.prefix.text)).toEqual([
      '10.0.0.0/8',
      '172.16.0.0/16',
      '192.168.4.0/22',
      '2001:db8::/32',
    ]);
  });

  it('reads statics, kernel policy and next-hop tracking', () => {
    const text =
      'ip route 10.0.0.0/8 192.0.2.1 eth0 tag 5 20\nip route 10.1.0.0/16 Null0\nip route 10.2.0.0/16 eth1\nip route 10.3.1.9 255.255.0.0 192.0.2.2 9\nip route 10.4.0.0 255.255.255.0 null0\nip nht resolve-via-default\nip protocol bgp route-map K\nroute-map K permit 10\n set src 10.9.9.9\n';
    const result = router(text);
    expect(
      result.statics.map((one) => [
        one.prefix.text,
        one.via?.text,
        one.interface,
        one.blackhole,
        one.distance,
        one.tag,
      ]),
    ).toEqual([
      ['10.0.0.0/8', '192.0.2.1', 'eth0', false, 20, 5],
      ['10.1.0.0/16', undefined, null, true, 1, 0],
      ['10.2.0.0/16', undefined, 'eth1', false, 1, 0],
      ['10.3.0.0/16', '192.0.2.2', null, false, 9, 0],
      ['10.4.0.0/24', undefined, null, true, 1, 0],
    ]);
    expect(result.resolveViaDefault).toEqual({ 4: true, 6: false });
    expect(result.kernelPolicy?.name).toBe('K');
    expect(result.kernelPolicy6).toBeNull();
  });

  it('IPv6 routes have a kernel policy of their own; `any` speaks where `bgp` does not', () => {
    const maps = 'route-map A permit 10\nroute-map B permit 10\n';
    const both = router(`ip protocol any route-map A\nipv6 protocol bgp route-map B\n${maps}`);
    expect([both.kernelPolicy?.name, both.kernelPolicy6?.name]).toEqual(['A', 'B']);
    const bgp = router(`ip protocol bgp route-map B\nip protocol any route-map A\n${maps}`);
    expect(bgp.kernelPolicy?.name).toBe('B');
  });

  it('switches of the whole daemon stand for every instance', () => {
    const head = 'bgp graceful-shutdown\nbgp suppress-fib-pending\n';
    expect(router(`${head}router bgp 65000\n`).bgp).toMatchObject({
      gracefulShutdown: true,
      suppressFibPending: true,
    });
    const down = 'router bgp 65000\n bgp shutdown message bye\n neighbor 10.0.0.2 remote-as 65001\n';
    expect(router(down).bgp?.peers.map(({ shutdown }) => shutdown)).toEqual([true]);
  });

  // As FRR 8.4.4 has it, for each of these neighbors.
  it('bgp default shutdown is for neighbors made after it, whatever their group says', () => {
    const text = `router bgp 65000
 neighbor 10.0.0.2 remote-as 65002
 bgp default shutdown
 neighbor G peer-group
 neighbor G remote-as external
 no neighbor G shutdown
 neighbor 10.0.0.2 description first
 neighbor 10.0.0.3 remote-as 65003
 neighbor 10.0.0.4 remote-as 65004
 no neighbor 10.0.0.4 shutdown
 neighbor 10.0.0.5 peer-group G
`;
    const { bgp } = router(text);
    expect(bgp?.peers.map(({ address, shutdown }) => [address?.text, shutdown])).toEqual([
      ['10.0.0.2', false],
      ['10.0.0.3', true],
      ['10.0.0.4', false],
      ['10.0.0.5', true],
    ]);
  });

  it('reads spellings of Quagga', () => {
    const text =
      'ip as-path access-list A permit ^1_\nip community-list 1 permit 1:1\nip large-community-list expanded L permit 1:.*\nroute-map M permit 10\n match as-path A\n match community 1\n match large-community L\n continue\n'.concat(
        peerLines('route-map M in'),
      );
    const result = read(text, '1.2');
    expect(result.lines).toEqual([]);
    expect(result.diagnostics).toEqual([]);
    const statement = result.router?.bgp?.peers[0]?.families['ipv4-unicast']?.importPolicy[0]?.statements[0];
    expect(statement?.conditions.map((one) => one.kind)).toEqual(['as-path', 'community', 'large-community']);
    expect(statement?.onMatch).toBe('next');
  });
});

describe('what the daemon would refuse or we do not follow', () => {
  it.each([
    ['a word that does not exist', 'router bqp 1', 'unrecognised', 'did you mean `router bgp 1`?'],
    ['a Quagga spelling in FRR', 'ip as-path access-list A permit .*', 'unrecognised', 'refuse'],
    ['a prefix length out of range', inRouter('network 10.0.0.0/33'), 'unrecognised', 'refuse'],
    ['exit-address-family outside a family', 'exit-address-family', 'unrecognised', 'refuse'],
    [
      'the end of a family that a line of the instance has ended',
      inRouter('address-family ipv6 unicast', 'network 10.0.0.0/8', 'exit-address-family'),
      'unrecognised',
      '`network 10.0.0.0/8` in line 3 is no line of the address family',
    ],
    [
      'a network of IPv6 below IPv4',
      inRouter('address-family ipv4 unicast', 'network 2001:db8::/32'),
      'unrecognised',
      'expected an IPv4 prefix',
    ],
    [
      'a neighbor on an interface with half a word',
      inRouter('neighbor eth0 interface external'),
      'unrecognised',
      '',
    ],
    ['a service that is none', 'service lan', 'unrecognised', 'refuse'],
    ['a VRF', 'vrf red\n vni 5\nexit-vrf', 'unmodelled', 'VRFs'],
    [
      'EVPN',
      inRouter(
        'address-family l2vpn evpn',
        'neighbor 10.0.0.1 activate',
        'advertise-all-vni',
        'exit-address-family',
      ),
      'unmodelled',
      'EVPN',
    ],
    ['OSPF', 'router ospf\n network 0.0.0.0/0 area 0\nexit', 'unmodelled', 'another routing protocol'],
    [
      'a condition that is not simulated',
      'route-map M permit 10\n match rpki valid',
      'unmodelled',
      'never matches',
    ],
    ['FRR 10 only', inRouter('bgp bestpath aigp'), 'unrecognised', 'refuse'],
  ])('%s', (_name, text, status, effect) => {
    const [line] = read(text).lines;
    expect(line).toMatchObject({ status, matters: true });
    expect(line?.effect).toContain(effect);
  });

  it.each([
    ['neighbor 10.0.0.1 a', 'more than one command'],
    ['neighbor 10.0.0.1 remote-x 65001', 'no command'],
    [`aggregate-address 10.0.0.0/8 ${'s '.repeat(500)}x`, 'options that all begin so'],
  ])('%s: words cut short that are %s', (line) => {
    expect(read(inRouter(line)).lines.at(-1)).toMatchObject({ status: 'unrecognised' });
  });

  it('says file, line and column', () => {
    expect(read('!\n   hostnome x').lines[0]?.source).toMatchObject({ file: 'frr.conf', line: 2, column: 4 });
  });

  it.each([
    ['router bgp 4294967296', 12, '`4294967296`, expected an AS number (1-4294967295)'],
    [inRouter('neighbor 10.0.0.1 remote-as x'), 29, 'expected internal, external or an AS number'],
    ['no ip prefix-list A seq 5 permit 10.0.0.0/33', 34, '`10.0.0.0/33`, expected any or an IPv4 prefix'],
    [inRouter('neighbor 10.0.0.1 timers 10'), 27, 'it ends too early, expected a number (0-65535)'],
    ['route-map A permitt 5', 13, 'did you mean `route-map A permit 5`?'],
  ])('says at which word of %j the daemon stops', (text, column, effect) => {
    const [line] = read(text).lines;
    expect(line?.source.column).toBe(column);
    expect(line?.effect).toContain(effect);
  });

  it.each([
    ['bgp community-list standard A permit 65536:1', '65536:1 is no community'],
    ['bgp community-list standard A permit 100', '100 is no community'],
    ['bgp community-list standard A permit NO-EXPORT', 'NO-EXPORT is no community'],
    ['bgp large-community-list standard A permit 1:2', '1:2 is no community'],
    ['bgp community-list expanded A permit ((', 'a `(` is not closed'],
    ['bgp as-path access-list A permit ^*', '`*` repeats nothing'],
    [
      'bgp community-list standard A permit 1:2\nbgp community-list expanded A permit 1:.*',
      'community-list A is standard already',
    ],
    ['route-map A permit 10\n set community 1:2 foo', 'foo is none'],
    ['route-map A permit 10\n set community additive', 'there is none'],
  ])('refuses %j', (text, words) => {
    const [fault] = read(text).diagnostics;
    expect(fault?.rule).toBe('config-refused');
    expect(fault?.message).toContain(words);
  });

  it('says an expression that it cannot follow, and keeps it', () => {
    const { lines, diagnostics } = read('bgp as-path access-list A permit 1{300}');
    expect(diagnostics).toEqual([]);
    expect(lines).toMatchObject([{ status: 'unmodelled', matters: true }]);
  });

  it('goes on after a block it skips', () => {
    const text = `vrf red\n vni 5\nexit-vrf\n${inRouter('address-family l2vpn evpn', 'advertise-all-vni', 'exit-address-family', 'bgp router-id 1.1.1.1')}`;
    expect(router(text).bgp?.routerId?.text).toBe('1.1.1.1');
  });

  it.each([
    [
      'a neighbor line before remote-as',
      inRouter('neighbor 10.0.0.1 description x'),
      'config-refused',
      'no remote-as',
    ],
    [
      'an unknown peer-group',
      inRouter('neighbor 10.0.0.1 remote-as 1', 'neighbor 10.0.0.1 peer-group G'),
      'config-refused',
      'not defined',
    ],
    [
      'a listen range before its group',
      inRouter('bgp listen range 10.0.0.0/8 peer-group G'),
      'config-refused',
      'not configured',
    ],
    [
      'remote-as on a member of a group that has one',
      inRouter(
        'neighbor G peer-group',
        'neighbor G remote-as 1',
        'neighbor 10.0.0.1 peer-group G',
        'neighbor 10.0.0.1 remote-as 2',
      ),
      'config-refused',
      'takes its remote-as',
    ],
    [
      'members of both kinds',
      inRouter(
        'neighbor G peer-group',
        'neighbor 10.0.0.1 remote-as 65000',
        'neighbor 10.0.0.2 remote-as 2',
        'neighbor 10.0.0.1 peer-group G',
        'neighbor 10.0.0.2 peer-group G',
      ),
      'config-refused',
      'all internal or all external',
    ],
    [
      'a member that becomes one of the other kind',
      inRouter(
        'neighbor G peer-group',
        'neighbor 10.0.0.1 peer-group G',
        'neighbor 10.0.0.1 remote-as 65000',
        'neighbor 10.0.0.1 remote-as 2',
      ),
      'config-refused',
      'all internal or all external',
    ],
    [
      'a second group',
      inRouter(
        'neighbor G peer-group',
        'neighbor H peer-group',
        'neighbor 10.0.0.1 remote-as 2',
        'neighbor 10.0.0.1 peer-group G',
        'neighbor 10.0.0.1 peer-group H',
      ),
      'config-refused',
      'is in peer-group G',
    ],
    [
      'a neighbor whose group never gets an AS',
      inRouter('neighbor G peer-group', 'neighbor 10.0.0.1 peer-group G'),
      'config-refused',
      'never comes up',
    ],
    ['a second instance', 'router bgp 1\nexit\nrouter bgp 2', 'config-refused', 'already runs'],
    [
      'a metric and a change of it in one entry',
      'route-map M permit 10\n set metric 5\n set metric +3',
      'config-refused',
      'said twice',
    ],
    [
      'what vtysh hands on as the filter of an answer',
      'bgp as-path access-list A permit (^| )65001',
      'config-refused',
      '`| `',
    ],
    [
      'an undefined route-map',
      peerLines('route-map NO in'),
      'config-undefined-name',
      'route-map NO is not defined',
    ],
    [
      'an undefined prefix-list',
      peerLines('prefix-list NO in'),
      'config-undefined-name',
      'denies everything',
    ],
    [
      'a route-map that calls itself',
      `route-map M permit 10\n call M\nexit\n${peerLines('route-map M in')}`,
      'config-refused',
      'calls itself',
    ],
    ['le below the prefix length', 'ip prefix-list P permit 10.0.0.0/24 le 8', 'config-refused', 'must rise'],
    ['a bare continue', 'route-map M permit 10\n continue', 'config-refused', 'continue'],
  ])('%s', (_name, text, rule, words) => {
    const found = read(text).diagnostics.find((one) => one.rule === rule);
    expect(found?.message).toContain(words);
    expect(found?.ranges[0]?.line).toBeGreaterThan(0);
  });

  it('denies everything where the route-map is not defined', () => {
    const policy = router(peerLines('route-map NO in')).bgp?.peers[0]?.families['ipv4-unicast']
      ?.importPolicy[0];
    expect(policy).toMatchObject({ name: 'NO', statements: [], otherwise: 'reject' });
  });

  it('names the right file for a line in the wrong one', () => {
    const files = new Map([
      ['zebra.conf', { path: 'zebra.conf', text: inRouter('network 10.0.0.0/8') }],
      ['bgpd.conf', { path: 'bgpd.conf', text: 'ip route 10.0.0.0/8 Null0\n' }],
    ]);
    const result = frrTarget.read(files, { host: 'r1', version: '8.4' });
    expect(result.diagnostics.map((one) => [one.rule, one.expected, one.ranges[0]?.file])).toEqual([
      ['config-misplaced', 'in bgpd.conf', 'zebra.conf'],
      ['config-misplaced', 'in staticd.conf', 'bgpd.conf'],
    ]);
    expect(result.router?.bgp).toBeNull();
  });

  it('misses the files', () => {
    const result = frrTarget.read(new Map(), { host: 'r1', version: '8.4' });
    expect(result).toMatchObject({ router: null, diagnostics: [{ rule: 'config-missing' }] });
  });
});

const words = [
  'no',
  'router',
  'bgp',
  '65000',
  'neighbor',
  '10.0.0.1',
  'G',
  'peer-group',
  'remote-as',
  'route-map',
  'M',
  'permit',
  '10',
  'match',
  'set',
  'community',
  'ip',
  'prefix-list',
  'address-family',
  'ipv4',
  'ipv6',
  'unicast',
  'exit',
  'end',
  'call',
  'network',
  '10.0.0.0/8',
  '::/0',
  'any',
  'seq',
  '!',
  '#',
  'vrf',
  'interface',
  'eth0',
  'le',
  '33',
  'constructor',
  '__proto__',
  'in',
];

describe('hostile text', () => {
  it('never throws', () => {
    const sentence = fc.array(fc.constantFrom(...words), { maxLength: 7 }).map((list) => list.join(' '));
    const text = fc
      .array(fc.oneof(sentence, fc.string({ unit: 'binary', maxLength: 40 })), { maxLength: 25 })
      .map((list) => list.join('\n'));
    fc.assert(
      fc.property(text, fc.constantFrom('1.2', '8.4', '10', 'x'), (anything, version) => {
        const result = read(anything, version);
        expect(result.router?.name).toBe('r1');
      }),
      { numRuns: 500 },
    );
  });
});

describe("access lists in Cisco's spelling", () => {
  const entries = (line: string) => {
    const text = `access-list 100 ${line}\nroute-map M permit 10\n match ip address 100\n${peerLines('route-map M in')}`;
    const [policy] = router(text).bgp?.peers[0]?.families['ipv4-unicast']?.importPolicy ?? [];
    const found = JSON.stringify(policy, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    return [...found.matchAll(/"text":"([\d./]+)"[^}]*\},"minLength":(\d+),"maxLength":(\d+)/g)].map((one) =>
      one.slice(1),
    );
  };
  it.each([
    ['permit ip any any', ['0.0.0.0/0', '0', '32']],
    ['permit ip 10.0.0.0 0.255.255.255 255.255.0.0 0.0.255.0', ['10.0.0.0/8', '16', '24']],
    ['permit ip host 10.1.0.0 host 255.255.0.0', ['10.1.0.0/16', '16', '16']],
    ['permit ip 10.1.0.0 0.0.255.255 any', ['10.1.0.0/16', '16', '32']],
  ])('%s', (line, expected) => expect(entries(line)).toEqual([expected]));

  it('a mask that is none is said', () => {
    const { lines } = read('access-list 100 permit ip any host 0.255.0.0');
    expect(lines.map(({ status, matters }) => [status, matters])).toEqual([['unmodelled', true]]);
  });
});
