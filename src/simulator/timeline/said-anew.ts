import type { RouterConfig } from '../../bgp/config.ts';
import type { Origination } from '../../bgp/origination-config.ts';
import type { Policy } from '../../bgp/policy/types.ts';
import type { Change } from './change.ts';
import type { World } from './world.ts';

// A line for the same network or redistribution that says something else is taken away before it is said (frr-reload.py deletes
// first, each line by itself): the route is gone for a moment, and younger than others when it is back.

/** What happens before `changes`: files without such lines. */
export function takenAwayFirst({ network, running }: World, changes: readonly Change[]): readonly Change[] {
  return changes.flatMap((change): Change[] => {
    if (change.kind !== 'files' || !running.has(change.host)) return [];
    const node = network.nodes.find(({ name }) => name === change.host);
    const router = node && withoutLines(node.router, change.node.router);
    return node && router ? [{ ...change, node: { ...node, router } }] : [];
  });
}

function withoutLines(before: RouterConfig | null, after: RouterConfig | null): RouterConfig | null {
  if (!before?.bgp || !after?.bgp || !before.profile.sessions?.takesLinesAwayFirst) return null;
  const { originations } = before.bgp;
  const left = kept(originations, after.bgp.originations);
  if (left.length === originations.length) return null;
  return { ...before, bgp: { ...before.bgp, originations: left } };
}

/** What a line is about, and what it says of that. */
interface Line {
  readonly about: string;
  readonly says: string;
}

function kept(before: readonly Origination[], after: readonly Origination[]): readonly Origination[] {
  const now = new Map(after.map(lineOf).map(({ about, says }) => [about, says]));
  return before.filter((one) => {
    const { about, says } = lineOf(one);
    return (now.get(about) ?? says) === says;
  });
}

function lineOf(one: Origination): Line {
  const { kind, family } = one;
  if (kind === 'network') return { about: `${kind} ${family} ${one.prefix.text}`, says: nameOf(one.policy) };
  if (kind === 'redistribute')
    return { about: `${kind} ${family} ${one.from}`, says: `${one.metric} ${nameOf(one.policy)}` };
  return { about: kind, says: '' };
}

/** The line names a route-map, whatever that says by now. */
function nameOf(policy: Policy | null | undefined): string {
  return policy?.name ?? '';
}
