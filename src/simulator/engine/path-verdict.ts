import type { Prefix } from '../../base/ip.ts';
import { evaluateChain, type PolicyVerdict } from '../../bgp/policy/evaluate.ts';
import type { PolicyChain } from '../../bgp/policy/types.ts';
import type { Candidate } from '../../bgp/rib/candidate.ts';
import type { Router } from '../../bgp/router.ts';

/** What policies between tables, or between a table and the kernel, say of a path of a router. */
export function pathVerdict(
  { bgp, context: { store, tables } }: Router,
  chain: PolicyChain,
  prefix: Prefix,
  { path, peer }: Pick<Candidate, 'path' | 'peer'>,
): PolicyVerdict {
  const ownNextHop = peer?.nextHop ?? null;
  const subject = { prefix, peer, ownNextHop, learnedFrom: peer, localAs: bgp.asn };
  return evaluateChain(chain, path, subject, store, tables);
}
