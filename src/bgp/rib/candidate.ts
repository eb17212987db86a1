import type { Address } from '../../base/ip.ts';
import type { Path } from '../attributes.ts';
import type { Peer } from '../peer.ts';

/** Room for the arrivals of one second, as daemons that write down the time of arrival tell them apart. */
export const SECOND = 2 ** 32;

/**
 * One path for one prefix as the decision sees it. The simulator keeps one per session slot and changes it in place, the
 * speaker one per Adj-RIB-In entry.
 */
export interface Candidate {
  /** After import policy. */
  path: Path;
  /** Whom it came from; null: made by this router. */
  readonly peer: Peer | null;
  /** Why the next hop cannot be used; null: it can. */
  invalid: string | null;
  /** Why the next hop leads nowhere, where the path may be chosen all the same; null or absent: it leads somewhere. */
  unresolved?: string | null;
  /** Where the traffic goes, kept where the next hop that is sent hangs on it (BIRD). */
  hops?: readonly { readonly interface: string; readonly gateway: Address | null }[];
  /** Distance to the next hop (RFC 4271 9.1.2.2 e). */
  igpMetric: number;
  /** Is it the best path of the decision before this one? */
  selected: boolean;
  /** Rises with every arrival: larger is younger. Arrivals within one second lie within one `SECOND`. */
  arrival: number;
}

/** The router id that stands for a candidate in the decision (RFC 4456 section 9 where `useOriginator`). */
export function decisionRouterId(candidate: Candidate, useOriginator: boolean): number {
  if (useOriginator && candidate.path.originatorId !== null) return candidate.path.originatorId;
  return candidate.peer?.routerId ?? 0;
}

/** Learned from another AS; confederation peers count as internal in the decision of all daemons read. */
export function isExternal(candidate: Candidate): boolean {
  return candidate.peer?.type === 'ebgp';
}
