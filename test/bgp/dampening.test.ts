import { describe, expect, it } from 'vitest';
import { Damper, type Flaps } from '../../src/bgp/dampening.ts';
import { frr84Profile } from '../../src/targets/frr/decision.ts';

const habit = frr84Profile.quirks.dampening;
if (!habit) throw new Error('FRR dampens');
const quick = new Damper({ halfLife: 60, reuse: 750, suppress: 2000, longest: 240 }, habit);

/** Withdrawn and announced again, every six seconds, as a running daemon was seen to count it. */
function flapping(times: number): Flaps {
  let flaps: Flaps | null = null;
  for (let i = 0; i < times; i++) {
    const gone: Flaps = quick.flapped(flaps, 12 * i, false);
    flaps = quick.announced(gone, 12 * i + 6).kept;
  }
  if (!flaps) throw new Error('forgotten');
  return flaps;
}

describe('flaps of a path', () => {
  it('cost 1000 each, and less by half a minute later', () => {
    expect(quick.flapped(null, 0, false)).toMatchObject({
      penalty: 1000,
      suppressed: false,
      withdrawn: true,
    });
    expect(quick.flapped(flapping(1), 60, false).penalty).toBe(1529);
  });

  it('suppress it at the third, until the penalty is below the reuse limit', () => {
    expect(flapping(2).suppressed).toBe(false);
    const flaps = flapping(3);
    expect(flaps).toMatchObject({ penalty: 2531, suppressed: true, withdrawn: false });
    const free = quick.freeAt(flaps);
    expect(free).toBe(140);
    expect(quick.looked(flaps, free - 1)).toMatchObject({ suppressed: true });
    expect(quick.looked(flaps, free)).toMatchObject({ suppressed: false });
  });

  it('are forgotten at half the reuse limit', () => {
    const { kept } = quick.announced(quick.flapped(null, 0, false), 100);
    expect(kept).toBeNull();
  });

  it('never cost more than the longest time takes', () => {
    let flaps: Flaps | null = null;
    for (let i = 0; i < 50; i++) flaps = quick.flapped(flaps, i, false);
    expect(flaps?.penalty).toBe(750 * 16);
  });
});
