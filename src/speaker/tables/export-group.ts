import type { Peer } from '../../bgp/peer.ts';
import { chainNeeds, contentKey } from '../../bgp/policy/analyse.ts';
import type { Router } from '../../bgp/router.ts';

/**
 * Peers with the same text are told the same of every path that none of them said itself: whatever export looks at is in it. Where that is the single peer, the text is
 * its own.
 */
export function exportGroup({ config: { profile }, context }: Router, peer: Peer): string {
  const { config, options } = peer;
  const { importPolicy: _, maximumPrefix: __, ...told } = options;
  const { quirks } = profile;
  const alone =
    config.solo ||
    config.senderLoopCheck ||
    config.localRole ||
    config.audience !== undefined ||
    quirks.senderSideLoopCheck ||
    quirks.sourceIsRouterId ||
    quirks.originatesOnly ||
    quirks.nextHopByGateway ||
    quirks.clusterLoopCheck !== 'receive' ||
    options.asOverride ||
    options.removePrivateAs !== null ||
    options.defaultOriginate ||
    options.conditional ||
    chainNeeds(options.exportPolicy, context.notes).peer;
  const networks = peer.sharedNetworks.map(({ text }) => text);
  // A path without a next hop of its own goes to nobody whom this end has none for.
  const nameless = peer.ownNextHop === null;
  return contentKey([peer.type, told, config.localAs, networks, nameless, alone ? peer.name : '']);
}
