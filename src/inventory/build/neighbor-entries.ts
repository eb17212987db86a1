import { type Address, isLinkLocal } from '../../base/ip.ts';
import { nearestName } from '../../base/nearest.ts';
import type { SourceRange } from '../../base/source.ts';
import type { HostVars } from '../schema/host-vars.ts';
import type { Inventory } from '../types.ts';
import type { AddressReader } from './addresses.ts';
import type { Findings } from './findings.ts';
import { type StatedOptions, statedOptions } from './peer-options.ts';
import { oncePerValue, placeIn, type Variable } from './variables.ts';

export type WrittenNeighbors = NonNullable<HostVars['bgp_neighbors']>;
type WrittenNeighbor = WrittenNeighbors[number];

/** One entry of `bgp_neighbors` as far as it means the same for every host that shares it. */
export interface NeighborEntry {
  /** `bgp_neighbors[0]`, for messages. */
  readonly what: string;
  readonly source: SourceRange;
  readonly target:
    | { readonly kind: 'group' | 'host'; readonly names: readonly string[] }
    | { readonly kind: 'address'; readonly address: Address };
  readonly interface: string | null;
  readonly segment: string | null;
  readonly loopback: boolean;
  readonly viaFamily: 'ipv4' | 'ipv6' | 'both' | null;
  readonly sharedOnly: boolean;
  readonly peerGroup: string | null;
  readonly stated: StatedOptions;
  readonly place: (key: keyof WrittenNeighbor) => SourceRange;
}

/** A reader of `bgp_neighbors` that reports once what is wrong whoever the host is: no target, names nobody has. */
export function entriesReader(
  inventory: Inventory,
  read: AddressReader,
  findings: Findings,
): (variable: Variable<WrittenNeighbors>) => readonly NeighborEntry[] {
  return oncePerValue((variable) =>
    variable.value.flatMap((written, index) => {
      const what = `bgp_neighbors[${index}]`;
      const place = (key: keyof WrittenNeighbor) => placeIn(variable, index, key);
      const target = targetOf(written, what, place, placeIn(variable, index), { inventory, read, findings });
      if (!target) return [];
      return [
        {
          what,
          source: placeIn(variable, index),
          target,
          interface: written.interface ?? null,
          segment: written.segment ?? null,
          loopback: written.via === 'loopback',
          viaFamily: written.via_family ?? null,
          sharedOnly: written.shared_only ?? false,
          peerGroup: written.peer_group ?? null,
          stated: statedOptions(written, variable, [index], findings),
          place,
        },
      ];
    }),
  );
}

interface Tools {
  readonly inventory: Inventory;
  readonly read: AddressReader;
  readonly findings: Findings;
}

function targetOf(
  written: WrittenNeighbor,
  what: string,
  place: (key: keyof WrittenNeighbor) => SourceRange,
  source: SourceRange,
  { inventory, read, findings }: Tools,
): NeighborEntry['target'] | null {
  const given = (['group', 'host', 'address'] as const).filter((key) => written[key] !== undefined);
  if (given.length !== 1) {
    findings.error({
      rule: 'neighbor-target',
      message:
        given.length === 0 ? `${what} names no neighbor` : `${what} has ${given.join(' and ')} at once`,
      ranges: [source],
      found: given.join(', ') || 'none of them',
      expected: 'exactly one of group, host and address',
      fix: given.length === 0 ? 'add group, host or address' : 'make it one entry each',
    });
    return null;
  }
  if (written.address !== undefined) {
    const at = { what: `address of ${what}`, source: place('address') };
    const address = read.address(written.address, at);
    if (!address || !isUsable(address, at, findings)) return null;
    return { kind: 'address', address };
  }
  const kind = written.group === undefined ? 'host' : 'group';
  const known = kind === 'host' ? inventory.hosts : inventory.groups;
  const names = namesOf(written[kind]).filter((name) => {
    if (!known.has(name)) unknownName(kind, name, known.keys(), what, place(kind), findings);
    return known.has(name);
  });
  return names.length === 0 ? null : { kind, names: [...new Set(names)] };
}

/** A link-local address means something only together with an interface, which these sessions do not have. */
function isUsable(address: Address, at: { what: string; source: SourceRange }, findings: Findings): boolean {
  if (!isLinkLocal(address)) return true;
  findings.error({
    rule: 'invalid-address',
    message: `${at.what} ${address.text} is link-local, which exists on every link`,
    ranges: [at.source],
    found: address.text,
    expected: 'an address that is unique in the fabric',
    fix: 'use the global address of the neighbor',
  });
  return false;
}

function unknownName(
  kind: 'group' | 'host',
  name: string,
  known: Iterable<string>,
  what: string,
  source: SourceRange,
  findings: Findings,
): void {
  const nearest = nearestName(name, known);
  findings.error({
    rule: kind === 'host' ? 'unknown-host' : 'unknown-group',
    message: `${what} names the ${kind} ${JSON.stringify(name)}, which is not in the inventory`,
    ranges: [source],
    found: name,
    expected: `a ${kind} of the inventory`,
    ...(nearest === null ? {} : { nearest }),
    fix: nearest === null ? `add the ${kind}, or remove the name` : `write ${nearest}`,
  });
}

function namesOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
