import type { AsPath } from '../../bgp/as-path.ts';
import type { Path } from '../../bgp/attributes.ts';
import type { Origination } from '../../bgp/origination-config.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { PolicyChain } from '../../bgp/policy/types.ts';
import type { Router } from '../../bgp/router.ts';
import type { Topology } from '../engine/topology.ts';
import { sourceKind } from './class-answers.ts';
import { countsCompany } from './company.ts';
import { exportClass, exportsAlike, type PeerClass, type PeerClasses } from './peer-classes.ts';
import { asksWhatWasOffered, isAlone, offeredThere, updateGroupKey } from './update-groups.ts';

/** Slots of one router that are told the same, as an update group is in FRR. */
export interface ExportGroup {
  /** Changes where the peers of an update group share one AS, see `update-groups.ts`. */
  class: PeerClass;
  /** One of its peers stands for all. */
  readonly peer: Peer;
  readonly slots: Int32Array;
  /** What sets its peers apart from others of that class, see `updateGroupKey`. */
  readonly apart: string;
  /** For what an aggregate keeps back; null: nothing of it is told. */
  readonly unsuppressed: PeerClass | null;
  /** For what `advertise-map` is about; null: there is none. */
  readonly conditional: PeerClass | null;
  /** Rules about the single peer (split horizon, sender-side loop check) apply after the group's answer. */
  readonly looksAtPeer: boolean;
  /** Of these only one does: the peer a path came from is not told. */
  readonly sparesSource: boolean;
  /** What was last told, and whom that path had come from. */
  sent: number;
  from: Peer | null;
  /** FRR: what looks like the last thing told is not told. */
  readonly suppressesAlike: boolean;
  /** Who else of it is up decides what a peer is told of its own paths, see `company.ts`. */
  readonly countsCompany: boolean;
  /** The last path offered, and what became of it before policy, see `knownLead`. */
  leadFrom: Peer | null;
  leadAttributes: number;
  /** Whose place it was worked out for, see `company.ts`. */
  leadStanding: Peer | null;
  lead: number;
  /** Its `sourceKind`. */
  leadKind: number;
}

/** Answers of `knownLead` that are no number of attributes. */
export const SUPPRESSED = -1;
const UNKNOWN = -2;

/**
 * What is offered to a group is mostly the same again: another prefix from the same neighbour with the same attributes, to which
 * all rules before the policy give the same answer while the AS_PATH is a plain sequence. The number of the attributes then.
 */
export function knownLead(
  group: ExportGroup,
  from: Peer | null,
  standing: Peer,
  { asPath, attributes }: Path,
): number {
  return group.leadAttributes === attributes &&
    group.leadFrom === from &&
    group.leadStanding === standing &&
    isPlain(asPath)
    ? group.lead
    : UNKNOWN;
}

/** `offered` null: suppressed. Kept where nothing but peer and attributes was asked. */
export function noteLead(
  group: ExportGroup,
  router: Router,
  from: Peer | null,
  standing: Peer,
  { asPath, attributes }: Path,
  offered: Path | null,
): void {
  const { bgp, config } = router;
  if (!isPlain(asPath) || bgp.confederation !== null || config.profile.quirks.nextHopByGateway) return;
  group.leadFrom = from;
  group.leadStanding = standing;
  group.leadAttributes = attributes;
  group.lead = offered === null ? SUPPRESSED : offered.attributes;
  group.leadKind = sourceKind(router, group.peer, from);
}

export function forgetLead(group: ExportGroup): void {
  group.leadFrom = null;
  group.leadStanding = null;
  group.leadAttributes = UNKNOWN;
}

function isPlain({ rest, count }: AsPath): boolean {
  return rest !== null || count === 0;
}

export function exportGroups(
  classes: PeerClasses,
  topology: Topology,
  router: Router,
  node: number,
): readonly ExportGroup[] {
  const [start, end] = [topology.slotStart[node] ?? 0, topology.slotStart[node + 1] ?? 0];
  const members: Members[] = [];
  const found = new Map<PeerClass, Members[]>();
  const { peers } = topology;
  let [kind, known]: [number, PeerClass | null] = [-1, null];
  let [offered, apart, asks] = [0, '', false];
  for (let slot = start; slot < end; slot++) {
    const isOther = kind !== peers.kindOf(slot);
    if (isOther) {
      kind = peers.kindOf(slot);
      asks = asksWhatWasOffered(router.config.profile, peers.example(kind).type);
    }
    const there = asks ? offeredThere(topology, slot) : 0;
    if (isOther || offered !== there) {
      offered = there;
      apart = updateGroupKey(router, peers.example(kind), offered);
    }
    if (known === null || isOther)
      known = exportsAlike(router, peers.example(kind))
        ? exportClass(classes, router, peers.example(kind))
        : null;
    const peer = known === null ? peers.at(slot) : undefined;
    const peerClass = peer ? exportClass(classes, router, peer) : known;
    if (!peerClass) continue;
    const alike = found.get(peerClass) ?? [];
    const alone = apart !== '' && isAlone(peers.example(kind), offered);
    const own = alone ? `${apart} ${peers.at(slot)?.name}` : apart;
    const group = alike.find((one) => one.apart === own);
    if (group) group.slots.push(slot);
    else {
      const made = { peerClass, apart: own, slots: [slot] };
      members.push(made);
      found.set(peerClass, [...alike, made]);
    }
  }
  return members.map((one) => groupOf(classes, topology, router, one));
}

/** Slots that become a group. */
interface Members {
  readonly peerClass: PeerClass;
  readonly apart: string;
  readonly slots: number[];
}

/** The class of the peer with another policy in place of its own; null: there is no such policy. */
function otherClass(
  classes: PeerClasses,
  router: Router,
  peer: Peer,
  exportPolicy: PolicyChain | undefined,
): PeerClass | null {
  if (!exportPolicy) return null;
  return exportClass(classes, router, { ...peer, options: { ...peer.options, exportPolicy } });
}

function groupOf(
  classes: PeerClasses,
  { peers }: Topology,
  router: Router,
  { peerClass, apart, slots }: Members,
): ExportGroup {
  const { quirks } = router.config.profile;
  const peer = peers.at(slots[0] ?? 0) ?? peerClass.peer;
  const looksFurther =
    slots.some((slot) => asksApart(peers.example(peers.kindOf(slot)))) ||
    quirks.senderSideLoopCheck ||
    (quirks.thirdPartyNextHop && router.bgp.originations.some(hasGateways)) ||
    (quirks.clusterLoopCheck !== 'receive' && peer.options.routeReflectorClient);
  return {
    class: peerClass,
    peer,
    slots: Int32Array.from(slots),
    apart,
    unsuppressed: otherClass(classes, router, peer, peer.options.unsuppressPolicy),
    conditional: otherClass(classes, router, peer, peer.options.conditional?.exportPolicy),
    looksAtPeer: !quirks.sendsBackToSource || looksFurther,
    sparesSource:
      !looksFurther && !quirks.sourceIsRouterId && !quirks.reflectsToOriginator && !quirks.nextHopByGateway,
    sent: 0,
    from: null,
    suppressesAlike: quirks.suppressesAlike === true,
    countsCompany: countsCompany(router, peer),
    leadFrom: null,
    leadAttributes: UNKNOWN,
    leadStanding: null,
    lead: UNKNOWN,
    leadKind: 0,
  };
}

function asksApart({ config }: Peer): boolean {
  return config.solo === true || config.senderLoopCheck === true;
}

/** Redistributed routes keep their gateway as next hop, which may be one of the peers. */
function hasGateways(origination: Origination): boolean {
  return origination.kind === 'redistribute' && origination.from !== 'connected';
}
