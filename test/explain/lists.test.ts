import { describe, expect, it } from 'vitest';
import { parsePrefix } from '../../src/base/ip.ts';
import { explainRoute } from '../../src/simulator/explain/route.ts';
import { bgp, fabricOf } from './fabrics.ts';

/** tor announces 10.1.2.0/24, spine refuses what its map does not let in. */
function answerWith(conf: string, tor = ''): string {
  const state = fabricOf({
    tor: {
      links: { e0: ['l', '10.0.0.0/31'] },
      routes: ['blackhole 10.1.2.0/24'],
      conf: bgp(65001, '1.1.1.1', ['10.0.0.1 65002'], ['network 10.1.2.0/24', tor]),
    },
    spine: {
      links: { e0: ['l', '10.0.0.1/31'] },
      conf: bgp(65002, '2.2.2.2', ['10.0.0.0 65001'], ['neighbor 10.0.0.0 route-map M in']).concat(conf),
    },
  });
  const prefix = parsePrefix('10.1.2.0/24');
  return (prefix && explainRoute(state, 'spine', prefix)?.answer) ?? '';
}

const map = (line: string) => `route-map M permit 10\n match ${line}\nexit\n`;
const list = (entries: string) => map('ip address prefix-list L').concat(entries);

describe('a list that does not hold a route says why', () => {
  it.each([
    [
      'ip prefix-list L deny 10.1.0.0/16 le 24\nip prefix-list L permit any\n',
      /line \d+ denies 10\.1\.0\.0\/16/,
    ],
    [
      'ip prefix-list L permit 10.1.0.0/16 ge 25\n',
      /line \d+ takes 10\.1\.0\.0\/16 with lengths 25 to 32 only/,
    ],
    ['ip prefix-list L permit 10.1.0.0/16\n', /line \d+ takes 10\.1\.0\.0\/16 with length 16 only/],
    ['ip prefix-list L permit 10.2.0.0/16 le 32\n', /no entry holds it/],
  ])('%s', (entries, words) => {
    expect(answerWith(list(entries))).toMatch(words);
  });

  it('what a condition saw instead', () => {
    expect(answerWith(`${map('as-path P')}bgp as-path access-list P permit ^65009$\n`)).toContain(
      'as-path list P: the AS path is 65001',
    );
    expect(answerWith(map('metric 77'))).toContain('med 77: it has 0');
    expect(answerWith(`${map('community C')}bgp community-list standard C permit 65001:1\n`)).toContain(
      'community list C: it has no community',
    );
  });
});
