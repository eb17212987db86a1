import { type Address, compareAddresses } from '../base/ip.ts';
import type { SourceRange } from '../base/source.ts';
import type { BgpConfig } from './config.ts';
import type { PeerConfig } from './peer-config.ts';

/**
 * The neighbours of a router without an object for each. A router of a full mesh has a thousand that differ in nothing but who they are:
 * what they have in common stands once, and the whole of one is put together when somebody asks for it.
 */
export interface PeerTable {
  readonly count: number;
  /** Everything but who the neighbour is; the same object for neighbours that are configured alike. Asked for its options only. */
  shared(place: number): PeerConfig;
  address(place: number): Address | null;
  /** The neighbour in this place. */
  config(place: number): PeerConfig;
  /**
   * Where the neighbour with this address stands; -1: nowhere. Of several that have it (ExaBGP) the one whose own address of the
   * session is `local`, else the last one.
   */
  placeOf(address: Address, local?: Address | null): number;
  /** Do several neighbours have one address? */
  ambiguous(): boolean;
}

/** The neighbours of a table, place by place: what they have in common, and what each has for itself. */
export interface PeerNames {
  readonly shared: readonly PeerConfig[];
  readonly addresses: readonly (Address | null)[];
  /** Shorter where the rest has none. */
  readonly interfaces: readonly (string | null)[];
  readonly descriptions: readonly (string | null)[];
  readonly source: (place: number) => SourceRange | null;
}

const tables = new WeakMap<BgpConfig, PeerTable>();

/** The neighbours of a router as a table. */
export function peerTableOf(bgp: BgpConfig): PeerTable {
  let table = tables.get(bgp);
  if (!table) {
    const { peers } = bgp;
    const addresses = peers.map(({ address }) => address);
    table = {
      count: peers.length,
      shared: (place) => peerAt(peers, place),
      address: (place) => addresses[place] ?? null,
      config: (place) => peerAt(peers, place),
      ...finder(addresses, (place) => peerAt(peers, place)),
    };
    tables.set(bgp, table);
  }
  return table;
}

/** What neighbours are configured with, listen ranges among them; neighbours that are configured alike count once. Not who they are. */
export function optionsOf(bgp: BgpConfig): readonly PeerConfig[] {
  const table = peerTableOf(bgp);
  const found = new Set<PeerConfig>();
  for (let place = 0; place < table.count; place++) found.add(table.shared(place));
  for (const { peer } of bgp.listenRanges) found.add(peer);
  return [...found];
}

/** The configuration with these neighbours: its `peers` are made when somebody asks for all of them. */
export function withPeerTable(bgp: Omit<BgpConfig, 'peers'>, names: PeerNames): BgpConfig {
  const { addresses } = names;
  const count = names.shared.length;
  const { shared: _, ...own } = names;
  const shared = sharedBy(names.shared);
  let all: readonly PeerConfig[] | null = null;
  const config: BgpConfig = {
    ...bgp,
    get peers() {
      all ??= Array.from({ length: count }, (_, place) => neighbor(shared(place), own, place));
      return all;
    },
  };
  tables.set(config, {
    count,
    shared,
    address: (place) => addresses[place] ?? null,
    config: (place) => (all ? peerAt(all, place) : neighbor(shared(place), own, place)),
    ...finder(addresses, shared),
  });
  return config;
}

type OwnNames = Omit<PeerNames, 'shared'>;

// Each closure in a function of its own: what one keeps alive, those beside it do as well.
function sharedBy(shared: readonly PeerConfig[]): PeerTable['shared'] {
  const [first] = shared;
  return first && shared.every((one) => one === first)
    ? sameFor(first, shared.length)
    : listedConfigs(shared);
}

function sameFor(config: PeerConfig, count: number): PeerTable['shared'] {
  return (place) => (place < count ? config : peerAt([], place));
}

function listedConfigs(shared: readonly PeerConfig[]): PeerTable['shared'] {
  return (place) => peerAt(shared, place);
}

function neighbor(
  shared: PeerConfig,
  { addresses, interfaces, descriptions, source }: OwnNames,
  place: number,
): PeerConfig {
  return {
    ...shared,
    address: addresses[place] ?? null,
    interface: interfaces[place] ?? null,
    description: descriptions[place] ?? null,
    source: source(place),
  };
}

function peerAt(peers: readonly PeerConfig[], place: number): PeerConfig {
  const peer = peers[place];
  if (!peer) throw new Error(`no neighbour in place ${place}`);
  return peer;
}

/** In a list in order of addresses (those without behind) it is looked for by halves, else in an index. */
function finder(
  addresses: readonly (Address | null)[],
  shared: PeerTable['shared'],
): Pick<PeerTable, 'placeOf' | 'ambiguous'> {
  let sorted: Uint32Array | boolean | null = null;
  let index: ReadonlyMap<string, number> | null = null;
  let ambiguous: boolean | null = null;
  let next = 0;
  const isInOrder = () => {
    sorted ??= isSorted(addresses) && (numbersOf(addresses) ?? true);
    return sorted;
  };
  const byText = () => {
    index ??= new Map(addresses.flatMap((one, place) => (one ? [[one.text, place] as const] : [])));
    return index;
  };
  const isAmbiguous = () => {
    ambiguous ??= !isInOrder() && byText().size < addresses.filter((one) => one !== null).length;
    return ambiguous;
  };
  return {
    placeOf: (address, local) => {
      const order = isInOrder();
      if (order === false) {
        const last = byText().get(address.text) ?? -1;
        if (!local || last < 0 || !isAmbiguous()) return last;
        const exact = addresses.findIndex(
          (one, place) => one?.text === address.text && speaksFrom(shared(place), local),
        );
        return exact < 0 ? last : exact;
      }
      if (order === true) return halve(addresses, address);
      if (address.family !== 4) return -1;
      const value = Number(address.value);
      // Whoever goes through all pairs of a mesh asks each table for one neighbour after another.
      next = order[next] === value ? next : halveNumbers(order, value);
      return next++;
    },
    ambiguous: isAmbiguous,
  };
}

function speaksFrom({ updateSource }: PeerConfig, local: Address): boolean {
  return ownAddressOf(updateSource)?.text === local.text;
}

/** What tells neighbours with one address apart (ExaBGP may have several, each with an own address); empty for all others. */
export function apartBy({ audience, updateSource }: PeerConfig): string {
  const own = audience === undefined ? null : ownAddressOf(updateSource);
  return own ? ` ${own.text}` : '';
}

/** The own address of the session where the configuration names one. */
export function ownAddressOf(updateSource: PeerConfig['updateSource']): Address | null {
  return updateSource && 'text' in updateSource ? updateSource : null;
}

function isSorted(addresses: readonly (Address | null)[]): boolean {
  return addresses.every((address, place) => {
    const before = place === 0 ? null : addresses[place - 1];
    if (place === 0 || !address) return true;
    return before ? compareAddresses(before, address) < 0 : false;
  });
}

/** As numbers, where there are no others than IPv4 addresses in front; null: there are. */
function numbersOf(addresses: readonly (Address | null)[]): Uint32Array | null {
  let count = addresses.indexOf(null);
  if (count < 0) count = addresses.length;
  // In order, so that the last one is of IPv6 where any is.
  if (addresses[count - 1]?.family === 6) return null;
  return Uint32Array.from({ length: count }, (_, place) => Number(addresses[place]?.value ?? 0));
}

function halveNumbers(values: Uint32Array, wanted: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = values[middle] ?? 0;
    if (value === wanted) return middle;
    if (value < wanted) low = middle + 1;
    else high = middle;
  }
  return -1;
}

function halve(addresses: readonly (Address | null)[], wanted: Address): number {
  let [low, high] = [0, addresses.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const address = addresses[middle] ?? null;
    if (address === wanted) return middle;
    const order = address ? compareAddresses(address, wanted) : 1;
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/** The ranges by place, kept as three numbers each where they are lines of one file. */
export function compactSources(sources: readonly SourceRange[]): PeerNames['source'] {
  const file = sources[0]?.file ?? '';
  if (sources.some((source) => source.file !== file || source.endLine !== source.line))
    return listed(sources);
  const lines = Uint32Array.from(sources, ({ line }) => line);
  const columns = new Uint16Array(2 * sources.length);
  sources.forEach(({ column, endColumn = column }, place) => {
    columns[2 * place] = column;
    columns[2 * place + 1] = endColumn;
  });
  const fits = sources.every(({ column, endColumn = column }) => Math.max(column, endColumn) <= 65_535);
  return fits ? linesOf(file, lines, columns) : listed(sources);
}

function listed(sources: readonly SourceRange[]): PeerNames['source'] {
  return (place) => sources[place] ?? null;
}

function linesOf(file: string, lines: Uint32Array, columns: Uint16Array): PeerNames['source'] {
  return (place) => {
    const line = lines[place] ?? 0;
    const [column, endColumn] = [columns[2 * place] ?? 0, columns[2 * place + 1] ?? 0];
    return { file, line, column, endLine: line, endColumn };
  };
}
