import type { FamilyName } from '../../../base/family.ts';
import type { BgpInstance, Neighbor, PeerGroup, PeerOptions } from '../../../model/fabric.ts';
import { lines, quoted, type TomlLine, type TomlTable } from './toml-values.ts';

/** A neighbor or peer group: its tables, each with `.config`, and its families. */
export interface PeerContext {
  readonly tables: readonly TomlTable[];
  readonly families: readonly FamilyContext[];
}

export interface FamilyContext {
  readonly name: FamilyName;
  /** null: no limit. */
  readonly maxPrefixes: number | null;
}

export function neighborContext(bgp: BgpInstance, neighbor: Neighbor): PeerContext {
  const head = lines([
    ['neighbor-address', quoted(neighbor.address.text)],
    ['peer-as', neighbor.remoteAs],
    ['admin-down', neighbor.shutdown ? true : null],
  ]);
  const external = neighbor.remoteAs !== (neighbor.localAs?.asn ?? bgp.asn);
  return peerContext(bgp, neighbor, head, external, neighbor.localAddress?.text ?? null);
}

export function groupContext(bgp: BgpInstance, group: PeerGroup): PeerContext {
  const head = lines([
    ['peer-group-name', quoted(group.name)],
    ['peer-as', group.remoteAs],
  ]);
  return peerContext(bgp, group, head, group.remoteAs !== bgp.asn, null);
}

function peerContext(
  bgp: BgpInstance,
  options: PeerOptions,
  head: readonly TomlLine[],
  external: boolean,
  localAddress: string | null,
): PeerContext {
  const timers = options.timers ?? bgp.timers;
  const tables: readonly (readonly [string, readonly TomlLine[]])[] = [
    ['config', [...head, ...configLines(options)]],
    [
      'timers.config',
      lines([
        ['connect-retry', timers.connectRetry],
        ['hold-time', timers.hold],
        ['keepalive-interval', timers.keepalive],
      ]),
    ],
    [
      'transport.config',
      lines([
        ['passive-mode', options.passive ? true : null],
        [
          'local-address',
          options.updateSource === null || localAddress === null ? null : quoted(localAddress),
        ],
      ]),
    ],
    ['ebgp-multihop.config', multihopLines(options, external)],
    ['ttl-security.config', ttlSecurityLines(options)],
    ['route-reflector.config', reflectorLines(bgp, options)],
    [
      'as-path-options.config',
      lines([
        ['allow-own-as', options.allowasIn],
        ['replace-peer-as', options.asOverride && external ? true : null],
      ]),
    ],
  ];
  return {
    tables: tables.flatMap(([name, inner]) => (inner.length > 0 ? [{ name, lines: inner }] : [])),
    families: options.families.map((name) => ({ name, maxPrefixes: options.maximumPrefix })),
  };
}

function configLines(options: PeerOptions): TomlLine[] {
  const { description, password, localAs, removePrivateAs } = options;
  return lines([
    ['description', description === null ? null : quoted(description)],
    ['auth-password', password === null ? null : quoted(password)],
    ['local-as', localAs?.asn ?? null],
    [
      'remove-private-as',
      removePrivateAs === 'no' ? null : quoted(removePrivateAs === 'all' ? 'all' : 'replace'),
    ],
  ]);
}

/** Meant for eBGP; on an iBGP session the number of hops is free. */
function multihopLines({ ebgpMultihop }: PeerOptions, external: boolean): TomlLine[] {
  if (ebgpMultihop === null || !external) return [];
  return lines([
    ['enabled', true],
    ['multihop-ttl', ebgpMultihop],
  ]);
}

/** N hops away: what arrives must still have 256 - N (RFC 5082). */
function ttlSecurityLines({ ttlSecurityHops }: PeerOptions): TomlLine[] {
  if (ttlSecurityHops === null) return [];
  return lines([
    ['enabled', true],
    ['ttl-min', 256 - ttlSecurityHops],
  ]);
}

function reflectorLines(bgp: BgpInstance, options: PeerOptions): TomlLine[] {
  if (!options.routeReflectorClient) return [];
  return lines([
    ['route-reflector-client', true],
    ['route-reflector-cluster-id', quoted((bgp.clusterId ?? bgp.routerId).text)],
  ]);
}
