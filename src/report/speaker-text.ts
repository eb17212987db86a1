import type {
  AdjInRow,
  AdjOutRow,
  NeighborView,
  Page,
  PathView,
  RibRow,
  StatusView,
} from '../speaker/api/types.ts';
import { formatTable } from './table.ts';

/** Seconds as daemons print them: `00:01:05`, `2d03h14m`. */
function formatUptime(seconds: number): string {
  const [days, hours, minutes] = [86400, 3600, 60].map((unit) => Math.floor(seconds / unit));
  const two = (value: number) => String(value).padStart(2, '0');
  if (days !== undefined && days > 0) return `${days}d${two((hours ?? 0) % 24)}h${two((minutes ?? 0) % 60)}m`;
  return `${two(hours ?? 0)}:${two((minutes ?? 0) % 60)}:${two(seconds % 60)}`;
}

export function formatStatus(status: StatusView): string {
  const { configured, established } = status.neighbors;
  const tables = status.tables.map(({ family, prefixes, routes }) => [
    family,
    String(prefixes),
    String(routes),
  ]);
  const idle = status.idle.map(({ prefix, why }) => `  ${prefix}: ${why}\n`).join('');
  return [
    `${status.name}: AS ${status.asn}, router id ${status.routerId}, up ${formatUptime(status.uptimeSeconds)}\n`,
    `${established} of ${configured} neighbors established\n`,
    status.deferring ? 'nothing is announced yet: the peers have still to say their routes (RFC 4724)\n' : '',
    formatTable(['TABLE', 'PREFIXES', 'ROUTES'], tables),
    idle === '' ? '' : `not announced:\n${idle}`,
  ].join('');
}

/** As `show bgp summary`: state or prefixes in the last column. */
export function formatNeighbors(neighbors: readonly NeighborView[]): string {
  if (neighbors.length === 0) return 'no neighbors\n';
  const sum = (view: NeighborView, field: 'received' | 'advertised') =>
    String(view.families.reduce((total, family) => total + family[field], 0));
  return formatTable(
    ['NEIGHBOR', 'AS', 'MSG RCVD', 'MSG SENT', 'UP/DOWN', 'STATE', 'PFX RCVD', 'PFX SENT', 'WHY NOT UP'],
    neighbors.map((view) => [
      `${view.name}${view.dynamic ? '*' : ''}`,
      String(view.remoteAs),
      String(view.messages.received),
      String(view.messages.sent),
      upOrDown(view),
      view.state,
      sum(view, 'received'),
      sum(view, 'advertised'),
      view.reason ?? '',
    ]),
  );
}

/** How long the session is up, or how long it is not. */
function upOrDown({ uptimeSeconds, downSeconds }: NeighborView): string {
  const seconds = uptimeSeconds ?? downSeconds;
  return seconds === null ? 'never' : formatUptime(seconds);
}

export function formatNeighbor(view: NeighborView): string {
  const { timers, messages, flaps, capabilities } = view;
  const lines: readonly (readonly [string, string | null])[] = [
    ['state', view.reason === null ? view.state : `${view.state}: ${view.reason}`],
    ['last problem', view.problem],
    ['description', view.description],
    ['session', `${view.type}, AS ${view.localAs} here, ${view.remoteAs} there`],
    ['addresses', view.localAddress && `${view.localAddress} here, ${view.remoteAddress ?? '?'} there`],
    ['router id', view.routerId],
    ['up', view.uptimeSeconds === null ? null : formatUptime(view.uptimeSeconds)],
    ['down', view.downSeconds === null ? null : formatUptime(view.downSeconds)],
    [
      'timers',
      `hold ${timers.holdTime} s, keepalive ${timers.keepalive} s, connect retry ${timers.connectRetry} s`,
    ],
    [
      'messages',
      `${messages.received} received (${messages.updatesReceived} updates), ${messages.sent} sent (${messages.updatesSent})`,
    ],
    ['flaps', `up ${flaps.up} times, down ${flaps.down} times`],
    ['we offer', capabilities?.ours.join(', ') ?? null],
    ['peer offers', capabilities?.theirs.join(', ') ?? null],
  ];
  const families = view.families.map((one) => [
    one.family,
    String(one.received),
    String(one.accepted),
    String(one.advertised),
    String(one.waiting),
    one.maximumPrefix === null ? '-' : String(one.maximumPrefix),
    one.endOfRib ? 'yes' : 'no',
  ]);
  return [
    `${view.name}\n`,
    formatTable(
      ['', ''],
      lines.flatMap(([name, value]) => (value ? [[name, value]] : [])),
      '  ',
    ),
    formatTable(
      ['FAMILY', 'RECEIVED', 'ACCEPTED', 'ADVERTISED', 'WAITING', 'LIMIT', 'END-OF-RIB'],
      families,
      '  ',
    ),
  ].join('');
}

/** Loc-RIB: the best path first, with `>` before it; losers say what beat them. */
export function formatRib({ rows, next }: Page<RibRow>): string {
  const lines = rows.flatMap(({ prefix, paths }) =>
    [...paths]
      .sort((a, b) => Number(b.best) - Number(a.best))
      .map((path, index) => [
        path.best ? '>' : '',
        index === 0 ? prefix : '',
        path.pathId === 0 ? (path.from ?? 'own') : `${path.from} path ${path.pathId}`,
        ...pathCells(path),
        path.reason ?? '',
      ]),
  );
  return listing(['', 'PREFIX', 'FROM', ...pathHead, 'WHY NOT BEST'], lines, next);
}

export function formatAdjIn({ rows, next }: Page<AdjInRow>): string {
  const lines = rows.map(({ prefix, pathId, received, accepted, refused }) => [
    prefix,
    pathId === 0 ? '' : String(pathId),
    ...pathCells(received),
    refused ?? (accepted && changes(received, accepted)) ?? '',
  ]);
  return listing(['PREFIX', 'PATH', ...pathHead, 'IMPORT POLICY'], lines, next);
}

export function formatAdjOut({ rows, next }: Page<AdjOutRow>): string {
  return listing(
    ['PREFIX', 'PATH', ...pathHead],
    rows.map(({ prefix, pathId, sent }) => [prefix, pathId === 0 ? '' : String(pathId), ...pathCells(sent)]),
    next,
  );
}

const pathHead = ['NEXT HOP', 'MED', 'LOCPRF', 'AS PATH', 'ORIGIN', 'COMMUNITIES'];

function pathCells(path: PathView): readonly string[] {
  return [
    path.nextHop ?? 'own',
    path.med === null ? '' : String(path.med),
    path.localPref === null ? '' : String(path.localPref),
    path.asPath,
    path.origin,
    [...path.communities, ...path.largeCommunities, ...path.extendedCommunities, path.attached]
      .join(' ')
      .trim(),
  ];
}

/** What the policy made of a route: only what is another than it was. */
function changes(received: PathView, accepted: PathView): string {
  const names = Object.keys(accepted) as (keyof PathView)[];
  return names
    .filter((name) => name !== 'source' && String(received[name]) !== String(accepted[name]))
    .map((name) => `${name} ${String(accepted[name]) || 'none'}`)
    .join(', ');
}

function listing(
  head: readonly string[],
  lines: readonly (readonly string[])[],
  next: number | null,
): string {
  const more = next === null ? '' : 'there is more: ask for a prefix, or with --limit\n';
  return lines.length === 0 ? `nothing\n${more}` : `${formatTable(head, lines)}${more}`;
}
