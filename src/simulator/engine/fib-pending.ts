import type { Candidate } from '../../bgp/rib/candidate.ts';
import type { Router } from '../../bgp/router.ts';
import { notInstalled } from '../kernel/fib.ts';
import type { Engine } from './engine.ts';

// `bgp suppress-fib-pending` of FRR: what waits for word from the kernel is the network, whichever path it is about.

/** Why a network is told nobody, and taken back where somebody is told of it anew (bgp_check_withdrawal); null: it is told. */
export function withheld(engine: Engine, node: number, router: Router, best: Candidate): string | null {
  if (engine.plainTeller[node] === 1 || !router.bgp.suppressFibPending) return null;
  const chosen = engine.best[node] ?? null;
  const own = engine.lists[node]?.some((one) => one.peer === null && one !== chosen);
  if (own) return 'suppress-fib-pending: the router has another path of its own for it';
  if (best.peer === null && best.path.source !== 'aggregate') return null;
  const { nextHops, prefix } = engine;
  const why = notInstalled(router, best, prefix, nextHops.tables[node]?.routes.get(prefix.text));
  if (why === null || (why.kind !== 'distance' && why.kind !== 'policy')) return null;
  return 'suppress-fib-pending: the kernel does not get the route';
}

/**
 * Has a path that came from a neighbor made a network of a `network` line wait for a route that zebra never gets (BGP_NODE_FIB_INSTALL_PENDING)?
 * Then everybody keeps what they were told, also when that path is gone. Redistributed networks count as installed.
 */
export function keepsSilent(engine: Engine, node: number, router: Router): boolean {
  if (engine.plainTeller[node] === 1 || !router.bgp.suppressFibPending) return false;
  // What `default-originate` sends waits for nothing.
  if (engine.prefix.length === 0 && engine.defaults.has(node)) return false;
  const best = engine.best[node] ?? null;
  if (best?.peer !== null || best.path.source !== 'network') return false;
  return engine.waiting.has(node) || (engine.lists[node]?.some(({ peer }) => peer !== null) ?? false);
}
