import type { Diagnostic } from '../../base/diagnostic.ts';
import { familyNames } from '../../base/family.ts';
import type { SourceRange } from '../../base/source.ts';
import { candidateOf, type Engine } from '../engine/engine.ts';
import { nextHopCause } from '../explain/next-hops.ts';
import { holdPrefix } from '../result/hosts.ts';
import type { FamilyState, SimulationState } from '../state.ts';
import { hostOf, sessionSlots } from '../table/beside.ts';
import { nameOf, someNames } from './names.ts';

/** Routes that came with one next hop and cannot be used for it. */
interface Unusable {
  readonly problem: string;
  readonly nodes: Set<number>;
  /** The first of them that was found, and who sent it. */
  readonly prefix: string;
  readonly from: number;
  readonly source: SourceRange | null;
  readonly hint: string;
}

/**
 * Next hops that lead nowhere where a route came with them: without next-hop-self, or with one that a policy or an announcement
 * names. What was looked up in vain while the tables settled is known; whether such a route is still there is asked only then.
 */
export function checkNextHops(state: SimulationState): readonly Diagnostic[] {
  const found = new Map<string, Unusable>();
  for (const family of familyNames) findUnusable(state, state.families[family], found);
  return [...found.values()].map((one) => finding(state, one));
}

/** Each is converged once more; what is wrong with a next hop shows in nearly all that have it. */
const MOST_PREFIXES = 5000;

/** By node: what was said of next hops. */
function soughtInVain({ nextHops }: FamilyState): Map<number, Set<string>> {
  const byNode = new Map<number, Set<string>>();
  nextHops.known.forEach((known, node) => {
    const problems = [...known.values()].flatMap(({ problem }) => problem ?? []);
    if (problems.length > 0) byNode.set(node, new Set(problems));
  });
  return byNode;
}

function findUnusable(state: SimulationState, familyState: FamilyState, found: Map<string, Unusable>): void {
  const sought = soughtInVain(familyState);
  for (const prefix of familyState.prefixes.slice(0, MOST_PREFIXES)) {
    if (sought.size === 0) return;
    holdPrefix(state, familyState, prefix);
    for (const [node, problems] of sought) {
      for (const [problem, slot] of unusableAt(familyState.engine, node)) {
        if (!problems.delete(problem)) continue;
        note(state, found, familyState.engine, node, slot, problem);
      }
      if (problems.size === 0) sought.delete(node);
    }
  }
}

/** What cannot be used of the prefix the engine holds, with the slot it came over. */
function unusableAt(engine: Engine, node: number): readonly (readonly [string, number])[] {
  return sessionSlots(engine.topology, node).flatMap((slot) => {
    const invalid = engine.inList[slot] === 1 ? candidateOf(engine, slot).invalid : null;
    return invalid ? [[invalid, slot] as const] : [];
  });
}

function note(
  state: SimulationState,
  found: Map<string, Unusable>,
  engine: Engine,
  node: number,
  slot: number,
  problem: string,
): void {
  const same = found.get(problem);
  if (same) {
    same.nodes.add(node);
    return;
  }
  const { topology, prefix } = engine;
  const back = topology.reverse[slot] ?? -1;
  const { cause, hint } = nextHopCause(state, engine, back, problem);
  found.set(problem, {
    problem,
    nodes: new Set([node]),
    prefix: prefix.text,
    from: hostOf(topology, topology.owner[back] ?? -1),
    source: cause.source ?? topology.peers.at(back)?.config.source ?? null,
    hint,
  });
}

function finding(
  state: SimulationState,
  { problem, nodes, prefix, from, source, hint }: Unusable,
): Diagnostic {
  const host = nameOf(state, from);
  const [first = 0] = nodes;
  return {
    rule: 'next-hop-unusable',
    severity: 'warning',
    message: `${someNames(state, [...nodes])} cannot use what ${host} sends (${prefix} and its like): ${problem}`,
    ranges: source ? [source] : [],
    host,
    found: problem.replace(/^.*next hop (\S+).*$/, '$1'),
    expected: 'a next hop that the receiver has a route to',
    fix: `${hint || `give ${nameOf(state, first)} a route there, or have ${host} name itself`}; fabricgen explain ${nameOf(state, first)} ${prefix} says more`,
  };
}
