import { describe, expect, it } from 'vitest';
import { frrTarget } from '../../../src/targets/frr/index.ts';

function read(...lines: string[]) {
  const text = ['router bgp 65000', ...lines].join('\n');
  return frrTarget.read(new Map([['frr.conf', { path: 'frr.conf', text }]]), { host: 'r1', version: '8.4' });
}

const dampening = (...lines: string[]) => read(...lines).router?.bgp?.dampening;
const usual = { halfLife: 900, reuse: 750, suppress: 2000, longest: 3600 };

describe('bgp dampening', () => {
  it('has figures of its own, and the longest time is four half-lives', () => {
    expect(dampening('bgp dampening')).toEqual({ 'ipv4-unicast': usual });
    expect(dampening('bgp dampening 5')).toEqual({
      'ipv4-unicast': { ...usual, halfLife: 300, longest: 1200 },
    });
  });

  it('belongs to a family', () => {
    const lines = ['address-family ipv6 unicast', 'bgp dampening 1 800 1500 4'];
    expect(dampening(...lines)).toEqual({
      'ipv6-unicast': { halfLife: 60, reuse: 800, suppress: 1500, longest: 240 },
    });
  });

  it('is taken away whatever figures follow', () => {
    expect(dampening('bgp dampening 5', 'no bgp dampening')).toBeUndefined();
    expect(dampening('bgp dampening', 'no bgp dampening 5 800 1500 20')).toBeUndefined();
  });

  it('is refused with limits that are out of range or the wrong way round', () => {
    expect(dampening('bgp dampening 1 2000 750 4')).toBeUndefined();
    expect(read('bgp dampening 1 2000 750 4').diagnostics).toMatchObject([{ rule: 'config-refused' }]);
    expect(read('bgp dampening 46').lines).toMatchObject([{ status: 'unrecognised' }]);
  });
});
