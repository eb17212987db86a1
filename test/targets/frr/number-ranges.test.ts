import { describe, expect, it } from 'vitest';
import { frrTarget } from '../../../src/targets/frr/index.ts';

const HEAD = ['router bgp 65000', 'neighbor 10.0.0.1 remote-as 65001'];

/** Does FRR 8.4 know the last line? */
function knows(...lines: string[]): boolean {
  const files = new Map([['frr.conf', { path: 'frr.conf', text: lines.join('\n') }]]);
  const read = frrTarget.read(files, { host: 'r1', version: '8.4' });
  const unknown = read.lines.some(({ status }) => status === 'unrecognised');
  return !unknown && read.diagnostics.every(({ severity }) => severity !== 'error');
}

/** As `list permutations` of FRR 8.4.4 has them: the line with N, the lowest and the highest number it takes. */
const neighbors: readonly (readonly [line: string, low: number, high: number])[] = [
  ['neighbor 10.0.0.1 remote-as N', 1, 4294967295],
  ['neighbor 10.0.0.1 timers connect N', 1, 65535],
  ['neighbor 10.0.0.1 timers delayopen N', 1, 240],
  ['neighbor 10.0.0.1 advertisement-interval N', 0, 600],
  ['neighbor 10.0.0.1 tcp-mss N', 1, 65535],
  ['neighbor 10.0.0.1 shutdown rtt N', 1, 65535],
  ['neighbor 10.0.0.1 maximum-prefix 10 N', 1, 100],
  ['neighbor 10.0.0.1 maximum-prefix 10 restart N', 1, 65535],
  ['neighbor 10.0.0.1 maximum-prefix 10 N warning-only', 1, 100],
  ['bgp graceful-restart restart-time N', 0, 4095],
  ['bgp graceful-restart stalepath-time N', 1, 4095],
  ['bgp graceful-restart select-defer-time N', 0, 3600],
  ['bgp graceful-restart rib-stale-time N', 1, 3600],
  ['bgp long-lived-graceful-restart stale-time N', 1, 4294967295],
  ['bgp conditional-advertisement timer N', 5, 240],
  ['bgp max-med on-startup N', 5, 86400],
  ['bgp minimum-holdtime N', 1, 65535],
  ['bgp cluster-id N', 1, 4294967295],
  ['bgp confederation identifier N', 1, 4294967295],
  ['bgp default subgroup-pkt-queue-max N', 20, 100],
  ['bgp route-map delay-timer N', 0, 600],
  ['update-delay N', 0, 3600],
  ['update-delay 3600 N', 1, 3600],
  ['read-quanta N', 1, 10],
  ['write-quanta N', 1, 64],
];

const maps: readonly (readonly [line: string, low: number, high: number])[] = [
  ['set extcommunity bandwidth N', 1, 25600],
  ['set distance N', 0, 255],
  ['set table N', 1, 4294967295],
  ['set aggregator as N 10.0.0.1', 1, 4294967295],
  ['set as-path prepend N', 1, 4294967295],
];

const lists: readonly (readonly [line: string, low: number, high: number])[] = [
  ['bgp community-list N permit 65000:1', 1, 500],
  ['bgp community-list standard L seq N permit 65000:1', 0, 4294967295],
  ['bgp large-community-list standard L seq N permit 65000:1:1', 0, 4294967295],
  ['bgp as-path access-list L seq N permit _65000_', 0, 4294967295],
  ['bgp session-dscp N', 0, 63],
];

describe('numbers of FRR 8.4', () => {
  const all = [
    ...neighbors.map((row) => [row, HEAD] as const),
    ...maps.map((row) => [row, ['route-map M permit 10']] as const),
    ...lists.map((row) => [row, []] as const),
  ];
  it.each(all.map(([row, head]) => [...row, head] as const))('%s: %i to %i', (line, low, high, head) => {
    const takes = (n: number) => knows(...head, line.replace('N', String(n)));
    expect([takes(low), takes(high), takes(high + 1)]).toEqual([true, true, false]);
    if (low > 0) expect(takes(low - 1)).toBe(false);
  });
});
