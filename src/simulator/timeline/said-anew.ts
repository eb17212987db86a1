import type { FamilyName } from '../../base/family.ts';
import { prefixOf } from '../../base/ip.ts';
import type { BgpConfig, RouterConfig } from '../../bgp/config.ts';
import type { Origination } from '../../bgp/origination-config.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { Policy } from '../../bgp/policy/types.ts';
import type { Change } from './change.ts';
import { withFamiliesKept } from './families-kept.ts';
import type { World } from './world.ts';

// A line for the same network that says something else is taken away before it is said (frr-reload.py deletes first, each line by
// itself): the route is gone for a moment, and younger than others when it is back. What is redistributed is back before bgpd has
// told anybody, four times out of five. The same becomes of lines that are written otherwise than FRR writes them (below `address-family
// ipv4` without `unicast`), whenever any files are loaded.

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
  const now = new Map(after.filter(isNetwork).map((one) => [lineOf(one), one]));
  return before.filter((one) => {
    if (!isNetwork(one)) return true;
    const again = now.get(lineOf(one));
    return !again || (again.respelled !== 'block' && saidIn(again).includes(nameOf(one.policy)));
  });
}

type Network = Origination & { readonly kind: 'network' };

function isNetwork(one: Origination): one is Network {
  return one.kind === 'network';
}

/** What the lines for a network ask for, in order. */
function saidIn({ overruled = [], policy }: Network): readonly string[] {
  return [...overruled, policy].map(nameOf);
}

/** Of several lines for one network the last one counts that the daemon does not have: the tool says them all, but for the one that is there. */
function asSaid(one: Origination, before: BgpConfig | null): Origination {
  if (!isNetwork(one) || !one.overruled) return one;
  const runs = before?.originations.find((was) => isNetwork(was) && lineOf(was) === lineOf(one));
  if (!runs || !isNetwork(runs)) return one;
  const others = [...one.overruled, one.policy].filter((policy) => nameOf(policy) !== nameOf(runs.policy));
  return others.length === 0 ? one : { ...one, policy: others.at(-1) ?? null };
}

/** What the tool makes of `network 10.7.0.0 mask 255.255.0.0`: a line that FRR refuses; and of `network 10.7.0.0`: 10.0.0.0/8. */
function reloaded(one: Origination): readonly Origination[] {
  if (!isNetwork(one) || !one.respelled || one.respelled === 'block') return [one];
  const { family, value } = one.prefix;
  return one.respelled === 'mask' ? [] : [{ ...one, prefix: prefixOf(family, value, 8) }];
}

/** The router as these files make it while its daemon goes on. */
export function withReloadedLines(
  before: RouterConfig | null,
  after: RouterConfig | null,
): RouterConfig | null {
  if (!after?.bgp || !before?.profile.sessions?.takesLinesAwayFirst) return after;
  const { originations } = after.bgp;
  const read = { ...after, bgp: withFamiliesKept(before.bgp, after.bgp) };
  const isOdd = (one: Origination) => isNetwork(one) && (one.respelled || one.overruled);
  if (!originations.some(isOdd)) return withActivatedAnew(before, read);
  const said = originations.map((one) => asSaid(one, before.bgp)).flatMap(reloaded);
  const lines = new Map(said.map((one) => [isNetwork(one) ? lineOf(one) : one, one]));
  return withActivatedAnew(before, { ...after, bgp: { ...read.bgp, originations: [...lines.values()] } });
}

function lineOf({ family, prefix }: Network): string {
  return `${family} ${prefix.text}`;
}

/** The line names a route-map, whatever that says by now. */
function nameOf(policy: Policy | null): string {
  return policy?.name ?? '';
}

/**
 * The router as files make it whose neighbors are taken out of a family and put into it again, since the block of that family is written
 * otherwise than FRR writes it: their sessions are reset each time (`peer_deactivate`).
 */
function withActivatedAnew(before: RouterConfig | null, after: RouterConfig | null): RouterConfig | null {
  if (!after?.bgp || !before?.bgp || !before.profile.sessions?.takesLinesAwayFirst) return after;
  const { activationsSaidAnew: families = [] } = after.bgp;
  // An empty list stays behind: sessions go on with the number that they have.
  if (families.length === 0 && !before.bgp.activationsSaidAnew) return after;
  const were = new Map(before.bgp.peers.map((peer) => [keyOf(peer), peer]));
  const ranges = new Map(before.bgp.listenRanges.map(({ prefix, peer }) => [prefix.text, peer]));
  const bgp: BgpConfig = {
    ...after.bgp,
    activationsSaidAnew: families,
    peers: after.bgp.peers.map((peer) => numbered(peer, were.get(keyOf(peer)), families)),
    listenRanges: after.bgp.listenRanges.map((range) => ({
      ...range,
      peer: numbered(range.peer, ranges.get(range.prefix.text), families),
    })),
  };
  return { ...after, bgp };
}

/** With the number of times it was activated anew. */
function numbered(
  peer: PeerConfig,
  was: PeerConfig | undefined,
  families: readonly FamilyName[],
): PeerConfig {
  const anew = families.some((family) => peer.families[family] && was?.families[family]);
  const times = Number(was?.resetBy ?? 0) + (anew ? 1 : 0);
  return times === 0 ? peer : { ...peer, resetBy: `${times}` };
}

function keyOf({ address, interface: near }: PeerConfig): string {
  return address?.text ?? near ?? '';
}
