import type { Address } from '../base/ip.ts';
import type { Peer } from '../bgp/peer.ts';
import { type Attributes, decodeAttributes } from '../bgp/wire/attributes.ts';
import { type Fault, isFault, resetting, strongest } from '../bgp/wire/fault.ts';
import { type FamilyKey, IPV4_UNICAST, type Negotiated } from '../bgp/wire/negotiated.ts';
import { errorCode, updateError } from '../bgp/wire/registry.ts';
import { splitUpdate } from '../bgp/wire/update.ts';
import { updateFaults, withoutReflection } from '../bgp/wire/validate.ts';
import { pathFrom } from './paths.ts';
import type { Tables } from './tables.ts';

/** Where the routes of one peer go. */
export interface Intake {
  readonly number: number;
  readonly session: Negotiated;
  readonly tables: (family: FamilyKey) => Tables | null;
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
  const { attributes: said, faults } = decodeAttributes(fields.attributes, intake.session);
  const plain = fields.announced.length > 0;
  const announces = plain || said.mpReach !== undefined;
  const type = intake.peer(said.mpReach?.family ?? IPV4_UNICAST)?.type ?? 'ebgp';
  const attributes = withoutReflection(said, type);
  const all = announces ? [...faults, ...updateFaults(attributes, type, plain)] : faults;
  const worst = strongest(all);
  if (worst?.outcome === 'session-reset') return worst;
  for (const fault of all) intake.note(fault);
  const dropped = worst?.outcome === 'treat-as-withdraw';
  return (
    apply(intake, IPV4_UNICAST, fields.withdrawn, null) ??
    apply(intake, attributes.mpUnreach?.family ?? 0, attributes.mpUnreach?.nlri ?? nothing, null) ??
    apply(
      intake,
      IPV4_UNICAST,
      fields.announced,
      dropped ? null : reachable(attributes, attributes.nextHop ?? null),
    ) ??
    announceMp(intake, attributes, dropped) ??
    noteEnd(intake, fields.withdrawn.length + fields.announced.length === 0, attributes)
  );
}

const nothing = new Uint8Array(0);

interface Reachable {
  readonly attributes: Attributes;
  readonly nextHop: Address | null;
}

function reachable(attributes: Attributes, nextHop: Address | null): Reachable {
  return { attributes, nextHop };
}

function announceMp(intake: Intake, attributes: Attributes, dropped: boolean): Fault | null {
  const { mpReach } = attributes;
  if (!mpReach) return null;
  return apply(
    intake,
    mpReach.family,
    mpReach.nlri,
    dropped ? null : reachable(attributes, mpReach.nextHop[0] ?? null),
  );
}

/** One field of destinations: announced with these attributes, or withdrawn (null). */
function apply(intake: Intake, family: FamilyKey, nlri: Uint8Array, what: Reachable | null): Fault | null {
  if (nlri.length === 0) return null;
  const tables = intake.tables(family);
  // RFC 4760 section 7: a family nobody agreed on is ignored.
  if (!tables || !intake.session.families.has(family)) return null;
  const { table, router } = tables;
  const addPath = intake.session.addPathReceive.has(family);
  const wire = what ? pathFrom(router.context.store, what.attributes, what.nextHop, intake.session).id : 0;
  const read = table.index.read(nlri, addPath, wire !== 0, (place, pathId) => {
    if (wire === 0) table.withdraw(intake.number, place, pathId);
    else table.receive(intake.number, place, pathId, wire);
  });
  if (read) return null;
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
