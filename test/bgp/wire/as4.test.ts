import { describe, expect, it } from 'vitest';
import type { AsSegment } from '../../../src/bgp/as-path.ts';
import { wholeAs } from '../../../src/bgp/wire/as4.ts';

/** `1 2 {3,4} (5)` as segments. */
function path(text: string): readonly AsSegment[] {
  const kinds = { '{': 'set', '(': 'confed-sequence', '[': 'confed-set' } as const;
  return (text.match(/[{([][^\])}]*[\])}]|[^{([\])}]+/g) ?? [])
    .filter((piece) => piece.trim() !== '')
    .map((piece) => ({
      kind: kinds[piece[0] as keyof typeof kinds] ?? 'sequence',
      asns: (piece.match(/\d+/g) ?? []).map(Number),
    }));
}

const aggregator = (asn: number) => ({ asn, routerId: 1 });

describe('AS4_PATH and AS4_AGGREGATOR put back (RFC 6793 4.2.3)', () => {
  it.each([
    ['all of it', '23456 23456', '70000 70001', '70000 70001'],
    ['a 2-octet speaker has prepended since', '10 11 23456 12', '70000 12', '10 11 70000 12'],
    ['as long as each other', '10 11', '10 11', '10 11'],
    ['longer than AS_PATH: not believed', '23456', '70000 70001', '23456'],
    ['a set counts one', '10 23456 {11,23456}', '70000 {11,70001}', '10 70000 {11,70001}'],
    ['the head ends with a set', '10 {11,12} 23456', '70000', '10 {11,12} 70000'],
    [
      'confederation segments of the head count nothing and stay',
      '(65001 65002) 10 23456',
      '70000',
      '(65001 65002) 10 70000',
    ],
    ['they stay also where the head has no hop', '(65001) 23456', '70000', '(65001) 70000'],
    ['in AS4_PATH they are discarded (section 6)', '10 23456', '(65001) 70000', '10 70000'],
    ['nothing in it', '10 11', '', '10 11'],
  ])('%s', (_, asPath, as4Path, whole) => {
    expect(wholeAs({ asPath: path(asPath), as4Path: path(as4Path) }).asPath).toEqual(path(whole));
  });

  it.each([
    ['AS_TRANS is the whole number', 23456, 70000, 70000, '70000'],
    ['another number: an old speaker aggregated, and both are ignored', 10, 70000, 10, '23456'],
    ['without AS4_AGGREGATOR the path counts all the same', 10, null, 10, '70000'],
    ['AS_TRANS alone is all there is', 23456, null, 23456, '70000'],
    ['without AGGREGATOR there is none', null, 70000, null, '70000'],
  ])('aggregator: %s', (_, own, as4, whole, asPath) => {
    const given = {
      asPath: path('23456'),
      as4Path: path('70000'),
      ...(own === null ? {} : { aggregator: aggregator(own) }),
      ...(as4 === null ? {} : { as4Aggregator: aggregator(as4) }),
    };
    expect(wholeAs(given)).toEqual({
      asPath: path(asPath),
      aggregator: whole === null ? null : aggregator(whole),
    });
  });
});
