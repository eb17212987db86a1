import type { Prefix } from '../../base/ip.ts';
import type { BgpConfig, RouterConfig } from '../../bgp/config.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';

/**
 * What a daemon takes over of new files that goes through its neighbors one by one and stops after the first one that changed (GoBGP's
 * `updateNeighbors`): all others that changed stay as they are, for good, and so does everything of the router itself. `filed`: the router of
 * the files before, which may be another one already.
 */
export function withNeighborsKept(
  before: RouterConfig | null,
  filed: RouterConfig | null,
  now: RouterConfig | null,
): RouterConfig | null {
  if (!before?.bgp || !filed?.bgp || !now?.bgp || !now.profile.sessions?.updatesFirstNeighbor) return now;
  const { bgp } = now;
  const [running, earlier] = [before.bgp, filed.bgp];
  const updated = updatedOf(earlier, bgp);
  const peers = bgp.peers.map((peer) => {
    const runs = peerAt(running, peer);
    if (!runs) return peer;
    if (!peer.reload) return keptPeer(runs, peer);
    return updatedPeer(runs, peer, updated);
  });
  // Ranges are taken as long as gobgpd runs, and callers stay what they were.
  const rangeAt = (ranges: BgpConfig['listenRanges'], { text }: Prefix) =>
    ranges.find(({ prefix }) => prefix.text === text);
  const kept = running.listenRanges.map((range) => {
    const said = rangeAt(bgp.listenRanges, range.prefix);
    return said ? { ...range, peer: keptPeer(range.peer, said.peer) } : range;
  });
  const added = bgp.listenRanges.filter(({ prefix }) => !rangeAt(kept, prefix));
  const { originations, policyText } = bgp;
  const listenRanges = [...kept, ...added];
  return {
    ...now,
    bgp: { ...running, originations, policyText, peers, listenRanges },
  };
}

/** What GoBGP updates: the first group that changed, and the first neighbor that did. */
interface Updated {
  readonly group: string | null;
  readonly neighbor: PeerConfig | null;
}

function updatedOf(earlier: BgpConfig, now: BgpConfig): Updated {
  const changed = now.peers.filter((peer) => {
    const was = peerAt(earlier, peer);
    return was?.reload !== undefined && was.reload.statement !== peer.reload?.statement;
  });
  const member = changed.find((peer) => {
    const was = peerAt(earlier, peer)?.reload?.group;
    return was && was.name === peer.reload?.group?.name && was.statement !== peer.reload.group.statement;
  });
  return { group: member?.reload?.group?.name ?? null, neighbor: changed[0] ?? null };
}

function peerAt({ peers }: BgpConfig, { address, interface: near }: PeerConfig): PeerConfig | undefined {
  return peers.find((one) => one.address?.text === address?.text && one.interface === near);
}

/** Another OPEN makes the neighbor anew; else timers and prefix limits are taken over, and nothing else (`updateNeighbor`). */
function updatedPeer(runs: PeerConfig, peer: PeerConfig, { group, neighbor }: Updated): PeerConfig {
  const shared = peer.reload?.group;
  // Members of a group are updated with the statement of their own that runs.
  const byGroup = shared && shared.name === group;
  if (peer === neighbor && runs.resetBy !== peer.resetBy) return peer;
  if (byGroup && runs.reload?.group?.open !== shared.open) return peer;
  if (peer !== neighbor && !byGroup) return keptPeer(runs, peer);
  // What it was given is what the next files are held against.
  const reload = peer.reload && { statement: peer.reload.statement, group: runs.reload?.group ?? null };
  return { ...keptPeer(runs, peer, true), timers: peer.timers, ...(reload ? { reload } : {}) };
}

/** As it runs, with the policies of the new files: these are the router's. A client of a route server has those it was given. */
function keptPeer(runs: PeerConfig, peer: PeerConfig, taken = false): PeerConfig {
  const isOther = !taken && runs.reload?.statement !== peer.reload?.statement;
  const families = Object.fromEntries(
    Object.entries(runs.families).map(([family, options]) => {
      const said = peer.families[family as keyof PeerConfig['families']];
      if (!options || !said || (isOther && options.routeServerClient)) return [family, options];
      const { importPolicy, exportPolicy, maximumPrefix } = said;
      return [family, { ...options, importPolicy, exportPolicy, ...(taken ? { maximumPrefix } : {}) }];
    }),
  );
  const { asked } = peer;
  return asked ? { ...runs, families, asked, shutdown: asked.down ?? runs.shutdown } : { ...runs, families };
}
