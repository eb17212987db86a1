import { expect, it } from 'vitest';
import { textCommand } from '../../src/speaker/operation/text-commands.ts';

it.each([
  ['announce route 10.0.0.0/24 next-hop self', { kind: 'announce', prefix: '10.0.0.0/24', attributes: {} }],
  [
    'announce route 10.0.0.0/24 next-hop 192.0.2.1 origin igp med 5 local-preference 7 as-path [ 65000 65001 ] community [65000:1 no-export] large-community [1:2:3]',
    {
      kind: 'announce',
      prefix: '10.0.0.0/24',
      attributes: {
        nextHop: '192.0.2.1',
        origin: 'igp',
        med: 5,
        localPref: 7,
        asPath: [65000, 65001],
        communities: ['65000:1', 'no-export'],
        largeCommunities: ['1:2:3'],
      },
    },
  ],
  [
    'announce route 10.0.0.0/24 community 65000:1',
    { kind: 'announce', prefix: '10.0.0.0/24', attributes: { communities: ['65000:1'] } },
  ],
  ['withdraw route 10.0.0.0/24 next-hop self', { kind: 'withdraw', prefix: '10.0.0.0/24' }],
  ['', null],
  ['  # a comment', null],
  ['flush route 10.0.0.0/24', "'flush' is not known: announce and withdraw are"],
  [
    'announce flow 10.0.0.0/24',
    "'announce flow' is not known: announce route PREFIX and announce FAMILY DESTINATION are",
  ],
  ['announce route', 'a prefix is missing'],
  ['announce route 10.0.0.0/24 med many', "'many' is not a number of 32 bits"],
  ['announce route 10.0.0.0/24 as-path [ 65000', 'the value of as-path does not end'],
  ['announce route 10.0.0.0/24 med', 'the value of med does not end'],
  [
    'announce route 10.0.0.0/24 constructor x',
    "'constructor' is not an attribute: next-hop, origin, med, local-preference, aigp, as-path, community, large-community, extended-community, label, esi, gateway are",
  ],
])('%s', (line, operation) => {
  expect(textCommand(line)).toEqual(operation);
});
