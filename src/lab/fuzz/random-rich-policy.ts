import type { Random } from './random.ts';
import { communities } from './random-policy.ts';

export const largeCommunities = ['65000:1:1', '65000:1:2', '65001:7:0'];

/** More lists than `lists` gives, for the maps below. */
export function richLists(random: Random): string[] {
  return [
    `ip prefix-list PG seq 5 ${random.pick(['permit', 'deny'])} 10.1.0.0/16 ge ${random.int(17, 24)} le ${random.int(24, 25)}`,
    `ip prefix-list PG seq 10 permit 10.0.0.0/8 ge ${random.int(9, 16)} le 24`,
    `ip prefix-list NH seq 5 ${random.pick(['permit', 'deny'])} 10.20.0.0/16 le 32`,
    'ip prefix-list NH seq 10 permit 10.0.0.0/8 le 32',
    `bgp as-path access-list AB deny ${random.pick(['_65003_', '^65001_65002', '65002_65002'])}`,
    `bgp as-path access-list AB permit ${random.pick(['.*', '^[0-9]+$', '^65001( 65001)*$', '(_65001_|_65002$)', '^6500[1-3] .*$'])}`,
    `bgp large-community-list standard LA permit ${random.pick(largeCommunities)}`,
    `bgp large-community-list expanded LX permit ${random.pick(['65000:1:.*', '^65001:7:0', ':2$'])}`,
    `bgp community-list standard CB permit ${random.pick(communities)}`,
    `bgp community-list standard CB deny ${random.pick(communities)}`,
    'ipv6 prefix-list P6 seq 5 permit 2001:db8:1::/48 ge 48 le 64',
    `ipv6 prefix-list P6 seq 10 ${random.pick(['permit', 'deny'])} 2001:db8:2::/48`,
  ];
}

const matches = (random: Random): string[] => [
  'match ip address prefix-list PA',
  'match ip address prefix-list PB',
  'match ip address prefix-list PG',
  'match ipv6 address prefix-list P6',
  'match ip address DA',
  `match ip address prefix-len ${random.pick([16, 24, 25])}`,
  'match ip next-hop prefix-list NH',
  'match as-path AA',
  'match as-path AB',
  'match community CA',
  'match community CB',
  'match community CX',
  'match community CA exact-match',
  'match large-community LA',
  'match large-community LX',
  `match metric ${random.pick([10, 20])}`,
  `match local-preference ${random.pick([100, 150, 200])}`,
  `match origin ${random.pick(['igp', 'incomplete'])}`,
  `match tag ${random.pick([7, 8])}`,
];

const sets = (random: Random): string[] => [
  `set metric ${random.pick(['5', '10', '20', '+5', '-3', '0'])}`,
  `set local-preference ${random.pick(['50', '100', '150', '200', '+10', '-20'])}`,
  `set as-path prepend ${random.pick(['65050', '65001', '65002 65002', 'last-as 2'])}`,
  `set as-path exclude ${random.pick(['65050', '65001', '65002 65003'])}`,
  `set community ${random.pick(communities)} additive`,
  `set community ${random.pick(communities)} ${random.pick(communities)}`,
  `set community ${random.pick(['no-export', 'no-advertise', 'local-AS', 'graceful-shutdown', 'blackhole'])} additive`,
  'set community none',
  'set comm-list CA delete',
  'set comm-list CX delete',
  `set large-community ${random.pick(largeCommunities)} additive`,
  `set large-community ${random.pick(largeCommunities)} ${random.pick(largeCommunities)}`,
  'set large-comm-list LX delete',
  `set weight ${random.pick([0, 10, 100])}`,
  `set origin ${random.pick(['igp', 'egp', 'incomplete'])}`,
  `set tag ${random.pick([7, 8])}`,
];

/** A route-map of a few entries with every kind of match and set, on-match, continue and call; mostly with an open end. */
export function richRouteMap(random: Random, name: string, direction: 'in' | 'out' | 'own'): string[] {
  const lines: string[] = [];
  const called = random.chance(0.15);
  if (called)
    lines.push(
      `route-map ${name}C ${random.chance(0.8) ? 'permit' : 'deny'} 5`,
      ` ${random.pick(matches(random))}`,
      ` ${random.pick(sets(random))}`,
      'exit',
      '!',
      `route-map ${name}C permit 20`,
      'exit',
      '!',
    );
  const entries = random.int(1, 5);
  for (let i = 1; i <= entries; i++) {
    const permit = random.chance(0.8);
    lines.push(`route-map ${name} ${permit ? 'permit' : 'deny'} ${i * 10}`);
    lines.push(...distinct(random, matches(random), random.int(0, 2), 3));
    if (permit) {
      lines.push(...distinct(random, sets(random), random.int(0, 3), 2));
      if (random.chance(0.1) && direction !== 'own')
        lines.push(` set ip next-hop ${nextHop(random, direction)}`);
      if (called && i === 2) lines.push(` call ${name}C`);
      if (random.chance(0.25))
        lines.push(
          ` ${random.pick(['on-match next', `on-match goto ${(i + 1) * 10}`, `continue ${(i + 2) * 10}`])}`,
        );
    }
    lines.push('exit', '!');
  }
  if (random.chance(0.8)) lines.push(`route-map ${name} permit 90`, 'exit', '!');
  return lines;
}

function nextHop(random: Random, direction: 'in' | 'out'): string {
  return direction === 'in' ? 'peer-address' : random.pick(['peer-address', 'unchanged']);
}

/** Some of the lines, one of each kind (told by its first `words` words). */
function distinct(random: Random, from: readonly string[], count: number, words: number): string[] {
  const kinds = new Set<string>();
  const lines: string[] = [];
  for (let n = 0; n < count; n++) {
    const line = random.pick(from);
    const all = line.split(' ');
    const kind = all.slice(0, all[1] === 'ip' || all[1] === 'as-path' ? words : 2).join(' ');
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    lines.push(` ${line}`);
  }
  return lines;
}
