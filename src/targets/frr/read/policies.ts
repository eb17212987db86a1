import type { Diagnostic } from '../../../base/diagnostic.ts';
import { bitsOf, prefixOf } from '../../../base/ip.ts';
import { nearestName } from '../../../base/nearest.ts';
import type { SourceRange } from '../../../base/source.ts';
import type {
  Action,
  CommunitySet,
  Condition,
  Policy,
  PrefixSet,
  RegexSet,
  Statement,
} from '../../../bgp/policy/types.ts';
import type { Reference } from './draft.ts';
import type {
  AccessListDraft,
  MatchDraft,
  PolicyDraft,
  RouteMapEntryDraft,
  SetDraft,
} from './policy-draft.ts';

const bySeq = <T>(entries: ReadonlyMap<number, T>): [number, T][] => [...entries].sort(([a], [b]) => a - b);

/** Looks names up and makes policies of them; the same name gives the same object. A name nobody defines is a diagnostic. */
export class PolicyResolver {
  readonly #draft: PolicyDraft;
  readonly #host: string;
  readonly #zebra: boolean;
  readonly #known = new Map<string, Policy>();
  readonly #open = new Set<string>();
  readonly #reported = new Set<string>();
  readonly diagnostics: Diagnostic[] = [];
  /** How often an answer hung on the line that asked: such answers are for that line alone. */
  placed = 0;

  /** `zebra`: for the daemon that has a few conditions more than bgpd. */
  constructor(draft: PolicyDraft, host: string, zebra = false) {
    this.#draft = draft;
    this.#host = host;
    this.#zebra = zebra;
  }

  /** A route-map; undefined ones deny everything, as in both daemons. */
  routeMap(reference: Reference): Policy {
    const { name } = reference;
    const known = this.#known.get(`route-map ${name}`);
    if (known) return known;
    const map = this.#draft.routeMaps.get(name);
    if (!map) {
      this.placed++;
      this.#missing('route-map', reference, this.#draft.routeMaps.keys(), 'which denies everything');
      return denyAll('undefined route-map', name, reference);
    }
    if (this.#open.has(name)) {
      this.placed++;
      this.#refuse(
        `route-map ${name} calls itself; the daemon gives up and denies`,
        reference,
        'Break the circle of `call` lines.',
      );
      return denyAll('circular route-map', name, reference);
    }
    this.#open.add(name);
    const statements = bySeq(map.entries).map(([, entry]) => this.#statement(entry, map.optimized));
    this.#open.delete(name);
    const policy: Policy = { name, statements, otherwise: 'reject', kind: 'route-map', source: map.source };
    this.#known.set(`route-map ${name}`, policy);
    return policy;
  }

  /** Is the route-map defined below the line that names it? bgpd then finds it some seconds later (bgp_route_map_update_timer). */
  standsBelow({ name, source }: Reference): boolean {
    const map = this.#draft.routeMaps.get(name);
    return map !== undefined && isBefore(source, map.source);
  }

  /** A whole file with route-maps: neighbors are held until a second before bgpd looks at them (bgp_config_end, seen on 8.4). */
  holdsNeighbors(): boolean {
    const [map] = this.#draft.routeMaps.values();
    return map !== undefined && /(?:^|\/)frr\.conf$/.test(map.source.file);
  }

  /** What denies everything until it is found. */
  notFoundYet(reference: Reference): Policy {
    return denyAll('route-map not found yet', reference.name, reference);
  }

  prefixList(reference: Reference, family: 4 | 6): Policy {
    return this.#filter('prefix-list', reference, family, this.#draft.prefixLists[family], true);
  }

  distributeList(reference: Reference, family: 4 | 6): Policy {
    return this.#filter('access-list', reference, family, this.#draft.accessLists[family], false);
  }

  filterList(reference: Reference): Policy {
    this.placed++;
    const set = this.#asPathSet(reference, 'which denies everything');
    if (!set) return denyAll('undefined as-path access-list', reference.name, reference);
    const list = single('as-path access-list', { kind: 'as-path', set, quantifier: 'any' }, reference);
    return { ...list, judgesTable: true };
  }

  #filter(
    kind: string,
    reference: Reference,
    family: 4 | 6,
    store: ReadonlyMap<string, AccessListDraft>,
    emptyPermits: boolean,
  ): Policy {
    const key = `${kind} ${family} ${reference.name}`;
    const known = this.#known.get(key);
    if (known) return known;
    const list = store.get(reference.name);
    if (!list || list.entries.size === 0) this.placed++;
    if (!list) {
      this.#missing(family === 4 ? kind : `ipv6 ${kind}`, reference, store.keys(), 'which denies everything');
      return denyAll(`undefined ${kind}`, reference.name, reference);
    }
    // A neighbor is bound to the list when its line is read, later only with the first entry.
    if (list.entries.size === 0 && !isBefore(list.source, reference.source))
      return denyAll(`empty ${kind}`, reference.name, reference);
    const policy = single(
      kind,
      { kind: 'prefix', set: prefixSet(reference.name, list, family, emptyPermits), invert: false },
      reference,
    );
    this.#known.set(key, policy);
    return policy;
  }

  #statement(entry: RouteMapEntryDraft, optimized: boolean): Statement {
    return {
      label: String(entry.seq),
      conditions: [...entry.matches.values()]
        .filter((item) => this.#zebra || item.kind !== 'condition' || !item.zebraOnly)
        .map((item) => this.#condition(item)),
      actions: [...entry.sets.values()].flatMap((item) => this.#action(item)),
      verdict: entry.permit ? 'accept' : 'reject',
      call: entry.call && this.#called(entry.call),
      onMatch: entry.onMatch,
      ...(optimized && this.#placeInTree(entry)),
      source: entry.source,
    };
  }

  /** A map that is called and that nobody defines is passed over, where one on a neighbor denies (route_map_apply). */
  #called(reference: Reference): Policy | null {
    const { routeMaps } = this.#draft;
    if (routeMaps.has(reference.name)) return this.routeMap(reference);
    this.#missing('route-map', reference, routeMaps.keys(), 'and the call is passed over');
    return null;
  }

  #placeInTree(entry: RouteMapEntryDraft): Pick<Statement, 'onlyGoingOn' | 'treeOf'> {
    const lists = [...entry.matches.values()].flatMap((item) =>
      item.kind === 'list' && item.list === 'prefix' && !item.ofPeer ? [item] : [],
    );
    const isEmpty = ({ family, reference }: (typeof lists)[number]) =>
      this.#draft.prefixLists[family].get(reference.name)?.entries.size === 0;
    if (lists.some(isEmpty)) return { onlyGoingOn: true };
    const [list, other] = lists;
    return list && !other ? { treeOf: list.reference.name } : {};
  }

  #condition(item: MatchDraft): Condition {
    if (item.kind === 'condition') return item.condition;
    const { reference, family } = item;
    const consequence = 'which never matches';
    if (item.list === 'as-path') {
      const set = this.#asPathSet(reference, consequence);
      return set ? { kind: 'as-path', set, quantifier: 'any' } : never('as-path list', reference);
    }
    if (item.list === 'community' || item.list === 'large-community') {
      const set = this.#communitySet(item.list, reference, consequence);
      return set
        ? { kind: item.list, set, exact: item.exact, quantifier: 'any' }
        : never(`${item.list} list`, reference);
    }
    if (item.list === 'extended-community') {
      const set = this.#communitySet(item.list, reference, consequence);
      return set ? { kind: item.list, set } : never('extcommunity-list', reference);
    }
    const access = item.list === 'access' || item.list === 'next-hop-access';
    const store = (access ? this.#draft.accessLists : this.#draft.prefixLists)[family];
    const list = store.get(reference.name);
    if (!list) {
      this.#missing(access ? 'access-list' : 'prefix-list', reference, store.keys(), consequence);
      return never(access ? 'access-list' : 'prefix-list', reference);
    }
    const set = prefixSet(reference.name, list, family, !access);
    if (item.ofPeer) return { kind: 'route-source', set };
    return item.list === 'next-hop-prefix' || item.list === 'next-hop-access'
      ? { kind: 'next-hop', set }
      : { kind: 'prefix', set, invert: false };
  }

  #action(item: SetDraft): Action[] {
    if (item.kind === 'action') return [item.action];
    const set = this.#communitySet(item.list, item.reference, 'and nothing is deleted');
    if (!set) return [];
    return [
      item.list === 'community' ? { kind: 'community-delete', set } : { kind: 'large-community-delete', set },
    ];
  }

  #asPathSet(reference: Reference, consequence: string): RegexSet | null {
    const list = this.#draft.asPathLists.get(reference.name);
    if (list) return { name: reference.name, entries: bySeq(list.entries).map(([, entry]) => entry) };
    this.#missing('as-path access-list', reference, this.#draft.asPathLists.keys(), consequence);
    return null;
  }

  #communitySet(
    kind: 'community' | 'large-community' | 'extended-community',
    reference: Reference,
    consequence: string,
  ): CommunitySet | null {
    const { communityLists, largeCommunityLists, extendedCommunityLists } = this.#draft;
    const store = {
      community: communityLists,
      'large-community': largeCommunityLists,
      'extended-community': extendedCommunityLists,
    }[kind];
    const list = store.get(reference.name);
    if (list) return { name: reference.name, entries: bySeq(list.entries).map(([, entry]) => entry) };
    this.#missing(
      kind === 'extended-community' ? 'extcommunity-list' : `${kind}-list`,
      reference,
      store.keys(),
      consequence,
    );
    return null;
  }

  #missing(kind: string, reference: Reference, names: Iterable<string>, consequence: string): void {
    const place = `${kind} ${reference.name} ${reference.source.file}:${reference.source.line}`;
    if (this.#reported.has(place)) return;
    this.#reported.add(place);
    const nearest = nearestName(reference.name, names);
    this.diagnostics.push({
      rule: 'config-undefined-name',
      severity: 'error',
      message: `${this.#host}: ${kind} ${reference.name} is not defined, ${consequence}`,
      ranges: [reference.source],
      host: this.#host,
      found: reference.name,
      ...(nearest === null ? {} : { nearest }),
      fix: `Define ${kind} ${reference.name}, or remove the line that names it.`,
    });
  }

  #refuse(message: string, reference: Reference, fix: string): void {
    this.diagnostics.push({
      rule: 'config-refused',
      severity: 'error',
      message: `${this.#host}: ${message}`,
      ranges: [reference.source],
      host: this.#host,
      found: reference.name,
      fix,
    });
  }
}

/** A prefix-list without entries (only a description) permits all; an access-list never is empty. */
function prefixSet(name: string, list: AccessListDraft, family: 4 | 6, emptyPermits: boolean): PrefixSet {
  const entries = bySeq(list.entries).flatMap(([, entry]) => (entry.also ? [entry, ...entry.also] : entry));
  if (entries.length > 0 || !emptyPermits) return { name, entries };
  const any = { permit: true, prefix: prefixOf(family, 0n, 0), minLength: 0, maxLength: bitsOf(family) };
  return { name, entries: [any] };
}

function isBefore(a: SourceRange, b: SourceRange): boolean {
  return a.file === b.file && a.line < b.line;
}

function single(kind: string, condition: Condition, reference: Reference): Policy {
  const statement: Statement = {
    label: `${kind} ${reference.name}`,
    conditions: [condition],
    actions: [],
    verdict: 'accept',
    call: null,
    onMatch: 'exit',
    source: reference.source,
  };
  const { name, source } = reference;
  return { name, statements: [statement], otherwise: 'reject', kind, source };
}

/** What stands for a name that cannot be used. */
function denyAll(kind: string, name: string, reference: Reference): Policy {
  return { name, statements: [], otherwise: 'reject', kind, source: reference.source };
}

function never(kind: string, reference: Reference): Condition {
  return { kind: 'never', why: `${kind} ${reference.name} is not defined` };
}
