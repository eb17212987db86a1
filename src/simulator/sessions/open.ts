import type { Asn } from '../../base/asn.ts';
import { type FamilyName, familyNames } from '../../base/family.ts';
import { addressOf } from '../../base/ip.ts';
import type { PeerType } from '../../bgp/peer.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import { counterparts } from '../../bgp/roles.ts';
import type { Speaker } from './identity.ts';

/** One side of two speakers that have a TCP connection. */
export interface Side {
  readonly speaker: Speaker;
  readonly config: PeerConfig;
}

/** Does it expect another AS, as far as the configuration tells before anybody has spoken? */
export function isExternal({ bgp }: Speaker, { remoteAs, localAs }: PeerConfig): boolean {
  return remoteAs === 'external' || (typeof remoteAs === 'number' && remoteAs !== (localAs?.asn ?? bgp.asn));
}

/** What stops the session; each side has its own words for it. */
export interface Refusal {
  readonly here: string;
  readonly there: string;
}

/** The AS this side puts into its OPEN: local-as, else towards other confederations the identifier (RFC 5065). */
export function announcedAs({ speaker, config }: Side, other: Side): Asn {
  if (config.localAs) return config.localAs.asn;
  const { asn, confederation } = speaker.bgp;
  if (!confederation) return asn;
  const inside =
    config.presentsMember ||
    other.speaker.bgp.asn === asn ||
    confederation.members.includes(other.speaker.bgp.asn);
  return inside ? asn : confederation.identifier;
}

/** The side as this neighbour meets it. `dual-as`: whoever expects the router's own AS finds no local AS. */
export function sideFor(side: Side, other: Side): Side {
  const { speaker, config } = side;
  if (!config.localAs?.dualAs || other.config.remoteAs !== speaker.bgp.asn) return side;
  return { speaker, config: { ...config, localAs: null } };
}

export function peerTypeOf({ speaker, config }: Side, remoteAs: Asn): PeerType {
  if (remoteAs === (config.localAs?.asn ?? speaker.bgp.asn)) return 'ibgp';
  return speaker.bgp.confederation?.members.includes(remoteAs) ? 'confed' : 'ebgp';
}

/** Families both ends have activated (RFC 4760 section 8). */
export function commonFamilies(a: Side, b: Side): readonly FamilyName[] {
  let set = 0;
  for (let i = 0; i < familyNames.length; i++) {
    const family = familyNames[i];
    if (family && a.config.families[family] && b.config.families[family]) set |= 1 << i;
  }
  return familySets[set] ?? [];
}

/** Every set of families once, by a bit for each: many sessions have the same, and are told apart by what they have. */
const familySets: readonly (readonly FamilyName[])[] = Array.from(
  { length: 1 << familyNames.length },
  (_, set) => familyNames.filter((_, i) => (set & (1 << i)) !== 0),
);

/** What this side finds wrong with the other's OPEN (RFC 4271 6.2), in the order in which it is checked. */
export function openRefusal(own: Side, other: Side): Refusal | null {
  return (
    passwordRefusal(own, other) ??
    asRefusal(own, other) ??
    identityRefusal(own, other) ??
    roleRefusal(own, other) ??
    contentRefusal(own, other)
  );
}

function passwordRefusal(own: Side, other: Side): Refusal | null {
  if (own.config.password === other.config.password) return null;
  const words =
    own.config.password !== null && other.config.password !== null
      ? 'the passwords of the two ends differ (TCP MD5)'
      : 'only one end has a password (TCP MD5)';
  return { here: words, there: words };
}

function asRefusal(own: Side, other: Side): Refusal | null {
  const announced = announcedAs(other, own);
  const wanted = own.config.remoteAs;
  const ownAs = own.config.localAs?.asn ?? own.speaker.bgp.asn;
  const fits =
    wanted === 'any' ||
    wanted === announced ||
    (wanted === 'internal' && announced === ownAs) ||
    (wanted === 'external' && announced !== ownAs);
  if (fits) return null;
  const expected =
    typeof wanted === 'number' ? String(wanted) : wanted === 'internal' ? String(ownAs) : 'another AS';
  return {
    here: `OPEN refused: peer announced AS ${announced}, ${expected} expected (NOTIFICATION 2/2)`,
    there: `${own.speaker.name} refused the OPEN: it expects AS ${expected}, not ${announced} (NOTIFICATION 2/2)`,
  };
}

/** RFC 6286: never zero, and not the own one within an AS. */
function identityRefusal(own: Side, other: Side): Refusal | null {
  const routerId = identifierOf(other);
  const internal = announcedAs(other, own) === announcedAs(own, other);
  if (routerId !== 0 && !(internal && routerId === identifierOf(own))) return null;
  const id = addressOf(4, BigInt(routerId)).text;
  const fault = routerId === 0 ? `router id ${id} is not valid` : `both ends have router id ${id}`;
  return {
    here: `OPEN refused: ${fault} (NOTIFICATION 2/3)`,
    there: `${own.speaker.name} refused the OPEN: ${fault} (NOTIFICATION 2/3)`,
  };
}

/** The BGP identifier this side puts into its OPEN. */
export function identifierOf({ speaker, config }: Side): number {
  return config.routerId ? Number(config.routerId.value) : speaker.routerId;
}

/** RFC 9234 4.2: roles of both ends that do not go together, or a role that is missing where this end insists on one. */
function roleRefusal(own: Side, other: Side): Refusal | null {
  const [mine, theirs] = [own.config.localRole, other.config.localRole];
  // FRR takes a role for external peers only, and a member of the confederation is none.
  if (!mine || peerTypeOf(own, announcedAs(other, own)) !== 'ebgp') return null;
  const wanted = counterparts[mine.role];
  if (theirs ? theirs.role === wanted : !mine.strict) return null;
  const fault = `a ${mine.role} wants a ${wanted}, the other end is ${theirs ? `a ${theirs.role}` : 'without role'}`;
  return {
    here: `OPEN refused: ${fault} (NOTIFICATION 2/11)`,
    there: `${own.speaker.name} refused the OPEN: ${fault} (NOTIFICATION 2/11)`,
  };
}

function contentRefusal(own: Side, other: Side): Refusal | null {
  const { hold } = other.config.timers;
  const { minimumHold = 0 } = own.speaker.bgp;
  if (hold === 1 || hold === 2 || hold < minimumHold) {
    const fault = `hold time ${hold} s is below ${Math.max(3, minimumHold)} (NOTIFICATION 2/6)`;
    return { here: `OPEN refused: ${fault}`, there: `${own.speaker.name} refused the OPEN: ${fault}` };
  }
  if (own.speaker.config.profile.sessions?.takesNoFamily || commonFamilies(own, other).length > 0)
    return null;
  // RFC 5492 section 3: FRR and BIRD send it.
  const words = 'no address family is activated on both ends (NOTIFICATION 2/7)';
  return { here: words, there: words };
}
