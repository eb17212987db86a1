import { addressOf, prefixOf } from '../../../src/base/ip.ts';
import type { Attributes } from '../../../src/bgp/wire/attributes.ts';
import { encodeMessage } from '../../../src/bgp/wire/message.ts';
import { IPV4_UNICAST, IPV6_UNICAST } from '../../../src/bgp/wire/negotiated.ts';
import type { PrefixNlri } from '../../../src/bgp/wire/nlri/prefix.ts';
import { agreed } from './peer.ts';

type Below = (limit: number) => number;

/** Destinations that come and go: what the tables hold at most. */
export const POOL = 8000;
/** In one UPDATE. */
const TOGETHER = 5;

/** An UPDATE that announces some destinations of the pool with an attribute set that was most probably never seen before. */
export function announcement(below: Below, asn: number, address: string): Uint8Array {
  const ipv6 = below(4) === 0;
  return update(ipv6, below, attributesOf(below, asn), address);
}

/** One that withdraws some. */
export function withdrawal(below: Below): Uint8Array {
  return update(below(4) === 0, below, null, '');
}

function update(
  ipv6: boolean,
  below: Below,
  attributes: Omit<Attributes, 'mpReach' | 'mpUnreach'> | null,
  address: string,
): Uint8Array {
  const field = {
    family: ipv6 ? IPV6_UNICAST : IPV4_UNICAST,
    nlri: Array.from({ length: TOGETHER }, () => destination(below(POOL), ipv6)),
  };
  // Addresses of the own host are no next hops.
  const own = addressOf(4, (198n << 24n) | (18n << 16n) | (octets(address) & 0xffffn));
  const mapped = addressOf(6, (0x20010db8n << 96n) | own.value);
  const said = attributes && !ipv6 ? { ...attributes, nextHop: own } : attributes;
  const bytes = encodeMessage(
    {
      kind: 'update',
      attributes: said ?? {},
      announced: attributes ? field : null,
      withdrawn: attributes ? null : field,
      mpNextHop: attributes && ipv6 ? [mapped] : [],
    },
    agreed,
  );
  return bytes.slice();
}

function octets(address: string): bigint {
  return address.split('.').reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function destination(number: number, ipv6: boolean): PrefixNlri {
  const prefix = ipv6
    ? prefixOf(6, (0x20010db8_0001n << 80n) | (BigInt(number) << 64n), 64)
    : prefixOf(4, (10n << 24n) | (BigInt(number) << 8n), 24);
  return { kind: 'prefix', pathId: null, prefix };
}

function attributesOf(below: Below, asn: number): Omit<Attributes, 'mpReach' | 'mpUnreach'> {
  const asns = [asn, ...Array.from({ length: 1 + below(5) }, () => 70_000 + below(100_000))];
  const communities = Array.from({ length: below(6) }, () => below(0x7fffffff) + 65_536);
  return {
    origin: 0,
    asPath: [{ kind: 'sequence', asns }],
    med: below(1_000_000),
    ...(communities.length > 0 ? { communities } : {}),
    ...(below(3) === 0 ? { largeCommunities: [`${asn}:${below(1_000_000)}:${below(1_000_000)}`] } : {}),
    // One that nobody knows, to be passed on.
    ...(below(5) === 0
      ? { unknown: [{ code: 200, flags: 0xc0, value: Uint8Array.of(below(256), below(256), below(256)) }] }
      : {}),
  };
}
