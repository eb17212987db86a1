import type { BgpConfig } from '../../bgp/config.ts';
import type { Origination } from '../../bgp/origination-config.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import { peerName } from '../reload.ts';
import { familiesOfPeer } from '../session/our-open.ts';
import type { ConfigView } from './types.ts';

/** What a configuration is about, for somebody who wants to know whether it was read as it was meant. */
export function configView({ asn, routerId, peers, listenRanges, originations }: BgpConfig): ConfigView {
  return {
    asn,
    routerId: routerId?.text ?? null,
    neighbors: [
      ...peers.map((peer) => neighbor(peerName(peer), peer)),
      ...listenRanges.map(({ prefix, peer }) => neighbor(prefix.text, peer)),
    ],
    originates: originations.map(origination),
  };
}

function neighbor(name: string, peer: PeerConfig): ConfigView['neighbors'][number] {
  return { name, remoteAs: peer.remoteAs, session: how(peer), families: familiesOfPeer(peer) };
}

function how({ shutdown, passive, address }: PeerConfig): string {
  if (shutdown) return 'shut down';
  return passive || address === null ? 'takes calls' : 'calls';
}

function origination(one: Origination): string {
  return one.kind === 'redistribute' ? `${one.from} routes of ${one.family}` : one.prefix.text;
}
