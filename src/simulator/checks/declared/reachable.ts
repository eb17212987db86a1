import type { Diagnostic } from '../../../base/diagnostic.ts';
import { contains } from '../../../base/ip.ts';
import { forward, type TraceBranch } from '../../forward.ts';
import type { SimulationState } from '../../state.ts';
import type { Fate } from '../fates.ts';
import { representative } from '../fates.ts';
import { nameOf, someNames } from '../names.ts';
import { type CheckContext, type Goal, nodesOf, speaksFamily, tableOf } from './context.ts';
import type { DeclaredCheck, ReachableAssertion, Target } from './types.ts';

/** Traffic of every host of `from` arrives at every target, on all branches, and the answer arrives as well. */
export function checkReachable(
  context: CheckContext,
  { source }: DeclaredCheck,
  { from, to, back }: ReachableAssertion,
): readonly Diagnostic[] {
  const { state, gone } = context;
  const senders = nodesOf(state, from.names).filter((node) => !gone.has(node));
  const failures = new Map<string, Failure>();
  const goals = to
    .flatMap((target) => goalsOf(context, target))
    .filter(({ at }) => at.length === 0 || at.some((node) => !gone.has(node)));
  for (const goal of goals) {
    for (const sender of senders) {
      if (goal.at.includes(sender)) continue;
      if (goal.ofHost && !speaksFamily(state, sender, goal.address.family)) continue;
      note(failures, context, sender, goal, null);
      if (back) noteBack(failures, context, sender, goal);
    }
  }
  return [...failures.values()].map((failure) => finding(state, failure, source));
}

interface NamedGoal extends Goal {
  readonly ofHost: boolean;
}

/** Traffic that does not arrive: who sends it, and of the first of them how it ends. */
interface Failure {
  readonly goal: Goal;
  readonly fate: Fate;
  readonly senders: number[];
  /** The answer to this host is what fails. */
  readonly answerTo: number | null;
}

function goalsOf(context: CheckContext, target: Target): readonly NamedGoal[] {
  const { before: state } = context;
  if (target.kind === 'hosts') {
    const nodes = nodesOf(state, target.hosts.names);
    return nodes.flatMap((node) => context.goalsOf(node).map((goal) => ({ ...goal, ofHost: true })));
  }
  if (target.kind === 'address') {
    const { address, text } = target;
    const owners = [...new Set(state.wiring.owners.get(address.text)?.map(({ node }) => node) ?? [])];
    return [{ text, address, at: owners.length > 0 ? owners : announcersOf(state, target), ofHost: false }];
  }
  const at = announcersOf(state, target);
  const address = representative(state, target.prefix, at[0] ?? -1);
  return [{ text: target.text, address, at, ofHost: false }];
}

/** Who announces the prefix, or the longest prefix that holds the address. */
function announcersOf(
  state: SimulationState,
  target: Extract<Target, { kind: 'address' | 'prefix' }>,
): readonly number[] {
  if (target.kind === 'prefix') return [...(tableOf(state, target.prefix).kept?.origins.keys() ?? [])];
  const { prefixes } = state.families[target.address.family === 4 ? 'ipv4-unicast' : 'ipv6-unicast'];
  const covering = prefixes.filter(({ prefix }) => contains(prefix, target.address));
  const longest = covering.sort((a, b) => b.prefix.length - a.prefix.length)[0];
  return longest && longest.prefix.length > 0 ? [...longest.origins.keys()] : [];
}

function note(
  failures: Map<string, Failure>,
  { fates }: CheckContext,
  sender: number,
  goal: Goal,
  answerTo: number | null,
): void {
  const fate = fates(goal)(sender);
  if (fate.kind === 'arrives') return;
  const key = `${goal.text} ${goal.at.join()} ${fate.kind} ${fate.at} ${answerTo ?? ''}`;
  const known = failures.get(key);
  if (known) known.senders.push(sender);
  else failures.set(key, { goal, fate, senders: [sender], answerTo });
}

/** The way back, from each host that has the target to the networks of the sender. */
function noteBack(failures: Map<string, Failure>, context: CheckContext, sender: number, goal: Goal): void {
  const homes = context.goalsOf(sender).filter(({ address }) => address.family === goal.address.family);
  const answering = goal.at.filter((node) => !context.gone.has(node));
  for (const home of homes) for (const node of answering) note(failures, context, node, home, sender);
}

function finding(
  state: SimulationState,
  { goal, fate, senders, answerTo }: Failure,
  source: DeclaredCheck['source'],
): Diagnostic {
  const [first = 0] = senders;
  const place = nameOf(state, fate.at);
  const end = {
    arrives: '',
    loop: `goes in a circle at ${place}`,
    'black-hole': `is lost at ${place}: ${fate.why}`,
    unreachable: `has nowhere to go at ${place}: ${fate.why}`,
  }[fate.kind];
  const owners = answerTo === null && goal.at.length > 0 ? ` of ${someNames(state, goal.at)}` : '';
  const words = answerTo === null ? 'traffic' : `the answer`;
  const to = answerTo === null ? `${goal.text}${owners}` : `${goal.text} of ${nameOf(state, answerTo)}`;
  return {
    rule: 'check-reachable',
    severity: 'error',
    message: `${words} from ${someNames(state, senders)} to ${to} ${end}`,
    ranges: [source],
    host: nameOf(state, first),
    found: wayOf(state, first, goal),
    expected: `${goal.text} is reached from ${nameOf(state, first)}`,
    fix: `ask fabricgen trace ${nameOf(state, first)} ${goal.address.text} for every branch, and fabricgen explain for the route that is missing`,
  };
}

/** `web01 -> tor1 -> web02 (no route)`: the branch that fails. */
function wayOf(state: SimulationState, node: number, goal: Goal): string {
  const { branches } = forward(state, nameOf(state, node), goal.address);
  const failed = branches.find(({ end }) => end !== 'delivered') ?? branches[0];
  return failed ? `${pathText(failed)} (${failed.end}: ${failed.why})` : 'no way at all';
}

export function pathText({ hops }: TraceBranch): string {
  return hops.map(({ host }) => host).join(' -> ');
}
