import { expect, it } from 'vitest';
import { frrTarget } from '../../../src/targets/frr/index.ts';

// Seen on FRR 8.4.4: `bgp_redist_add` finds what an earlier line has made.

it('leaves metric and route-map of an earlier redistribute line alone where it names none', () => {
  const text = [
    'route-map M permit 10',
    'router bgp 65000',
    ' address-family ipv4 unicast',
    '  redistribute static metric 4',
    '  redistribute static',
    '  redistribute connected route-map M',
    '  redistribute connected metric 7',
    '  redistribute kernel metric 5',
    '  no redistribute kernel',
    '  redistribute kernel',
    ' exit-address-family',
  ].join('\n');
  const { router } = frrTarget.read(new Map([['frr.conf', { path: 'frr.conf', text }]]), {
    host: 'r1',
    version: '8.4',
  });
  expect(router?.bgp?.originations).toMatchObject([
    { from: 'kernel', metric: null, policy: null },
    { from: 'connected', metric: 7, policy: { name: 'M' } },
    { from: 'static', metric: 4, policy: null },
  ]);
});
