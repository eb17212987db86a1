import type { Diagnostic } from '../../../base/diagnostic.ts';
import { contains } from '../../../base/ip.ts';
import { destinationOf } from '../../forwarding/destination.ts';
import { forward, type TraceBranch } from '../../forwarding/forward.ts';
import { sourceAddresses } from '../../forwarding/source-address.ts';
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
  for (const aim of to.flatMap((target) => aimsOf(context, target))) {
    for (const sender of senders) tryAim(failures, context, sender, aim, back);
  }
  return [...failures.values()].map((failure) => finding(state, failure, source));
}

/** Something to be reached: one of its places suffices. */
interface Aim {
  readonly anyOf: readonly [Goal, ...Goal[]];
  /** Meant as a host, not as an address: families it does not share with the sender do not count. */
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

function tryAim(
  failures: Map<string, Failure>,
  context: CheckContext,
  sender: number,
  { anyOf, ofHost }: Aim,
  back: boolean,
): void {
  const { state, gone, fates } = context;
  const [first] = anyOf;
  if (first.at.includes(sender) || (first.at.length > 0 && first.at.every((node) => gone.has(node)))) return;
  const usable = ofHost ? anyOf.filter(({ address }) => speaksFamily(state, sender, address.family)) : anyOf;
  if (usable.length === 0) return;
  const reached = usable.find((goal) => fates(goal)(sender).kind === 'arrives');
  if (!reached) note(failures, context, sender, usable[0] ?? first, null);
  else if (back) {
    const answering = reached.at.filter((node) => !gone.has(node));
    for (const home of homesOf(context, sender, reached))
      for (const node of answering) note(failures, context, node, home, sender);
  }
}

function aimsOf(context: CheckContext, target: Target): readonly Aim[] {
  const { before: state } = context;
  if (target.kind === 'hosts') {
    return nodesOf(state, target.hosts.names).flatMap((node) => {
      const networks = context.networksOf(node);
      if (networks.length > 0) return networks.map((goal): Aim => ({ anyOf: [goal], ofHost: true }));
      const [first, ...others] = context.addressesOf(node);
      return first ? [{ anyOf: [first, ...others], ofHost: true }] : [];
    });
  }
  if (target.kind === 'address') {
    const { address, text } = target;
    const owners = [...new Set(state.wiring.owners.get(address.text)?.map(({ node }) => node) ?? [])];
    const at = owners.length > 0 ? owners : announcersOf(state, target);
    return [{ anyOf: [{ text, address, at }], ofHost: false }];
  }
  const at = announcersOf(state, target);
  const address = representative(state, target.prefix, at[0] ?? -1);
  return [{ anyOf: [{ text: target.text, address, at }], ofHost: false }];
}

/** Where the answer goes: to the sender's networks, or where it has none to the addresses its own packets to the goal carry. */
function homesOf(
  { state, networksOf }: CheckContext,
  sender: number,
  { address: { family }, address }: Goal,
): readonly Goal[] {
  const networks = networksOf(sender);
  if (networks.length > 0) return networks.filter((home) => home.address.family === family);
  return sourceAddresses(destinationOf(state, address), sender).flatMap((chosen) =>
    chosen.address ? [{ text: chosen.address.text, address: chosen.address, at: [sender] }] : [],
  );
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
  // Who has no route at all is told together; traffic that is lost on the way by the place where it is.
  const place = fate.kind === 'unreachable' ? '' : fate.at;
  const key = `${goal.text} ${goal.at.join()} ${fate.kind} ${place} ${answerTo ?? ''}`;
  const known = failures.get(key);
  if (known) known.senders.push(sender);
  else failures.set(key, { goal, fate, senders: [sender], answerTo });
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
    message: `${words} from ${someNames(state, [...new Set(senders)])} to ${to} ${end}`,
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
