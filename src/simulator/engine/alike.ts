import type { Path } from '../../bgp/attributes.ts';
import type { Router } from '../../bgp/router.ts';
import type { Engine } from './engine.ts';

/**
 * FRR does not send again what hashes as what it sent last (`bgp_adj_out_set_subgroup`, `attrhash_key_make`): the hash takes in the
 * values of attributes, not whether they are there. A MED that was taken off on the way keeps its value in it, a missing one is 0.
 * So a path that differs only in having its MED or not (or ATOMIC_AGGREGATE) is never told.
 */
export function hashesAlike(
  { sent, toldFrom, paths }: Engine,
  slot: number,
  wire: number,
  from: Path,
  router: Router,
): boolean {
  const [before, now] = [paths[sent[slot] ?? 0], paths[wire]];
  const source = paths[toldFrom[slot] ?? 0];
  if (before === undefined || now === undefined || source === undefined) return false;
  if (isMaxMed(router, before) === isMaxMed(router, now)) return hashAlike(before, now, source, from);
  return hashAlike({ ...before, med: source.med }, { ...now, med: from.med }, source, from);
}

/** What `bgp max-med` without a number says. */
const MAX_MED = 0xfffffffe;

/** `bgp max-med` is written into the message and is in no hash: said once a session is up, it is told with what else changes. */
function isMaxMed({ bgp }: Router, { med }: Path): boolean {
  return med !== null && (med === MAX_MED || med === bgp.maxMed);
}

/** `before` was sent, made from `source`; `now` would be, made from `from`. */
export function hashAlike(before: Path, now: Path, source: Path, from: Path): boolean {
  return (
    hashedMed(before, source) === hashedMed(now, from) &&
    before.asPath === now.asPath &&
    before.origin === now.origin &&
    before.nextHop?.text === now.nextHop?.text &&
    before.originatorId === now.originatorId &&
    before.localPref === now.localPref &&
    source.weight === from.weight &&
    source.tag === from.tag &&
    (source.localPref ?? 0) === (from.localPref ?? 0) &&
    listsOf(before) === listsOf(now)
  );
}

function hashedMed(wire: Path, source: Path): number {
  return wire.med ?? source.med ?? 0;
}

function listsOf({
  communities,
  largeCommunities,
  extendedCommunities = [],
  clusterList,
  aggregator,
}: Path): string {
  return [
    communities,
    largeCommunities,
    extendedCommunities,
    clusterList,
    [aggregator?.asn, aggregator?.routerId],
  ]
    .map((list) => list.join())
    .join(';');
}
