import type { AsPath } from './as-path.ts';
import { type AsPathTable, createAsPathTable, forgetAsPaths } from './as-path-table.ts';
import type { Path, PathData } from './attributes.ts';
import { createPairTable, dropPairs, notePair, type PairTable, pairValue } from './pair-table.ts';

/** The interning tables of one simulation or one speaker. */
export interface PathStore {
  readonly asPaths: AsPathTable;
  /** Attributes without the AS_PATH, by their text, and a path that has them by their number. */
  readonly attributes: Map<string, number>;
  readonly examples: Path[];
  /** (AS_PATH, attributes) → number of the path. */
  readonly byPair: PairTable;
  /** By number; place 0 stays empty. */
  readonly byId: (Path | undefined)[];
  /** Absent: paths are interned. Else how many were made: nothing is remembered, equal paths are several objects, all of them without a number. */
  readonly transient?: { made: number };
}

export function createPathStore(): PathStore {
  return {
    asPaths: createAsPathTable(),
    attributes: new Map(),
    examples: [],
    byPair: createPairTable(),
    byId: [undefined],
  };
}

/** For whoever keeps paths in a form of its own and has objects only in passing: a speaker with a million of them. */
export function createTransientPathStore(): PathStore {
  return { ...createPathStore(), asPaths: createAsPathTable(true), transient: { made: 0 } };
}

/** The one path with this data; `data` may be a Path that was changed by spreading. */
export function internPath(store: PathStore, data: PathData): Path {
  if (store.transient) return fresh(data, 0, data.asPath, ++store.transient.made);
  const key = keyOf(data);
  const known = store.attributes.get(key);
  if (known !== undefined) return pathWith(store, data.asPath, known);
  const path = addPath(store, data, data.asPath, store.examples.length);
  store.attributes.set(key, path.attributes);
  store.examples.push(path);
  return path;
}

/** The one path with this AS_PATH and these attributes, a number that some path of the store has. */
export function pathWith(store: PathStore, asPath: AsPath, attributes: number): Path {
  const known = store.byId[pairValue(store.byPair, asPath.id, attributes)];
  if (known) return known;
  const example = store.examples[attributes];
  if (!example) throw new Error(`no attributes ${attributes}`);
  return addPath(store, example, asPath, attributes);
}

function addPath(store: PathStore, data: PathData, asPath: AsPath, attributes: number): Path {
  const path = fresh(data, store.byId.length, asPath, attributes);
  store.byId.push(path);
  notePair(store.byPair, asPath.id, attributes, path.id);
  return path;
}

/** How much a store holds, to come back to. */
export interface PathMark {
  readonly paths: number;
  readonly asPaths: number;
  readonly attributes: number;
}

export function markPaths(store: PathStore): PathMark {
  return {
    paths: store.byId.length,
    asPaths: store.asPaths.byId.length,
    attributes: store.examples.length,
  };
}

/**
 * Forgets what was interned after the mark. Whoever keeps numbers or paths from after it must forget them as well; this is how
 * a long run over many prefixes stays small. Attributes are few as a rule and may stay.
 */
export function forgetPaths(store: PathStore, mark: PathMark, attributesToo = true): void {
  store.byId.length = mark.paths;
  dropPairs(store.byPair, mark.paths);
  forgetAsPaths(store.asPaths, mark.asPaths);
  if (!attributesToo) return;
  for (const [key, attributes] of store.attributes)
    if (attributes >= mark.attributes) store.attributes.delete(key);
  store.examples.length = mark.attributes;
}

/** The path with some attributes replaced. */
export function withPath(store: PathStore, path: Path, changes: Partial<PathData>): Path {
  if (store.transient && changesNothing(path, changes)) return path;
  return internPath(store, { ...path, ...changes });
}

/** False also where only the objects are others. */
function changesNothing(path: PathData, changes: Partial<PathData>): boolean {
  for (const name in changes) {
    const [before, after] = [path[name as keyof PathData], changes[name as keyof PathData]];
    if (before !== after && !(Array.isArray(before) && Array.isArray(after) && sameItems(before, after)))
      return false;
  }
  return true;
}

function sameItems(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && before.every((item, place) => item === after[place]);
}

export function keyOf(data: PathData): string {
  const lists =
    data.communities.length + data.largeCommunities.length + data.clusterList.length === 0
      ? ''
      : `${data.communities.join()};${data.largeCommunities.join()};${data.clusterList.join()}`;
  const aggregate = data.aggregator ? `${data.aggregator.asn}@${data.aggregator.routerId}` : '';
  const {
    medByPolicy,
    originUnset,
    extendedCommunities,
    destination,
    carried,
    otc = null,
    aigp = null,
  } = data;
  const rare =
    medByPolicy ||
    originUnset ||
    destination ||
    carried ||
    otc !== null ||
    aigp !== null ||
    data.distance ||
    data.interface ||
    data.emptyLists ||
    data.own ||
    data.nextHopOnEntry ||
    data.leadsBy ||
    (data.cameWithBandwidth ?? null) !== null ||
    (data.linkLocal ?? null) !== null ||
    (extendedCommunities?.length ?? 0) > 0;
  return `${data.origin}|${data.nextHop?.text ?? ''}|${data.med ?? ''}|${data.localPref ?? ''}|${lists}|${
    data.originatorId ?? ''
  }|${data.atomicAggregate ? 'a' : ''}${aggregate}|${data.weight}|${data.tag}|${data.source}|${data.nextHopByPolicy}${rare ? rareKey(data) : ''}`;
}

function rareKey(data: PathData): string {
  const { medByPolicy, originUnset, extendedCommunities = [], destination, carried = '', otc } = data;
  const { emptyLists = '', aigp = '', distance = 0, nextHopOnEntry, linkLocal } = data;
  const hops = destination?.hops.map((hop) => `${hop.gateway?.text ?? ''}%${hop.interface}`).join();
  const learned = destination?.learned
    ? ` ${destination.learned.protocol} ${destination.learned.metric}`
    : '';
  const leans = destination?.recursive ? ' recursive' : '';
  const leads = destination ? `${destination.kind} ${destination.protocol} ${hops}${learned}${leans}` : '';
  return `|${medByPolicy ? 'm' : ''}${originUnset ? 'o' : ''}${emptyLists}|${extendedCommunities.join()}|${leads}|${otc ?? ''}|${aigp ?? ''}|${distance}|${data.interface ?? ''}|${nextHopOnEntry ?? ''}${linkLocal ?? ''}${data.cameWithBandwidth ?? ''}${data.leadsBy ? ` by ${data.leadsBy.text}` : ''}|${data.own?.text ?? ''}|${carried}`;
}

/** Always the same fields in the same order: the engine keeps one shape for all paths, which is what makes reading fast. */
function fresh(data: PathData, id: number, asPath: AsPath, attributes: number): Path {
  return {
    id,
    attributes,
    origin: data.origin,
    asPath,
    nextHop: data.nextHop,
    med: data.med,
    localPref: data.localPref,
    communities: data.communities,
    largeCommunities: data.largeCommunities,
    originatorId: data.originatorId,
    clusterList: data.clusterList,
    atomicAggregate: data.atomicAggregate,
    aggregator: data.aggregator,
    weight: data.weight,
    tag: data.tag,
    interface: data.interface ?? null,
    source: data.source,
    nextHopByPolicy: data.nextHopByPolicy,
    nextHopOnEntry: data.nextHopOnEntry ?? null,
    cameWithBandwidth: data.cameWithBandwidth ?? null,
    leadsBy: data.leadsBy ?? null,
    linkLocal: data.linkLocal ?? null,
    medByPolicy: data.medByPolicy ?? false,
    originUnset: data.originUnset ?? false,
    extendedCommunities: data.extendedCommunities ?? noCommunities,
    carried: data.carried ?? '',
    otc: data.otc ?? null,
    aigp: data.aigp ?? null,
    distance: data.distance ?? 0,
    emptyLists: data.emptyLists ?? '',
    destination: data.destination ?? null,
    own: data.own ?? null,
  };
}

const noCommunities: readonly string[] = [];
