import { nearestName } from '../../base/nearest.ts';
import { formatSource } from '../../base/source.ts';
import type { Neighbor } from '../../model/fabric.ts';
import { neighborText, type RuleContext, type Speaker } from './context.ts';
import { definitionsOf, type PolicyKind, policyUses } from './policy-uses.ts';
import type { Finding, Rule } from './rule.ts';

const variables: Readonly<Record<PolicyKind, string>> = {
  'route-map': 'bgp_route_maps',
  'prefix-list': 'bgp_prefix_lists',
  'as-path list': 'bgp_as_path_lists',
  'community list': 'bgp_community_lists',
  'large community list': 'bgp_large_community_lists',
};

function* undefinedNames(context: RuleContext): Iterable<Finding> {
  for (const host of context.ours) {
    const known = new Map(
      definitionsOf(host.bgp.policies).map(([kind, list]) => [kind, new Set(list.map((one) => one.name))]),
    );
    const raw = rawText(host);
    for (const { kind, name, at, where } of policyUses(host)) {
      // Raw lines may define what they like; they are reported as not modelled.
      if (known.get(kind)?.has(name) || raw.includes(` ${name} `)) continue;
      const nearest = nearestName(name, known.get(kind) ?? []);
      yield {
        host,
        message: `${host.name} uses the ${kind} ${JSON.stringify(name)} ${where}, but has none of that name`,
        at,
        found: name,
        expected: [...(known.get(kind) ?? [])].join(', ') || `a name of ${variables[kind]}`,
        ...(nearest === null ? {} : { nearest }),
        fix:
          nearest === null
            ? `add ${name} to ${variables[kind]}, or remove it here: the daemon would deny everything and say nothing`
            : `write ${nearest}: an undefined name denies everything and the daemon says nothing`,
        shared: `${kind} ${name} ${formatSource(at)}`,
      };
    }
  }
}

function* unusedNames(context: RuleContext): Iterable<Finding> {
  const used = new Set<string>();
  const defined: { host: Speaker; kind: PolicyKind; name: string; key: string; at: Finding['at'] }[] = [];
  for (const host of context.ours) {
    const uses = new Set([...policyUses(host)].map((use) => `${use.kind} ${use.name}`));
    const raw = rawText(host);
    for (const [kind, list] of definitionsOf(host.bgp.policies)) {
      for (const { name, source } of list) {
        const key = `${kind} ${name} ${formatSource(source)}`;
        if (uses.has(`${kind} ${name}`) || raw.includes(` ${name} `)) used.add(key);
        else if (!used.has(key)) defined.push({ host, kind, name, key, at: source });
      }
    }
  }
  for (const { host, kind, name, key, at } of defined) {
    // Shared through a group, it is in use as soon as one member uses it.
    if (used.has(key)) continue;
    yield {
      host,
      message: `${host.name} defines the ${kind} ${JSON.stringify(name)} and uses it nowhere`,
      at,
      found: name,
      fix: `remove it from ${variables[kind]}, or attach it where it was meant to be`,
      shared: key,
    };
  }
}

/** Raw lines as one text with blanks around every word. */
function rawText(host: Speaker): string {
  const raw = host.vars.get('bgp_raw');
  return raw ? ` ${JSON.stringify(raw.value).replace(/[^\w.:-]+/g, ' ')} ` : '';
}

function* wrongFamily(context: RuleContext): Iterable<Finding> {
  for (const host of context.ours) {
    const families = new Map(host.bgp.policies.prefixLists.map((list) => [list.name, list.family]));
    for (const { name, entries } of host.bgp.policies.routeMaps) {
      for (const { seq, match, source } of entries) {
        const uses = [
          ['prefix_list', match.prefixList, 4],
          ['next_hop_prefix_list', match.nextHopPrefixList, 4],
          ['ipv6_prefix_list', match.ipv6PrefixList, 6],
        ] as const;
        for (const [key, list, wanted] of uses) {
          const family = list === null ? undefined : families.get(list);
          if (list === null || family === undefined || family === wanted) continue;
          yield {
            host,
            message: `${host.name} matches ${key} ${list} in route-map ${name} ${seq}, but ${list} is a list of IPv${family} networks and never matches there`,
            at: source,
            found: `an IPv${family} list`,
            expected: `an IPv${wanted} list`,
            fix: family === 6 ? 'write ipv6_prefix_list' : 'write prefix_list',
            shared: `${formatSource(source)} ${key}`,
          };
        }
      }
    }
    for (const neighbor of host.bgp.neighbors) yield* unfiltered(host, neighbor, families);
  }
}

function* unfiltered(
  host: Speaker,
  neighbor: Neighbor,
  families: ReadonlyMap<string, 4 | 6>,
): Iterable<Finding> {
  const lists = [
    ['prefix_list_in', neighbor.prefixListIn],
    ['prefix_list_out', neighbor.prefixListOut],
  ] as const;
  for (const [key, list] of lists) {
    const family = list === null ? undefined : families.get(list);
    const open = neighbor.families.filter((name) => family !== undefined && !name.startsWith(`ipv${family}`));
    if (list === null || open.length === 0) continue;
    const other = family === 4 ? 'IPv6' : 'IPv4';
    yield {
      host,
      severity: open.length === neighbor.families.length ? 'error' : 'warning',
      message: `${host.name} has ${key} ${list} towards ${neighborText(neighbor)}, a list of IPv${family} networks; ${other} passes unfiltered`,
      at: neighbor.source,
      found: `an IPv${family} list on a session that carries ${other}`,
      expected: `a list for each family of the session`,
      fix: `use a route-map with prefix_list and ipv6_prefix_list, or one session per family (via_family)`,
      shared: `${formatSource(neighbor.source)} ${key}`,
    };
  }
}

export const policyNameRules: readonly Rule[] = [
  { id: 'undefined-policy', severity: 'error', check: undefinedNames },
  { id: 'unused-policy', severity: 'warning', check: unusedNames },
  { id: 'policy-family', severity: 'error', check: wrongFamily },
];
