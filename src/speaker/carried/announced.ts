import type { CarriedFamily } from '../../base/family.ts';
import { type Address, parseAddress } from '../../base/ip.ts';
import { announcedData } from '../../bgp/announce.ts';
import type { Path } from '../../bgp/attributes.ts';
import { joinNlri, splitNlri } from '../../bgp/carried/attached.ts';
import { type CarriedNlri, keyOf } from '../../bgp/carried/destinations.ts';
import { localPath } from '../../bgp/originate.ts';
import type { AnnouncedAttributes } from '../../bgp/origination-config.ts';
import { LOCAL } from '../../bgp/rib/table-owner.ts';
import type { Router } from '../../bgp/router.ts';
import { tunnelType } from '../../bgp/wire/attribute/pmsi-tunnel.ts';
import { type FamilyKey, L2VPN_EVPN } from '../../bgp/wire/negotiated.ts';
import type { Nlri } from '../../bgp/wire/nlri/index.ts';
import { parseNlri } from '../../bgp/wire/nlri/parse.ts';
import type { AnnounceRequest } from '../operation/operation.ts';
import { type Refusal, readAttributes, readExtendedCommunities } from '../operation/requests.ts';
import { familyKeys } from '../session/our-open.ts';
import { carriedOf } from '../tables/paths.ts';
import type { CarriedTables } from './carried-tables.ts';

/** A route of a family that is passed on, which an operator announces. */
export interface AnnouncedRoute {
  readonly nlri: CarriedNlri;
  readonly attributes: AnnouncedAttributes;
  readonly extendedCommunities: readonly string[];
  /** PMSI_TUNNEL as it lies on the wire; '': none. */
  readonly carried: string;
}

/** The destination as `rib` prints it, to be withdrawn. */
export function readDestination(family: CarriedFamily, text: string): CarriedNlri | Refusal {
  const bare = parseNlri(familyKeys[family], text);
  if (!bare) return { refused: `'${text}' is not a destination of ${family}: see \`fabricgen speaker rib\`` };
  return namedAs(familyKeys[family], bare, '');
}

/** A route of a family that is passed on, from the words of an operator. */
export function readCarriedRoute(
  family: CarriedFamily,
  text: string,
  request: AnnounceRequest,
): AnnouncedRoute | Refusal {
  const destination = readDestination(family, text);
  if ('refused' in destination) return destination;
  const { labels, segment, gateway } = request;
  const attributes = readAttributes(null, request);
  if ('refused' in attributes) return attributes;
  const extendedCommunities = readExtendedCommunities(request);
  if ('refused' in extendedCommunities) return extendedCommunities;
  if (segment !== undefined && !/^[0-9a-f]{20}$/.test(segment))
    return { refused: `'${segment}' is not a segment of 20 hexadecimal digits` };
  const over = gateway === undefined ? null : parseAddress(gateway);
  if (gateway !== undefined && !over) return { refused: `'${gateway}' is not an address` };
  const key = familyKeys[family];
  const words = [
    ...(segment === undefined ? [] : [`esi ${segment}`]),
    ...(over ? [`gateway ${over.text}`] : []),
    ...(labels === undefined ? [] : [`label ${labels.join()}`]),
  ].join(' ');
  const wrong = attachedFault(key, destination.bare, over, labels ?? []);
  if (wrong !== null) return { refused: wrong };
  return {
    nlri: namedAs(key, joinNlri(destination.bare, words), destination.key),
    attributes,
    extendedCommunities,
    carried: tunnelOf(destination.bare, attributes.nextHop, labels?.[0]),
  };
}

function namedAs(family: FamilyKey, nlri: Nlri, key: string): CarriedNlri {
  const { bare, attached } = splitNlri(nlri) ?? { bare: nlri, attached: '' };
  return { key: key || keyOf(family, bare), bare, attached, pathId: 0 };
}

function attachedFault(
  family: FamilyKey,
  bare: Nlri,
  gateway: Address | null,
  labels: readonly number[],
): string | null {
  // With VXLAN all 24 bits are the VNI (RFC 8365 5.1.3).
  const most = family === L2VPN_EVPN ? 0xff_ffff : 0xf_ffff;
  const large = labels.find((label) => label > most);
  if (large !== undefined) return `${large} is no label: ${most} is the largest`;
  if (bare.kind === 'labeled' && labels.length === 0) return 'a labelled route needs a label';
  if (bare.kind === 'flowspec' && labels.length > 0) return 'a flow has no label';
  const isPrefix = bare.kind === 'evpn' && bare.route.type === 'ip-prefix' ? bare.route.prefix : null;
  if (gateway && gateway.family !== isPrefix?.family)
    return isPrefix ? `the gateway ${gateway.text} is not of the family of the prefix` : 'it has no gateway';
  return null;
}

/** RFC 8365 5.1.3: the label of an inclusive multicast route stands in its tunnel, here one to each (ingress replication). */
function tunnelOf(bare: Nlri, nextHop: Address | null, label: number | undefined): string {
  if (bare.kind !== 'evpn' || bare.route.type !== 'inclusive-multicast' || label === undefined) return '';
  const address = nextHop ?? bare.route.address;
  const identifier = { tunnel: 'ingress-replication', address } as const;
  return carriedOf({ pmsiTunnel: { flags: 0, type: tunnelType.ingressReplication, label, identifier } });
}

/** Replaces what was announced for the destination before. */
export function announceCarried(router: Router, tables: CarriedTables, route: AnnouncedRoute): void {
  const { attributes, extendedCommunities, carried, nlri } = route;
  const data = announcedData(attributes, router.context.store);
  const path: Path = localPath(router, {
    ...data,
    extendedCommunities,
    carried,
  });
  tables.rib.receive(LOCAL, null, nlri, path);
}

/** False: nobody announced it here. */
export function withdrawCarried({ rib }: CarriedTables, nlri: CarriedNlri): boolean {
  const routes = rib.destinations.get(nlri.key)?.routes ?? [];
  if (!routes.some(({ peerNumber }) => peerNumber === LOCAL)) return false;
  rib.withdraw(LOCAL, nlri);
  return true;
}
