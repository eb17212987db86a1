import type { Random } from './random.ts';
import { mayReflect, type Router, type Session } from './random-fabric.ts';
import { communities, pool } from './random-policy.ts';

/** gobgp.toml and gobgp-cli.txt of one router: neighbors, a few policies, announcements. */
export function gobgpFiles(random: Random, router: Router): ReadonlyMap<string, string[]> {
  const policies: string[] = [];
  const imports: string[] = [];
  const exports: string[] = [];
  if (random.chance(0.5 * router.policies)) imports.push(policy(random, 'in', policies));
  if (random.chance(0.5 * router.policies)) exports.push(policy(random, 'out', policies));
  const list = (names: readonly string[]) => `[${names.map((name) => `"${name}"`).join(', ')}]`;
  const toml = [
    '[global.config]',
    `  as = ${router.asn}`,
    `  router-id = "${random.int(1, 200)}.0.0.${router.number}"`,
    '[global.route-selection-options.config]',
    '  external-compare-router-id = true',
    // Without it the result hangs on the order of arrival.
    '  always-compare-med = true',
    ...(random.chance(0.2 * router.policies) ? ['  ignore-as-path-length = true'] : []),
    '[global.apply-policy.config]',
    `  import-policy-list = ${list(imports)}`,
    '  default-import-policy = "accept-route"',
    `  export-policy-list = ${list(exports)}`,
    '  default-export-policy = "accept-route"',
    ...router.sessions.flatMap((session) => neighbor(random, session)),
    ...sets(random),
    ...policies,
  ];
  const cli = random
    .some(pool, 0.4)
    .map((prefix) =>
      [
        `gobgp global rib add -a ipv4 ${prefix}`,
        ...(random.chance(0.7) ? [`origin ${random.pick(['igp', 'egp', 'incomplete'])}`] : []),
        ...(random.chance(0.3) ? [`med ${random.int(0, 30)}`] : []),
        ...(random.chance(0.3) ? [`local-pref ${random.pick([50, 100, 200])}`] : []),
        ...(random.chance(0.3) ? [`community ${random.pick(communities)}`] : []),
      ].join(' '),
    );
  return new Map([
    ['gobgp.toml', toml],
    ['gobgp-cli.txt', cli],
  ]);
}

function neighbor(random: Random, { router, peer, address }: Session): string[] {
  const reflects = router.asn === peer.asn && mayReflect(router) && random.chance(0.4);
  return [
    '[[neighbors]]',
    '  [neighbors.config]',
    `    neighbor-address = "${address}"`,
    `    peer-as = ${peer.asn}`,
    ...(router.asn !== peer.asn && random.chance(0.1) ? ['    remove-private-as = "all"'] : []),
    '  [neighbors.timers.config]',
    '    connect-retry = 1',
    ...(random.chance(0.1) ? ['  [neighbors.as-path-options.config]', '    allow-own-as = 1'] : []),
    ...(reflects ? ['  [neighbors.route-reflector.config]', '    route-reflector-client = true'] : []),
    '  [[neighbors.afi-safis]]',
    '    [neighbors.afi-safis.config]',
    '      afi-safi-name = "ipv4-unicast"',
  ];
}

function sets(random: Random): string[] {
  return [
    '[[defined-sets.prefix-sets]]',
    '  prefix-set-name = "ps"',
    ...random
      .some(pool, 0.5)
      .concat('10.2.0.0/15')
      .flatMap((prefix) => [
        '  [[defined-sets.prefix-sets.prefix-list]]',
        `    ip-prefix = "${prefix}"`,
        `    masklength-range = "${prefix.split('/')[1]}..${random.pick([24, 25])}"`.replace(
          '25..24',
          '25..25',
        ),
      ]),
    '[[defined-sets.bgp-defined-sets.community-sets]]',
    '  community-set-name = "cs"',
    `  community-list = ["${random.pick(communities)}"]`,
    '[[defined-sets.bgp-defined-sets.as-path-sets]]',
    '  as-path-set-name = "as"',
    `  as-path-list = ["${random.pick(['^65001', '_65002_', '65003$'])}"]`,
  ];
}

/** Adds one policy definition of one or two statements to `lines` and returns its name. */
function policy(random: Random, name: string, lines: string[]): string {
  const at = 'policy-definitions.statements';
  lines.push('[[policy-definitions]]', `  name = "${name}"`);
  for (let n = random.int(1, 2); n > 0; n--) {
    lines.push(`  [[${at}]]`, `    name = "${name}-${n}"`);
    const condition = random.int(0, 3);
    const options = `      match-set-options = "${random.pick(['any', 'invert'])}"`;
    if (condition === 1) {
      lines.push(`    [${at}.conditions.match-prefix-set]`, '      prefix-set = "ps"', options);
    } else if (condition === 2) {
      const set = `    [${at}.conditions.bgp-conditions.match-community-set]`;
      lines.push(set, '      community-set = "cs"', options);
    } else if (condition === 3) {
      const set = `    [${at}.conditions.bgp-conditions.match-as-path-set]`;
      lines.push(set, '      as-path-set = "as"', options);
    }
    const disposition = random.pick(['accept-route', 'accept-route', 'none', 'reject-route']);
    lines.push(`    [${at}.actions]`, `      route-disposition = "${disposition}"`);
    if (disposition === 'reject-route') continue;
    lines.push(`    [${at}.actions.bgp-actions]`);
    if (random.chance(0.4)) lines.push(`      set-med = "${random.pick(['5', '+7', '-2', '0'])}"`);
    if (random.chance(0.4)) lines.push(`      set-local-pref = ${random.pick([50, 150, 200])}`);
    if (random.chance(0.2)) lines.push(`      set-route-origin = "${random.pick(['igp', 'egp'])}"`);
    if (random.chance(0.2)) lines.push(`      set-next-hop = "self"`);
    if (random.chance(0.3)) {
      lines.push(`    [${at}.actions.bgp-actions.set-as-path-prepend]`);
      lines.push(`      as = "${random.pick(['65050', 'last-as'])}"`, '      repeat-n = 2');
    }
    if (random.chance(0.4)) {
      lines.push(`    [${at}.actions.bgp-actions.set-community]`);
      lines.push(`      options = "${random.pick(['add', 'replace', 'remove'])}"`);
      lines.push(`      [${at}.actions.bgp-actions.set-community.set-community-method]`);
      lines.push(`        communities-list = ["${random.pick(communities)}"]`);
    }
  }
  return name;
}
