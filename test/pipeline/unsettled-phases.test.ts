import { expect, it } from 'vitest';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import { bgp } from './configs.ts';

const exabgp = `neighbor 10.1.0.1 {
  router-id 10.1.0.9; local-address 10.1.0.9; local-as 64520; peer-as 65101;
  family { ipv4 unicast; }
  static { route 10.96.0.41/32 next-hop self; }
}
`;
/** t drains x with LOCAL_PREF 50 and takes its own announcement back from s, which then has it no more. */
const topology = `hosts:
  t: { daemon: frr, version: "8.4", interfaces: { e0: { addresses: [10.0.0.1/30], link: a }, e1: { addresses: [10.1.0.1/24], link: r } } }
  s: { daemon: frr, version: "8.4", interfaces: { e0: { addresses: [10.0.0.2/30], link: a } } }
  x: { daemon: exabgp, interfaces: { e1: { addresses: [10.1.0.9/24], link: r } } }
events:
  - { start: [t, s], delay: 12, record: before }
  - { start: [x], delay: 10, record: one }
  - { delay: 5, record: two }
  - { stop: [x], delay: 10, record: after }
`;

it('tables recorded while a prefix never settles are no pass, though it is gone at the end', () => {
  const families = ' neighbor 10.1.0.9 route-map L in\n neighbor 10.0.0.2 allowas-in 1';
  const conf = (name: string, text: string) =>
    new Map([['frr.conf', { path: `${name}/frr.conf`, text: `frr defaults traditional\n${text}\n` }]]);
  const { result } = simulateConfigs(
    { path: 'topology.yml', text: topology },
    {
      shown: 'configs',
      hosts: new Map([
        [
          't',
          conf(
            't',
            `route-map L permit 10\n set local-preference 50\n${bgp(65101, { '10.0.0.2': 65000, '10.1.0.9': 64520 }, families)}`,
          ),
        ],
        ['s', conf('s', bgp(65000, { '10.0.0.1': 65101 }, ' neighbor 10.0.0.1 activate'))],
        ['x', new Map([['exabgp.conf', { path: 'x/exabgp.conf', text: exabgp }]])],
      ]),
    },
  );
  const restless = result.findings.filter(({ rule }) => rule === 'oscillation');
  expect(restless.map(({ message }) => message)).toEqual([
    '10.96.0.41/32 never settles: s, t keep changing their best path (recorded as one, two)',
  ]);
  expect(result.hosts['t']?.bgp).toEqual({});
  expect(result.findings.some(({ severity }) => severity === 'error')).toBe(false);
  expect(result.outcome).toBe('inconclusive');
});
