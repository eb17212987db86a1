import type { Asn } from '../base/asn.ts';
import type { Address } from '../base/ip.ts';
import { type AsPath, type AsPathTable, createAsPathTable, forgetAsPaths } from './as-path.ts';
import { compareLargeCommunities } from './communities.ts';
import { createPairTable, dropPairs, notePair, type PairTable, pairValue } from './pair-table.ts';
import type { Value } from './policy/program/types.ts';
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
  /** Ascending, each once; a daemon that leaves them as they came may have them otherwise. */
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
  /** Of a redistributed route: the interface it leaves by (FRR's `match interface`). */
  readonly interface?: string | null;
  readonly source: PathSource;
  /** Outbound policy named the next hop: the rules of RFC 4271 5.1.3 no longer apply. */
  readonly nextHopByPolicy: 'no' | 'set' | 'unchanged' | 'self';
  /**
   * What the policy did with the next hop where the path came in or was made: named it, asked to leave it as it is, or to prefer the
   * global IPv6 one. FRR remembers (`rmap_change_flags`) and goes by it when it sends.
   */
  readonly nextHopOnEntry?: 'set' | 'unchanged' | 'prefer-global' | null;
  /** The next hop it came with, where a filter on the way in named another one: it still leads there (BIRD). */
  readonly leadsBy?: Address | null;
  /** Whether the sender's link-local address came along with an IPv6 next hop; null: as with all routes of its kind on the session. */
  readonly linkLocal?: boolean | null;
  /** Outbound policy set the MED: it may leave the AS (BIRD). */
  readonly medByPolicy?: boolean;
  /** A local route without ORIGIN (BIRD): it is sent as IGP and shown without. */
  readonly originUnset?: boolean;
  /** Eight octets as 16 hexadecimal digits each, ascending (RFC 4360). */
  readonly extendedCommunities?: readonly string[];
  /**
   * All other optional transitive attributes as they lie on the wire, an octet a character: what is not understood is passed on (RFC 4271 section 5). Only a speaker
   * meets them.
   */
  readonly carried?: string;
  /** ONLY_TO_CUSTOMER (RFC 9234 section 5): the AS that put it there. */
  readonly otc?: number | null;
  /** ACCUMULATED IGP METRIC (RFC 7311): not transitive, for internal neighbours. */
  readonly aigp?: number | null;
  /** Local to the router: what a policy set against the distance of its kind; 0: nothing. */
  readonly distance?: number;
  /** Which lists of communities are there though they are empty: `C`, `L`, `E`; small letters until the policy has ended (BIRD). */
  readonly emptyLists?: string;
  /** What policies put there that no protocol sends (BIRD's attributes of the own making, those for the kernel). */
  readonly own?: OwnAttributes | null;
  /** Where the traffic goes, where that is not what the next hop says. */
  readonly destination?: Destination | null;
}

/** By name; equal texts for equal values. */
export interface OwnAttributes {
  readonly values: ReadonlyMap<string, Value>;
  readonly text: string;
}

/** The forwarding half of a route: of a local one in a table over all protocols, or as an import policy set it. */
export interface Destination {
  readonly kind: 'unicast' | 'blackhole' | 'unreachable' | 'prohibit';
  /** The protocol instance that made it (BIRD's `proto`); empty: BGP. */
  readonly protocol: string;
  readonly hops: readonly { readonly interface: string; readonly gateway: Address | null }[];
  /** It goes where another route leads: nothing may lean on it (BIRD). */
  readonly recursive?: true;
  /** Of a route learned from the kernel: who put it there (rtnetlink's RTPROT_*), and its metric. */
  readonly learned?: { readonly protocol: number; readonly metric: number };
}

/** An interned path: within one store equal data is the same object and the same number. Numbers start at 1; 0 is "none". */
export interface Path extends PathData {
  readonly id: number;
  /** Number of everything but the AS_PATH: most rules look at no more, and few such sets exist. */
  readonly attributes: number;
}

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

/** Equal texts for equal paths, whatever store they are of. */
export function pathText(path: PathData): string {
  return `${keyOf(path)}|${path.asPath.text}`;
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

export function sortedCommunities(communities: readonly number[]): readonly number[] {
  if (ascends(communities)) return communities;
  return [...new Set(communities)].sort((a, b) => a - b);
}

/** Each above the one before it: as most lists come. */
function ascends(numbers: readonly number[]): boolean {
  for (let i = 1; i < numbers.length; i++) if ((numbers[i - 1] ?? 0) >= (numbers[i] ?? 0)) return false;
  return true;
}

export function sortedLargeCommunities(communities: readonly string[]): readonly string[] {
  if (communities.length < 2) return communities;
  return [...new Set(communities)].sort(compareLargeCommunities);
}

function keyOf(data: PathData): string {
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
  return `|${medByPolicy ? 'm' : ''}${originUnset ? 'o' : ''}${emptyLists}|${extendedCommunities.join()}|${leads}|${otc ?? ''}|${aigp ?? ''}|${distance}|${data.interface ?? ''}|${nextHopOnEntry ?? ''}${linkLocal ?? ''}${data.leadsBy ? ` by ${data.leadsBy.text}` : ''}|${data.own?.text ?? ''}|${carried}`;
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
