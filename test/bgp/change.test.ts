import { describe, expect, it } from 'vitest';
import { messageFor, type Standing } from '../../src/bgp/change.ts';
import type { Peer } from '../../src/bgp/peer.ts';
import type { Router } from '../../src/bgp/router.ts';

/** Only what `messageFor` looks at. */
const router = { clusterId: 77, config: { profile: { quirks: {} } } } as unknown as Router;

function peer(type: Peer['type'], remoteAs: number, routerId: number, client = false): Peer {
  const options = { routeReflectorClient: client, routeServerClient: false, asOverride: false };
  return { type, remoteAs, routerId, options } as unknown as Peer;
}

function from(source: Peer | null, asns: readonly number[], clusterList: readonly number[] = []): Standing {
  const asPath = { asns, segments: [{ kind: 'sequence', asns }] };
  return { peer: source, path: { asPath, clusterList } } as unknown as Standing;
}

const plain = peer('ibgp', 1, 10);
const other = peer('ibgp', 1, 11);
const client = peer('ibgp', 1, 12, true);
const customer = peer('ebgp', 2, 20);
const upstream = peer('ebgp', 3, 30);
const local = from(null, []);

/** GoBGP 3.10, pkg/server/server.go filterpath and peer.go filterPathFromSourcePeer: peer, best now, best before, message. */
describe('what is said of a change without Adj-RIB-Out', () => {
  it.each([
    ['a new best', customer, from(upstream, [3]), null, 'announce'],
    ['no path any more', customer, null, from(upstream, [3]), 'withdraw'],
    ['nothing at all', customer, null, null, 'nothing'],
    ['the AS_PATH holds the peer', customer, from(upstream, [3, 2]), from(upstream, [3]), 'nothing'],
    ['what never was told is not taken back', customer, null, from(upstream, [3, 2]), 'nothing'],
    ["the peer's own path is best now", customer, from(customer, [2]), from(upstream, [3]), 'withdraw'],
    ["the peer's own path was best before", customer, from(customer, [2, 9]), from(customer, [2]), 'nothing'],
    ['iBGP to iBGP replaces iBGP', plain, from(other, []), from(client, []), 'nothing'],
    ['iBGP to iBGP replaces a path of another AS', plain, from(other, []), from(upstream, [3]), 'withdraw'],
    ['iBGP to iBGP replaces a local one', plain, from(other, []), local, 'withdraw'],
    ["a client's path to a plain neighbour", plain, from(client, []), null, 'announce'],
    ["a plain neighbour's path to a client", client, from(plain, []), null, 'announce'],
    ['the own cluster id towards a client', client, from(plain, [], [77]), from(upstream, [3]), 'nothing'],
    ['a local path with the AS of the peer in it', customer, from(null, [2]), null, 'announce'],
  ] as const)('%s', (_what, to, now, before, expected) => {
    expect(messageFor(router, to, now, before)).toBe(expected);
  });
});
