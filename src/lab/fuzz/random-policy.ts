import type { Random } from './random.ts';

/** The prefixes that random fabrics announce; few, so that several routers announce the same. */
export const pool = [
  '10.1.1.0/24',
  '10.1.2.0/24',
  '10.1.3.0/24',
  '10.1.4.0/25',
  '10.2.0.0/16',
  '10.2.7.0/24',
];

export const communities = ['65000:1', '65000:2', '65001:7', '64999:100'];

/** The lists every router has; route-maps name some of them. */
export function lists(random: Random): string[] {
  const lines: string[] = [];
  for (const name of ['PA', 'PB']) {
    let seq = 5;
    for (const prefix of random.some(pool, 0.5)) {
      const verdict = random.chance(0.8) ? 'permit' : 'deny';
      lines.push(`ip prefix-list ${name} seq ${seq} ${verdict} ${prefix}`);
      seq += 5;
    }
    if (random.chance(0.5))
      lines.push(`ip prefix-list ${name} seq ${seq} permit 10.1.0.0/16 ge ${random.int(17, 25)}`);
    else lines.push(`ip prefix-list ${name} seq ${seq} permit 10.2.0.0/15 le 24`);
  }
  lines.push(
    `bgp as-path access-list AA permit ${random.pick(['_65001_', '^65002', '_65003$', '^$', '^6500[12]_'])}`,
  );
  if (random.chance(0.3)) lines.push('bgp as-path access-list AA permit _65004_');
  lines.push(`bgp community-list standard CA permit ${random.pick(communities)}`);
  if (random.chance(0.3))
    lines.push(
      `bgp community-list standard CA permit ${random.pick(communities)} ${random.pick(communities)}`,
    );
  lines.push(
    `bgp community-list expanded CX permit ${random.pick(['65000:.*', '_65001:7_', '^65000:1', ':100$'])}`,
  );
  lines.push(`access-list DA seq 5 ${random.pick(['deny', 'permit'])} ${random.pick(pool)}`);
  lines.push('access-list DA seq 10 permit any');
  return lines;
}

export const mapMatches = (random: Random): string[] => [
  'match ip address prefix-list PA',
  'match ip address prefix-list PB',
  'match as-path AA',
  'match community CA',
  'match community CX',
  'match community CA exact-match',
  `match metric ${random.pick([0, 10, 20])}`,
  `match local-preference ${random.pick([100, 150, 200])}`,
  `match origin ${random.pick(['igp', 'incomplete'])}`,
];

export const mapSets = (random: Random): string[] => [
  `set metric ${random.pick(['5', '10', '20', '+5', '-3', '0'])}`,
  `set local-preference ${random.pick(['50', '100', '150', '200', '+10', '-20'])}`,
  `set as-path prepend ${random.pick(['65050', '65001', '65002 65002', 'last-as 2'])}`,
  `set community ${random.pick(communities)} additive`,
  `set community ${random.pick(communities)} ${random.pick(communities)}`,
  'set community no-export additive',
  'set community none',
  'set comm-list CA delete',
  `set weight ${random.pick([0, 10, 100])}`,
  `set origin ${random.pick(['igp', 'egp', 'incomplete'])}`,
  'set as-path exclude 65050',
];

/** One route-map: a few entries, mostly with an open end. */
export function routeMap(random: Random, name: string): string[] {
  const lines: string[] = [];
  const entries = random.int(1, 4);
  for (let i = 1; i <= entries; i++) {
    const permit = random.chance(0.8);
    lines.push(`route-map ${name} ${permit ? 'permit' : 'deny'} ${i * 10}`);
    if (random.chance(0.8)) lines.push(` ${random.pick(mapMatches(random))}`);
    if (random.chance(0.2)) lines.push(' match ip address prefix-list PA');
    if (permit) {
      const kinds = new Set<string>();
      for (let n = random.int(0, 3); n > 0; n--) {
        const line = random.pick(mapSets(random));
        const kind = line.split(' ').slice(0, 2).join(' ');
        if (!kinds.has(kind)) lines.push(` ${line}`);
        kinds.add(kind);
      }
      const goesOn = random.chance(0.19);
      if (goesOn) lines.push(random.chance(0.53) ? ' on-match next' : ` continue ${(i + 1) * 10}`);
    }
    lines.push('exit', '!');
  }
  if (random.chance(0.8)) lines.push(`route-map ${name} permit 90`, 'exit', '!');
  return dedupeMatches(lines);
}

/** FRR keeps the last of two equal kinds of match in one entry: one is enough. */
function dedupeMatches(lines: readonly string[]): string[] {
  let seen = new Set<string>();
  return lines.filter((line) => {
    if (line.startsWith('route-map')) seen = new Set();
    if (!line.startsWith(' match')) return true;
    const kind = line
      .trim()
      .split(' ')
      .slice(0, line.includes('ip address') ? 3 : 2)
      .join(' ');
    if (seen.has(kind)) return false;
    seen.add(kind);
    return true;
  });
}
