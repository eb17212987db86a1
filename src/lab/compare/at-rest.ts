import { familyNames } from '../../base/family.ts';
import type { SimulatedConfigs } from '../../pipeline/topology/simulate-configs.ts';
import { routerAt, type SlotCandidate } from '../../simulator/engine/engine.ts';
import type { NetworkNode } from '../../simulator/kernel/network.ts';
import { isMixed } from '../../simulator/peers/update-groups.ts';
import { holdPrefix, hostResults } from '../../simulator/result/hosts.ts';
import type { Seen } from '../../simulator/seen/chosen.ts';
import { overruled } from '../../simulator/seen/stands.ts';
import { simulate } from '../../simulator/simulate.ts';
import type { SimulationState } from '../../simulator/state.ts';
import type { FabricTables, TablePath } from '../tables.ts';
import { simulatedTables } from './simulated.ts';

/** What of real tables does not follow from the rest of them by our rules. */
export interface Departure {
  readonly prefix: string;
  readonly host: string;
  /** In words: what it should have, and what it has. */
  readonly text: string;
  /** No neighbor it takes paths from departs itself: the rule is to be sought here. */
  readonly root: boolean;
}

export function departureText({ host, prefix, text }: Departure): string {
  return `${host} ${prefix}: ${text}`;
}

/**
 * Are real tables at rest under our rules? Every router is made to choose what it was seen to have chosen, paths are passed on from there, and
 * each table then has to be the one that was seen, with each choice one that the decision makes again (in some order of arrival, which tables do not
 * show). Nothing departs: the tables are a stable state of the fabric, whichever one the simulator came to.
 */
export function departures(
  { state }: SimulatedConfigs,
  real: FabricTables,
  upAt?: ReadonlyMap<string, number>,
): readonly Departure[] {
  if (!state) throw new Error('there is no network to simulate');
  const seen = seenIn(state.network.nodes, real);
  let first = departuresAs(state, real, seen, upAt);
  // Sessions that came up within the same second do not say which was first.
  for (const [group, ases] of leadersOf(first.made)) {
    if (first.found.length === 0) break;
    for (const asn of ases) {
      const leaders = new Map([...(first.seen.leaders ?? []), [group, asn]]);
      const other = departuresAs(state, real, { ...seen, leaders }, upAt);
      if (other.found.length < first.found.length) first = other;
    }
  }
  const { found, made } = first;
  const hostOf = neighborNames(made);
  const departs = new Set(
    found.flatMap(({ rows, host, prefix }) => (rows.length > 0 ? [`${host} ${prefix}`] : [])),
  );
  return found.map(({ rows, ...one }) => ({ ...one, root: isRoot(one, rows, hostOf, departs) }));
}

function departuresAs(
  { network }: SimulationState,
  real: FabricTables,
  seen: Seen,
  upAt: ReadonlyMap<string, number> | undefined,
) {
  const made = simulate(network, { seen, ...(upAt && upAt.size > 0 ? { upAt } : {}) });
  const tables = simulatedTables({ result: { hosts: hostResults(made) }, state: made });
  return { seen, made, found: [...otherTables(real, tables), ...otherChoices(made)] };
}

/** The update groups that a peer leads for others, with the ASes it may be of. */
function leadersOf({ families }: SimulationState): readonly (readonly [string, readonly number[]])[] {
  return familyNames.flatMap((family) =>
    (families[family].madeEngine?.sharedAs ?? []).flatMap((one, place) =>
      isMixed(one) ? [[`${family} ${place}`, [...one.ases]] as const] : [],
    ),
  );
}

function seenIn(nodes: readonly NetworkNode[], real: FabricTables): Seen {
  const usable = new Map<string, boolean>();
  nodes.forEach(({ name }, node) => {
    for (const { nextHop, valid } of Object.values(real[name]?.bgp ?? {}).flat()) {
      const key = `${node} ${nextHop}`;
      usable.set(key, valid && (usable.get(key) ?? true));
    }
  });
  return {
    paths: (node, prefix) => real[nodes[node]?.name ?? '']?.bgp[prefix] ?? [],
    usable: (node, nextHop) => usable.get(`${node} ${nextHop}`),
  };
}

interface Found extends Omit<Departure, 'root'> {
  /** Whom the paths that depart came from; empty: it is not the paths. */
  readonly rows: readonly string[];
}

function neighborNames(state: SimulationState): (host: string, address: string) => string | undefined {
  const names = new Map(
    state.ends.flatMap(({ node, peerNode, peerAddress }) => {
      const [name, peer] = [node, peerNode ?? -1].map((one) => state.network.nodes[one]?.name);
      return peer ? [[`${name} ${peerAddress?.text}`, peer] as const] : [];
    }),
  );
  return (host, address) => names.get(`${host} ${address}`);
}

/** Is the rule to be sought at this host: does it depart although who sent it the path does not? */
function isRoot(
  { host, prefix }: Pick<Found, 'host' | 'prefix'>,
  rows: readonly string[],
  hostOf: (host: string, address: string) => string | undefined,
  departs: ReadonlySet<string>,
): boolean {
  if (rows.length === 0) return !departs.has(`${host} ${prefix}`);
  return rows.some((from) => !departs.has(`${hostOf(host, from)} ${prefix}`));
}

function otherTables(real: FabricTables, made: FabricTables): readonly Found[] {
  const found: Found[] = [];
  for (const [host, { bgp, kernel }] of Object.entries(real)) {
    const ours = made[host];
    if (!ours) continue;
    for (const prefix of new Set([...Object.keys(bgp), ...Object.keys(ours.bgp)])) {
      const [seen, followed] = [bgp[prefix] ?? [], ours.bgp[prefix] ?? []];
      const missing = without(followed, seen);
      const extra = without(seen, followed);
      const rows = [...new Set([...missing, ...extra].map(({ from }) => from))];
      if (rows.length === 0) continue;
      found.push({ host, prefix, rows, text: `it should have ${listed(missing)}, and has ${listed(extra)}` });
    }
    for (const prefix of new Set([...Object.keys(kernel), ...Object.keys(ours.kernel)])) {
      const [seen, followed] = [kernel[prefix], ours.kernel[prefix]].map(
        (hops) => hops?.join(' ') ?? 'no route',
      );
      if (seen !== followed)
        found.push({ host, prefix, rows: [], text: `its kernel should have ${followed}, and has ${seen}` });
    }
  }
  return found;
}

function without(paths: readonly TablePath[], others: readonly TablePath[]): readonly TablePath[] {
  const known = new Set(others.map(pathText));
  return paths.filter((path) => !known.has(pathText(path)));
}

function listed(paths: readonly TablePath[]): string {
  return paths.length === 0 ? 'nothing else' : paths.map(pathText).join('; ');
}

function pathText(path: TablePath): string {
  const { best, multipath, valid, nextHop, asPath, localPref, med, origin, communities, from } = path;
  const flags = [best ? 'best' : '', multipath ? 'multipath' : '', valid ? '' : 'unusable'].filter(Boolean);
  const reflected = path.originatorId
    ? ` originator ${path.originatorId} clusters ${path.clusterList?.join() ?? ''}`
    : '';
  return `[${asPath}] from ${from || 'itself'} via ${nextHop} local-pref ${localPref} med ${med} ${origin} ${communities.join()}${reflected} ${flags.join()}`.trim();
}

function otherChoices(state: SimulationState): readonly Found[] {
  const found: Found[] = [];
  for (const family of familyNames) {
    const familyState = state.families[family];
    for (const kept of familyState.prefixes) {
      holdPrefix(state, familyState, kept);
      const { engine } = familyState;
      for (const node of engine.touched) {
        const router = routerAt(engine.topology, node);
        if (router.config.profile.quirks.originatesOnly) continue;
        const best = engine.best[node] ?? null;
        const other = overruled(router.process, engine.lists[node] ?? [], best);
        if (!other) continue;
        const host = state.network.nodes[node]?.name ?? '';
        const text = `it should choose ${nameOf(other.instead)}${other.step ? ` by ${other.step}` : ''}, and chose ${nameOf(best)}`;
        found.push({ host, prefix: kept.prefix.text, rows: [], text });
      }
    }
  }
  return found;
}

function nameOf(candidate: SlotCandidate | null): string {
  if (!candidate) return 'nothing';
  return `[${candidate.path.asPath.text}] from ${candidate.peer?.name ?? 'itself'}`;
}
