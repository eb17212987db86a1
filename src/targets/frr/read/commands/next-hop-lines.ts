import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { frrOnly, modelled, peerId, quaggaOnly } from './make.ts';

/** A line says all of it anew; `no` takes back what it names, or everything (neighbor_attribute_unchanged). */
function attributeUnchanged(reading: Reading, args: Arguments, negated: boolean): void {
  const peer = reading.peerFamily(peerId(args));
  if (!peer) return;
  const named = ['as-path', 'next-hop', 'med'].some((word) => args.has(word));
  const now = peer.attributeUnchanged;
  const kept = (word: string, before = false): boolean =>
    !named || args.has(word) ? !negated : negated && before;
  peer.attributeUnchanged = {
    asPath: kept('as-path', now?.asPath),
    nextHop: kept('next-hop', now?.nextHop),
    med: kept('med', now?.med),
  };
  if (!kept('next-hop', peer.keepsNextHop)) peer.keepsNextHop = false;
}

function routeServerClient(reading: Reading, args: Arguments, negated: boolean): void {
  const peer = reading.peerFamily(peerId(args));
  if (!peer) return;
  if (negated) delete peer.routeServerClient;
  else peer.routeServerClient = true;
}

/**
 * FRR lets a client of the route server have next hops as they came, from whomever (peer_af_flag_modify). The flag is the neighbor's
 * own: one that is bound to its group already does not get it with the group's line, and one whose group says so already does not get
 * it with its own.
 */
function transparentClient(reading: Reading, args: Arguments, negated: boolean): void {
  const id = peerId(args);
  const peer = reading.peerFamily(id);
  if (!peer) return;
  const { family, router } = reading;
  const bound = router.peers.get(id)?.group;
  const known = peer.routeServerClient ?? router.groups.get(bound ?? '')?.families[family]?.routeServerClient;
  const isGroup = router.groups.has(id);
  if (isGroup && !negated && !peer.keepsNextHop)
    for (const member of router.peers.values())
      if (member.group === id) member.families[family].keepsNextHop ??= false;
  if (isGroup || negated || !known) peer.keepsNextHop = !negated;
  routeServerClient(reading, args, negated);
}

export const nextHopCommands: readonly FamilyCommand[] = [
  modelled('neighbor {id:WORD} attribute-unchanged', attributeUnchanged, {
    anyOrder: ['as-path', 'next-hop', 'med'],
  }),
  modelled('neighbor {id:WORD} route-server-client', transparentClient, { dialects: frrOnly }),
  modelled('neighbor {id:WORD} route-server-client', routeServerClient, { dialects: quaggaOnly }),
];
