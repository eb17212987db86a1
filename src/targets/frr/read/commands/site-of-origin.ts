import { extendedCommunityOf } from '../../../../bgp/extended-communities.ts';
import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { frrOnly, modelled, peerId, text } from './make.ts';

/** `neighbor X soo ASN:NUMBER`: what comes in is marked with the site, and what has the mark is not told. */
export const siteOfOriginCommand: FamilyCommand = modelled(
  'neighbor {id:WORD} soo [{value:WORD}]',
  siteOfOrigin,
  { dialects: frrOnly },
);

function siteOfOrigin(reading: Reading, args: Arguments, negated: boolean): void {
  const id = peerId(args);
  const peer = reading.peerFamily(id);
  if (!peer) return;
  if (negated) {
    delete peer.siteOfOrigin;
    return;
  }
  const value = args.has('value') ? text(args, 'value') : '';
  const community = extendedCommunityOf('soo', value);
  if (community === null) {
    reading.refuse(
      `soo: ${value} is no extended community`,
      'Write ASN:NUMBER or ADDRESS:NUMBER behind soo.',
    );
    return;
  }
  peer.siteOfOrigin = community;
  if (reading.router.groups.has(id)) withholdFromMembers(reading, id);
}

/** Members get the site with the rest of the group when they are bound to it and when they are activated, and never later (seen on 8.4.4). */
function withholdFromMembers({ router, family }: Reading, id: string): void {
  const group = router.groups.get(id)?.families[family];
  for (const { group: bound, families } of router.peers.values()) {
    const own = families[family];
    if (bound === id && (own.activate ?? group?.activate) === true) own.siteOfOrigin ??= '';
  }
}
