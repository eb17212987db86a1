import { describe, expect, it } from 'vitest';
import { interpret } from '../../src/cli/speaker/config.ts';

function linesOf(channel: string) {
  const text = [
    'router id 10.0.0.1;',
    'protocol device {}',
    `protocol bgp one { local as 65001; neighbor 10.0.0.2 as 65002; ipv4 { import all; export all; ${channel} }; }`,
    '',
  ].join('\n');
  const source = {
    name: 'r',
    target: 'bird',
    version: '2.0',
    files: { 'bird.conf': text },
    shown: { 'bird.conf': 'bird.conf' },
  };
  return interpret(source).lines.map(({ text: said, effect }) => [said, effect]);
}

describe('limits that the speaker does not keep', () => {
  it.each([
    ['import limit 5 action block;', 'the speaker takes all prefixes'],
    ['export limit 5 action block;', 'the speaker sends all prefixes'],
    ['export limit 5 action disable;', 'the speaker sends all prefixes and keeps the session'],
  ])('%s is said', (channel, effect) =>
    expect(linesOf(channel)).toEqual([['a limit of neighbor 10.0.0.2', effect]]),
  );

  it.each(['import limit 5;', 'receive limit 5 action restart;', 'import limit 5 action warn;'])(
    '%s is kept, or does nothing',
    (channel) => expect(linesOf(channel)).toEqual([]),
  );
});
