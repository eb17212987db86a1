/** Tables in words that no daemon owns; those of the simulator's result, so that the two can be compared. */
export interface FabricTables {
  readonly [host: string]: HostTables;
}

export interface HostTables {
  readonly sessions: readonly { readonly peer: string; readonly state: string }[];
  /** Prefix → paths, by `from` and next hop. */
  readonly bgp: Readonly<Record<string, readonly TablePath[]>>;
  /** Prefix → next hops (or interface names), sorted: what BGP put into the kernel. */
  readonly kernel: Readonly<Record<string, readonly string[]>>;
}

export interface TablePath {
  readonly best: boolean;
  readonly multipath: boolean;
  readonly valid: boolean;
  readonly nextHop: string;
  readonly asPath: string;
  readonly localPref: number | null;
  readonly med: number | null;
  /** null: the table shows none. */
  readonly origin: string | null;
  readonly communities: readonly string[];
  readonly from: string;
  /** Only on reflected paths (RFC 4456). */
  readonly originatorId?: string;
  readonly clusterList?: readonly string[];
}

export function sortedPaths(paths: readonly TablePath[]): readonly TablePath[] {
  const key = ({ from, nextHop, asPath, med, origin }: TablePath) =>
    `${from} ${nextHop} ${asPath} ${med} ${origin}`;
  return [...paths].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

export function sortedRecord<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
