import { describe, expect, it } from 'vitest';
import { frrTarget } from '../../../src/targets/frr/index.ts';

function remoteAs(...lines: string[]) {
  const text = ['router bgp 65000', 'neighbor G peer-group', ...lines].join('\n');
  const file = { path: 'frr.conf', text };
  const { router } = frrTarget.read(new Map([['frr.conf', file]]), { host: 'r1', version: '8.4' });
  return router?.bgp?.peers.map((peer) => peer.remoteAs);
}

const [own, joins] = ['neighbor 10.0.0.1 remote-as 65101', 'neighbor 10.0.0.1 peer-group G'];

/** Seen on FRR 8.4.4: whom the neighbor takes a session from (peer_group2peer_config_copy, peer_group_remote_as). */
describe('the AS of a neighbor that had one before it joined a group', () => {
  it.each([
    [['neighbor G remote-as external', own, joins], 65101],
    [['neighbor G remote-as 65102', own, joins], 65102],
    [['neighbor G remote-as 65102', 'neighbor 10.0.0.1 remote-as external', joins], 65102],
    [['neighbor G remote-as external', 'neighbor 10.0.0.1 remote-as external', joins], 'external'],
    [['neighbor G remote-as external', joins], 'external'],
    [[own, joins, 'neighbor G remote-as external'], 'external'],
    [[own, joins], 65101],
  ])('%j: %s', (lines, asn) => {
    expect(remoteAs(...lines)).toEqual([asn]);
  });
});
