import type { Random } from './random.ts';
import { mayReflect, type Router, type Session } from './random-fabric.ts';
import { communities, pool } from './random-policy.ts';
import { mapped6, pool6, type RichPlan } from './random-rich.ts';
import { largeCommunities } from './random-rich-policy.ts';
import { localAsOf, type RicherPlan, shownAs } from './random-richer.ts';

const list = (names: readonly string[]) => `[${names.map((name) => `"${name}"`).join(', ')}]`;

/** gobgp.toml and gobgp-cli.txt with what the plain generator leaves out. */
export function richGobgp(random: Random, router: Router, plan: RichPlan): ReadonlyMap<string, string[]> {
  const policies: string[] = [];
  const some = (direction: string) =>
    Array.from({ length: random.int(0, 2) }, (_, n) => policy(random, `${direction}${n}`, router, policies));
  const [imports, exports] = [some('in'), some('out')];
  const others = [...new Set(router.sessions.map(({ peer }) => peer.asn))].filter(
    (asn) => asn !== router.asn,
  );
  const toml = [
    '[global.config]',
    `  as = ${router.asn}`,
    `  router-id = "${random.int(1, 200)}.0.0.${router.number}"`,
    ...(plan.confederation === null
      ? []
      : [
          '[global.confederation.config]',
          '  enabled = true',
          `  identifier = ${plan.confederation}`,
          `  member-as-list = [${others.join(', ')}]`,
        ]),
    '[global.route-selection-options.config]',
    '  external-compare-router-id = true',
    '  always-compare-med = true',
    ...(random.chance(0.2 * router.policies) ? ['  ignore-as-path-length = true'] : []),
    '[global.apply-policy.config]',
    `  import-policy-list = ${list(imports)}`,
    `  default-import-policy = "${random.chance(0.85) || imports.length === 0 ? 'accept' : 'reject'}-route"`,
    `  export-policy-list = ${list(exports)}`,
    `  default-export-policy = "${random.chance(0.85) || exports.length === 0 ? 'accept' : 'reject'}-route"`,
    ...router.sessions.flatMap((session) => [
      ...neighbor(random, session, session.address, 'ipv4-unicast', plan.richer),
      ...(plan.dual ? neighbor(random, session, mapped6(session.address), 'ipv6-unicast', plan.richer) : []),
    ]),
    ...sets(random, router),
    ...policies,
  ];
  const announced = (family: string, from: readonly string[]) =>
    random
      .some(from, 0.4)
      .map((prefix) =>
        [
          `gobgp global rib add -a ${family} ${prefix}`,
          ...(random.chance(0.7) ? [`origin ${random.pick(['igp', 'egp', 'incomplete'])}`] : []),
          ...(random.chance(0.3) ? [`med ${random.int(0, 30)}`] : []),
          ...(random.chance(0.3) ? [`local-pref ${random.pick([50, 100, 200])}`] : []),
          ...(random.chance(0.4)
            ? [`community ${random.some(communities, 0.6).join(',') || '65000:1'}`]
            : []),
          ...(random.chance(0.2) ? [`aspath ${random.pick(['65050', '65002'])}`] : []),
          ...(random.chance(0.3) ? [`large-community ${random.pick(largeCommunities)}`] : []),
        ].join(' '),
      );
  return new Map([
    ['gobgp.toml', toml],
    ['gobgp-cli.txt', [...announced('ipv4', pool), ...(plan.dual ? announced('ipv6', pool6) : [])]],
  ]);
}

function neighbor(
  random: Random,
  { router, peer }: Session,
  address: string,
  family: string,
  richer: RicherPlan | null,
): string[] {
  const session = { router, peer, address };
  const own = localAsOf(session, richer);
  const external = router.asn !== peer.asn;
  const asPath = [
    ...(random.chance(0.15) ? ['    allow-own-as = 1'] : []),
    ...(external && random.chance(0.12) ? ['    replace-peer-as = true'] : []),
  ];
  return [
    '[[neighbors]]',
    '  [neighbors.config]',
    `    neighbor-address = "${address}"`,
    `    peer-as = ${shownAs(session, richer)}`,
    ...(own ? [`    local-as = ${own.asn}`] : []),
    ...(external && random.chance(0.15)
      ? [`    remove-private-as = "${random.pick(['all', 'replace'])}"`]
      : []),
    '  [neighbors.timers.config]',
    '    connect-retry = 1',
    ...(asPath.length > 0 ? ['  [neighbors.as-path-options.config]', ...asPath] : []),
    ...(!external && mayReflect(router) && random.chance(0.4)
      ? ['  [neighbors.route-reflector.config]', '    route-reflector-client = true']
      : []),
    '  [[neighbors.afi-safis]]',
    '    [neighbors.afi-safis.config]',
    `      afi-safi-name = "${family}"`,
  ];
}

function sets(random: Random, router: Router): string[] {
  const prefixes = (name: string, from: readonly string[]) => [
    '[[defined-sets.prefix-sets]]',
    `  prefix-set-name = "${name}"`,
    ...from.flatMap((prefix) => [
      '  [[defined-sets.prefix-sets.prefix-list]]',
      `    ip-prefix = "${prefix}"`,
      ...(random.chance(0.6)
        ? [`    masklength-range = "${prefix.split('/')[1]}..${prefix.includes(':') ? 64 : 25}"`]
        : []),
    ]),
  ];
  const bgp = (kind: string, name: string, key: string, values: readonly string[]) => [
    `[[defined-sets.bgp-defined-sets.${kind}-sets]]`,
    `  ${kind}-set-name = "${name}"`,
    `  ${key} = ${list(values)}`,
  ];
  const peers = router.sessions.map(({ address }) => `${address}/32`);
  return [
    ...prefixes('ps', [...random.some(pool, 0.5), '10.2.0.0/15']),
    ...prefixes('p6', ['2001:db8:1::/48']),
    '[[defined-sets.neighbor-sets]]',
    '  neighbor-set-name = "ns"',
    `  neighbor-info-list = ${list(random.some(peers, 0.5).concat(peers.slice(0, 1)))}`,
    ...bgp('community', 'cs', 'community-list', [
      random.pick(communities),
      random.pick(['^65000:.*$', '65001:7']),
    ]),
    ...bgp('large-community', 'ls', 'large-community-list', [random.pick(largeCommunities)]),
    ...bgp('as-path', 'as', 'as-path-list', [
      random.pick(['^65001', '_65002_', '65003$', '^65001_65002', '^6500[12]$']),
      random.pick(['^65001_', '_65050_', '^65002$']),
    ]),
  ];
}

const at = 'policy-definitions.statements';

/** Adds one policy definition to `lines` and returns its name. */
function policy(random: Random, name: string, router: Router, lines: string[]): string {
  lines.push('[[policy-definitions]]', `  name = "${name}"`);
  for (let n = random.int(1, 3); n > 0; n--) {
    lines.push(`  [[${at}]]`, `    name = "${name}-${n}"`, ...conditions(random, router));
    const disposition = random.pick(['accept-route', 'accept-route', 'none', 'reject-route']);
    lines.push(`    [${at}.actions]`, `      route-disposition = "${disposition}"`);
    if (disposition !== 'reject-route') lines.push(...actions(random, router));
  }
  return name;
}

function conditions(random: Random, router: Router): string[] {
  const options = (...from: readonly string[]) => `      match-set-options = "${random.pick(from)}"`;
  const all: readonly string[][] = [
    [`    [${at}.conditions.match-prefix-set]`, '      prefix-set = "ps"', options('any', 'invert')],
    [`    [${at}.conditions.match-neighbor-set]`, '      neighbor-set = "ns"', options('any', 'invert')],
    [
      `    [${at}.conditions.bgp-conditions.match-community-set]`,
      '      community-set = "cs"',
      options('any', 'all', 'invert'),
    ],
    [
      `    [${at}.conditions.bgp-conditions.match-as-path-set]`,
      '      as-path-set = "as"',
      options('any', 'all', 'invert'),
    ],
    [
      `    [${at}.conditions.bgp-conditions.match-large-community-set]`,
      '      large-community-set = "ls"',
      options('any', 'all', 'invert'),
    ],
    [
      `    [${at}.conditions.bgp-conditions.as-path-length]`,
      `      operator = "${random.pick(['eq', 'ge', 'le'])}"`,
      `      value = ${random.int(0, 3)}`,
    ],
    [
      `    [${at}.conditions.bgp-conditions]`,
      `      route-type = "${random.pick(['internal', 'external', 'local'])}"`,
    ],
    [
      `    [${at}.conditions.bgp-conditions]`,
      `      next-hop-in-list = ["${random.pick(['10.0.0.1', ...router.sessions.map(({ address }) => address)])}"]`,
    ],
  ];
  const first = random.int(0, all.length + 1);
  return all[first] ?? [];
}

function actions(random: Random, router: Router): string[] {
  const lines = [`    [${at}.actions.bgp-actions]`];
  if (random.chance(0.35)) lines.push(`      set-med = "${random.pick(['5', '+7', '-2', '0'])}"`);
  if (random.chance(0.35)) lines.push(`      set-local-pref = ${random.pick([50, 150, 200])}`);
  if (random.chance(0.15)) lines.push('      set-next-hop = "self"');
  if (random.chance(0.3))
    lines.push(
      `    [${at}.actions.bgp-actions.set-as-path-prepend]`,
      `      as = "${random.pick(['65050', 'last-as', String(router.asn)])}"`,
      `      repeat-n = ${random.int(1, 3)}`,
    );
  const community = (kind: string, values: readonly string[]) => {
    const table = `${at}.actions.bgp-actions.set-${kind}`;
    lines.push(
      `    [${table}]`,
      `      options = "${random.pick(['add', 'replace', 'remove'])}"`,
      `      [${table}.set-${kind}-method]`,
      `        communities-list = ${list(values)}`,
    );
  };
  if (random.chance(0.4)) community('community', [random.pick(communities), random.pick(communities)]);
  if (random.chance(0.2)) community('large-community', [random.pick(largeCommunities)]);
  return lines;
}
