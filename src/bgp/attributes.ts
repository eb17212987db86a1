import type { Asn } from '../base/asn.ts';
import type { Address } from '../base/ip.ts';
import { type AsPath, type AsPathTable, createAsPathTable } from './as-path.ts';
import { compareLargeCommunities } from './communities.ts';
import type { Origin } from './policy/types.ts';

/** How a path came to be: learned from a peer, or made here. */
export type PathSource =
  | 'learned'
  | 'network'
  | 'connected'
  | 'static'
  | 'kernel'
  | 'announce'
  | 'aggregate'
  | 'default';

/** The path attributes (RFC 4271 section 5 and its extensions) and what one router keeps beside them. */
export interface PathData {
  readonly origin: Origin;
  readonly asPath: AsPath;
  /**
   * null: whoever holds or sends the path: on the wire the sender's address on that session, for a local path this
   * router. Keeping it unnamed lets all sessions of a router share one attribute set.
   */
  readonly nextHop: Address | null;
  readonly med: number | null;
  readonly localPref: number | null;
  /** Ascending, each once. */
  readonly communities: readonly number[];
  readonly largeCommunities: readonly string[];
  /** RFC 4456: router ids as 32-bit numbers. */
  readonly originatorId: number | null;
  readonly clusterList: readonly number[];
  readonly atomicAggregate: boolean;
  readonly aggregator: { readonly asn: Asn; readonly routerId: number } | null;
  /** Local to the router: never sent. */
  readonly weight: number;
  readonly tag: number;
  readonly source: PathSource;
  /** Outbound policy named the next hop: the rules of RFC 4271 5.1.3 no longer apply. */
  readonly nextHopByPolicy: 'no' | 'set' | 'unchanged' | 'self';
}

/** An interned path: within one store equal data is the same object and the same number. Numbers start at 1; 0 is "none". */
export interface Path extends PathData {
  readonly id: number;
}

/** The interning tables of one simulation or one speaker. */
export interface PathStore {
  readonly asPaths: AsPathTable;
  readonly byKey: Map<string, Path>;
  /** By number; place 0 stays empty. */
  readonly byId: (Path | undefined)[];
}

export function createPathStore(): PathStore {
  return { asPaths: createAsPathTable(), byKey: new Map(), byId: [undefined] };
}

/** The one path with this data; `data` may be a Path that was changed by spreading. */
export function internPath(store: PathStore, data: PathData): Path {
  const key = keyOf(data);
  let path = store.byKey.get(key);
  if (!path) {
    path = fresh(data, store.byId.length);
    store.byKey.set(key, path);
    store.byId.push(path);
  }
  return path;
}

/** How much a store holds, to come back to. */
export interface PathMark {
  readonly paths: number;
  readonly asPaths: number;
}

export function markPaths(store: PathStore): PathMark {
  return { paths: store.byId.length, asPaths: store.asPaths.byText.size };
}

/**
 * Forgets what was interned after the mark. Whoever keeps numbers or paths from after it must forget them as well; this is how
 * a long run over many prefixes stays small.
 */
export function forgetPaths(store: PathStore, mark: PathMark): void {
  store.byId.length = mark.paths;
  for (const [key, path] of store.byKey) if (path.id >= mark.paths) store.byKey.delete(key);
  for (const [text, asPath] of store.asPaths.byText) {
    if (asPath.id >= mark.asPaths) store.asPaths.byText.delete(text);
    else asPath.longer = null;
  }
}

/** The path with some attributes replaced. */
export function withPath(store: PathStore, path: Path, changes: Partial<PathData>): Path {
  return internPath(store, { ...path, ...changes });
}

/** What a bare locally made path has; originations change it. */
export function emptyPath(store: PathStore): PathData {
  return {
    origin: 0,
    asPath: store.asPaths.empty,
    nextHop: null,
    med: null,
    localPref: null,
    communities: [],
    largeCommunities: [],
    originatorId: null,
    clusterList: [],
    atomicAggregate: false,
    aggregator: null,
    weight: 0,
    tag: 0,
    source: 'learned',
    nextHopByPolicy: 'no',
  };
}

export function sortedCommunities(communities: Iterable<number>): readonly number[] {
  return [...new Set(communities)].sort((a, b) => a - b);
}

export function sortedLargeCommunities(communities: Iterable<string>): readonly string[] {
  return [...new Set(communities)].sort(compareLargeCommunities);
}

function keyOf(data: PathData): string {
  const lists =
    data.communities.length + data.largeCommunities.length + data.clusterList.length === 0
      ? ''
      : `${data.communities.join()};${data.largeCommunities.join()};${data.clusterList.join()}`;
  const aggregate = data.aggregator ? `${data.aggregator.asn}@${data.aggregator.routerId}` : '';
  return `${data.asPath.id}|${data.origin}|${data.nextHop?.text ?? ''}|${data.med ?? ''}|${data.localPref ?? ''}|${lists}|${
    data.originatorId ?? ''
  }|${data.atomicAggregate ? 'a' : ''}${aggregate}|${data.weight}|${data.tag}|${data.source}|${data.nextHopByPolicy}`;
}

/** Always the same fields in the same order: the engine keeps one shape for all paths, which is what makes reading fast. */
function fresh(data: PathData, id: number): Path {
  return {
    id,
    origin: data.origin,
    asPath: data.asPath,
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
    source: data.source,
    nextHopByPolicy: data.nextHopByPolicy,
  };
}
