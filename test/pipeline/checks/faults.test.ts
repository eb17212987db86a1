import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChecks } from '../../../src/pipeline/checks/read.ts';
import { formatDiagnosticText } from '../../../src/report/diagnostics-text.ts';
import { patterns } from './fabric.ts';

const hosts = ['web-1', 'web-2', 'spine1'];

function faults(text: string): string {
  const { checks, diagnostics } = readChecks(text, 'checks.yml', patterns(hosts), hosts);
  if (diagnostics.some(({ severity }) => severity === 'error')) expect(checks).toEqual([]);
  return formatDiagnosticText(diagnostics, new Map([['checks.yml', text]]));
}

describe('mistakes in checks.yml, each with its place', () => {
  it.each([
    ['not a mapping', '- reachable: {}\n'],
    ['a slip in the top key', 'check: []\n'],
    ['a slip in a kind', 'checks:\n  - reachabel: { from: web-1, to: web-2 }\n'],
    ['no kind', 'checks:\n  - name: nothing\n'],
    ['two kinds', 'checks:\n  - { no_loop: all, no_black_hole: all }\n'],
    ['a missing key', 'checks:\n  - reachable: { from: web-1 }\n'],
    ['a slip in a key', 'checks:\n  - route: { host: web-1, prefix: 10.0.0.0/24, as-path: "1" }\n'],
    ['an unknown host', 'checks:\n  - reachable: { from: wep-1, to: web-2 }\n'],
    ['host bits', 'checks:\n  - route: { host: web-1, prefix: 10.0.0.1/24 }\n'],
    ['not a network', 'checks:\n  - no_loop: [somewhere]\n'],
    [
      'absent with paths',
      'checks:\n  - route: { host: web-1, prefix: 10.0.0.0/24, state: absent, paths: 2 }\n',
    ],
    ['a word', 'checks:\n  - route: { host: web-1, prefix: 10.0.0.0/24, state: missing }\n'],
    ['a number', 'checks:\n  - survives: { links: 0 }\n'],
    ['several numbers', 'checks:\n  - survives: { links: 1, hosts: 2 }\n'],
    ['no failure', 'checks:\n  - survives: { checks: all }\n'],
    [
      'an unknown check',
      'checks:\n  - { name: web, no_loop: all }\n  - survives: { links: 1, checks: [wep] }\n',
    ],
    ['a name twice', 'checks:\n  - { name: web, no_loop: all }\n  - { name: web, no_black_hole: all }\n'],
    ['a border nowhere', 'checks:\n  - no_leak: { prefixes: [10.0.0.0/8] }\n'],
    ['a session of nobody', 'checks:\n  - sessions: { up: [spin1-web-2] }\n'],
    ['no session', 'checks:\n  - sessions: {}\n'],
    ['true or false', 'checks:\n  - reachable: { from: web-1, to: web-2, one_way: maybe }\n'],
  ])('%s', (_, text) => expect(faults(text)).toMatchSnapshot());

  it('all of them at once, and none in an empty file', () => {
    expect(faults('checks:\n  - reachabel: {}\n  - route: {}\n').match(/ error /g)).toHaveLength(3);
    expect(faults('')).toBe('');
    expect(faults('checks: []\n')).toBe('');
  });
});

describe('sessions by name', () => {
  it.each([
    ['web-1-web-2', 'web-1', 'web-2'],
    ['web-1-10.0.0.2', 'web-1', '10.0.0.2'],
    ['spine1-web-1', 'spine1', 'web-1'],
    ['web-2-2001:db8::1', 'web-2', '2001:db8::1'],
  ])('%s', (name, host, peer) => {
    const { checks } = readChecks(
      `checks:\n  - sessions: { down: ["${name}"] }\n`,
      'checks.yml',
      patterns(hosts),
      hosts,
    );
    expect(checks[0]?.assertion).toMatchObject({ down: [{ host, peer }] });
  });
});

describe('anything at all', () => {
  const kinds = [
    'reachable',
    'route',
    'routes',
    'no_leak',
    'spread',
    'survives',
    'sessions',
    'no_loop',
    'name',
  ];
  const keys = ['from', 'to', 'host', 'prefix', 'via', 'prefixes', 'not_in', 'links', 'checks', 'up', 'down'];
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('all', 'web-1', '10.0.0.0/8', '::/0'),
  );
  const check = fc.dictionary(
    fc.constantFrom(...kinds),
    fc.oneof(value, fc.dictionary(fc.constantFrom(...keys), value)),
  );

  it('is read without a crash, and what it makes of it is well or has an error', () => {
    fc.assert(
      fc.property(fc.array(check, { maxLength: 3 }), (list) => {
        const text = JSON.stringify({ checks: list });
        const { checks, diagnostics } = readChecks(text, 'checks.yml', patterns(hosts), hosts);
        const wrong = diagnostics.some(({ severity }) => severity === 'error');
        expect(checks).toHaveLength(wrong ? 0 : list.length);
      }),
      { numRuns: 300 },
    );
  });
});
