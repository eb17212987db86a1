import type { Daemon } from './fabric.ts';

/** A router of a table row in words that every daemon's configuration can say. */
export interface Device {
  readonly asn: number;
  readonly id: string;
  readonly peers: readonly DevicePeer[];
  readonly confederation?: { readonly identifier: number; readonly members: readonly number[] };
  /** Networks it announces itself. */
  readonly networks?: readonly string[];
  /** Lines of the daemon's own: below `router bgp` (FRR), at the end of the file (GoBGP), before the protocols (BIRD). */
  readonly lines?: Lines;
  /** Options of every BGP protocol, and of its channel (BIRD). */
  readonly birdSession?: readonly string[];
  readonly birdChannel?: readonly string[];
  /** Lines below the address family (FRR, Quagga). */
  readonly familyLines?: Lines;
  /** Lines before `router bgp` (FRR, Quagga): lists, route-maps, static routes. */
  readonly head?: Lines;
}

export interface DevicePeer {
  readonly address: string;
  readonly as: number;
  /** Is a client of this route reflector. */
  readonly client?: boolean;
}

export type Lines = Partial<Record<Daemon, readonly string[]>>;

/** The file that makes `daemon` this device; open both ways, without import-check. */
export function deviceText(daemon: Daemon, device: Device): string {
  switch (daemon) {
    case 'gobgp-3':
      return gobgpText(device);
    case 'bird-2':
      return birdText(device);
    case 'exabgp-4':
      return exabgpText(device, []);
    default:
      return frrText(daemon, device);
  }
}

/** Commands for what GoBGP cannot announce from its file. */
export function deviceCli(daemon: Daemon, { networks = [] }: Device): readonly string[] {
  return daemon === 'gobgp-3' ? networks.map((network) => `gobgp global rib add ${network} origin igp`) : [];
}

function frrText(daemon: Daemon, device: Device): string {
  const { asn, id, peers, networks = [], lines, familyLines, head, confederation } = device;
  const quagga = daemon === 'quagga-1.2';
  const version = daemon === 'frr-10' ? '10.1' : '8.4';
  return [
    ...(quagga ? [] : [`frr version ${version}`, 'frr defaults traditional']),
    ...(head?.[daemon] ?? []),
    `router bgp ${asn}`,
    ` bgp router-id ${id}`,
    ...(quagga ? [] : [' no bgp ebgp-requires-policy', ' no bgp network import-check']),
    ...(confederation
      ? [
          ` bgp confederation identifier ${confederation.identifier}`,
          ` bgp confederation peers ${confederation.members.join(' ')}`,
        ]
      : []),
    ...peers.map(({ address, as }) => ` neighbor ${address} remote-as ${as}`),
    ...(lines?.[daemon] ?? []).map((line) => ` ${line}`),
    ' address-family ipv4 unicast',
    ...networks.map((network) => `  network ${network}`),
    ...peers
      .filter(({ client }) => client)
      .map(({ address }) => `  neighbor ${address} route-reflector-client`),
    ...(familyLines?.[daemon] ?? []).map((line) => `  ${line}`),
    ' exit-address-family',
    '',
  ].join('\n');
}

function gobgpText({ asn, id, peers, lines, confederation }: Device): string {
  return [
    '[global.config]',
    `  as = ${asn}`,
    `  router-id = "${id}"`,
    ...(confederation
      ? [
          '[global.confederation.config]',
          '  enabled = true',
          `  identifier = ${confederation.identifier}`,
          `  member-as-list = [${confederation.members.join(', ')}]`,
        ]
      : []),
    ...peers.flatMap(({ address, as, client }) => [
      '[[neighbors]]',
      '  [neighbors.config]',
      `    neighbor-address = "${address}"`,
      `    peer-as = ${as}`,
      ...(client
        ? [
            '  [neighbors.route-reflector.config]',
            '    route-reflector-client = true',
            `    route-reflector-cluster-id = "${id}"`,
          ]
        : []),
    ]),
    ...(lines?.['gobgp-3'] ?? []),
    '',
  ].join('\n');
}

/** ExaBGP announces `routes` (`route 10.0.0.0/24 next-hop self ...`) to each neighbour. */
export function exabgpText({ asn, id, peers }: Device, routes: readonly string[], local = ''): string {
  const sessions = peers.map(
    ({ address, as }) =>
      `neighbor ${address} { router-id ${id};${local ? ` local-address ${local};` : ''} local-as ${asn}; peer-as ${as}; family { ipv4 unicast; } static { ${routes.map((route) => `${route};`).join(' ')} } }`,
  );
  return `${sessions.join('\n')}\n`;
}

function birdText(device: Device): string {
  const { asn, id, peers, lines, networks = [], confederation, birdSession = [], birdChannel = [] } = device;
  const session = (as: number) => {
    const inside = confederation?.members.includes(as) ? ['confederation member yes;'] : [];
    const own = confederation ? [`confederation ${confederation.identifier};`, ...inside] : [];
    return [...own, ...birdSession].map((option) => ` ${option}`).join('');
  };
  return [
    `router id ${id};`,
    'protocol device { }',
    'protocol direct { ipv4; }',
    ...(lines?.['bird-2'] ?? []),
    `protocol static { ipv4; ${networks.map((network) => `route ${network} blackhole;`).join(' ')} }`,
    ...peers.map(
      ({ address, as, client }, index) =>
        `protocol bgp p${index} { local as ${asn}; neighbor ${address} as ${as};${session(as)}${client ? ' rr client;' : ''} ipv4 { ${birdChannel.join(' ')} import all; export where source = RTS_BGP || source = RTS_STATIC; }; }`,
    ),
    '',
  ].join('\n');
}
