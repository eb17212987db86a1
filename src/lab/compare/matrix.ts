import type { FabricTables, HostTables, TablePath } from '../tables.ts';

/** What of a host is held against the simulator, in the order in which it goes wrong. */
export const columns = ['sessions', 'best', 'multipath', 'attributes', 'fib'] as const;
export type Column = (typeof columns)[number];

/**
 * 'none': the daemon keeps no such table. 'order': everything that differs hangs on the order of messages, and is as some order has
 * it. 'differs': something is as no order that was tried has it.
 */
export type CellState = 'agrees' | 'order' | 'differs' | 'none';

export interface Cell {
  readonly state: CellState;
  /** Sessions or prefixes that were compared. */
  readonly compared: number;
  readonly differences: readonly Difference[];
}

export interface Difference {
  /** A peer or a prefix. */
  readonly of: string;
  /** One line: what the daemon has, what the simulator has. */
  readonly text: string;
  /** Another order of messages explains it. */
  readonly byOrder: boolean;
}

/** How a host's real tables stand to the simulated ones. */
export interface HostAgreement {
  readonly host: string;
  readonly daemon: string;
  readonly cells: Readonly<Record<Column, Cell>>;
}

/** Holds the tables of each host against the simulated ones. `byOrder`: prefixes that are as another order has them. */
export function agreementOf(
  real: FabricTables,
  simulated: FabricTables,
  daemons: ReadonlyMap<string, string>,
  byOrder: ReadonlySet<string> = new Set(),
): readonly HostAgreement[] {
  const names = [...new Set([...Object.keys(real), ...Object.keys(simulated)])].sort();
  return names.flatMap((host) => {
    const daemon = daemons.get(host) ?? 'none';
    if (daemon === 'none') return [];
    const cells = cellsOf(real[host] ?? nothing, simulated[host] ?? nothing, byOrder);
    return [{ host, daemon, cells }];
  });
}

const nothing: HostTables = { sessions: [], bgp: {}, kernel: {} };

function cellsOf(
  real: HostTables,
  simulated: HostTables,
  byOrder: ReadonlySet<string>,
): Readonly<Record<Column, Cell>> {
  const cell = (texts: Texts, other: Texts) => cellOf(texts, other, byOrder);
  const paths = (read: (paths: readonly TablePath[]) => string) =>
    cell(
      new Map(Object.entries(real.bgp).map(([prefix, list]) => [prefix, read(list)])),
      new Map(Object.entries(simulated.bgp).map(([prefix, list]) => [prefix, read(list)])),
    );
  return {
    sessions: cell(sessionTexts(real), sessionTexts(simulated)),
    best: paths(bestText),
    multipath: paths(multipathText),
    attributes: paths(attributesText),
    fib: cell(fibTexts(real), fibTexts(simulated)),
  };
}

/** Peer or prefix → what is compared, in words that a person reads. */
type Texts = ReadonlyMap<string, string>;

function cellOf(real: Texts, simulated: Texts, byOrder: ReadonlySet<string>): Cell {
  const keys = [...new Set([...real.keys(), ...simulated.keys()])].sort();
  const differences = keys.flatMap((of): Difference[] => {
    const [has, expected] = [real.get(of) ?? 'nothing', simulated.get(of) ?? 'nothing'];
    if (has === expected) return [];
    return [
      { of, text: `${of}: the daemon has ${has}, the simulator ${expected}`, byOrder: byOrder.has(of) },
    ];
  });
  const state =
    keys.length === 0
      ? 'none'
      : differences.length === 0
        ? 'agrees'
        : differences.every((one) => one.byOrder)
          ? 'order'
          : 'differs';
  return { state, compared: keys.length, differences };
}

function sessionTexts({ sessions }: HostTables): Texts {
  return new Map(sessions.map(({ peer, state }) => [peer, state]));
}

function fibTexts({ kernel }: HostTables): Texts {
  return new Map(
    Object.entries(kernel).map(([prefix, hops]) => [
      prefix,
      hops.length === 0 ? 'a black hole' : hops.join(' '),
    ]),
  );
}

function bestText(paths: readonly TablePath[]): string {
  const best = paths.filter((path) => path.best).map(name);
  return best.length === 0 ? 'no best path' : `the best path ${best.join(' and ')}`;
}

function multipathText(paths: readonly TablePath[]): string {
  const used = paths.filter(({ multipath }) => multipath).map(name);
  return used.length === 0 ? 'one path' : `${used.length} paths (${used.join(', ')})`;
}

function name({ from, nextHop }: TablePath): string {
  return from === ''
    ? `of its own (next hop ${nextHop})`
    : from === nextHop
      ? `from ${from}`
      : `from ${from} (next hop ${nextHop})`;
}

/** All there is of every path but which is chosen: that stands in the other columns. */
function attributesText(paths: readonly TablePath[]): string {
  return paths.map(({ best, multipath, ...path }) => `${name(path as TablePath)} ${rest(path)}`).join('; ');
}

function rest(path: Omit<TablePath, 'best' | 'multipath'>): string {
  const words = [
    `AS_PATH [${path.asPath}]`,
    path.localPref === null ? '' : `LOCAL_PREF ${path.localPref}`,
    path.med === null ? '' : `MED ${path.med}`,
    path.origin ?? '',
    path.communities.length > 0 ? `communities ${path.communities.join(' ')}` : '',
    path.originatorId ? `ORIGINATOR_ID ${path.originatorId}` : '',
    path.clusterList ? `CLUSTER_LIST ${path.clusterList.join(' ')}` : '',
    path.valid ? '' : 'not usable',
  ];
  return words.filter((word) => word !== '').join(', ');
}
