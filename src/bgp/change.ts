import type { Prefix } from '../base/ip.ts';
import { holdsRealAs } from './as-path.ts';
import type { Path } from './attributes.ts';
import { egressOf, named, passesExportPolicy } from './export.ts';
import { clusterIdOf } from './import.ts';
import type { Peer } from './peer.ts';
import type { Router } from './router.ts';
import { isReflection } from './suppression.ts';

/** A best path as it stood at one moment; `peer` null: made by this router. */
export interface Standing {
  readonly path: Path;
  readonly peer: Peer | null;
}

/** 'announce': the best path, if the export policy lets it pass; 'nothing': whatever was said before stands. */
export type Message = 'announce' | 'withdraw' | 'nothing';

/**
 * What a router that keeps no Adj-RIB-Out says when its best path changes from `before` to `now`: GoBGP 3.10 works it out from
 * the two alone (pkg/server: filterpath, filterPathFromSourcePeer). Where it forgets that an earlier path was told, the peer
 * keeps that path. null: no path; both null: nothing to say.
 */
export function messageFor(
  router: Router,
  peer: Peer,
  now: Standing | null,
  before: Standing | null,
): Message {
  const subject = now ?? before;
  if (subject === null) return 'nothing';
  const internal = peer.type === 'ibgp' ? internalMessage(router, peer, now, before) : 'announce';
  if (internal !== 'announce') return internal;
  if (subject.peer !== null && subject.peer.routerId === peer.routerId) {
    // Its own path has become the best: what it had been told from elsewhere is taken back.
    if (now === null || before === null || before.peer === peer) return 'nothing';
    return loops(peer, before, true) ? 'nothing' : 'withdraw';
  }
  if (loops(peer, subject, now === null)) return 'nothing';
  return now === null ? 'withdraw' : 'announce';
}

/** RFC 4456 as GoBGP has it; 'announce' means: nothing speaks against it. */
function internalMessage(router: Router, peer: Peer, now: Standing | null, before: Standing | null): Message {
  const subject = now ?? before;
  if (!subject || !isReflection(router, subject.peer, peer)) return 'announce';
  if (peer.options.routeReflectorClient)
    return subject.path.clusterList.includes(clusterIdOf(router, peer)) ? 'nothing' : 'announce';
  if (subject.peer?.options.routeReflectorClient) return 'announce';
  // A path a client had sent is not taken back when one of a plain neighbour takes its place.
  if (now === null || before === null) return 'nothing';
  return before.peer === null || (before.peer !== peer && before.peer.type !== 'ibgp')
    ? 'withdraw'
    : 'nothing';
}

/** A withdrawal still shows the path as it came in, without `replace-peer-as`. */
function loops(peer: Peer, { path, peer: from }: Standing, withdrawn: boolean): boolean {
  if (from === null || peer.options.routeServerClient) return false;
  if (peer.options.asOverride && !withdrawn) return false;
  return holdsRealAs(path.asPath, peer.remoteAs);
}

/** Where the export policy refuses the new best path: is the one before taken back? GoBGP asks the policy again, of the path as it stood. */
export function takesBackRefused(
  router: Router,
  peer: Peer,
  prefix: Prefix,
  before: Standing | null,
): boolean {
  if (before === null) return false;
  const path = named(router, peer, { ...candidateOf(before) });
  return passesExportPolicy(egressOf(router, peer, before.peer, path), prefix, path);
}

function candidateOf({ path, peer }: Standing) {
  return { path, peer, invalid: null, igpMetric: 0, selected: true, arrival: 0 };
}
