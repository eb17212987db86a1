import type { Asn } from '../base/asn.ts';
import type { FamilyName } from '../base/family.ts';
import type { Host, Neighbor, PeerGroup, SessionVerdict, Timers } from './fabric.ts';

/** One session with what each end says of it; at most one of `opposite` and `range` is set. */
export interface SessionFacts {
  readonly host: Host;
  readonly neighbor: Neighbor;
  readonly remote: Host;
  readonly opposite: Neighbor | null;
  readonly range: PeerGroup | null;
}

/** The first thing that is wrong, in the order in which an operator would have to repair it. */
export function judge(facts: SessionFacts): SessionVerdict {
  const { host, neighbor, remote, opposite, range } = facts;
  if (!neighbor.localAddress) return 'no-local-address';
  if (!remote.bgp) return 'half-open';
  const other = opposite ?? range;
  // What a host that is not ours configures is known only where the inventory says so.
  if (!other)
    return isUndescribed(remote) && offeredAsn(remote) === neighbor.remoteAs ? 'ok' : undescribed(facts);
  if (!asnsAgree(facts)) return 'asn-mismatch';
  if (neighbor.passive && (other.passive || range)) return 'both-passive';
  if ((neighbor.password ?? '') !== (other.password ?? '')) return 'password-mismatch';
  const own = timersOf(host, neighbor);
  const theirs = timersOf(remote, other);
  if (!canMeet(own) || !canMeet(theirs)) return 'timers';
  return sameFamilies(neighbor.families, other.families) ? 'ok' : 'family-mismatch';
}

function undescribed({ remote }: SessionFacts): SessionVerdict {
  return isUndescribed(remote) ? 'asn-mismatch' : 'half-open';
}

/** An external host of which the inventory gives no neighbors: it is taken to configure what its peers expect. */
export function isUndescribed(host: Host): boolean {
  return host.daemon.kind === 'external' && !host.bgp?.neighbors.length && !host.bgp?.listenRanges.length;
}

/** The ASN an end puts into its OPEN: its local-as for the session, else its own. */
export function offeredAsn(host: Host, end?: Neighbor | PeerGroup | null): Asn | null {
  return end?.localAs?.asn ?? host.bgp?.asn ?? null;
}

function asnsAgree({ host, neighbor, remote, opposite, range }: SessionFacts): boolean {
  if (neighbor.remoteAs !== offeredAsn(remote, opposite ?? range)) return false;
  const expected = opposite ? opposite.remoteAs : (range?.remoteAs ?? null);
  return expected === null || expected === offeredAsn(host, neighbor);
}

export function timersOf(host: Host, end: Neighbor | PeerGroup): Timers | null {
  return end.timers ?? host.bgp?.timers ?? null;
}

/** RFC 4271 4.2 and 10: hold is 0 (never) or at least 3, and a KEEPALIVE has to arrive before it runs out. */
export function canMeet(timers: Timers | null): boolean {
  if (!timers || timers.hold === 0) return true;
  return timers.hold >= 3 && timers.keepalive < timers.hold;
}

function sameFamilies(a: readonly FamilyName[], b: readonly FamilyName[]): boolean {
  return a.length === b.length && a.every((family) => b.includes(family));
}
