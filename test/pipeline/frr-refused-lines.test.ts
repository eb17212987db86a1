import { describe, expect, it } from 'vitest';
import { bgp, pathsOf, simulateFrr } from './configs.ts';

/** What counts of a file with lines that FRR 8.4.4 refuses; held against the daemon, which read the same text through vtysh. */
const cable = { r1: 'eth0 10.0.0.1/30 l', r2: 'eth0 10.0.0.2/30 l' };
const free = ' no bgp network import-check';

function told(
  maps: string,
  family = ' neighbor 10.0.0.2 route-map A out',
  networks = ' network 10.1.0.0/24',
) {
  const run = simulateFrr(cable, {
    r1: `${maps}\n${bgp(65001, { '10.0.0.2': 65002 }, `${networks}\n${family}`, free)}`,
    r2: bgp(65002, { '10.0.0.1': 65001 }, ''),
  });
  return { run, paths: pathsOf(run, 'r2', '10.1.0.0/24') };
}

const BAD = 'ip prefix-list BAD permit 10.2.0.0/16 ge 8 le 24';
const A = 'route-map A permit 10\n set metric 5';

describe('lists and route-maps that follow each other', () => {
  it('go with one of them that is not valid', () => {
    const { run, paths } = told(`${A}\n${BAD}`);
    // A map that is not there denies.
    expect(paths).toEqual([]);
    const refused = run.result.findings.find(({ rule }) => rule === 'config-refused');
    expect(refused?.message).toMatch(/drops lines 3 to 5 with it/);
  });

  it('stay where another line of bgpd stands in between', () => {
    for (const between of ['exit', 'bgp community-list standard C permit 65000:1', 'hostname r1'])
      expect(told(`${A}\n${between}\n${BAD}`).paths).toMatchObject([{ med: 5 }]);
  });

  it('go also where a line of another daemon stands in between', () => {
    for (const between of ['ip route 10.9.0.0/24 blackhole', 'interface eth0\n ip address 10.8.0.1/24'])
      expect(told(`${A}\n${between}\n${BAD}`).paths).toEqual([]);
  });

  it('stay where bgpd does not know a line at all', () => {
    expect(told(`${A}\n set metrik 6`).paths).toMatchObject([{ med: 5 }]);
  });

  it('go with a jump back, a map that calls itself, and what goes on after a deny', () => {
    const entries = [
      'route-map A permit 20\n on-match goto 5',
      'route-map A permit 20\n call A',
      'route-map A deny 20\n on-match next',
    ];
    for (const entry of entries) {
      expect(told(`${A}\n${entry}`).paths).toEqual([]);
      expect(told(`${A}\nexit\n${entry}\nexit`).paths).toMatchObject([{ med: 5 }]);
    }
  });
});

describe('an entry that its list has already', () => {
  const isDropped = (lines: string): boolean =>
    told(`${A}\n${lines.replaceAll('; ', '\n')}`).paths.length === 0;

  it.each([
    'ip prefix-list L seq 1 permit 10.2.1.1/24; ip prefix-list L seq 2 permit 10.2.1.2/24',
    'ip prefix-list L permit 10.2.1.1/24 le 32; ip prefix-list L permit 10.2.1.1/24 le 32',
    'ipv6 prefix-list L permit 2001:db8::1/48; ipv6 prefix-list L permit 2001:db8::1/48',
    'access-list L permit 10.2.1.1/24; access-list L permit 10.2.1.1/24',
    'ipv6 access-list L permit 2001:DB8::/48; ipv6 access-list L permit 2001:DB8::/48',
  ])('spoils what it is taken with, written with host bits or in another spelling: %s', (lines) => {
    expect(isDropped(lines)).toBe(true);
  });

  it('does so behind an entry that was taken before', () => {
    const line = (seq: number, network: string) => `ip prefix-list L seq ${seq} permit ${network}`;
    expect(told(`${line(1, '10.2.1.0/24')}\nhostname r1\n${A}\n${line(2, '10.2.1.1/24')}`).paths).toEqual([]);
  });

  it.each([
    'ip prefix-list L seq 1 permit 10.2.1.1/24; ip prefix-list L seq 2 permit 10.2.1.0/24',
    'ip prefix-list L seq 1 permit 10.2.1.1/24; ip prefix-list L seq 1 permit 10.2.1.1/24',
    'ip prefix-list L seq 1 permit 10.2.1.1/24; ip prefix-list L seq 2 deny 10.2.1.1/24',
    'ip prefix-list L seq 1 permit 10.2.1.1/24; ip prefix-list L seq 2 permit 10.2.1.1/24 le 32',
    'ipv6 prefix-list L permit 2001:DB8::/48; ipv6 prefix-list L permit 2001:DB8::/48',
  ])('is no matter as the list keeps it, with its number, or where it says something else: %s', (lines) => {
    expect(isDropped(lines)).toBe(false);
  });

  const listed = (lines: string): boolean => {
    const map = 'route-map A permit 10\n match ip address';
    return (
      told(`${lines.replaceAll('; ', '\n')}\n${map} ${lines.startsWith('ip') ? 'prefix-list ' : ''}L`).paths
        .length > 0
    );
  };

  it('says nothing, and takes neither a number nor the place of another', () => {
    const other = 'ip prefix-list L seq 5 permit 10.1.0.0/24';
    expect(
      listed(
        `ip prefix-list L seq 3 permit 10.2.0.0/24; ${other}; ip prefix-list L seq 5 permit 10.2.0.0/24`,
      ),
    ).toBe(true);
    const numbered =
      'ip prefix-list L seq 12 permit 10.2.0.0/24; ip prefix-list L deny 10.1.0.0/24; ip prefix-list L seq 13 permit 10.1.0.0/24';
    expect(listed(`ip prefix-list L permit 10.2.0.0/24; ${numbered}`)).toBe(false);
    expect(listed(`${numbered}`)).toBe(true);
  });

  it('is a network inside which others count, beside the network alone; not the other way round', () => {
    const [alone, inside] = [
      'access-list L permit 10.0.0.0/8 exact-match',
      'access-list L permit 10.0.0.0/8',
    ];
    expect(listed(`${alone}; ${inside}`)).toBe(false);
    expect(listed(`${inside}; ${alone}`)).toBe(true);
  });

  it('is a standard line of Cisco behind an extended one', () => {
    const [standard, extended] = [
      'access-list L deny 10.1.0.0 0.0.0.255',
      'access-list L seq 9 deny ip 10.1.0.0 0.0.0.255 host 255.0.0.0',
    ];
    const any = 'access-list L seq 20 permit 10.0.0.0 0.255.255.255';
    expect(listed(`${extended}; ${standard}; ${any}`)).toBe(true);
    expect(listed(`${standard}; ${any}`)).toBe(false);
  });
});

describe('lines below `router bgp` itself', () => {
  it.each(['disable-addpath-rx', 'soo 65000:1'])('%s is none of them', (words) => {
    const line = ` neighbor 10.0.0.2 ${words}`;
    const rules = (networks: string, family: string) =>
      told('', family, networks).run.result.findings.map(({ rule }) => rule);
    expect(rules(' network 10.1.0.0/24', line)).not.toContain('config-unrecognised');
    const outside = simulateFrr(cable, {
      r1: `router bgp 65001\n neighbor 10.0.0.2 remote-as 65002\n${line}`,
      r2: bgp(65002, { '10.0.0.1': 65001 }, ''),
    });
    expect(outside.result.findings.map(({ rule }) => rule)).toContain('config-unrecognised');
  });
});

describe('maximum-prefix', () => {
  const rules = (words: string) =>
    told('', ` neighbor 10.0.0.2 maximum-prefix 9 ${words}`, ' network 10.1.0.0/24').run.result.findings.map(
      ({ rule }) => rule,
    );

  it.each(['80', 'force', '80 restart 3 force', '80 warning-only force'])('goes on with %s', (words) => {
    expect(rules(words)).not.toContain('config-unrecognised');
  });

  it.each([
    'force warning-only',
    'force 80',
    'restart 3 80',
    '80 force restart 3',
    '80 restart 3 warning-only',
  ])('does not go on with %s: the order is fixed', (words) => {
    expect(rules(words)).toContain('config-unrecognised');
  });
});

describe('a hold time of 1 or 2 seconds', () => {
  it.each(['timers bgp 1 2', 'neighbor 10.0.0.2 timers 1 2'])(
    'is refused, and what stood before stays: %s',
    (line) => {
      const run = simulateFrr(cable, {
        r1: `router bgp 65001\n neighbor 10.0.0.2 remote-as 65002\n ${line}`,
        r2: 'router bgp 65002\n neighbor 10.0.0.1 remote-as 65001',
      });
      expect(run.result.findings.map(({ rule }) => rule)).toContain('config-refused');
      expect(run.result.hosts['r1']?.sessions[0]?.state).toBe('Established');
    },
  );
});

describe('lines for internal neighbors', () => {
  const inner = (remoteAs: string, line: string) =>
    simulateFrr(cable, {
      r1: `router bgp 65001\n bgp confederation identifier 65000\n neighbor 10.0.0.2 remote-as ${remoteAs}\n ${line}`,
      r2: 'router bgp 65001\n bgp confederation identifier 65000\n neighbor 10.0.0.1 remote-as 65001',
    }).result.findings.map(({ rule }) => rule);

  it('are refused in a confederation while the AS of the neighbor stands nowhere', () => {
    const line = 'neighbor 10.0.0.2 route-reflector-client';
    expect(inner('internal', line)).toContain('config-refused');
    expect(inner('65001', line)).not.toContain('config-refused');
  });

  it('are refused from external ones, and the other way round', () => {
    expect(told('', ' neighbor 10.0.0.2 route-reflector-client').run.result.findings).toMatchObject([
      { rule: 'config-refused' },
    ]);
    for (const line of [
      'neighbor 10.0.0.2 as-override',
      'neighbor 10.0.0.2 remove-private-AS',
      'neighbor 10.0.0.2 local-as 65009',
    ])
      expect(inner('65001', line)).toContain('config-refused');
  });

  it.each([
    ["the router's own AS", ' neighbor 10.0.0.2 remote-as 65002\n neighbor 10.0.0.2 local-as 65001', 1],
    ["the neighbor's AS", ' neighbor 10.0.0.2 remote-as 65002\n neighbor 10.0.0.2 local-as 65002', 1],
    ["the group's AS", ' neighbor G peer-group\n neighbor G remote-as 65002\n neighbor G local-as 65002', 1],
    ['an AS that a member has', ' neighbor G peer-group\n neighbor G local-as 65002', 0],
    [
      'the AS it is given below',
      ' neighbor 10.0.0.2 remote-as 65009\n neighbor 10.0.0.2 local-as 65002\n neighbor 10.0.0.2 remote-as 65002',
      0,
    ],
  ])('local-as with %s', (_name, lines, refused) => {
    const { result } = simulateFrr(cable, { r1: `router bgp 65001\n${lines}`, r2: '' });
    expect(result.findings.filter(({ message }) => message.includes('so the line is refused'))).toHaveLength(
      refused,
    );
  });

  it('are taken for a group as its remote-as or its first member says', () => {
    const group = (lines: string) =>
      simulateFrr(cable, {
        r1: `router bgp 65001\n neighbor G peer-group\n${lines}\n neighbor G route-reflector-client`,
        r2: 'router bgp 65001\n neighbor 10.0.0.1 remote-as 65001',
      }).result.findings.filter(({ rule }) => rule === 'config-refused');
    expect(group(' neighbor G remote-as internal')).toEqual([]);
    expect(group(' neighbor 10.0.0.2 remote-as internal\n neighbor 10.0.0.2 peer-group G')).toEqual([]);
    expect(group('')).toHaveLength(1);
  });
});
