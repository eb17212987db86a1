import { expect, it } from 'vitest';
import { extendedDigits } from '../../../src/targets/exabgp/read/extended.ts';

// What ExaBGP 4.2.21 packs (configuration/static/parser.py).
it.each([
  ['target:65000:1', '0002fde800000001'],
  ['65000:1', '0002fde800000001'],
  ['target:70000:1', '0202000111700001'],
  ['target:1L:2', '0202000000010002'],
  ['target:10.0.0.1:5', '00020a0000010005'],
  ['origin:5:10.0.0.1', '000300050a000001'],
  ['target4:1:2', '0202000000010002'],
  ['redirect:1:2', '8008000100000002'],
  ['bandwidth:1:8', '4004000141000000'],
  ['redirect-to-nexthop', '0800000000000000'],
  ['0x0002FDE800000001', '0002fde800000001'],
  ['0x0002', null],
  ['l2info:1:2:3:4', null],
])('%s', (text, digits) => expect(extendedDigits(text)).toBe(digits));
