import { describe, expect, it } from 'vitest';
import { hostResults } from '../../src/simulator/result/hosts.ts';
import { advance } from '../../src/simulator/timeline/advance.ts';
import { bgp, pathsOf, simulateFrr } from './configs.ts';

/**
 * p and q (private) → g (private, aggregates with an AS_SET) → e, which removes private ASNs towards f. Sessions seen on 8.4.4: f ends
 * its own with 3/10 whenever it comes up.
 */
const wires = {
  p: 'eth0 10.0.1.1/30 l1',
  q: 'eth0 10.0.2.1/30 l2',
  g: 'eth0 10.0.1.2/30 l1, eth1 10.0.2.2/30 l2, eth2 10.0.3.1/30 l3',
  e: 'eth0 10.0.3.2/30 l3, eth1 10.0.4.1/30 l4',
  f: 'eth0 10.0.4.2/30 l4',
};
const free = ' no bgp network import-check';
const chain = (removal: string, aggregate = 'as-set summary-only') =>
  simulateFrr(wires, {
    p: bgp(65101, { '10.0.1.2': 65100 }, ' network 10.1.0.0/24', free),
    q: bgp(65102, { '10.0.2.2': 65100 }, ' network 10.1.1.0/24', free),
    g: bgp(
      65100,
      { '10.0.1.1': 65101, '10.0.2.1': 65102, '10.0.3.2': 100 },
      ` network 10.3.0.0/24\n aggregate-address 10.1.0.0/16 ${aggregate}`,
      free,
    ),
    e: bgp(100, { '10.0.3.1': 65100, '10.0.4.2': 200 }, ` neighbor 10.0.4.2 ${removal}`),
    f: bgp(200, { '10.0.4.1': 100 }, ' network 10.5.0.0/24', free),
  });
const ofF = (run: ReturnType<typeof chain>) => run.result.hosts['f']?.sessions[0];

describe('remove-private-AS leaves an empty AS_SET', () => {
  it.each(['remove-private-AS', 'remove-private-AS all'])(
    '%s: the session ends again and again',
    (removal) => {
      const run = chain(removal);
      expect(ofF(run)).toMatchObject({ state: 'Idle', reason: expect.stringContaining('3/10') });
      expect(pathsOf(run, 'f', '10.3.0.0/24')).toEqual([]);
      const [finding] = run.result.findings.filter(({ rule }) => rule === 'session-flaps');
      expect(finding?.ranges[0]).toMatchObject({ file: 'e/frr.conf', line: 8 });
      expect(run.result.outcome).toBe('fail');
    },
  );

  it.each([
    ['remove-private-AS all replace-AS', 'as-set summary-only', '100 100 {100}'],
    ['remove-private-AS all', 'summary-only', '100'],
  ])('%s and %s: nothing is empty', (removal, aggregate, asPath) => {
    const run = chain(removal, aggregate);
    expect(ofF(run)).toMatchObject({ state: 'Established' });
    expect(pathsOf(run, 'f', '10.1.0.0/16')).toMatchObject([{ asPath }]);
  });

  it('the session stays once the route is gone', () => {
    const { state } = chain('remove-private-AS all');
    if (!state) throw new Error('nothing was simulated');
    const without = advance(state, [
      { kind: 'link-down', link: 'l1' },
      { kind: 'link-down', link: 'l2' },
    ]);
    expect(hostResults(without)['f']?.sessions[0]).toMatchObject({ state: 'Established' });
    const again = advance(without, [
      { kind: 'link-up', link: 'l1' },
      { kind: 'link-up', link: 'l2' },
    ]);
    expect(hostResults(again)['f']?.sessions[0]).toMatchObject({ state: 'Idle' });
  });
});

// FRR's private range goes to 65535 (8.4.4: `BGP_PRIVATE_AS_MAX` is UINT16_MAX); 4294967295 is no ASN.
it.each([
  [65534, '100'],
  [65535, '100'],
  [4294967294, '100'],
  [64511, '100 64511'],
])('remove-private-AS and %i', (asn, asPath) => {
  const run = simulateFrr(
    { p: wires.g, e: wires.e, f: wires.f },
    {
      p: `${bgp(65101, { '10.0.3.2': 100 }, ' network 10.1.0.0/24\n neighbor 10.0.3.2 route-map O out', free)}
route-map O permit 10\n set as-path prepend ${asn}`,
      e: bgp(100, { '10.0.3.1': 65101, '10.0.4.2': 200 }, ' neighbor 10.0.4.2 remove-private-AS all'),
      f: bgp(200, { '10.0.4.1': 100 }, ' neighbor 10.0.4.1 activate'),
    },
  );
  expect(pathsOf(run, 'f', '10.1.0.0/24')).toMatchObject([{ asPath }]);
});
