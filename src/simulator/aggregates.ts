import { contains, type Prefix } from '../base/ip.ts';
import type { Path } from '../bgp/attributes.ts';
import { leaving, localPath } from '../bgp/originate.ts';
import type { AggregateConfig } from '../bgp/origination-config.ts';
import { evaluateChain } from '../bgp/policy/evaluate.ts';
import type { PolicySubject } from '../bgp/policy/match.ts';
import type { Router } from '../bgp/router.ts';
import type { Engine, SlotCandidate } from './engine/engine.ts';
import { foldedAttributes, worstOrigin } from './engine/fold-paths.ts';
import type { MadeAggregate, MadeAggregates } from './engine/own-paths.ts';
import { lookup } from './kernel/kernel-table.ts';

/** A prefix that one router sums up. */
export interface Aggregator {
  readonly node: number;
  readonly router: Router;
  readonly config: AggregateConfig;
  /** Paths of more-specific prefixes in the router's table, by prefix. */
  readonly contributions: Map<string, readonly Path[]>;
  /** The slots they came over, by prefix. */
  readonly slots: Map<string, readonly number[]>;
  /** Those of them whose next hop is reached without the aggregate's own route, by prefix. */
  readonly independent: Map<string, readonly Path[]>;
  /** Prefixes whose best path is of the others, and that the kernel has a route for without the daemons. */
  readonly stirring: Set<string>;
}

export function covers(aggregate: Prefix, prefix: Prefix): boolean {
  return prefix.length > aggregate.length && contains(aggregate, prefix);
}

/** Notes what the prefix the engine holds adds to an aggregate over it. */
export function noteParts(aggregator: Aggregator, engine: Engine): void {
  const { node, config, contributions, slots, independent, stirring } = aggregator;
  const { prefix, nextHops, best } = engine;
  // FRR's BGP_PATH_HOLDDOWN: a path that cannot be used contributes nothing.
  const parts = (engine.lists[node] ?? []).filter(
    ({ invalid, path }) => invalid === null && path.source !== 'aggregate',
  );
  const over = parts.filter((part) => leadsThrough(engine, node, part, config));
  const counted = engine.damping?.counted.get(node) ?? [];
  notePaths(contributions, prefix, parts, counted);
  slots.set(
    prefix.text,
    parts.map(({ slot }) => slot),
  );
  notePaths(
    independent,
    prefix,
    parts.filter((part) => !over.includes(part)),
    counted,
  );
  const beside = nextHops.tables[node]?.routes.get(prefix.text)?.kind ?? 'static';
  if (beside !== 'static' && over.some((part) => part === best[node])) stirring.add(prefix.text);
  else stirring.delete(prefix.text);
}

function notePaths(
  noted: Map<string, readonly Path[]>,
  { text }: Prefix,
  parts: readonly SlotCandidate[],
  counted: readonly Path[],
): void {
  const paths = [...parts.map(({ path }) => path), ...counted];
  if (paths.length > 0) noted.set(text, paths);
  else noted.delete(text);
}

/** Is the route of the aggregate what leads to the next hop there? */
function leadsThrough(
  { nextHops: { cover, tables } }: Engine,
  node: number,
  { path, peer }: SlotCandidate,
  { prefix }: AggregateConfig,
): boolean {
  const address = path.nextHop ?? peer?.nextHop;
  const table = tables[node];
  if (!address || !table || !contains(prefix, address)) return false;
  if (cover.longest(node, address)?.length !== prefix.length) return false;
  return (lookup(table, address)?.prefix.length ?? -1) < prefix.length;
}

/** Nodes whose summary-only aggregate keeps the prefix back. */
export function summarisedAt(aggregators: readonly Aggregator[], prefix: Prefix): readonly number[] {
  return aggregators.flatMap(({ node, router, config, contributions }) =>
    covers(config.prefix, prefix) &&
    (config.summaryOnly || suppresses(router, config, prefix)) &&
    agrees(router, config, [...contributions.values()].flat())
      ? [node]
      : [],
  );
}

/** FRR asks its suppress-map about the prefix alone (aggr_suppress_map_test). */
function suppresses(router: Router, { suppressPolicy }: AggregateConfig, prefix: Prefix): boolean {
  if (!suppressPolicy) return false;
  const { store, tables } = router.context;
  const subject = ownSubject(router, prefix);
  return evaluateChain([suppressPolicy], localPath(router, {}), subject, store, tables).verdict === 'accept';
}

function ownSubject({ bgp }: Router, prefix: Prefix): PolicySubject {
  const { asn: localAs, defaultLocalPreference: defaultLocalPref } = bgp;
  return { prefix, peer: null, ownNextHop: null, learnedFrom: null, localAs, defaultLocalPref };
}

/** The aggregates that exist now, added to what the configurations originate themselves. */
export function withAggregates(
  aggregators: readonly Aggregator[],
  prefix: Prefix,
  configured: ReadonlyMap<number, readonly Path[]>,
): { readonly origins: ReadonlyMap<number, readonly Path[]>; readonly aggregates: MadeAggregates } {
  const aggregates = new Map<number, MadeAggregate>();
  const active = aggregators.filter(
    ({ config, contributions }) => config.prefix.text === prefix.text && contributions.size > 0,
  );
  if (active.length === 0) return { origins: configured, aggregates };
  const origins = new Map(configured);
  for (const aggregator of active) {
    const { node, contributions, slots } = aggregator;
    const bare = bareAggregate(aggregator, [...contributions.values()].flat());
    const path = bare && underPolicy(aggregator, bare);
    if (!path) continue;
    origins.set(node, [...(origins.get(node) ?? []), path]);
    aggregates.set(node, { bare, parts: partsText(contributions), slots: [...slots.values()].flat() });
  }
  return { origins, aggregates };
}

/** The origins without aggregates that were overlooked (`own-paths.ts`). */
export function withoutOverlooked(
  origins: ReadonlyMap<number, readonly Path[]>,
  aggregates: MadeAggregates,
  { lists }: Engine,
): ReadonlyMap<number, readonly Path[]> {
  const overlooked = [...aggregates.keys()].filter(
    (node) => !lists[node]?.some(({ slot, path }) => slot < 0 && path.source === 'aggregate'),
  );
  if (overlooked.length === 0) return origins;
  const standing = new Map(origins);
  for (const node of overlooked) {
    const others = origins.get(node)?.filter(({ source }) => source !== 'aggregate') ?? [];
    if (others.length > 0) standing.set(node, others);
    else standing.delete(node);
  }
  return standing;
}

function partsText(contributions: Aggregator['contributions']): string {
  return [...contributions]
    .map(([prefix, paths]) => `${prefix} ${paths.map(({ id }) => id).join()}`)
    .sort()
    .join(';');
}

function aggregatePath(aggregator: Aggregator, paths: readonly Path[]): Path | null {
  const bare = bareAggregate(aggregator, paths);
  return bare && underPolicy(aggregator, bare);
}

/** RFC 4271 9.2.2.2 as FRR does it: the worst origin; AS_SET and communities only with `as-set`. */
function bareAggregate({ router, config }: Aggregator, paths: readonly Path[]): Path | null {
  if (paths.length === 0 || !agrees(router, config, paths)) return null;
  return localPath(router, {
    origin: config.origin ?? worstOrigin(paths),
    source: 'aggregate',
    med: router.config.profile.quirks.localMed,
    atomicAggregate: !config.asSet,
    aggregator: { asn: router.publicAs, routerId: router.routerId },
    // With GRACEFUL_SHUTDOWN of a part too: what should take it off compares bytes in another order (FRR bgp_attr_aggregate_intern).
    ...(config.asSet ? foldedAttributes(router.context.store.asPaths, paths) : {}),
  });
}

function underPolicy({ router, config }: Aggregator, path: Path): Path | null {
  if (!config.policy) return leaving(router, path);
  const { store, tables } = router.context;
  const subject = ownSubject(router, config.prefix);
  const verdict = evaluateChain([config.policy], path, subject, store, tables);
  return verdict.verdict === 'accept' ? leaving(router, verdict.path) : null;
}

/**
 * Aggregates that are made anew without end. zebra takes a route under replacement for none (`circlesOverOwnRoute`), but looks only when it is done with
 * a route below it: a connected or kernel one is gone through again when BGP says another for its prefix. Where that path's next hop leads through the
 * aggregate too, it goes and comes back each time, and with it what makes the aggregate another one.
 */
export function remadeAggregates(aggregators: readonly Aggregator[]): readonly Aggregator[] {
  return aggregators.filter((aggregator) => {
    const { router, contributions, independent, stirring } = aggregator;
    if (stirring.size === 0 || !router.config.profile.quirks.circlesOverOwnRoute) return false;
    const [all, apart] = [[...contributions.values()].flat(), [...independent.values()].flat()];
    return aggregatePath(aggregator, all) !== aggregatePath(aggregator, apart);
  });
}

/** FRR's `matching-MED-only`: with two MEDs below it there is no aggregate, and nothing is kept back for it. */
export function agrees({ bgp }: Router, { sameMedOnly }: AggregateConfig, paths: readonly Path[]): boolean {
  const missing = bgp.decision.medMissingAsWorst ? 0xffffffff : 0;
  return !sameMedOnly || new Set(paths.map(({ med }) => med ?? missing)).size <= 1;
}
