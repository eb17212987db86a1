import { bitsOf, hostPrefix, type Prefix, parseAddress, parsePrefix } from '../../base/ip.ts';
import type {
  Action,
  Amount,
  CommunitySet,
  Condition,
  Policy,
  PrefixSet,
  RegexSet,
  Statement,
} from '../../bgp/policy/types.ts';
import type {
  CommunityList,
  PolicySet,
  PrefixList,
  RouteMap,
  RouteMapEntry,
  RouteMapSet,
} from '../../model/policy.ts';

const origins = { igp: 0, egp: 1, incomplete: 2 } as const;

/** Resolves the model's names into policies; a name nobody defines denies everything, as it does in FRR. */
export class PolicyResolver {
  readonly #policies: PolicySet;
  readonly #resolving = new Set<string>();

  constructor(policies: PolicySet) {
    this.#policies = policies;
  }

  routeMap(name: string): Policy {
    const map = this.#policies.routeMaps.find((one) => one.name === name);
    // A map that calls itself can never come to a verdict.
    if (!map || this.#resolving.has(name)) return denyAll(name);
    this.#resolving.add(name);
    const policy = this.#policy(map);
    this.#resolving.delete(name);
    return policy;
  }

  prefixList(name: string): Policy {
    const set = this.#prefixSet(name, null);
    const condition: Condition = set
      ? { kind: 'prefix', set, invert: false }
      : undefinedName('prefix-list', name);
    return single(name, condition);
  }

  asPathList(name: string): Policy {
    const set = this.#asPathSet(name);
    return single(
      name,
      set ? { kind: 'as-path', set, quantifier: 'any' } : undefinedName('as-path list', name),
    );
  }

  #policy(map: RouteMap): Policy {
    return {
      name: map.name,
      statements: map.entries.map((entry) => this.#statement(entry)),
      otherwise: 'reject',
      source: map.source,
    };
  }

  #statement(entry: RouteMapEntry): Statement {
    return {
      label: String(entry.seq),
      conditions: this.#conditions(entry),
      actions: actionsOf(entry.set, (name) => this.#communitySet(name)),
      verdict: entry.action === 'permit' ? 'accept' : 'reject',
      call: entry.call === null ? null : this.routeMap(entry.call),
      onMatch: entry.onMatch === null ? 'exit' : entry.onMatch === 'next' ? 'next' : { goto: entry.onMatch },
      source: entry.source,
    };
  }

  #conditions({ match }: RouteMapEntry): Condition[] {
    const out: Condition[] = [];
    if (match.prefixList !== null) out.push(this.#prefix(match.prefixList, 4));
    if (match.ipv6PrefixList !== null) out.push(this.#prefix(match.ipv6PrefixList, 6));
    if (match.nextHopPrefixList !== null) {
      const set = this.#prefixSet(match.nextHopPrefixList, 4);
      out.push(set ? { kind: 'next-hop', set } : undefinedName('prefix-list', match.nextHopPrefixList));
    }
    if (match.asPathList !== null) {
      const set = this.#asPathSet(match.asPathList);
      out.push(
        set ? { kind: 'as-path', set, quantifier: 'any' } : undefinedName('as-path list', match.asPathList),
      );
    }
    if (match.communityList !== null) {
      const set = this.#communitySet(match.communityList);
      const exact = match.communityExact;
      out.push(
        set
          ? { kind: 'community', set, exact, quantifier: 'any' }
          : undefinedName('community list', match.communityList),
      );
    }
    if (match.largeCommunityList !== null) {
      const list = this.#policies.largeCommunityLists.find((one) => one.name === match.largeCommunityList);
      out.push(
        list
          ? { kind: 'large-community', set: communitySet(list), exact: false, quantifier: 'any' }
          : undefinedName('large community list', match.largeCommunityList),
      );
    }
    if (match.localPreference !== null) out.push({ kind: 'local-preference', value: match.localPreference });
    if (match.metric !== null) out.push({ kind: 'med', value: match.metric });
    if (match.origin !== null) out.push({ kind: 'origin', value: origins[match.origin] });
    if (match.peer !== null) out.push({ kind: 'peer', networks: peerNetworks(match.peer), invert: false });
    if (match.tag !== null) out.push({ kind: 'tag', value: match.tag });
    if (match.sourceProtocol !== null) out.push({ kind: 'source-protocol', value: match.sourceProtocol });
    return out;
  }

  #prefix(name: string, family: 4 | 6): Condition {
    const set = this.#prefixSet(name, family);
    return set ? { kind: 'prefix', set, invert: false } : undefinedName('prefix-list', name);
  }

  #prefixSet(name: string, family: 4 | 6 | null): PrefixSet | null {
    const list = this.#policies.prefixLists.find(
      (one) => one.name === name && (family === null || one.family === family),
    );
    return list ? prefixSet(list) : null;
  }

  #asPathSet(name: string): RegexSet | null {
    const list = this.#policies.asPathLists.find((one) => one.name === name);
    return list
      ? { name, entries: list.entries.map(({ action, regex }) => ({ permit: action === 'permit', regex })) }
      : null;
  }

  #communitySet(name: string): CommunitySet | null {
    const list = this.#policies.communityLists.find((one) => one.name === name);
    return list ? communitySet(list) : null;
  }
}

function denyAll(name: string): Policy {
  return { name, statements: [], otherwise: 'reject', source: null };
}

function single(name: string, condition: Condition): Policy {
  const statement: Statement = {
    label: name,
    conditions: [condition],
    actions: [],
    verdict: 'accept',
    call: null,
    onMatch: 'exit',
    source: null,
  };
  return { name, statements: [statement], otherwise: 'reject', source: null };
}

function undefinedName(kind: string, name: string): Condition {
  return { kind: 'never', why: `${kind} ${name} is not defined` };
}

function prefixSet(list: PrefixList): PrefixSet {
  return {
    name: list.name,
    entries: list.entries.map(({ action, prefix, ge, le }) => ({
      permit: action === 'permit',
      prefix,
      minLength: ge ?? prefix.length,
      maxLength: le ?? (ge === null ? prefix.length : bitsOf(prefix.family)),
    })),
  };
}

function communitySet(list: CommunityList): CommunitySet {
  return {
    name: list.name,
    entries: list.entries.map(({ action, value }) =>
      list.kind === 'standard'
        ? { permit: action === 'permit', communities: value.split(/\s+/).filter((word) => word !== '') }
        : { permit: action === 'permit', regex: value },
    ),
  };
}

function peerNetworks(text: string): Prefix[] {
  const address = parseAddress(text);
  const prefix = address ? hostPrefix(address) : parsePrefix(text);
  return prefix ? [prefix] : [];
}

function amountOf(text: string): Amount {
  const value = Number(text.replace(/^[+-]/, ''));
  return { op: text.startsWith('+') ? 'add' : text.startsWith('-') ? 'subtract' : 'set', value };
}

function actionsOf(set: RouteMapSet, communities: (name: string) => CommunitySet | null): Action[] {
  const out: Action[] = [];
  if (set.localPreference !== null)
    out.push({ kind: 'local-preference', amount: amountOf(set.localPreference) });
  if (set.metric !== null) out.push({ kind: 'med', amount: amountOf(set.metric) });
  if (set.weight !== null) out.push({ kind: 'weight', value: set.weight });
  if (set.origin !== null) out.push({ kind: 'origin', value: origins[set.origin] });
  if (set.asPathPrepend.length > 0) out.push({ kind: 'prepend', asns: set.asPathPrepend });
  if (set.asPathExclude.length > 0) out.push({ kind: 'exclude-as', asns: set.asPathExclude });
  if (set.communityNone) out.push({ kind: 'community', op: 'replace', communities: [] });
  if (set.community.length > 0) {
    out.push({
      kind: 'community',
      op: set.communityAdditive ? 'add' : 'replace',
      communities: set.community,
    });
  }
  const unwanted = set.communityDelete === null ? null : communities(set.communityDelete);
  if (unwanted) out.push({ kind: 'community-delete', set: unwanted });
  if (set.largeCommunity.length > 0) {
    out.push({
      kind: 'large-community',
      op: set.largeCommunityAdditive ? 'add' : 'replace',
      communities: set.largeCommunity,
    });
  }
  for (const nextHop of [set.nextHop, set.ipv6NextHop]) {
    if (nextHop === 'peer-address' || nextHop === 'unchanged') out.push({ kind: 'next-hop', value: nextHop });
    else if (nextHop !== null) {
      const value = parseAddress(nextHop);
      if (value) out.push({ kind: 'next-hop', value });
    }
  }
  if (set.tag !== null) out.push({ kind: 'tag', value: set.tag });
  return out;
}
