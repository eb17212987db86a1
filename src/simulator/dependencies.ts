import type { FamilyName } from '../base/family.ts';
import { contains, type Prefix } from '../base/ip.ts';
import { type AsPath, type AsSegment, internAsPath } from '../bgp/as-path.ts';
import { type Path, sortedCommunities, sortedLargeCommunities } from '../bgp/attributes.ts';
import type { AggregateConfig } from '../bgp/config.ts';
import { evaluateChain } from '../bgp/policy/evaluate.ts';
import type { Origin, Policy } from '../bgp/policy/types.ts';
import type { Router } from '../bgp/router.ts';
import type { Engine } from './engine.ts';
import { localPath } from './originate.ts';

/** What makes one prefix depend on others: aggregates, and default routes that are told only while something else is there. */
export interface Dependencies {
  readonly aggregators: readonly Aggregator[];
  readonly gates: readonly Gate[];
}

interface Aggregator {
  readonly node: number;
  readonly router: Router;
  readonly config: AggregateConfig;
  /** Paths of more-specific prefixes in the router's table, by prefix. */
  readonly contributions: Map<string, readonly Path[]>;
}

/** `default-originate`, with a route-map or without. */
interface Gate {
  readonly node: number;
  readonly router: Router;
  readonly policy: Policy | null;
  readonly openedBy: Set<string>;
}

export function findDependencies(family: FamilyName, routers: readonly (Router | null)[]): Dependencies {
  const aggregators: Aggregator[] = [];
  const gates: Gate[] = [];
  routers.forEach((router, node) => {
    if (!router) return;
    for (const config of router.bgp.aggregates) {
      // FRR refuses to aggregate host routes; there is nothing more specific.
      if (config.family === family) aggregators.push({ node, router, config, contributions: new Map() });
    }
    const originate = router.bgp.peers.find((peer) => peer.families[family]?.defaultOriginate)?.families[
      family
    ];
    if (originate?.defaultOriginate) {
      gates.push({ node, router, policy: originate.defaultOriginate.policy, openedBy: new Set() });
    }
  });
  return { aggregators, gates };
}

/** Notes what the prefix the engine holds means for those that depend on it. */
export function noteContributions({ aggregators, gates }: Dependencies, engine: Engine): void {
  const { prefix } = engine;
  for (const { node, config, contributions } of aggregators) {
    if (!covers(config.prefix, prefix)) continue;
    const paths = (engine.lists[node] ?? [])
      .map(({ path }) => path)
      .filter(({ source }) => source !== 'aggregate');
    if (paths.length > 0) contributions.set(prefix.text, paths);
    else contributions.delete(prefix.text);
  }
  for (const gate of gates) {
    if (gate.policy === null || prefix.length === 0) continue;
    if (opens(gate, engine, gate.policy)) gate.openedBy.add(prefix.text);
    else gate.openedBy.delete(prefix.text);
  }
}

function covers(aggregate: Prefix, prefix: Prefix): boolean {
  return prefix.length > aggregate.length && contains(aggregate, prefix);
}

function opens({ node, router }: Gate, engine: Engine, policy: Policy): boolean {
  const { store, tables } = router.context;
  return (engine.lists[node] ?? []).some(({ path, peer }) => {
    const subject = {
      prefix: engine.prefix,
      peer,
      ownNextHop: peer?.nextHop ?? null,
      learnedFrom: peer,
      localAs: router.bgp.asn,
    };
    return evaluateChain([policy], path, subject, store, tables, false).verdict === 'accept';
  });
}

/** Nodes whose summary-only aggregate keeps the prefix back. */
export function summarisedAt({ aggregators }: Dependencies, prefix: Prefix): readonly number[] {
  return aggregators.flatMap(({ node, config }) =>
    config.summaryOnly && covers(config.prefix, prefix) ? [node] : [],
  );
}

/** What `default-originate` sends now, by node. */
export function openDefaults({ gates }: Dependencies): ReadonlyMap<number, Path> {
  const open = gates.filter(({ policy, openedBy }) => policy === null || openedBy.size > 0);
  return new Map(open.map(({ node, router }) => [node, localPath(router, { source: 'default', med: 0 })]));
}

/** The aggregates that exist now, added to what the configurations originate themselves. */
export function withAggregates(
  { aggregators }: Dependencies,
  prefix: Prefix,
  configured: ReadonlyMap<number, readonly Path[]>,
): ReadonlyMap<number, readonly Path[]> {
  const active = aggregators.filter(
    ({ config, contributions }) => config.prefix.text === prefix.text && contributions.size > 0,
  );
  if (active.length === 0) return configured;
  const origins = new Map(configured);
  for (const aggregator of active) {
    const path = aggregatePath(aggregator);
    if (path) origins.set(aggregator.node, [...(origins.get(aggregator.node) ?? []), path]);
  }
  return origins;
}

/** RFC 4271 9.2.2.2 as FRR does it: the worst origin; AS_SET and communities only with `as-set`. */
function aggregatePath({ router, config, contributions }: Aggregator): Path | null {
  const paths = [...contributions.values()].flat();
  const worst = Math.max(...paths.map(({ origin }) => origin)) as Origin;
  const path = localPath(router, {
    origin: worst,
    source: 'aggregate',
    med: router.config.profile.quirks.localMed,
    atomicAggregate: !config.asSet,
    aggregator: { asn: router.publicAs, routerId: router.routerId },
    ...(config.asSet
      ? {
          asPath: aggregateAsPath(router, paths),
          communities: sortedCommunities(paths.flatMap(({ communities }) => communities)),
          largeCommunities: sortedLargeCommunities(paths.flatMap(({ largeCommunities }) => largeCommunities)),
        }
      : {}),
  });
  if (!config.policy) return path;
  const { store, tables } = router.context;
  const subject = {
    prefix: config.prefix,
    peer: null,
    ownNextHop: null,
    learnedFrom: null,
    localAs: router.bgp.asn,
  };
  const verdict = evaluateChain([config.policy], path, subject, store, tables);
  return verdict.verdict === 'accept' ? verdict.path : null;
}

/** The leading part all paths share stays a sequence; every other AS goes into one set (`aspath_aggregate`). */
function aggregateAsPath(router: Router, paths: readonly Path[]): AsPath {
  const table = router.context.store.asPaths;
  const leading = paths.map(({ asPath }) =>
    asPath.segments[0]?.kind === 'sequence' ? asPath.segments[0].asns : [],
  );
  const first = leading[0] ?? [];
  let shared = 0;
  while (shared < first.length && leading.every((asns) => asns[shared] === first[shared])) shared++;
  const common = first.slice(0, shared);
  const rest = new Set(paths.flatMap(({ asPath }) => asPath.asns).filter((asn) => !common.includes(asn)));
  const segments: AsSegment[] = [];
  if (common.length > 0) segments.push({ kind: 'sequence', asns: common });
  if (rest.size > 0) segments.push({ kind: 'set', asns: [...rest].sort((a, b) => a - b) });
  return internAsPath(table, segments);
}
