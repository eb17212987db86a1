import { type FamilyName, familyOf } from '../base/family.ts';
import { comparePrefixes, type Prefix } from '../base/ip.ts';
import type { Path } from '../bgp/attributes.ts';
import { defaultPrefix, type LocalPath, type Originated } from '../bgp/originate.ts';
import { optionsOf } from '../bgp/peer-table.ts';
import type { Router } from '../bgp/router.ts';
import { HopTable } from './compact/hop-table.ts';
import { noNodes } from './compact/node-set.ts';
import type { FamilyState, PrefixState } from './state.ts';

/** What each router makes, by node; and the same of the state that this one grows out of. */
export interface Makers {
  readonly routers: readonly (Router | null)[];
  readonly originated: readonly Originated[];
  /** And what tables beside that of the family have of their own. */
  readonly beside?: readonly BesideOrigins[];
}

/** `node`: of the topology. */
export interface BesideOrigins {
  readonly host: number;
  readonly node: number;
  readonly paths: readonly LocalPath[];
}

/** Every prefix somebody makes, with its makers. */
export function prefixStates(
  family: FamilyName,
  makers: Makers,
  earlier: FamilyState | null,
  before: Makers | null,
): readonly PrefixState[] {
  return (
    (earlier && before && sharedStates(family, makers, earlier, before)) ??
    freshStates(family, makers, earlier)
  );
}

/** With what has not changed shared; null: there are new prefixes, or other routers than before. */
function sharedStates(
  family: FamilyName,
  { routers, originated, beside = [] }: Makers,
  earlier: FamilyState,
  before: Makers,
): readonly PrefixState[] | null {
  if (earlier.topology.beside.tables.length + beside.length > 0) return null;
  const changed = new Map<string, Made>();
  const note = ({ paths, idle }: Originated): boolean => {
    for (const { prefix } of [...paths, ...idle]) {
      if (familyOf(prefix.family) !== family) continue;
      if (!earlier.byText.has(prefix.text)) return false;
      changed.set(prefix.text, newlyMade(prefix));
    }
    return true;
  };
  for (let node = 0; node < routers.length; node++) {
    if (routers[node] && routers[node] !== before.routers[node]) return null;
    const [now, then] = [originated[node], before.originated[node]];
    if (now !== then && (!now || !then || !note(now) || !note(then))) return null;
  }
  if (changed.size > 0) noteMade(family, originated, (text) => changed.get(text) ?? null);
  return earlier.prefixes.map((old) => {
    const made = changed.get(old.prefix.text) ?? {
      prefix: old.prefix,
      origins: old.configured,
      originsBeside: old.originsBeside,
      idle: old.idle,
    };
    return emptyState(made, old.fib, old);
  });
}

/** Writes down who makes the prefixes that are looked for. */
function noteMade(
  family: FamilyName,
  originated: readonly Originated[],
  entry: (text: string, prefix: Prefix) => Made | null,
): void {
  originated.forEach(({ paths, idle }, node) => {
    for (const { prefix, path } of paths) {
      if (familyOf(prefix.family) !== family) continue;
      const made = entry(prefix.text, prefix);
      made?.origins.set(node, [...(made.origins.get(node) ?? []), path]);
    }
    for (const { prefix, path, why } of idle) {
      if (familyOf(prefix.family) !== family || path === null) continue;
      const made = entry(prefix.text, prefix);
      made?.idle.set(node, [...(made.idle.get(node) ?? []), { path, why }]);
    }
  });
}

function freshStates(
  family: FamilyName,
  { routers, originated, beside = [] }: Makers,
  earlier: FamilyState | null,
): readonly PrefixState[] {
  const found = new Map<string, Made>();
  const entry = (prefix: Prefix) => {
    let present = found.get(prefix.text);
    if (!present) {
      present = newlyMade(prefix);
      found.set(prefix.text, present);
    }
    return present;
  };
  noteMade(family, originated, (_, prefix) => entry(prefix));
  for (const { host, node, paths } of beside) {
    for (const { prefix, path } of paths) {
      const { origins, originsBeside } = entry(prefix);
      if (!origins.has(host)) origins.set(host, []);
      originsBeside.set(node, [...(originsBeside.get(node) ?? []), path]);
    }
  }
  for (const router of routers) {
    for (const aggregate of router?.bgp.aggregates ?? [])
      if (aggregate.family === family) entry(aggregate.prefix);
    if (router && optionsOf(router.bgp).some((peer) => peer.families[family]?.defaultOriginate))
      entry(defaultPrefix(family));
  }
  // A route may outlive whoever made it: where a session has not been missed yet.
  for (const { prefix } of earlier?.prefixes ?? []) entry(prefix);
  const nothing = new HopTable(new Uint32Array(routers.length));
  return [...found.values()]
    .sort((a, b) => comparePrefixes(a.prefix, b.prefix))
    .map((made) => emptyState(made, nothing, earlier?.byText.get(made.prefix.text)));
}

/** A prefix with what the configurations make of it, by node. */
interface Made {
  readonly prefix: Prefix;
  readonly origins: Map<number, Path[]>;
  readonly originsBeside: Map<number, Path[]>;
  readonly idle: Map<number, { readonly path: Path; readonly why: string }[]>;
}

function newlyMade(prefix: Prefix): Made {
  return { prefix, origins: new Map(), originsBeside: new Map(), idle: new Map() };
}

/** `nothing`: no route at any node, for all prefixes that have no earlier state; nobody writes into it. */
function emptyState(
  {
    prefix,
    origins,
    originsBeside,
    idle,
  }: Pick<PrefixState, 'prefix' | 'origins' | 'originsBeside' | 'idle'>,
  nothing: HopTable,
  earlier?: PrefixState,
): PrefixState {
  return {
    prefix,
    idle,
    origins,
    originsBeside,
    configured: origins,
    aggregates: new Map(),
    summarisedAt: [],
    defaults: new Map(),
    met: new Map(),
    full: [],
    // What the first round of next hops is looked up in.
    fib: earlier?.fib ?? nothing,
    metrics: earlier?.metrics ?? new Map(),
    byAge: noNodes,
    oscillation: null,
    throughBgp: false,
    events: 0,
  };
}
