import { describe, expect, it } from 'vitest';
import { type SimulatedConfigs, simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import { bgp, simulateFrr } from './configs.ts';

const cable = { r1: 'eth0 10.0.0.1/30 l', r2: 'eth0 10.0.0.2/30 l' };

function rules({ result }: SimulatedConfigs) {
  return result.findings.map(({ rule }) => rule);
}

describe('findings about routes', () => {
  it('come with the texts of the files they point into', () => {
    const run = simulateFrr(cable, {
      r1: bgp(65001, { '10.0.0.2': 65009 }, ''),
      r2: bgp(65002, { '10.0.0.1': 65001 }, ''),
    });
    expect(rules(run)).toEqual(['session-down']);
    expect([...run.texts.keys()].sort()).toEqual(['r1/frr.conf', 'r2/frr.conf', 'topology.yml']);
  });

  it('of lost packets name the commands that say why', () => {
    const run = simulateFrr(
      { r1: 'eth0 10.0.0.1/30 l, eth1 10.0.3.1/30 k', r2: cable.r2, r3: 'eth0 10.0.3.2/30 k' },
      {
        r1: `ip route 10.1.0.0/24 blackhole\n${bgp(65001, { '10.0.0.2': 65002, '10.0.3.2': 65003 }, '')}`,
        r2: bgp(65002, { '10.0.0.1': 65001 }, ' network 10.1.0.0/24', ' no bgp network import-check'),
        r3: bgp(65003, { '10.0.3.1': 65001 }, ''),
      },
    );
    const [lost] = run.result.findings;
    expect(lost).toMatchObject({ rule: 'black-hole' });
    expect(lost?.fix).toContain('fabricgen explain r1 10.1.0.0/24');
    expect(lost?.fix).toContain('fabricgen trace r3 10.1.0.1');
  });

  it('do not call a network shared in vain that nobody reaches', () => {
    const none = bgp(65002, { '10.0.0.1': 65001 }, ' network 10.1.0.0/24', ' no bgp network import-check');
    const run = simulateFrr(
      { r1: 'eth0 10.0.0.1/24 l', r2: 'eth0 10.0.0.2/24 l', r3: 'eth0 10.0.0.3/24 l' },
      {
        r1: bgp(
          65001,
          { '10.0.0.2': 65002, '10.0.0.3': 65002 },
          ' neighbor 10.0.0.2 prefix-list NONE in\n neighbor 10.0.0.3 prefix-list NONE in',
        ).concat('\nip prefix-list NONE deny any'),
        r2: none,
        r3: none,
      },
    );
    expect(rules(run)).not.toContain('anycast-spread');
  });
});

describe('warnings about what comes up and lets nothing through', () => {
  it('an external session without policies, once for each direction', () => {
    const run = simulateFrr(cable, {
      r1: 'router bgp 65001\n neighbor 10.0.0.2 remote-as 65002',
      r2: bgp(65002, { '10.0.0.1': 65001 }, ''),
    });
    expect(run.result.outcome).toBe('pass');
    expect(run.result.findings.map(({ rule, message }) => [rule, message])).toEqual([
      ['ebgp-without-policy', 'r1 takes nothing from r2: an eBGP session without import policy (RFC 8212)'],
      ['ebgp-without-policy', 'r1 sends nothing to r2: an eBGP session without export policy (RFC 8212)'],
    ]);
  });

  it.each([
    ['', 'next-hop-self'],
    [' neighbor 10.0.0.2 route-map M out', 'a names this next hop: correct it there'],
    [' neighbor 192.0.2.2 route-map M in', 'a names this next hop'],
  ])('a next hop that leads nowhere: %s', (line, hint) => {
    const run = simulateFrr(
      { a: 'eth0 10.0.0.1/30 l, eth1 192.0.2.1/30 x', b: 'eth0 10.0.0.2/30 l', isp: 'eth0 192.0.2.2/30 x' },
      {
        a: `route-map M permit 10\n set ip next-hop 10.9.9.9\n${bgp(65001, { '10.0.0.2': 65001, '192.0.2.2': 65002 }, line)}`,
        b: bgp(65001, { '10.0.0.1': 65001 }, ''),
        isp: bgp(65002, { '192.0.2.1': 65001 }, ' network 10.1.0.0/24', ' no bgp network import-check'),
      },
    );
    const [found] = run.result.findings;
    expect(found).toMatchObject({ rule: 'next-hop-unusable', severity: 'warning' });
    expect(found?.ranges[0]?.file).toBe('a/frr.conf');
    expect(found?.fix).toContain(hint);
  });
});

it('a file that cannot be read is not missing as well', () => {
  const run = simulateConfigs(
    {
      path: 'topology.yml',
      text: 'hosts:\n  g: { daemon: gobgp, interfaces: { e0: { addresses: [10.0.0.1/24], link: l } } }\n',
    },
    {
      shown: 'configs',
      hosts: new Map([['g', new Map([['gobgp-cli.txt', { path: 'configs/g/gobgp-cli.txt', text: '' }]])]]),
      unreadable: new Set(['g']),
    },
  );
  expect(rules(run)).toEqual([]);
});

it('a route of ExaBGP whose family the neighbor does not list is a warning, and nothing is unmodelled', () => {
  const text = `neighbor 10.0.0.2 {
  router-id 10.0.0.1; local-address 10.0.0.1; local-as 65001; peer-as 65002;
  family { ipv6 unicast; }
  static { route 10.1.0.0/24 next-hop self; }
}
`;
  const run = simulateConfigs(
    {
      path: 'topology.yml',
      text: 'hosts:\n  x: { daemon: exabgp, interfaces: { e0: { addresses: [10.0.0.1/24], link: l } } }\n',
    },
    {
      shown: 'configs',
      hosts: new Map([['x', new Map([['exabgp.conf', { path: 'x/exabgp.conf', text }]])]]),
    },
  );
  expect(run.result.unmodelled).toEqual([]);
  expect(run.result.findings).toContainEqual(
    expect.objectContaining({ rule: 'not-announced', severity: 'warning', found: '10.1.0.0/24' }),
  );
});

it('a version of FRR that is not known counts as the nearest that is', () => {
  const topology = (version: string) => ({
    path: 'topology.yml',
    text: `hosts:\n  x: { daemon: frr, version: "${version}", interfaces: {} }\n`,
  });
  const said = (version: string) =>
    simulateConfigs(topology(version), { shown: 'configs', hosts: new Map() }).result.findings[0]?.message;
  expect(said('5.0')).toMatch(/counts as 8\.4$/);
  expect(said('11.1')).toMatch(/counts as 10$/);
});
