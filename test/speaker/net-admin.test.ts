import { expect, test } from 'vitest';
import { holdsNetAdmin } from '../../src/speaker/node/iproute.ts';

test.each([
  ['root', '000001ffffffffff', true],
  ['CAP_NET_ADMIN alone', '0000000000001000', true],
  ['everything else', '000001ffffffefff', false],
  ['nobody', '0000000000000000', false],
])('%s', (_who, effective, expected) => {
  const status = `Name:\tnode\nCapInh:\t000001ffffffffff\nCapEff:\t${effective}\nCapBnd:\t000001ffffffffff\n`;
  expect(holdsNetAdmin(status)).toBe(expected);
});

test('what says nothing about capabilities allows nothing', () => {
  expect(holdsNetAdmin('Name:\tnode\n')).toBe(false);
});
