import type { FamilyName } from '../base/family.ts';
import { comparePrefixes, type Prefix } from '../base/ip.ts';
import type { Path } from '../bgp/attributes.ts';
import { localPath } from '../bgp/originate.ts';
import type { Peer } from '../bgp/peer.ts';
import { optionsOf } from '../bgp/peer-table.ts';
import { evaluateChain, evaluateOnto } from '../bgp/policy/evaluate.ts';
import type { PolicySubject } from '../bgp/policy/match.ts';
import type { Policy } from '../bgp/policy/types.ts';
import type { Router } from '../bgp/router.ts';
import { type Aggregator, agrees, covers, noteParts } from './aggregates.ts';
import type { Engine } from './engine/engine.ts';

/** What makes one prefix depend on others: aggregates, and default routes that are told only while something else is there. */
export interface Dependencies {
  readonly aggregators: readonly Aggregator[];
  readonly gates: readonly Gate[];
  readonly conditions: readonly Condition[];
}

/** `default-originate` with one route-map, or without any, of one router. */
interface Gate {
  readonly node: number;
  readonly router: Router;
  readonly policy: Policy | null;
  /** The default route as each prefix that passes the route-map makes it, and the entry that let it pass, by prefix. */
  readonly openedBy: Map<string, Opened & { readonly prefix: Prefix }>;
}

interface Opened {
  readonly path: Path;
  readonly entry: number;
}

/** What one router looks for before it tells some of its routes (`advertise-map`). */
interface Condition {
  readonly node: number;
  readonly router: Router;
  readonly policy: Policy;
  /** The prefixes that meet it. */
  readonly metBy: Set<string>;
}

/** Conditions that are met, by node. */
export type Met = ReadonlyMap<number, ReadonlySet<Policy>>;

/** What `default-originate` sends now: by node, then by the route-map that lets it. */
export type Defaults = ReadonlyMap<number, ReadonlyMap<Policy | null, Path>>;

/** `before`: what was found among routers that may be the same; where that was nothing, they are not looked at again. */
export function findDependencies(
  family: FamilyName,
  routers: readonly (Router | null)[],
  before: { readonly routers: readonly (Router | null)[]; readonly found: Dependencies } | null = null,
): Dependencies {
  const { aggregators: a = [], gates: g = [], conditions: c = [] } = before?.found ?? {};
  const hadNone = before !== null && a.length + g.length + c.length === 0;
  const aggregators: Aggregator[] = [];
  const gates: Gate[] = [];
  const conditions: Condition[] = [];
  routers.forEach((router, node) => {
    if (!router || (hadNone && router === before.routers[node])) return;
    for (const config of router.bgp.aggregates) {
      // FRR refuses to aggregate host routes; there is nothing more specific.
      if (config.family === family) {
        const [contributions, slots, independent] = [new Map(), new Map(), new Map()];
        const stirring = new Set<string>();
        aggregators.push({ node, router, config, contributions, slots, independent, stirring });
      }
    }
    const options = optionsOf(router.bgp).flatMap((peer) => peer.families[family] ?? []);
    for (const policy of new Set(
      options.flatMap((one) => one.defaultOriginate ?? []).map((one) => one.policy),
    ))
      gates.push({ node, router, policy, openedBy: new Map() });
    for (const policy of new Set(options.flatMap(({ conditional }) => conditional?.condition ?? [])))
      conditions.push({ node, router, policy, metBy: new Set() });
  });
  return { aggregators, gates, conditions };
}

/** Notes what the prefix the engine holds means for those that depend on it. */
export function noteContributions({ aggregators, gates, conditions }: Dependencies, engine: Engine): void {
  const { prefix } = engine;
  for (const aggregator of aggregators)
    if (covers(aggregator.config.prefix, prefix)) noteParts(aggregator, engine);
  for (const gate of gates) {
    if (gate.policy === null) continue;
    const made = opened(gate, engine, gate.policy);
    if (made) gate.openedBy.set(prefix.text, { prefix, ...made });
    else gate.openedBy.delete(prefix.text);
  }
  for (const condition of conditions) {
    if (isMet(condition, engine)) condition.metBy.add(prefix.text);
    else condition.metBy.delete(prefix.text);
  }
}

/** FRR asks about every path of the table, usable or not (bgp_check_rmap_prefixes_in_bgp_table). */
function isMet({ node, router, policy }: Condition, engine: Engine): boolean {
  const { store, tables } = router.context;
  return (engine.lists[node] ?? []).some(
    ({ path, peer }) =>
      evaluateChain([policy], path, subjectOf(router, engine.prefix, peer), store, tables).verdict ===
      'accept',
  );
}

export function metConditions({ conditions }: Dependencies): Met {
  const met = new Map<number, Set<Policy>>();
  for (const { node, policy, metBy } of conditions)
    if (metBy.size > 0) met.set(node, new Set(met.get(node)).add(policy));
  return met;
}

/**
 * What all prefixes together decide for single ones: while it changes, those that lean on it have to be looked at again. `''`
 * where there is nothing of the kind.
 */
export function circumstancesText({ aggregators, conditions, gates }: Dependencies): string {
  const met = conditions.map(({ metBy }) => metBy.size > 0);
  const told = gates.filter(({ policy }) => policy !== null).map((gate) => spoken(gate)?.id ?? '');
  const agreeing = aggregators
    .filter(({ config }) => config.sameMedOnly)
    .map(({ router, config, contributions }) => agrees(router, config, [...contributions.values()].flat()));
  return [...met, ...agreeing, ...told].join();
}

/** Are paths of other prefixes kept here? */
export function refersToPaths({ aggregators, gates }: Dependencies): boolean {
  return aggregators.length > 0 || gates.some(({ policy }) => policy !== null);
}

/** Does what the prefix is told as hang on others? */
export function leansOnOthers({ aggregators, conditions, gates }: Dependencies, prefix: Prefix): boolean {
  return (
    conditions.length > 0 ||
    (prefix.length === 0 && gates.some(({ policy }) => policy !== null)) ||
    aggregators.some(({ config }) => config.sameMedOnly === true && covers(config.prefix, prefix))
  );
}

function subjectOf(router: Router, prefix: Prefix, peer: Peer | null): PolicySubject {
  return {
    prefix,
    peer,
    ownNextHop: peer?.nextHop ?? null,
    learnedFrom: peer,
    localAs: router.bgp.asn,
    defaultLocalPref: router.bgp.defaultLocalPreference,
  };
}

/** The default route with what the route-map sets, where a path of the prefix passes it; of several by the first entry. */
function opened({ node, router }: Gate, engine: Engine, policy: Policy): Opened | null {
  const { store, tables } = router.context;
  let first: Opened | null = null;
  for (const { path, peer } of engine.lists[node] ?? []) {
    const subject = subjectOf(router, engine.prefix, peer);
    const made = evaluateOnto(policy, path, bareDefault(router), subject, store, tables);
    if (made && (!first || made.entry < first.entry)) first = made;
  }
  return first;
}

function bareDefault(router: Router): Path {
  return localPath(router, { source: 'default', med: 0 });
}

/**
 * FRR (subgroup_default_originate): of all paths of all prefixes, the default route itself among them, the one that passes by the
 * entry with the lowest number speaks, among those the first in the table. What passes by no entry's end changes nothing.
 */
function spoken({ router, policy, openedBy }: Gate): Path | null {
  if (policy === null) return bareDefault(router);
  const [first] = [...openedBy.values()].sort(
    (a, b) => (a.entry === b.entry ? 0 : a.entry - b.entry) || comparePrefixes(a.prefix, b.prefix),
  );
  if (!first) return null;
  return Number.isFinite(first.entry) ? first.path : bareDefault(router);
}

/** The default routes that are told now. */
export function openDefaults({ gates }: Dependencies): Defaults {
  const open = new Map<number, Map<Policy | null, Path>>();
  for (const gate of gates) {
    const path = spoken(gate);
    if (path) open.set(gate.node, new Map(open.get(gate.node)).set(gate.policy, path));
  }
  return open;
}
