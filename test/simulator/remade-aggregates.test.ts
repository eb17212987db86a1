import { describe, expect, it } from 'vitest';
import { bgp, simulateFrr } from '../pipeline/configs.ts';

/**
 * r1 sums up what r4 and, over r2, r3 announce; the next hop of r3's is reached by nothing but the aggregate's black hole. FRR 8.4.4 made the aggregate anew
 * twenty times a second where r3 announced a network that r1 is connected to, or has a kernel route for; with a static route it came to rest.
 */
const fabric = (announced: string, { kernel = '', fixed = '', more = 'as-set' } = {}) =>
  simulateFrr(
    {
      r1: 'eth0 10.9.0.1/24 lan, eth1 10.9.4.1/30 up',
      r2: 'eth0 10.9.0.2/24 lan, eth1 10.9.3.1/30 side',
      r3: 'eth0 10.9.3.2/30 side',
      r4: 'eth0 10.9.4.2/30 up',
    },
    {
      r1: `${fixed}\n${bgp(65001, { '10.9.0.2': 65001, '10.9.4.2': 65004 }, ` aggregate-address 10.0.0.0/8 ${more}`)}`,
      r2: bgp(65001, { '10.9.0.1': 65001, '10.9.3.2': 65003 }, ''),
      r3: bgp(
        65003,
        { '10.9.3.1': 65001 },
        ` network 10.1.3.0/24\n network ${announced}`,
        ' no bgp network import-check',
      ),
      r4: bgp(65004, { '10.9.4.1': 65001 }, ' network 10.1.4.0/24', ' no bgp network import-check'),
    },
    kernel === '' ? {} : { r1: kernel },
  ).result;
const restless = ({ findings }: ReturnType<typeof fabric>) =>
  findings
    .filter(({ rule }) => rule === 'oscillation')
    .map(({ host, message, ranges }) => [host, message.split(' ')[0], ranges.length]);

describe('an aggregate of what is reached by its own black hole', () => {
  it.each([
    ['of a connected network', '10.9.4.0/30', {}],
    ['of a kernel route', '10.1.5.0/24', { kernel: 'blackhole 10.1.5.0/24' }],
  ] as const)('is made anew without end with a path %s', (_what, announced, beside) => {
    const result = fabric(announced, beside);
    expect(result.outcome).not.toBe('pass');
    expect(restless(result)).toEqual([['r1', '10.0.0.0/8', 1]]);
  });

  it.each([
    ['nothing looks at it again', '10.1.5.0/24', {}],
    ['a static route is not gone through', '10.1.5.0/24', { fixed: 'ip route 10.1.5.0/24 blackhole' }],
    ['it is the same without those paths', '10.9.4.0/30', { more: '' }],
  ] as const)('comes to rest where %s', (_what, announced, beside) => {
    expect(restless(fabric(announced, beside))).toEqual([]);
  });
});
