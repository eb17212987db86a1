import { expect, it } from 'vitest';
import { bgp, simulateFrr } from './configs.ts';

// `set extcommunity bandwidth num-multipaths`, seen on FRR 8.4.4 through what `skip-missing` leaves in the kernel.

const map = 'route-map BW permit 10\n set extcommunity bandwidth num-multipaths\n';

/** The next hops that d has in its kernel of the two that announce 10.9.0.0/24; `out`: the first one's lines, `own`: d's for the second. */
function kernelOf(out: string, own: string): readonly string[] {
  const announce = ' network 10.9.0.0/24';
  const { result } = simulateFrr(
    { d: 'e0 10.0.0.1/24 l', p: 'e0 10.0.0.2/24 l', q: 'e0 10.0.0.3/24 l' },
    {
      d: `${map}${bgp(1, { '10.0.0.2': 2, '10.0.0.3': 3 }, own, ' bgp bestpath as-path multipath-relax\n bgp bestpath bandwidth skip-missing')}`,
      p: `ip route 10.9.0.0/24 Null0\n${map}${bgp(2, { '10.0.0.1': 1 }, `${announce}${out}`)}`,
      q: `ip route 10.9.0.0/24 Null0\n${bgp(3, { '10.0.0.1': 1 }, announce)}`,
    },
  );
  return result.hosts.d?.fib['10.9.0.0/24'] ?? [];
}

it('is set on the way out', () => {
  expect(kernelOf('', '')).toHaveLength(2);
  expect(kernelOf('\n  neighbor 10.0.0.1 route-map BW out', '')).toHaveLength(1);
});

it('and not on the way in, where nothing has been chosen', () => {
  const both = kernelOf('\n  neighbor 10.0.0.1 route-map BW out', '  neighbor 10.0.0.3 route-map BW in');
  expect(both).toHaveLength(1);
});

// What was set on the way in counts as present, and the next hop has no weight by it: with `skip-missing` it is left out.
it('that the own policy sets on the way in leaves the path out of the kernel', () => {
  const set = 'route-map IN permit 10\n set extcommunity bandwidth 100\n';
  const kernel = (inbound: string, out = '') => {
    const { result } = simulateFrr(
      { d: 'e0 10.0.0.1/24 l', p: 'e0 10.0.0.2/24 l', q: 'e0 10.0.0.3/24 l' },
      {
        d: `${set}${bgp(1, { '10.0.0.2': 2, '10.0.0.3': 3 }, inbound, ' bgp bestpath as-path multipath-relax\n bgp bestpath bandwidth skip-missing')}`,
        p: `ip route 10.9.0.0/24 Null0\n${set}${bgp(2, { '10.0.0.1': 1 }, ` network 10.9.0.0/24${out}`)}`,
        q: `ip route 10.9.0.0/24 Null0\n${bgp(3, { '10.0.0.1': 1 }, ' network 10.9.0.0/24')}`,
      },
    );
    return result.hosts.d?.fib['10.9.0.0/24'] ?? [];
  };
  const [p, q] = ['  neighbor 10.0.0.2 route-map IN in', '  neighbor 10.0.0.3 route-map IN in'];
  expect(kernel(p)).toEqual([]);
  expect(kernel(`${p}\n${q}`)).toEqual([]);
  expect(kernel(q, '\n  neighbor 10.0.0.1 route-map IN out')).toHaveLength(1);
  expect(kernel(`${p}\n${q}`, '\n  neighbor 10.0.0.1 route-map IN out')).toHaveLength(1);
});
