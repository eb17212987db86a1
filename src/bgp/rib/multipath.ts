import type { FamilyName } from '../../base/family.ts';
import { compareAddresses } from '../../base/ip.ts';
import type { DecisionProfile } from '../profile.ts';
import type { Candidate } from './candidate.ts';
import { equalUpToTies } from './compare.ts';
import type { DecisionProcess } from './decide.ts';
import { heldBackByMed, holdsBackByMed } from './med-suppression.ts';

/**
 * The paths used together with `best`, itself first, at most as many as the router allows. A local best path has no company.
 * `nextHopOf` names where traffic for a candidate goes, to find those that share one.
 */
export function multipathSet<C extends Candidate>(
  process: DecisionProcess,
  family: FamilyName,
  candidates: readonly C[],
  best: C,
  nextHopOf: (candidate: C) => string,
): readonly C[] {
  const widths = process.config.maximumPaths[family];
  // FRR's bgp_path_info_mpath_update: all but iBGP goes by the width of eBGP, confederation peers too.
  const width = best.peer?.type === 'ibgp' ? widths.ibgp : widths.ebgp;
  if (best.peer === null || width <= 1) return [best];
  const unique = process.profile.multipath.uniqueNextHop;
  const nextHops = unique ? [nextHopOf(best)] : [];
  const set = [best];
  // The order matters only where not all can be used.
  const usable = holdsBackByMed(process) ? notHeldBack(process, candidates) : candidates;
  const offered = usable.length > width ? inOrderOfUse(process, usable) : usable;
  for (const candidate of offered) {
    if (candidate === best || candidate.peer === null || candidate.invalid !== null) continue;
    if (!equalCost(process, best, candidate)) continue;
    if (unique) {
      const nextHop = nextHopOf(candidate);
      if (nextHops.includes(nextHop)) {
        if (process.profile.multipath.lowestNextHopFirst && nextHop !== nextHops[0])
          return firstOfEach(process, usable, best, width, nextHopOf);
        continue;
      }
      nextHops.push(nextHop);
    }
    set.push(candidate);
    if (set.length === width) break;
  }
  return set;
}

/**
 * FRR offers no path with the best one's next hop (bgp_best_selection), goes through the others by next hop and then by neighbor, and leaves
 * out one whose next hop is that of the path before (bgp_path_info_mpath_update): of two with one next hop the lower neighbor's is used.
 */
function firstOfEach<C extends Candidate>(
  process: DecisionProcess,
  candidates: readonly C[],
  best: C,
  width: number,
  nextHopOf: (candidate: C) => string,
): readonly C[] {
  const set = [best];
  const used = new Set([nextHopOf(best)]);
  for (const candidate of candidates.toSorted(byNextHop)) {
    if (set.length === width) break;
    if (candidate === best || candidate.peer === null || candidate.invalid !== null) continue;
    const nextHop = nextHopOf(candidate);
    if (used.has(nextHop) || !equalCost(process, best, candidate)) continue;
    set.push(candidate);
    used.add(nextHop);
  }
  return set;
}

function notHeldBack<C extends Candidate>(process: DecisionProcess, candidates: readonly C[]): readonly C[] {
  const held = heldBackByMed(process, candidates);
  return candidates.filter((candidate) => !held.has(candidate));
}

/** In the order in which the cap of the width counts. */
function inOrderOfUse<C extends Candidate>(process: DecisionProcess, candidates: readonly C[]): readonly C[] {
  return process.profile.multipath.lowestNextHopFirst
    ? candidates.toSorted(byNextHop)
    : byPreference(process, candidates);
}

/** FRR's bgp_path_info_mpath_cmp: next hop, then the address of the neighbor. */
function byNextHop(a: Candidate, b: Candidate): number {
  const [left, right] = [a, b].map(({ path, peer }) => path.nextHop ?? peer?.nextHop ?? null);
  const byHop = left && right ? compareAddresses(left, right) : 0;
  if (byHop !== 0) return byHop;
  return a.peer?.address && b.peer?.address ? compareAddresses(a.peer.address, b.peer.address) : 0;
}

/** By all steps but age. */
function byPreference<C extends Candidate>(process: DecisionProcess, candidates: readonly C[]): readonly C[] {
  const steps = process.steps.filter((step) => !step.name.startsWith('older-'));
  return candidates.toSorted((a, b) => {
    for (const step of steps) {
      const difference = step.compare(a, b);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

type Equality = DecisionProfile['multipath']['equality'];

/** What equal cost asks beyond the steps, by the word in the profile. */
const equalities: Readonly<
  Record<Equality, (process: DecisionProcess, best: Candidate, other: Candidate) => boolean>
> = {
  frr: (process, best, other) => equalUpToTies(process, best, other) && equalPathForFrr(process, best, other),
  bird: equalUpToTies,
  gobgp: (_process, best, other) => equalForGobgp(best, other),
};

function equalCost(process: DecisionProcess, best: Candidate, other: Candidate): boolean {
  return equalities[process.profile.multipath.equality](process, best, other);
}

/** FRR bgp_path_info_cmp, step 10: relaxed, or the same AS_PATH (iBGP), or the same neighbouring AS (eBGP). */
function equalPathForFrr(process: DecisionProcess, best: Candidate, other: Candidate): boolean {
  if (process.config.decision.asPathMultipathRelax) return true;
  // Equal ones may be several objects (a transient table, as the speaker has).
  if (other.peer?.type === 'ibgp') return best.path.asPath.text === other.path.asPath.text;
  return best.peer?.remoteAs === other.peer?.remoteAs;
}

/** GoBGP Path.Compare: the MED always counts, content of the AS_PATH and next hop never. */
function equalForGobgp(best: Candidate, other: Candidate): boolean {
  return (
    (best.peer?.type === 'ibgp') === (other.peer?.type === 'ibgp') &&
    (best.path.localPref ?? 100) === (other.path.localPref ?? 100) &&
    best.path.asPath.length === other.path.asPath.length &&
    best.path.origin === other.path.origin &&
    (best.path.med ?? 0) === (other.path.med ?? 0)
  );
}
