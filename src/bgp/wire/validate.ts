import type { Asn } from '../../base/asn.ts';
import { type Address, addressOf } from '../../base/ip.ts';
import type { PeerType } from '../peer.ts';
import type { Attributes } from './attributes.ts';
import { type Fault, resetting } from './fault.ts';
import {
  type FamilyKey,
  familyText,
  IPV4_LABELED,
  IPV4_UNICAST,
  IPV4_VPN,
  type Negotiated,
} from './negotiated.ts';
import type { Open } from './open.ts';
import { attributeCode, errorCode, openError, type RoleName, updateError } from './registry.ts';

/** What this end knows of the peer before its OPEN comes. */
export interface Expected {
  readonly remoteAs: Asn | 'internal' | 'external' | 'any';
  readonly localAs: Asn;
  readonly localIdentifier: number;
  /** RFC 9234; null: this end has no role. */
  readonly role: { readonly name: RoleName; readonly strict: boolean } | null;
}

/** RFC 4271 6.2: what of an OPEN only somebody who knows the peer can judge. null: nothing is wrong. */
export function openFault(open: Open, expected: Expected): Fault | null {
  return (
    asFault(open, expected) ?? identifierFault(open, expected) ?? holdFault(open) ?? roleFault(open, expected)
  );
}

function asFault({ asn }: Open, { remoteAs, localAs }: Expected): Fault | null {
  const fits =
    remoteAs === 'any'
      ? asn !== 0
      : remoteAs === 'internal'
        ? asn === localAs
        : remoteAs === 'external'
          ? asn !== localAs && asn !== 0
          : asn === remoteAs;
  if (fits) return null;
  const wanted = typeof remoteAs === 'number' ? remoteAs : remoteAs === 'internal' ? localAs : 'another AS';
  const data = Uint8Array.of((asn >>> 8) & 255, asn & 255);
  return resetting(errorCode.open, openError.badPeerAs, `peer announced AS ${asn}, ${wanted} expected`, data);
}

/** RFC 6286: never 0, and unique within an AS. */
function identifierFault({ asn, identifier }: Open, { localAs, localIdentifier }: Expected): Fault | null {
  const text = addressOf(4, BigInt(identifier)).text;
  const own = asn === localAs && identifier === localIdentifier;
  if (identifier !== 0 && !own) return null;
  const message = own ? `peer has our own identifier ${text}` : `peer announced the identifier ${text}`;
  return resetting(errorCode.open, openError.badIdentifier, message);
}

function holdFault({ holdTime }: Open): Fault | null {
  if (holdTime === 0 || holdTime >= 3) return null;
  const message = `peer wants a hold time of ${holdTime} s, at least 3 or none is allowed`;
  return resetting(errorCode.open, openError.unacceptableHoldTime, message);
}

/** RFC 9234 section 4.2: which roles may meet. */
const meets: Readonly<Record<RoleName, RoleName>> = {
  provider: 'customer',
  customer: 'provider',
  'rs-server': 'rs-client',
  'rs-client': 'rs-server',
  peer: 'peer',
};

function roleFault({ capabilities }: Open, { role }: Expected): Fault | null {
  if (role === null) return null;
  const theirs = capabilities.role;
  if (theirs === undefined) {
    if (!role.strict) return null;
    return resetting(
      errorCode.open,
      openError.roleMismatch,
      `peer has no role, ${meets[role.name]} expected`,
    );
  }
  if (theirs === meets[role.name]) return null;
  const message = `peer is ${theirs}, ${meets[role.name]} expected`;
  return resetting(errorCode.open, openError.roleMismatch, message);
}

/**
 * What of an UPDATE that announces something only somebody who knows the kind of session can judge (RFC 7606 section 7, RFC 5065 section 5). `plain`: it has
 * IPv4 destinations outside MP_REACH_NLRI.
 */
export function updateFaults(attributes: Attributes, type: PeerType, plain: boolean): readonly Fault[] {
  const faults: Fault[] = [];
  const missing = (code: number, name: string) => {
    const data = Uint8Array.of(code);
    faults.push(withdrawing(updateError.missingWellKnown, `the UPDATE has no ${name}`, data));
  };
  if (attributes.origin === undefined) missing(attributeCode.origin, 'ORIGIN');
  if (attributes.asPath === undefined) missing(attributeCode.asPath, 'AS_PATH');
  if (plain && attributes.nextHop === undefined) missing(attributeCode.nextHop, 'NEXT_HOP');
  if (type === 'ibgp' && attributes.localPref === undefined) missing(attributeCode.localPref, 'LOCAL_PREF');
  // RFC 5065 section 5: confederation segments from outside of it.
  if (type === 'ebgp' && attributes.asPath?.some(({ kind }) => kind.startsWith('confed')))
    faults.push(
      withdrawing(updateError.malformedAsPath, 'the AS_PATH of an external peer has confederation segments'),
    );
  for (const address of [attributes.nextHop, ...(attributes.mpReach?.nextHop ?? [])]) {
    if (address && !canBeNextHop(address.family, address.value))
      faults.push(withdrawing(updateError.invalidNextHop, nextHopWords(address)));
  }
  return faults;
}

/** RFC 8950 section 4: IPv4 destinations over an IPv6 next hop that nobody agreed on; where they begin is known, so that they can be withdrawn. */
export function nextHopFault({ mpReach }: Attributes, { extendedNextHop }: Negotiated): Fault | null {
  const [nextHop] = mpReach?.nextHop ?? [];
  if (!mpReach || nextHop?.family !== 6 || !wantsIpv4.has(mpReach.family)) return null;
  if (extendedNextHop.has(mpReach.family)) return null;
  const message = `${familyText(mpReach.family)} over the next hop ${nextHop.text}, and IPv6 next hops were not agreed on`;
  return withdrawing(updateError.invalidNextHop, message);
}

const wantsIpv4: ReadonlySet<FamilyKey> = new Set([IPV4_UNICAST, IPV4_LABELED, IPV4_VPN]);

/** RFC 7606 7.9 and 7.10: what reflection leaves on a route means nothing from an external peer, and is discarded. */
export function withoutReflection(attributes: Attributes, type: PeerType): Attributes {
  if (type !== 'ebgp' || (attributes.originatorId === undefined && attributes.clusterList === undefined))
    return attributes;
  const { originatorId: _, clusterList: __, ...rest } = attributes;
  return rest;
}

function withdrawing(subcode: number, message: string, data = new Uint8Array(0)): Fault {
  return { outcome: 'treat-as-withdraw', code: errorCode.update, subcode, data, message };
}

/** FRR says :: where its session came up before zebra had told it of an IPv6 address, and goes on saying it until the next session. */
function nextHopWords({ family, value, text }: Address): string {
  const words = `${text} cannot be a next hop`;
  if (family === 4 || value !== 0n) return words;
  return `${words}: the peer knew no IPv6 address of its own when the session came up, and has to begin a new one once it does`;
}

/** RFC 4271 6.3: a syntactically valid host address; no multicast, no loopback, not 0. */
function canBeNextHop(family: 4 | 6, value: bigint): boolean {
  if (family === 6) return value > 1n && value >> 120n !== 0xffn;
  const first = Number(value >> 24n);
  return first !== 0 && first !== 127 && first < 224;
}
