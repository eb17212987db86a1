import { describe, expect, it } from 'vitest';
import { parsePrefix } from '../../src/base/ip.ts';
import { birdHash, inMessageOrder, inTableOrder, type Told } from '../../src/simulator/table-order.ts';

function told(text: string, wire = 1): Told {
  const prefix = parsePrefix(text);
  if (!prefix) throw new Error(text);
  return { prefix: { prefix } as Told['prefix'], wire, accepted: true };
}

const texts = (list: readonly Told[]) => list.map(({ prefix }) => prefix.prefix.text);

describe('the order in which a table is told', () => {
  const list = [
    told('10.0.0.0/24'),
    told('10.0.1.0/24', 2),
    told('10.0.2.0/24'),
    told('10.0.3.0/24', 2),
    told('10.0.4.0/24'),
  ];

  it('is that of the table for those who count what they send', () =>
    expect(inTableOrder(list, 'prefix')).toEqual(list));

  it('FRR: what shares a message goes with the first of it, the others from behind', () =>
    expect(texts(inMessageOrder(list, 'prefix'))).toEqual([
      '10.0.0.0/24',
      '10.0.4.0/24',
      '10.0.2.0/24',
      '10.0.1.0/24',
      '10.0.3.0/24',
    ]));

  it('BIRD: by hash, as birdc shows its table', () => {
    // `birdc show route` of 2.0.12
    const shown = [
      '0.0.0.0/0',
      '192.0.2.0/25',
      '10.33.0.0/24',
      '10.31.0.0/24',
      '10.31.0.0/16',
      '203.0.113.7/32',
      '10.32.0.0/24',
    ];
    expect(
      texts(
        inTableOrder(
          [...shown].sort().map((one) => told(one)),
          'hash',
        ),
      ),
    ).toEqual(shown);
  });

  it('BIRD: IPv6 as well', () => {
    const shown = [
      '::/0',
      '2001:db8::/32',
      '2001:db8:1::/48',
      '2001:db8:2::/48',
      '2001:db8:2:3::/64',
      'fd00::1/128',
    ];
    expect(
      texts(
        inTableOrder(
          [...shown].sort().map((one) => told(one)),
          'hash',
        ),
      ),
    ).toEqual(shown);
  });

  it('is a number without sign', () => {
    for (const { prefix } of list) expect(birdHash(prefix.prefix)).toBeGreaterThanOrEqual(0);
  });
});
