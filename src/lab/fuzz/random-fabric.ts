import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './random.ts';
import { birdConf } from './random-bird.ts';
import { gobgpFiles } from './random-gobgp.ts';
import { lists, pool, routeMap } from './random-policy.ts';
import { mapped6, type RichPlan, richFrr, richPlan } from './random-rich.ts';
import { richGobgp } from './random-rich-gobgp.ts';
import { richerPlan } from './random-richer.ts';

export interface Session {
  readonly router: Router;
  readonly peer: Router;
  readonly address: string;
}

export interface Router {
  readonly name: string;
  readonly number: number;
  readonly asn: number;
  readonly interfaces: [name: string, address: string, link: string][];
  readonly sessions: Session[];
  /**
   * Share of the usual policies that it has. Each dispute has to be settled by all that take part in it: with policies as thick as in a
   * small fabric, every third fabric of ten routers never settles, and says little about anything else.
   */
  readonly policies: number;
}

/**
 * Writes a random fabric below `folder`: topology.yml and configs/. Odd seeds from 1001 on have GoBGP on some hosts, the others
 * are FRR alone; from 9001 on half of the hosts run BIRD, from 20001 on any of FRR, GoBGP, BIRD and fabricgen's speaker; from 2001 on policies and options are richer, some fabrics have IPv6 or are a confederation; from 3001 on sessions as well (local-as, listen ranges, loopbacks).
 */
export function writeRandomFabric(seed: number, folder: string, size: FabricSize = usualSize): void {
  const random = new Random(seed);
  const routers = makeRouters(random, size);
  connect(random, routers);
  const mixed = seed > 1000 && seed % 2 === 1;
  const rich = seed > RICH_FROM && seed <= BIRD_FROM ? richPlan(random, routers) : null;
  const richer =
    rich?.confederation === null && seed > RICHER_FROM
      ? richerPlan(random, routers, !rich.dual && !mixed)
      : null;
  const plan = rich && { ...rich, richer };
  const hosts = routers.map((router) => {
    const daemon = seed > ALL_FROM ? random.pick(everyDaemon) : daemonOf(random, seed, mixed);
    const routes = random.some(pool, 0.15).map((prefix) => `"blackhole ${prefix}"`);
    mkdirSync(join(folder, 'configs', router.name), { recursive: true });
    const files = filesOf(random, router, daemon, plan);
    for (const [name, lines] of files)
      writeFileSync(join(folder, 'configs', router.name, name), `${lines.join('\n')}\n`);
    const interfaces = router.interfaces.map(([name, address, link]) => {
      const six = plan?.dual ? `, "${mapped6(address.split('/')[0] ?? '')}/64"` : '';
      const on = name === 'lo' ? '' : `, link: ${link}`;
      return `      ${name}: { addresses: [${address}${six}]${on} }\n`;
    });
    const kernel = routes.length > 0 ? `    routes: [${routes.join(', ')}]\n` : '';
    const version = { frr: '8.4', gobgp: '3', bird: '2.0', speaker: '1' }[daemon];
    return `  ${router.name}:\n    daemon: ${daemon}\n    version: "${version}"\n    interfaces:\n${interfaces.join('')}${kernel}`;
  });
  writeFileSync(join(folder, 'topology.yml'), `# seed ${seed}\nhosts:\n${hosts.join('')}`);
}

/** Fabrics of later seeds have what the plain generator leaves out. */
const RICH_FROM = 2000;
/** Also sessions on which both ends have to agree. */
const RICHER_FROM = 3000;
/** From here on half of the hosts run BIRD. */
const BIRD_FROM = 9000;
/** From here on every daemon there is, side by side. */
const ALL_FROM = 20_000;

type RandomDaemon = 'gobgp' | 'frr' | 'bird' | 'speaker';
const everyDaemon: readonly RandomDaemon[] = ['frr', 'frr', 'gobgp', 'bird', 'speaker'];

function daemonOf(random: Random, seed: number, mixed: boolean): RandomDaemon {
  const bird = seed > BIRD_FROM && random.chance(0.5);
  return bird ? 'bird' : mixed && random.chance(0.4) ? 'gobgp' : 'frr';
}

/** Fewest and most routers of a fabric. */
export interface FabricSize {
  readonly least: number;
  readonly most: number;
}

export const usualSize: FabricSize = { least: 3, most: 6 };

function filesOf(
  random: Random,
  router: Router,
  daemon: RandomDaemon,
  plan: RichPlan | null,
): ReadonlyMap<string, string[]> {
  if (daemon === 'bird') return new Map([['bird.conf', birdConf(random, router)]]);
  if (plan) {
    if (daemon === 'gobgp') return richGobgp(random, router, plan);
    return new Map([['frr.conf', richFrr(random, router, plan)]]);
  }
  if (daemon === 'gobgp') return gobgpFiles(random, router);
  const lines = configOf(random, router);
  return new Map([
    ['frr.conf', daemon === 'speaker' ? lines.filter((line) => !leftToFrr.test(line)) : lines],
  ]);
}

/** What fabricgen's speaker leaves to others, and says so: aggregates, routes of the host's own, several paths at once; and what FRR refuses and goes on. */
const leftToFrr =
  /^ip route|^ +(?:aggregate-address|redistribute|maximum-paths)|default-originate|match metric 0$/;

/** In a larger fabric two routers reflect at most: where all of a mesh do, paths wander through it for their own sake. */
export function mayReflect({ policies, number }: Router): boolean {
  return policies === 1 || number <= 2;
}

/** Beyond so many routers policies become fewer, so that a fabric has about as many of them as one of this size. */
const MANY_ROUTERS = 6;

function makeRouters(random: Random, { least, most }: FabricSize): readonly Router[] {
  const count = random.int(least, most);
  const ases = random.int(1, Math.min(4, count));
  return Array.from({ length: count }, (_, index) => ({
    name: `r${index + 1}`,
    number: index + 1,
    asn: 65001 + (index < ases ? index : random.int(0, ases - 1)),
    interfaces: [],
    sessions: [],
    policies: Math.min(1, MANY_ROUTERS / count) ** 2,
  }));
}

/** Routers of one AS share a LAN and a mesh; routers of different AS meet on cables, or on a LAN of all of them. */
function connect(random: Random, routers: readonly Router[]): void {
  for (const asn of new Set(routers.map((router) => router.asn))) {
    const members = routers.filter((router) => router.asn === asn);
    if (members.length > 1) lan(members, `10.10.${asn - 65000}`, `as${asn}`, () => true);
  }
  const outside = routers.filter((router) => routers.some((other) => other.asn !== router.asn));
  if (outside.length > 2 && random.chance(0.35)) {
    lan(outside, '10.30.0', 'ix', (a, b) => a.asn !== b.asn && random.chance(0.7));
    return;
  }
  let cable = 0;
  routers.forEach((router, index) => {
    const earlier = routers.slice(0, index).filter((other) => other.asn !== router.asn);
    const wanted = earlier.filter((_, place) => place === 0 || random.chance(0.5));
    for (const other of wanted) {
      const net = `10.20.${++cable}`;
      lan([other, router], net, `c${cable}`, () => true, random.chance(0.5) ? 30 : 29);
    }
  });
}

function lan(
  members: readonly Router[],
  net: string,
  link: string,
  meets: (a: Router, b: Router) => boolean,
  length = 24,
): void {
  const addressOf = (router: Router) =>
    length === 24 ? `${net}.${router.number}` : `${net}.${members.indexOf(router) + 1}`;
  for (const router of members) {
    router.interfaces.push([`eth${router.interfaces.length}`, `${addressOf(router)}/${length}`, link]);
  }
  members.forEach((router, index) => {
    for (const peer of members.slice(0, index)) {
      if (!meets(router, peer)) continue;
      router.sessions.push({ router, peer, address: addressOf(peer) });
      peer.sessions.push({ router: peer, peer: router, address: addressOf(router) });
    }
  });
}

function configOf(random: Random, router: Router): string[] {
  const maps: string[] = [];
  const family: string[] = [];
  for (const session of router.sessions) family.push(...sessionLines(random, session, maps));
  return [
    'frr version 8.4',
    'frr defaults traditional',
    `hostname ${router.name}`,
    '!',
    ...(random.chance(0.3) ? [`ip route ${random.pick(pool)} ${gatewayOf(random, router)}`] : []),
    ...lists(random),
    '!',
    ...maps,
    `router bgp ${router.asn}`,
    ` bgp router-id ${random.int(1, 200)}.0.0.${router.number}`,
    ' no bgp ebgp-requires-policy',
    ' bgp bestpath compare-routerid',
    ...knobs(random, router),
    ...router.sessions.map(({ address, peer }) => ` neighbor ${address} remote-as ${peer.asn}`),
    ' !',
    ' address-family ipv4 unicast',
    ...random.some(pool, 0.35).map((prefix) => `  network ${prefix}`),
    ...(random.chance(0.4)
      ? [`  redistribute static${random.chance(0.5) ? ` metric ${random.int(1, 50)}` : ''}`]
      : []),
    ...(random.chance(0.3) ? ['  redistribute connected'] : []),
    ...(random.chance(0.2) ? ['  redistribute kernel'] : []),
    ...(random.chance(0.2)
      ? [
          `  aggregate-address ${random.pick(['10.1.0.0/16', '10.0.0.0/8', '10.2.0.0/15'])}${random.pick(['', ' summary-only', ' as-set'])}`,
        ]
      : []),
    ...(random.chance(0.2) ? [`  maximum-paths ${random.int(1, 3)}`] : []),
    ...(random.chance(0.2) ? [`  maximum-paths ibgp ${random.int(1, 3)}`] : []),
    ...family,
    ' exit-address-family',
    '!',
  ];
}

function gatewayOf(random: Random, router: Router): string {
  const session = router.sessions.length > 0 && random.chance(0.6) ? random.pick(router.sessions) : null;
  return session ? session.address : 'blackhole';
}

function knobs(random: Random, { policies }: Router): string[] {
  const med = random.pick([
    [' bgp deterministic-med'],
    [' bgp always-compare-med'],
    [' bgp always-compare-med', ' bgp deterministic-med'],
  ]);
  const rest = [
    ' bgp bestpath as-path multipath-relax',
    ' bgp bestpath med missing-as-worst',
    ' bgp bestpath as-path ignore',
    ' bgp default local-preference 120',
    ' no bgp network import-check',
    ' bgp bestpath peer-type multipath-relax',
  ];
  return [...med, ...random.some(rest, 0.2 * policies)];
}

function sessionLines(random: Random, { router, peer, address }: Session, maps: string[]): string[] {
  const lines: string[] = [];
  const option = (share: number, ...texts: readonly string[]) => {
    if (random.chance(share)) lines.push(`  neighbor ${address} ${random.pick(texts)}`);
  };
  for (const direction of ['in', 'out'] as const) {
    if (!random.chance(0.5 * router.policies)) continue;
    const name = `M${maps.length}${direction.toUpperCase()}`;
    maps.push(...routeMap(random, name));
    lines.push(`  neighbor ${address} route-map ${name} ${direction}`);
  }
  option(
    0.1,
    'prefix-list PA in',
    'prefix-list PB out',
    'filter-list AA in',
    'filter-list AA out',
    'distribute-list DA in',
    'distribute-list DA out',
  );
  option(0.05 * router.policies, 'weight 30');
  option(0.08, 'allowas-in 1', 'allowas-in', 'allowas-in origin');
  option(0.05, 'default-originate', 'default-originate route-map DEF');
  if (lines.some((line) => line.endsWith('DEF')) && !maps.includes('route-map DEF permit 10'))
    maps.push('route-map DEF permit 10', ' match ip address prefix-list PA', ' set metric 42', 'exit', '!');
  if (peer.asn === router.asn) {
    option(0.5, 'next-hop-self', 'next-hop-self force');
    if (router.number <= 2) option(0.4, 'route-reflector-client');
  } else {
    option(0.08, 'remove-private-AS', 'remove-private-AS all', 'remove-private-AS all replace-AS');
    option(0.08, 'as-override');
    option(0.08, 'next-hop-self');
    option(0.05, 'attribute-unchanged med', 'attribute-unchanged next-hop', 'attribute-unchanged as-path');
  }
  if (random.chance(0.05)) lines.push(`  no neighbor ${address} send-community`);
  return lines;
}
