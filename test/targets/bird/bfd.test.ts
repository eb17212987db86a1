import { describe, expect, it } from 'vitest';
import { read, said, session } from './support.ts';

const external = 'local as 65001; neighbor 10.0.0.2 as 65002;';

describe('BFD in bird.conf', () => {
  it.each([
    ['', undefined],
    ['bfd;', 'stops'],
    ['bfd on;', 'stops'],
    ['bfd off;', undefined],
    ['bfd graceful;', 'keeps'],
    ['bfd graceful; bfd { interval 200 ms; multiplier 3; };', 'stops'],
  ])('of a session: %s', (words, watched) => {
    expect(session(`${external} ${words}`).habits?.watchedByBfd).toBe(watched);
  });

  it('over several hops a session needs a local address', () => {
    expect(
      said(read(`protocol bgp x { ${external} multihop; bfd; ipv4 { import all; export all; }; }`)),
    ).toEqual([expect.stringContaining('is watched by BFD over several hops without a local address')]);
    expect(session('local 10.0.0.1 as 65001; neighbor 10.0.0.2 as 65002; multihop; bfd;')).toMatchObject({
      habits: { watchedByBfd: 'stops' },
    });
  });

  it('a protocol takes what it accepts, and neighbors that it names', () => {
    const { router } = read(`
      protocol bfd { accept ipv4 direct; interface "eth*", -"lo" { min rx interval 20 ms; }; strict bind on; }
      protocol bfd more {
        multihop { interval 1 s; passive on; };
        neighbor 10.0.0.3 dev "eth0";
        neighbor 10.0.0.4 local 10.0.0.1 multihop on;
      }`);
    expect(router?.bfd).toMatchObject([
      { families: [4], direct: true, multihop: false, neighbors: [] },
      {
        families: [4, 6],
        direct: true,
        multihop: true,
        neighbors: [
          { address: { text: '10.0.0.3' }, multihop: false },
          { address: { text: '10.0.0.4' }, multihop: true },
        ],
      },
    ]);
  });

  it('a word that BFD does not know keeps BIRD from starting', () => {
    expect(read('protocol bfd { accept ospf; }').router).toBeNull();
    expect(read('protocol bfd { hello 3; }').router).toBeNull();
  });

  it('a static route says which of its gateways it asks for', () => {
    const { router } = read(
      'protocol static { ipv4; route 10.1.0.0/16 via 10.0.0.2 bfd via 10.0.0.3 bfd off via 10.0.0.4 bfd on weight 2; }',
    );
    const [route] = router?.table?.protocols[0]?.routes ?? [];
    expect(route?.hops.map(({ bfd }) => bfd)).toEqual([true, undefined, true]);
  });
});
