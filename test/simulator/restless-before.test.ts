import { expect, it } from 'vitest';
import { advance } from '../../src/simulator/timeline/advance.ts';
import { bgp, simulateFrr } from '../pipeline/configs.ts';

/** Three routers that each prefer the way over the next one (the "bad gadget" of Griffin, Shepherd and Wilfong), and a cable that has nothing to do with them. */
const gadget = () => {
  const prefer = (own: number) => {
    const next = (own % 3) + 1;
    const peers = [1, 2, 3, 9].filter((one) => one !== own);
    const sessions = Object.fromEntries(peers.map((one) => [`10.0.0.${one}`, 65000 + one]));
    return [
      `bgp as-path access-list OVER permit ^6500${next}_65009$`,
      'route-map NEXT permit 10\n match as-path OVER\n set local-preference 200\nexit',
      'route-map NEXT permit 20\nexit',
      bgp(65000 + own, sessions, ` neighbor 10.0.0.${next} route-map NEXT in`),
    ].join('\n');
  };
  return simulateFrr(
    {
      r1: 'eth0 10.0.0.1/24 lan',
      r2: 'eth0 10.0.0.2/24 lan',
      r3: 'eth0 10.0.0.3/24 lan, eth1 10.0.1.1/30 side',
      hub: 'eth0 10.0.0.9/24 lan',
      x: 'eth0 10.0.1.2/30 side',
    },
    {
      r1: prefer(1),
      r2: prefer(2),
      r3: prefer(3),
      hub: bgp(
        65009,
        { '10.0.0.1': 65001, '10.0.0.2': 65002, '10.0.0.3': 65003 },
        ' network 10.9.0.0/24',
        ' no bgp network import-check',
      ),
    },
  ).state;
};

it('what never settles goes on when something else happens: messages under way are not lost', () => {
  const state = gadget();
  if (!state) throw new Error('nothing was simulated');
  const messages = ({ inconclusive }: typeof state) => inconclusive.map(({ message }) => message);
  const said = ['10.9.0.0/24 never settles: r1, r2, r3 keep changing their best path'];
  expect(messages(state)).toEqual(said);
  expect(messages(advance(state, { kind: 'link-down', link: 'side' }))).toEqual(said);
});
