import type { Address } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import type { Peer } from '../../bgp/peer.ts';
import { type Attributes, decodeAttributes } from '../../bgp/wire/attributes.ts';
import { type Fault, isFault, resetting, strongest } from '../../bgp/wire/fault.ts';
import { type FamilyKey, IPV4_UNICAST, type Negotiated } from '../../bgp/wire/negotiated.ts';
import { errorCode, updateError } from '../../bgp/wire/registry.ts';
import { splitUpdate, type UpdateFields } from '../../bgp/wire/update.ts';
import { nextHopFault, updateFaults, withoutReflection } from '../../bgp/wire/validate.ts';
import type { CarriedTables } from '../carried/carried-tables.ts';
import { fact } from '../shelf/facts.ts';
import { pathFrom } from './paths.ts';
import type { Tables } from './tables.ts';

/** Where the routes of one peer go. */
export interface Intake {
  readonly number: number;
  readonly session: Negotiated;
  readonly tables: (family: FamilyKey) => Tables | null;
  /** Families whose routes are passed on. */
  readonly carried: (family: FamilyKey) => CarriedTables | null;
  readonly peer: (family: FamilyKey) => Peer | null;
  /** RFC 4724: the peer has said all it had of a family. */
  endOfRib(family: FamilyKey): void;
  /** What was wrong and did not end the session (RFC 7606). */
  note(fault: Fault): void;
}

/** Takes an UPDATE into the tables; a fault where the session has to end. */
export function takeUpdate(intake: Intake, body: Uint8Array): Fault | null {
  const fields = splitUpdate(body);
  if (isFault(fields)) return fields;
  const known = knownPath(intake, fields);
  const fault = known === 0 ? takeFields(intake, fields) : takeKnown(intake, fields, known);
  for (const family of intake.session.families) intake.tables(family)?.settle();
  return fault;
}

/** The number of an attribute set that came before, in the same octets, and had no fault; 0: it has to be read. */
function knownPath({ session, tables, peer }: Intake, { attributes, announced }: UpdateFields): number {
  if (announced.length === 0 || !session.fourOctetAs) return 0;
  const shelf = tables(IPV4_UNICAST)?.shelf;
  const number = shelf?.find(attributes) ?? 0;
  if (number === 0) return 0;
  return shelf?.facts.has(number, soundFrom[peer(IPV4_UNICAST)?.type ?? 'ebgp']) ? number : 0;
}

const soundFrom = { ebgp: fact.soundFromEbgp, ibgp: fact.soundFromIbgp, confed: fact.soundFromConfed };

function takeKnown(intake: Intake, fields: UpdateFields, known: number): Fault | null {
  return (
    apply(intake, IPV4_UNICAST, fields.withdrawn, null) ??
    apply(intake, IPV4_UNICAST, fields.announced, () => known)
  );
}

function takeFields(intake: Intake, fields: UpdateFields): Fault | null {
  const { attributes: said, faults } = decodeAttributes(fields.attributes, intake.session);
  const plain = fields.announced.length > 0;
  const announces = plain || said.mpReach !== undefined;
  const type = intake.peer(said.mpReach?.family ?? IPV4_UNICAST)?.type ?? 'ebgp';
  const attributes = withoutReflection(said, type);
  const hop = nextHopFault(attributes, intake.session);
  const all = announces
    ? [...faults, ...updateFaults(attributes, type, plain), ...(hop ? [hop] : [])]
    : faults;
  const worst = strongest(all);
  if (worst?.outcome === 'session-reset') return worst;
  for (const fault of all) intake.note(fault);
  const dropped = worst?.outcome === 'treat-as-withdraw';
  // Octets stand for the path where nothing was left out of them and nothing else is in them.
  const { mpReach, mpUnreach } = attributes;
  const whole =
    all.length === 0 && attributes === said && !mpReach && !mpUnreach && intake.session.fourOctetAs;
  const raw = whole ? { octets: fields.attributes, sound: soundFrom[type] } : null;
  return (
    apply(intake, IPV4_UNICAST, fields.withdrawn, null) ??
    apply(intake, attributes.mpUnreach?.family ?? 0, attributes.mpUnreach?.nlri ?? nothing, null) ??
    apply(
      intake,
      IPV4_UNICAST,
      fields.announced,
      dropped ? null : (tables) => numberOf(intake, tables, attributes, attributes.nextHop ?? null, raw),
    ) ??
    announceMp(intake, attributes, dropped) ??
    noteEnd(intake, fields.withdrawn.length + fields.announced.length === 0, attributes)
  );
}

const nothing = new Uint8Array(0);

/** Octets that say all there is to say of a path, and the fact that they were validated. */
interface RawAttributes {
  readonly octets: Uint8Array;
  readonly sound: number;
}

/** The number of the path that attributes and next hop come to. */
function numberOf(
  { session }: Intake,
  { shelf, router }: Tables,
  attributes: Attributes,
  nextHop: Address | null,
  raw: RawAttributes | null,
): number {
  const path = pathFrom(router.context.store, attributes, nextHop, session);
  if (raw === null) return shelf.keep(path);
  const number = shelf.find(raw.octets) || shelf.add(raw.octets, path);
  shelf.facts.mark(number, raw.sound);
  return number;
}

function announceMp(intake: Intake, attributes: Attributes, dropped: boolean): Fault | null {
  const { mpReach } = attributes;
  if (!mpReach) return null;
  const nextHop = mpReach.nextHop[0] ?? null;
  const carried = intake.carried(mpReach.family);
  if (carried) {
    const { store } = carried.router.context;
    const path = dropped ? null : pathFrom(store, attributes, nextHop, intake.session);
    return applyCarried(intake, carried, mpReach.nlri, path);
  }
  const number = (tables: Tables) => numberOf(intake, tables, attributes, nextHop, null);
  return apply(intake, mpReach.family, mpReach.nlri, dropped ? null : number);
}

/** One field of destinations: announced with the path of that number, or withdrawn (null). */
function apply(
  intake: Intake,
  family: FamilyKey,
  nlri: Uint8Array,
  path: ((tables: Tables) => number) | null,
): Fault | null {
  if (nlri.length === 0) return null;
  const carried = intake.carried(family);
  if (carried) return applyCarried(intake, carried, nlri, null);
  const tables = intake.tables(family);
  // RFC 4760 section 7: a family nobody agreed on is ignored.
  if (!tables || !intake.session.families.has(family)) return null;
  const { table } = tables;
  const addPath = intake.session.addPathReceive.has(family);
  const wire = path ? path(tables) : 0;
  const read = table.index.read(nlri, addPath, wire !== 0, (place, pathId) => {
    if (wire === 0) table.withdraw(intake.number, place, pathId);
    else table.receive(intake.number, place, pathId, wire);
  });
  return read ? null : malformed(nlri);
}

/** A field of a family whose routes are passed on. */
function applyCarried(
  { number, session }: Intake,
  carried: CarriedTables,
  nlri: Uint8Array,
  path: Path | null,
): Fault | null {
  const { key } = carried;
  if (!session.families.has(key)) return null;
  return carried.receive(number, nlri, session.addPathReceive.has(key), path) ? null : malformed(nlri);
}

function malformed(nlri: Uint8Array): Fault {
  return resetting(
    errorCode.update,
    updateError.invalidNetworkField,
    'a destination in the UPDATE is malformed',
    nlri.slice(0, 64),
  );
}

/** RFC 4724 section 2. */
function noteEnd(intake: Intake, empty: boolean, { mpReach, mpUnreach, ...rest }: Attributes): null {
  if (!empty || mpReach || Object.keys(rest).length > 0) return null;
  if (!mpUnreach) intake.endOfRib(IPV4_UNICAST);
  else if (mpUnreach.nlri.length === 0) intake.endOfRib(mpUnreach.family);
  return null;
}
