import { describe, expect, it } from 'vitest';
import { frrTarget } from '../../../src/targets/frr/index.ts';

const confederation = ['bgp confederation identifier 64512', 'bgp confederation peers 65101'];

function presents(...lines: string[]) {
  const text = ['router bgp 65103', ...lines].join('\n');
  const file = { path: 'frr.conf', text };
  const { router } = frrTarget.read(new Map([['frr.conf', file]]), { host: 'r1', version: '8.4' });
  return router?.bgp?.peers.map(({ presentsMember = false }) => presentsMember);
}

/** Read in bgpd (peer_remote_as, peer_as_change, bgp_confederation_id_set); six of the ways were seen, in scenario confederation-presents-member. */
describe('the AS that a neighbor is told within a confederation', () => {
  it.each([
    [['neighbor 10.0.0.1 remote-as 65201'], false],
    [['neighbor 10.0.0.1 remote-as 65101'], true],
    [['neighbor 10.0.0.1 remote-as external'], true],
    [['neighbor G peer-group', 'neighbor G remote-as 65201', 'neighbor 10.0.0.1 peer-group G'], true],
    [['neighbor e0 interface remote-as 65201'], true],
    [['neighbor e0 interface', 'neighbor e0 remote-as 65201'], false],
    [['neighbor 10.0.0.1 remote-as 65201', 'neighbor 10.0.0.1 remote-as external'], false],
  ])('is the member AS after %j: %s', (lines, member) => {
    expect(presents(...confederation, ...lines)).toEqual([member]);
  });

  it('is that of the confederation for whoever stands above its line', () => {
    expect(presents('neighbor 10.0.0.1 remote-as external', ...confederation)).toEqual([false]);
  });

  it('is no question outside of one', () => {
    expect(presents('neighbor 10.0.0.1 remote-as external')).toEqual([false]);
  });
});
