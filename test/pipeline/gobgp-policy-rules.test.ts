import { describe, expect, it } from 'vitest';
import { pathsOf, simulate } from '../semantics/support/fabric.ts';

/** What GoBGP 3.10 makes of policies it cannot read, or reads otherwise than they look. */
const global = (asn: number) => `[global.config]\n as = ${asn}\n router-id = "10.255.0.${asn % 10}"\n`;
const neighbor = (address: string, asn: number) =>
  `[[neighbors]]\n [neighbors.config]\n  neighbor-address = "${address}"\n  peer-as = ${asn}\n`;
const applied =
  '[global.apply-policy.config]\n import-policy-list = ["p"]\n default-import-policy = "reject-route"\n';
const sets =
  '[[defined-sets.prefix-sets]]\n prefix-set-name = "other"\n [[defined-sets.prefix-sets.prefix-list]]\n  ip-prefix = "10.9.0.0/16"\n';
const statement = (rest: string) =>
  `[[policy-definitions]]\n name = "p"\n [[policy-definitions.statements]]\n  name = "s"\n${rest}`;
const condition = (table: string, lines: string) =>
  `  [policy-definitions.statements.conditions.${table}]\n${lines}`;
const accept = '  [policy-definitions.statements.actions]\n   route-disposition = "accept-route"\n';
const community = (options: string, text: string) =>
  `  [policy-definitions.statements.actions.bgp-actions.set-community]\n   options = "${options}"\n   [policy-definitions.statements.actions.bgp-actions.set-community.set-community-method]\n    communities-list = ["${text}"]\n`;

/** What g2 keeps of g1's 10.1.0.0/24 with these policies. */
function taken(policies: string) {
  const run = simulate({
    g1: {
      daemon: 'gobgp-3',
      wires: 'eth0 10.0.0.1/24 l',
      text: global(65001) + neighbor('10.0.0.2', 65002),
      cli: ['gobgp global rib add 10.1.0.0/24 community 1:1'],
    },
    g2: {
      daemon: 'gobgp-3',
      wires: 'eth0 10.0.0.2/24 l',
      text: global(65002) + applied + neighbor('10.0.0.1', 65001) + sets + policies,
    },
  });
  return pathsOf(run, 'g2', '10.1.0.0/24').map(({ communities }) => communities);
}

describe('a file with one bad policy', () => {
  it.each([
    ['a set nobody defines', condition('match-prefix-set', '   prefix-set = "nobody"\n')],
    [
      'an option in capitals',
      condition('bgp-conditions.match-as-path-set', '   as-path-set = "a"\n   match-set-options = "ANY"\n'),
    ],
    ['no community', community('add', 'x:y')],
    ['no next hop', '  [policy-definitions.statements.actions.bgp-actions]\n   set-next-hop = "foo"\n'],
    ['an operator', condition('bgp-conditions.as-path-length', '   operator = "GE"\n   value = 1\n')],
  ])('%s: gobgpd has no policy at all and takes everything', (_, bad) => {
    const asPaths =
      '[[defined-sets.bgp-defined-sets.as-path-sets]]\n as-path-set-name = "a"\n as-path-list = ["^1$"]\n';
    expect(taken(asPaths + statement(bad))).toEqual([['1:1']]);
  });

  it('a policy nobody defines costs the list and the default', () => {
    expect(taken(statement(accept).replace('"p"', '"q"'))).toEqual([['1:1']]);
  });
});

describe('words gobgpd takes for others', () => {
  it('match-set-options of prefix-sets in capitals are any', () => {
    const options = '   prefix-set = "other"\n   match-set-options = "INVERT"\n';
    expect(taken(statement(condition('match-prefix-set', options) + accept))).toEqual([]);
  });

  it('options of set-community that it does not know are add', () => {
    expect(taken(statement(accept + community('REMOVE', '1:1')))).toEqual([['1:1', '1:1']]);
  });

  it('a disposition it does not know is none', () => {
    expect(taken(statement(accept.replace('accept-route', 'ACCEPT-ROUTE')))).toEqual([]);
  });
});

describe('extended communities', () => {
  it.each([
    ['any', []],
    ['all', []],
    ['invert', [['1:1']]],
  ])('a route without any and an ext-community-set of %s', (options, kept) => {
    const set =
      '[[defined-sets.bgp-defined-sets.ext-community-sets]]\n ext-community-set-name = "e"\n ext-community-list = ["rt:65001:100"]\n';
    const match = `   ext-community-set = "e"\n   match-set-options = "${options}"\n`;
    const asks = condition('bgp-conditions.match-ext-community-set', match);
    expect(taken(set + statement(asks + accept))).toEqual(kept);
  });
});

describe('an IPv6 route over an IPv4 session', () => {
  it('shows its mapped next hop as GoBGP prints it', () => {
    const both = ['ipv4-unicast', 'ipv6-unicast']
      .map(
        (name) => ` [[neighbors.afi-safis]]\n  [neighbors.afi-safis.config]\n   afi-safi-name = "${name}"\n`,
      )
      .join('');
    const run = simulate({
      g1: {
        daemon: 'gobgp-3',
        wires: 'eth0 10.0.0.1/24 l',
        text: global(65001) + neighbor('10.0.0.2', 65002) + both,
        cli: ['gobgp global rib add 2001:db8::/48 -a ipv6'],
      },
      g2: {
        daemon: 'gobgp-3',
        wires: 'eth0 10.0.0.2/24 l',
        text: global(65002) + neighbor('10.0.0.1', 65001) + both,
      },
    });
    expect(pathsOf(run, 'g2', '2001:db8::/48')).toMatchObject([{ nextHop: '10.0.0.1' }]);
  });
});
