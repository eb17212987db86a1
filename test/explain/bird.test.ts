import { expect, it } from 'vitest';
import { parsePrefix } from '../../src/base/ip.ts';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import { explainRoute } from '../../src/simulator/explain/route.ts';
import type { ConfigFile } from '../../src/targets/target.ts';

const file = (host: string, text: string) =>
  [host, new Map<string, ConfigFile>([['bird.conf', { path: `configs/${host}/bird.conf`, text }]])] as const;

const plain = 'protocol kernel { ipv4 { export all; }; }';
const direct = 'protocol direct { ipv4; }';

/** a announces 10.1.0.0/24 to b; what the kernel protocol of b, its own networks and the filter of a are, is asked. */
function answerAtB(kernel: string, networks = direct, announced = 'export all', options = '') {
  const { state } = simulateConfigs(
    {
      path: 'topology.yml',
      text: `hosts:
  a: { daemon: bird, interfaces: { e0: { addresses: [10.0.0.1/24], link: l } } }
  b: { daemon: bird, interfaces: { e0: { addresses: [10.0.0.2/24], link: l } } }
`,
    },
    {
      shown: 'configs',
      hosts: new Map([
        file(
          'a',
          `router id 10.0.0.1;
protocol device { }
protocol static { ipv4; route 10.1.0.0/24 blackhole; }
filter own { if net ~ 10.2.0.0/16 then accept; }
protocol bgp b { local as 65001; neighbor 10.0.0.2 as 65001; ipv4 { import all; ${announced}; }; }
`,
        ),
        file(
          'b',
          `router id 10.0.0.2;
protocol device { }
${networks}
${kernel}
protocol bgp a { local as 65001; neighbor 10.0.0.1 as 65001; ipv4 { import all; export none; ${options} }; }
`,
        ),
      ]),
    },
    {},
    () => [],
  );
  const prefix = parsePrefix('10.1.0.0/24');
  return (state && prefix && explainRoute(state, 'b', prefix)?.answer) ?? '';
}

it.each([
  ['', 'not in the kernel: no kernel protocol exports IPv4 routes'],
  ['protocol kernel { ipv4 { export none; }; }', 'the kernel protocol does not export it: export none'],
  ['protocol kernel { ipv4 { }; }', 'the kernel protocol does not export it: export none'],
])('what the kernel protocol leaves out: %s', (kernel, words) => {
  expect(answerAtB(kernel)).toContain(words);
});

it('a best route that leads nowhere', () => {
  expect(answerAtB(plain, '')).toBe(
    'b has 10.1.0.0/24 from a (10.0.0.1) and cannot use it: no route to next hop 10.0.0.1',
  );
});

it('a filter that comes to its end', () => {
  expect(answerAtB(plain, direct, 'export filter own')).toContain('filter own, which ends without accept');
});
