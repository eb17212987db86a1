import type { Random } from './random.ts';
import { mayReflect, type Router, type Session } from './random-fabric.ts';
import { communities, pool } from './random-policy.ts';

/** bird.conf of one router: routes of its own, a session per neighbour, filters made up from the parts of the language. */
export function birdConf(random: Random, router: Router): string[] {
  const gateway = () => {
    const session = router.sessions.length > 0 && random.chance(0.5) ? random.pick(router.sessions) : null;
    return session ? `via ${session.address}` : random.pick(['blackhole', 'unreachable', 'prohibit']);
  };
  const routes = random.some(pool, 0.4).map((prefix) => {
    const beside = random.chance(0.4) ? ` { ${random.some(assignments(random), 0.3).join(' ')} }` : '';
    return `  route ${prefix} ${gateway()}${beside};`;
  });
  const decision = [
    ...(random.chance(0.8) ? ['  med metric;'] : []),
    ...(random.chance(0.15 * router.policies) ? ['  path metric off;'] : []),
    ...(random.chance(0.15) ? ['  igp metric off;'] : []),
    ...(random.chance(0.15) ? ['  default bgp_med 20;'] : []),
    ...(random.chance(0.15) ? ['  default bgp_local_pref 120;'] : []),
  ];
  return [
    `router id ${random.int(1, 200)}.0.0.${router.number};`,
    'function is_short(bgppath p; int most) { return p.len <= most; }',
    ...filter(random, 'f1'),
    ...filter(random, 'f2'),
    'protocol device { }',
    ...(random.chance(0.8) ? ['protocol direct { ipv4; }'] : []),
    `protocol kernel { ${random.pick(['', 'merge paths on;', 'merge paths on limit 2;', 'learn;'])} ipv4 { export ${random.pick(['all', 'all', 'where source = RTS_BGP', 'none'])}; }; }`,
    'protocol static {',
    `  ipv4${random.chance(0.1) ? ' { preference 90; }' : ''};`,
    ...routes,
    '}',
    'template bgp peers {',
    `  local as ${router.asn};`,
    '  connect retry time 2; connect delay time 1; error wait time 1, 2;',
    ...decision,
    '}',
    ...router.sessions.flatMap((session, index) => bgpProtocol(random, session, index)),
  ];
}

function bgpProtocol(random: Random, { router, peer, address }: Session, index: number): string[] {
  const internal = router.asn === peer.asn;
  const policy = () => {
    const drawn = random.pick(['all', 'all', 'filter f1', 'filter f2', `where ${condition(random)}`]);
    return router.policies === 1 || random.chance(router.policies) ? drawn : 'all';
  };
  return [
    `protocol bgp n${index} from peers {`,
    `  neighbor ${address} as ${peer.asn};`,
    ...(internal && mayReflect(router) && random.chance(0.4) ? ['  rr client;'] : []),
    ...(random.chance(0.1) ? [`  allow local as ${random.pick(['', '1'])};`] : []),
    ...(random.chance(0.1) ? ['  interpret communities off;'] : []),
    ...(random.chance(0.15 * router.policies) ? ['  allow bgp_local_pref;'] : []),
    ...(internal && random.chance(0.2) ? ['  direct;'] : []),
    ...(!internal && random.chance(0.15) ? ['  multihop 2;'] : []),
    '  ipv4 {',
    `    import ${policy()};`,
    `    export ${policy()};`,
    ...(random.chance(0.25) ? [`    next hop self ${random.pick(['', 'ibgp', 'ebgp'])};`] : []),
    ...(random.chance(0.1) ? [`    next hop keep ${random.pick(['', 'ibgp', 'ebgp'])};`] : []),
    ...(random.chance(0.1 * router.policies) ? ['    preference 110;'] : []),
    '  };',
    '}',
  ];
}

function pair(random: Random): string {
  return `(${random.pick(communities).replace(':', ',')})`;
}

export function assignments(random: Random): string[] {
  return [
    `bgp_med = ${random.int(0, 60)};`,
    `bgp_local_pref = ${random.pick([50, 100, 150, 200])};`,
    `bgp_path.prepend(${random.pick([65050, 65051])});`,
    `bgp_community.add(${pair(random)});`,
    `bgp_origin = ${random.pick(['ORIGIN_IGP', 'ORIGIN_EGP', 'ORIGIN_INCOMPLETE'])};`,
    `bgp_large_community.add((65001, ${random.int(1, 3)}, 7));`,
  ];
}

export function condition(random: Random): string {
  const one = () =>
    random.pick([
      `net ~ [ 10.0.0.0/8{${random.pick([8, 16, 24])},${random.pick([24, 25, 32])}} ]`,
      `net = ${random.pick(pool)}`,
      `source ${random.pick(['=', '!='])} ${random.pick(['RTS_BGP', 'RTS_STATIC', 'RTS_DEVICE'])}`,
      `is_short(bgp_path, ${random.int(1, 3)})`,
      `bgp_path ~ [= ${random.pick(['*', '65001', '65002', '?'])} ${random.pick(['*', '65003', '65001'])} =]`,
      `bgp_path.${random.pick(['first', 'last'])} ${random.pick(['=', '!='])} ${random.pick([65001, 65002, 65003])}`,
      `${pair(random)} ${random.pick(['~', '!~'])} bgp_community`,
      `bgp_community ~ [ (65001, *), ${pair(random)} ]`,
      `defined(${random.pick(['bgp_med', 'bgp_local_pref', 'bgp_origin', 'bgp_community'])})`,
      `bgp_med ${random.pick(['<', '>', '<=', '='])} ${random.int(0, 30)}`,
      `bgp_origin ~ [ ORIGIN_IGP, ORIGIN_EGP ]`,
      `preference > ${random.pick([90, 100, 150])}`,
      `net.len ~ [ 8..${random.pick([16, 24])} ]`,
    ]);
  const first = random.chance(0.25) ? `! (${one()})` : one();
  return random.chance(0.35) ? `${first} ${random.pick(['&&', '||'])} (${one()})` : first;
}

function filter(random: Random, name: string): string[] {
  const lines: string[] = [];
  const action = () => random.pick([...assignments(random), ...removals(random)]);
  for (let n = random.int(1, 4); n > 0; n--) {
    const ends = random.pick(['', '', ' accept;', ' reject;']);
    const body = `{ ${action()}${random.chance(0.4) ? ` ${action()}` : ''}${ends} }`;
    if (random.chance(0.15)) {
      const values = random.pick(['8..16: ', '24: ', '25, 32: ']);
      lines.push(`  case net.len { ${values}${action()} else: ${action()} }`);
    } else
      lines.push(`  if ${condition(random)} then ${body}${random.chance(0.3) ? ` else ${action()}` : ''}`);
  }
  return [`filter ${name} {`, ...lines, `  ${random.pick(['accept', 'accept', 'accept', 'reject'])};`, '}'];
}

function removals(random: Random): string[] {
  return [
    'unset(bgp_med);',
    `bgp_med = bgp_med + ${random.int(1, 9)};`,
    `bgp_local_pref = bgp_local_pref + ${random.int(1, 30)};`,
    `bgp_community.delete(${pair(random)});`,
    'bgp_community.delete([(65001, *)]);',
    `bgp_community.filter([(65001, *), ${pair(random)}]);`,
    `bgp_path.delete(${random.pick(['65050', '[65050..65060]'])});`,
    'bgp_community = -empty-;',
  ];
}
