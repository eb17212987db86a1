import type { Random } from './random.ts';
import type { Router, Session } from './random-fabric.ts';
import { lists, pool } from './random-policy.ts';
import { richLists, richRouteMap } from './random-rich-policy.ts';
import { isListened, listenLines, type RicherPlan, richerGeneral, shownAs } from './random-richer.ts';

/** What all hosts of a rich fabric agree on. */
export interface RichPlan {
  /** The confederation all are in; null: none. */
  readonly confederation: number | null;
  /** IPv6 beside IPv4: addresses on every cable, its own sessions. */
  readonly dual: boolean;
  /** From seed 3001 on. */
  readonly richer: RicherPlan | null;
}

export const pool6 = ['2001:db8:1:1::/64', '2001:db8:1:2::/64', '2001:db8:2::/48'];

export function richPlan(random: Random, routers: readonly Router[]): RichPlan {
  const ases = new Set(routers.map(({ asn }) => asn));
  return {
    confederation: ases.size > 1 && random.chance(0.12) ? 64900 : null,
    dual: random.chance(0.35),
    richer: null,
  };
}

/** `10.20.3.1` → `2001:db8:f:20:4::1`: no part is 0, the text is canonical. */
export function mapped6(address: string): string {
  const [, second, third, host] = address.split('.');
  return `2001:db8:f:${second}:${Number(third) + 1}::${host}`;
}

/** frr.conf with what the plain generator leaves out. */
export function richFrr(random: Random, whole: Router, plan: RichPlan): string[] {
  const router = { ...whole, sessions: whole.sessions.filter((one) => !isListened(one, plan.richer)) };
  const maps: string[] = [];
  const map = (direction: 'in' | 'out' | 'own') => {
    const name = `R${maps.length}${direction.toUpperCase()}`;
    maps.push(...richRouteMap(random, name, direction));
    return name;
  };
  const general = router.sessions.flatMap((session) => generalLines(random, session, plan));
  const family = router.sessions.flatMap((session) =>
    familyLines(random, session, session.address, map, plan.richer),
  );
  const six = plan.dual
    ? router.sessions.flatMap((session) => familyLines(random, session, mapped6(session.address), map))
    : [];
  const via = (share: number) => (random.chance(share) ? ` route-map ${map('own')}` : '');
  const own = [
    ...random.some(pool, 0.35).map((prefix) => `  network ${prefix}${via(0.2)}`),
    ...(random.chance(0.4) ? [`  redistribute static${via(0.4)}`] : []),
    ...(random.chance(0.3) ? [`  redistribute connected${via(0.4)}`] : []),
    ...(random.chance(0.2) ? [`  redistribute kernel metric ${random.int(1, 50)}`] : []),
    ...(random.chance(0.3) ? [`  aggregate-address ${aggregate(random)}`] : []),
    ...(random.chance(0.3) ? [`  maximum-paths ${random.int(1, 3)}`] : []),
    ...(random.chance(0.3) ? [`  maximum-paths ibgp ${random.int(1, 3)}`] : []),
  ];
  const statics = random
    .some(pool, 0.15)
    .map(
      (prefix) => `ip route ${prefix} blackhole${random.chance(0.5) ? ` tag ${random.pick([7, 8])}` : ''}`,
    );
  return [
    'frr version 8.4',
    'frr defaults traditional',
    `hostname ${router.name}`,
    '!',
    ...statics,
    ...(plan.richer?.underlay.get(router.name) ?? []),
    ...lists(random),
    ...richLists(random),
    '!',
    ...maps,
    `router bgp ${router.asn}`,
    ` bgp router-id ${random.int(1, 200)}.0.0.${router.number}`,
    ' no bgp ebgp-requires-policy',
    ' no bgp default ipv4-unicast',
    ...knobs(random, router, plan),
    ...general,
    ...listenLines(router, plan.richer, plan.dual),
    ' !',
    ' address-family ipv4 unicast',
    ...own,
    ...router.sessions.map(({ address }) => `  neighbor ${address} activate`),
    ...(plan.richer?.listeners.has(router.name) ? ['  neighbor DYN activate'] : []),
    ...family,
    ' exit-address-family',
    ...(plan.dual
      ? [
          ' address-family ipv6 unicast',
          ...random.some(pool6, 0.5).map((prefix) => `  network ${prefix}`),
          ...(random.chance(0.3) ? ['  redistribute connected'] : []),
          ...router.sessions.map(({ address }) => `  neighbor ${mapped6(address)} activate`),
          ...(plan.richer?.listeners.has(router.name) ? ['  neighbor SIX activate'] : []),
          ...six,
          ' exit-address-family',
        ]
      : []),
    '!',
  ];
}

function aggregate(random: Random): string {
  const prefix = random.pick(['10.1.0.0/16', '10.0.0.0/8', '10.2.0.0/15']);
  return `${prefix}${random.pick(['', ' summary-only', ' as-set', ' as-set summary-only'])}`;
}

function knobs(random: Random, router: Router, { confederation }: RichPlan): string[] {
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
    ' bgp bestpath as-path confed',
    ' bgp route-reflector allow-outbound-policy',
    ' no bgp client-to-client reflection',
    ` bgp cluster-id ${random.int(1, 3)}.3.3.3`,
  ];
  const others = [...new Set(router.sessions.map(({ peer }) => peer.asn))].filter(
    (asn) => asn !== router.asn,
  );
  const members = others.length > 0 ? [` bgp confederation peers ${others.join(' ')}`] : [];
  return [
    ' bgp bestpath compare-routerid',
    ...(confederation === null ? [] : [` bgp confederation identifier ${confederation}`, ...members]),
    ...med,
    ...random.some(rest, 0.15 * router.policies),
  ];
}

function generalLines(random: Random, session: Session, plan: RichPlan): string[] {
  const { router, peer, address } = session;
  const external = peer.asn !== router.asn;
  const addresses = plan.dual ? [address, mapped6(address)] : [address];
  return addresses.flatMap((at) => [
    ` neighbor ${at} remote-as ${external && plan.confederation === null && random.chance(0.15) ? 'external' : shownAs(session, plan.richer)}`,
    ...richerGeneral({ router, peer, address: at }, plan.richer),
    ...(external && random.chance(0.1) ? [` neighbor ${at} ebgp-multihop 2`] : []),
    ...(random.chance(0.05) ? [` neighbor ${at} solo`] : []),
  ]);
}

function familyLines(
  random: Random,
  { router, peer }: Session,
  address: string,
  map: (direction: 'in' | 'out' | 'own') => string,
  richer: RicherPlan | null = null,
): string[] {
  const six = address.includes(':');
  const lines: string[] = [];
  const option = (share: number, ...texts: readonly string[]) => {
    if (random.chance(share)) lines.push(`  neighbor ${address} ${random.pick(texts)}`);
  };
  for (const direction of ['in', 'out'] as const)
    if (random.chance((six ? 0.25 : 0.5) * router.policies))
      lines.push(`  neighbor ${address} route-map ${map(direction)} ${direction}`);
  if (!six)
    option(
      0.15,
      'prefix-list PG in',
      'prefix-list PB out',
      'distribute-list DA in',
      'distribute-list DA out',
    );
  option(0.1, 'filter-list AB in', 'filter-list AB out', 'filter-list AA in', 'filter-list AA out');
  option(0.08 * router.policies, 'weight 30', 'weight 100');
  option(0.12, 'allowas-in 1', 'allowas-in', 'allowas-in origin');
  if (!six) option(0.08, 'default-originate');
  if (richer && random.chance(0.15)) option(1, `default-originate route-map ${map('own')}`);
  if (peer.asn === router.asn) {
    option(0.5, 'next-hop-self', 'next-hop-self force');
    if (router.number <= 2) option(0.4, 'route-reflector-client');
  } else {
    option(
      0.12,
      'remove-private-AS',
      'remove-private-AS all',
      'remove-private-AS all replace-AS',
      'remove-private-AS replace-AS',
    );
    option(0.12, 'as-override');
    option(0.1, 'next-hop-self');
    option(
      0.1,
      'attribute-unchanged med',
      'attribute-unchanged next-hop',
      'attribute-unchanged as-path',
      'attribute-unchanged',
    );
  }
  const silent = random.int(0, 30);
  if (silent < 2) lines.push(`  no neighbor ${address} send-community${silent === 0 ? '' : ' large'}`);
  return lines;
}
