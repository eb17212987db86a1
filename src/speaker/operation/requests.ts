import { hasHostBits, type Prefix, parseAddress, parsePrefix } from '../../base/ip.ts';
import { parseCommunity, parseLargeCommunity } from '../../bgp/communities.ts';
import type { AnnouncedAttributes } from '../../bgp/origination-config.ts';
import { parseExtendedCommunity } from '../../bgp/wire/extended-community-parse.ts';
import type { AnnounceRequest } from './operation.ts';

/** A sentence that says what is wrong with a request. */
export interface Refusal {
  readonly refused: string;
}

/** A prefix somebody wants announced; host bits are a mistake, not a shorter way to write a network. */
export function readPrefix(text: string): Prefix | Refusal {
  const prefix = parsePrefix(text);
  if (!prefix) return { refused: `'${text}' is not a prefix` };
  if (hasHostBits(text)) return { refused: `${text} has host bits, ${prefix.text} is the network` };
  return prefix;
}

const origins = { igp: 0, egp: 1, incomplete: 2 } as const;

/** The attributes of an announcement; every list is checked, nothing is guessed. `prefix` null: its next hop may be of either family. */
export function readAttributes(
  prefix: Prefix | null,
  request: AnnounceRequest,
): AnnouncedAttributes | Refusal {
  const { communities = [], largeCommunities = [], asPath = [] } = request;
  const nextHop = request.nextHop === undefined ? null : parseAddress(request.nextHop);
  if (request.nextHop !== undefined && !nextHop) return { refused: `'${request.nextHop}' is not an address` };
  if (nextHop && prefix && nextHop.family !== prefix.family)
    return { refused: `the next hop ${nextHop.text} is not of the family of the prefix` };
  const wrong =
    communities.find((text) => parseCommunity(text) === null) ??
    largeCommunities.find((text) => parseLargeCommunity(text) === null);
  if (wrong !== undefined) return { refused: `'${wrong}' is not a community` };
  const asn = asPath.find((one) => !Number.isInteger(one) || one < 1 || one >= 0xffffffff);
  if (asn !== undefined) return { refused: `${asn} is not an AS number` };
  return {
    origin: origins[request.origin ?? 'igp'],
    nextHop,
    asPath,
    med: request.med ?? null,
    localPref: request.localPref ?? null,
    ...(request.aigp === undefined ? {} : { aigp: request.aigp }),
    communities,
    largeCommunities,
  };
}

/** As 16 hexadecimal digits each, sorted. */
export function readExtendedCommunities({
  extendedCommunities = [],
}: AnnounceRequest): readonly string[] | Refusal {
  const read = extendedCommunities.map(parseExtendedCommunity);
  const wrong = read.indexOf(null);
  if (wrong >= 0) return { refused: `'${extendedCommunities[wrong]}' is not an extended community` };
  return [...new Set(read.filter((one) => one !== null))].sort();
}

/** What only destinations of families that are passed on have. */
export function withoutFamily({ labels, segment, gateway }: AnnounceRequest): Refusal | null {
  const [name] = Object.entries({ labels, segment, gateway }).find(([, value]) => value !== undefined) ?? [];
  return name
    ? { refused: `'${name}' belongs to routes of EVPN, VPNs and labelled ones: name the family` }
    : null;
}
