import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { tryRun } from '../../src/lab/shell.ts';
import { frrTarget } from '../../src/targets/frr/index.ts';
import { linesOf } from './support/frr-list.ts';
import { describeLab } from './support/requirements.ts';

/** Lines with the node they stand in; the reader and vtysh 8.4 must agree on each, whatever the verdict. */
const nodes: readonly (readonly [string, readonly string[]])[] = [
  [
    '',
    [
      'ip route 10.0.0.0/8 10.0.0.1 eth0 tag 5 20',
      'ip route 10.0.0.0/8 Null0',
      'ip route 10.0.0.0/8 10.0.0.1 table 5',
      'ip route 10.0.0.0/8 10.0.0.1 table None',
      'ip route 10.0.0.0/8 10.0.0.1 eth0 tag 3 table 5',
      'ip route 10.0.0.0/8 10.0.0.1 200 vrf blue',
      'ip route 10.0.0.0/8 10.0.0.1 eth0 onlink nexthop-vrf blue label 16/17',
      'ip route 10.0.0.0/8 eth0 onlink',
      'ipv6 route 2001:db8::/32 from 2001:db8:1::/64 fe80::1 eth0',
      'ip route 10.0.0.0/33 Null0',
      'ipv6 route 2001:db8::/32 eth0',
      'ip prefix-list P seq 5 permit 10.0.0.0/8 ge 9 le 24',
      'ip prefix-list P permit any',
      'ip prefix-list P permit 10.0.0.0/8 le 33 le',
      'ipv6 prefix-list P permit 10.0.0.0/8',
      'bgp as-path access-list A permit ^1_',
      'ip as-path access-list A permit ^1_',
      'bgp community-list standard C permit 1:1',
      'bgp community-list C permit 1:1',
      'bgp large-community-list expanded L permit 1:.*',
      'access-list X permit 10.0.0.0/8 exact-match',
      'access-list X seq 5 deny any',
      'ipv6 access-list X permit any',
      'route-map M permit 0',
      'route-map M allow 10',
      'router bgp 0',
      'router bgp 4294967296',
      'router bgp 1.1',
      'ip nht resolve-via-default',
      'ip protocol bgp route-map K',
      'debug bgp filters',
    ],
  ],
  [
    'router bgp 65000',
    [
      'bgp router-id 1.1.1',
      'bgp cluster-id 5',
      'timers bgp 3',
      'timers bgp 3 9',
      'no timers bgp',
      'no bgp router-id',
      'bgp bestpath med missing-as-worst confed',
      'bgp bestpath as-path longest',
      'bgp enforce-first-as',
      'bgp reject-as-sets',
      'bgp bestpath aigp',
      'bgp listen limit 5',
      'bgp listen range 10.0.0.0/8 peer-group G',
      'bgp confederation peers 1 2',
      'bgp default ipv6-unicast',
      'neighbor 10.0.0.1 remote-as 0',
      'neighbor 10.0.0.1 remote-as 65001',
      'neighbor 10.0.0.1 remote-as auto',
      'neighbor 10.0.0.1 ebgp-multihop 256',
      'neighbor 10.0.0.1 ttl-security hops 255',
      'neighbor 10.0.0.1 timers 3',
      'neighbor eth0 interface remote-as external',
      'neighbor eth0 interface v6only remote-as 5',
      'neighbor eth0 interface v6only peer-group G',
      'neighbor 10.0.0.1 local-as 5 replace-as',
      'neighbor 10.0.0.1 local-as 5 no-prepend replace-as',
      'neighbor 10.0.0.1 shutdown message x',
      'neighbor 10.0.0.1 route-map M both',
      'neighbor 10.0.0.1 solo',
      'no neighbor 10.0.0.1',
      'maximum-paths 257',
      'network 10.0.0.0/8',
      'address-family ipv4',
      'address-family ipv7 unicast',
    ],
  ],
  [
    'router bgp 65000\naddress-family ipv4 unicast',
    [
      'network 10.0.0.0/8 route-map M',
      'network 10.0.0.0 mask 255.0.0.0',
      'aggregate-address 10.0.0.0/8 summary-only as-set',
      'aggregate-address 10.0.0.0/8 as-set route-map M',
      'redistribute static route-map M metric 5',
      'redistribute everything',
      'neighbor 10.0.0.1 next-hop-self force',
      'neighbor 10.0.0.1 next-hop-self all',
      'neighbor 10.0.0.1 allowas-in 11',
      'neighbor 10.0.0.1 allowas-in origin',
      'neighbor 10.0.0.1 remove-private-AS replace-AS',
      'neighbor 10.0.0.1 remove-private-AS all replace-AS',
      'neighbor 10.0.0.1 send-community both',
      'no neighbor 10.0.0.1 send-community',
      'neighbor 10.0.0.1 maximum-prefix 5 80 restart 3',
      'neighbor 10.0.0.1 maximum-prefix 5 80 warning-only',
      'neighbor 10.0.0.1 attribute-unchanged med next-hop',
      'neighbor 10.0.0.1 filter-list A sideways',
      'distance bgp 1 2',
      'distance bgp 1 2 3',
      'maximum-paths ibgp 4 equal-cluster-length',
      'neighbor 10.0.0.1 weight 65536',
    ],
  ],
  [
    'route-map M permit 10',
    [
      'match ip address prefix-list P',
      'match ip address P',
      'match community C exact-match',
      'match as-path A B',
      'match origin igp',
      'match origin bgp',
      'match tag 0',
      'match route-type internal',
      'match ip next-hop prefix-list P',
      'set local-preference +5',
      'set metric -5',
      'set metric rtt',
      'set metric 5 6',
      'set community 1:1 no-export additive',
      'set community none',
      'set as-path prepend last-as 3',
      'set as-path prepend last-as 11',
      'set ip next-hop unchanged',
      'set ipv6 next-hop global 2001:db8::1',
      'set large-community 1:2:3 additive',
      'set comm-list C delete',
      'set src 10.0.0.1',
      'on-match goto 20',
      'on-match prev',
      'continue 20',
      'call N',
      'set as-path replace any',
    ],
  ],
];

describeLab('reader and vtysh agree on what is a command', { programs: ['vtysh'] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fabricgen-commands-'));
  const file = join(folder, 'one.conf');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(nodes)('below "%s"', (node, lines) => {
    const disagreements = lines.filter((line) => {
      const text = `${node}\n${line}\n`;
      writeFileSync(file, text);
      const daemon = tryRun('vtysh', ['-C', '-f', file]).code === 0;
      const result = frrTarget.read(new Map([['frr.conf', { path: 'frr.conf', text }]]), {
        host: 'r1',
        version: '8.4',
      });
      return daemon !== !result.lines.some((one) => one.status === 'unrecognised');
    });
    expect(disagreements).toEqual([]);
  });
});

/** Commands of other protocols, of families that are not simulated and of daemons beside bgpd, zebra and staticd: whatever the reader says of them. */
const aside =
  /vnc|bmp|vpn|evpn|flowspec|ospf|isis|rip|openfabric|eigrp|babel|nhrp|pim|igmp|mld|mpls|segment|sharp|pbr|label|multicast|irdp|\bvrf\b|srv6|rpki|mac |sr-te|probability|^(?:no )?debug|^(?:list|find|output|no output|exit|quit|end|show|log|no log)\b/;

/** A line that disagrees and is left: bgpd itself refuses it later, or takes what nobody writes. */
const left =
  /^no bgp dampening|as-path replace (?:0|4294967296)|^set metric 4294967296|delayopen|redirect import|large-comm-list|peer-group NAME remote-as|^(?:no )?set (?:local-preference|metric) NAME|prefix-list .* (?:ge|le) 33|^no bgp large-community-list (?:0|501|NAME)|import-table|^no (?:ip |ipv6 )?router-id$|zebra route-map delay-timer|^no set comm-list$/;

const below: readonly (readonly [head: string, commands: RegExp])[] = [
  ['router bgp 65000', /./],
  ['router bgp 65000\n address-family ipv4 unicast', /./],
  ['router bgp 65000\n address-family ipv6 unicast', /./],
  ['route-map M permit 10', /./],
  ['', /community|as-path|prefix-list|access-list|ip(?:v6)? route |route-map|router-id|bgp/],
];

describeLab('reader and vtysh agree on all that vtysh lists', { programs: ['vtysh'] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fabricgen-list-'));
  const file = join(folder, 'one.conf');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What vtysh says of a file, without any daemon. */
  function saidOf(text: string): string {
    writeFileSync(file, text);
    const { stdout, stderr } = tryRun('vtysh', ['-C', '-f', file]);
    return stdout + stderr;
  }

  it.each(below)('below "%s"', (head, wanted) => {
    const listed = saidOf(`${head}\nlist\n`)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !aside.test(line) && wanted.test(line));
    expect(listed.length).toBeGreaterThan(50);
    const lines = [...new Set(listed.flatMap(linesOf))].filter((line) => !left.test(line));
    const step = head === '' ? 1 : head.split('\n').length + 1;
    const text = lines.map((line) => `${head === '' ? '' : `${head}\n`} ${line}\n`).join('');
    const refused = new Set([...saidOf(text).matchAll(/^line (\d+): %/gm)].map(([, line]) => Number(line)));
    const { lines: read } = frrTarget.read(new Map([['frr.conf', { path: 'frr.conf', text }]]), {
      host: 'r1',
      version: '8.4',
    });
    const unknown = new Set(
      read.filter(({ status }) => status === 'unrecognised').map((one) => one.source.line),
    );
    const isOther = (_line: string, index: number) =>
      refused.has(step * (index + 1)) !== unknown.has(step * (index + 1));
    expect(lines.filter(isOther)).toEqual([]);
  });
});
