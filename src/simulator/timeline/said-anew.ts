import type { RouterConfig } from '../../bgp/config.ts';
import type { Origination } from '../../bgp/origination-config.ts';
import type { Policy } from '../../bgp/policy/types.ts';
import type { Change } from './change.ts';
import type { World } from './world.ts';

// A line for the same network that says something else is taken away before it is said (frr-reload.py deletes first, each line by
// itself): the route is gone for a moment, and younger than others when it is back. What is redistributed is back before bgpd has
// told anybody, four times out of five.

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

function kept(before: readonly Origination[], after: readonly Origination[]): readonly Origination[] {
  const now = new Map(after.filter(isNetwork).map((one) => [lineOf(one), nameOf(one.policy)]));
  return before.filter(
    (one) => !isNetwork(one) || (now.get(lineOf(one)) ?? nameOf(one.policy)) === nameOf(one.policy),
  );
}

type Network = Origination & { readonly kind: 'network' };

function isNetwork(one: Origination): one is Network {
  return one.kind === 'network';
}

function lineOf({ family, prefix }: Network): string {
  return `${family} ${prefix.text}`;
}

/** The line names a route-map, whatever that says by now. */
function nameOf(policy: Policy | null): string {
  return policy?.name ?? '';
}
