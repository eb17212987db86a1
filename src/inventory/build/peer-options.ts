import type { Asn } from '../../base/asn.ts';
import type { FamilyName } from '../../base/family.ts';
import type { DataPath } from '../../base/source.ts';
import type { PeerOptions, Timers } from '../../model/fabric.ts';
import { peerDefaults } from '../../model/peer-defaults.ts';
import type { HostVars } from '../schema/host-vars.ts';
import { pathText } from '../schema/walk.ts';
import { readAsn } from './asn.ts';
import type { Findings } from './findings.ts';
import { placeIn, type Variable } from './variables.ts';

export type WrittenTimers = NonNullable<HostVars['bgp_timers']>;
export type WrittenOptions = NonNullable<HostVars['bgp_peer_groups']>[string];

/** The options that one entry or group states itself; what it does not say is absent. */
export interface StatedOptions {
  readonly asn?: Asn;
  readonly timers?: WrittenTimers;
  readonly options: Partial<Omit<PeerOptions, 'timers'>>;
}

/** Reads what a neighbor entry and a peer group have in common; `path` leads to the mapping inside the variable. */
export function statedOptions(
  written: WrittenOptions,
  variable: Variable<unknown>,
  path: DataPath,
  findings: Findings,
): StatedOptions {
  const what = pathText(variable.name, path);
  const asnPlace = (...more: DataPath) => placeIn(variable, ...path, ...more);
  const asn =
    written.asn === undefined ? null : readAsn(written.asn, `asn of ${what}`, asnPlace('asn'), findings);
  return {
    ...(asn === null ? {} : { asn }),
    ...(written.timers === undefined ? {} : { timers: written.timers }),
    options: defined({
      description: written.description,
      families: written.families && familiesOf(written.families),
      password: written.password,
      passive: written.passive,
      shutdown: written.shutdown,
      updateSource: written.update_source,
      ebgpMultihop: numberOr(written.ebgp_multihop, 255),
      ttlSecurityHops: written.ttl_security,
      disableConnectedCheck: written.disable_connected_check,
      routeMapIn: written.route_map_in,
      routeMapOut: written.route_map_out,
      prefixListIn: written.prefix_list_in,
      prefixListOut: written.prefix_list_out,
      asPathListIn: written.as_path_list_in,
      asPathListOut: written.as_path_list_out,
      nextHopSelf: nextHopSelf(written.next_hop_self),
      routeReflectorClient: written.route_reflector_client,
      sendCommunity: written.send_community,
      allowasIn: numberOr(written.allowas_in, 3),
      asOverride: written.as_override,
      removePrivateAs: removePrivateAs(written.remove_private_as),
      localAs: localAs(written.local_as, `local_as of ${what}`, asnPlace('local_as'), findings),
      weight: written.weight,
      maximumPrefix: written.maximum_prefix,
      defaultOriginate: written.default_originate,
      softReconfigurationInbound: written.soft_reconfiguration,
    }),
  };
}

/** Complete options: what the entry says, else its group, else the default. */
export function completeOptions(
  families: readonly FamilyName[],
  instance: Timers,
  stated: StatedOptions,
  group: StatedOptions | null = null,
): PeerOptions {
  const timers = stated.timers ?? group?.timers;
  return {
    ...peerDefaults,
    families,
    ...group?.options,
    ...stated.options,
    timers: timers ? completeTimers(timers, instance) : null,
  };
}

/** Keepalive follows hold where only hold is given, as in every daemon; 0 switches both off (RFC 4271, 4.2). */
export function completeTimers(written: WrittenTimers, defaultsFor: Timers): Timers {
  const hold = written.hold ?? defaultsFor.hold;
  const third = Math.floor(hold / 3);
  const keepalive =
    written.keepalive ?? (written.hold === undefined ? Math.min(defaultsFor.keepalive, third) : third);
  return { keepalive, hold, connectRetry: written.connect ?? defaultsFor.connectRetry };
}

export function familiesOf(written: readonly ('ipv4' | 'ipv6')[]): FamilyName[] {
  // IPv4 first, as the daemons print.
  return [...written].sort().map((word) => (word === 'ipv4' ? 'ipv4-unicast' : 'ipv6-unicast'));
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(options: T): Defined<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/** `true` is the daemon's own number, `false` the default. */
function numberOr(value: boolean | number | undefined, whenTrue: number): number | null | undefined {
  if (value === undefined || typeof value === 'number') return value;
  return value ? whenTrue : null;
}

function nextHopSelf(value: boolean | 'force' | undefined): PeerOptions['nextHopSelf'] | undefined {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}

function removePrivateAs(
  value: WrittenOptions['remove_private_as'],
): PeerOptions['removePrivateAs'] | undefined {
  return typeof value === 'boolean' ? (value ? 'plain' : 'no') : value;
}

function localAs(
  value: WrittenOptions['local_as'],
  what: string,
  source: ReturnType<typeof placeIn>,
  findings: Findings,
): PeerOptions['localAs'] | undefined {
  if (value === undefined) return undefined;
  const written = typeof value === 'object' ? value : { asn: value };
  const asn = readAsn(written.asn, what, source, findings);
  if (asn === null) return undefined;
  return { asn, noPrepend: written.no_prepend ?? false, replaceAs: written.replace_as ?? false };
}
