import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { formatDiagnostics } from '../../src/report/diagnostics.ts';
import { countText } from '../../src/report/diagnostics-text.ts';
import { plain } from '../../src/report/style.ts';

const texts = new Map([
  ['hosts.yml', 'all:\n  vars:\n    bgp_asn: 65500\n\tbgp_asm: 1\n'],
  ['long.yml', `${'x'.repeat(300)}here${'y'.repeat(300)}\n`],
]);
const about = { texts, style: plain, version: '1.2.3' };

const typo: Diagnostic = {
  rule: 'yaml-duplicate-key',
  severity: 'error',
  message: 'bgp_asn is set twice in all',
  ranges: [{ file: 'hosts.yml', line: 3, column: 5, endLine: 3, endColumn: 12 }],
  related: [{ file: 'hosts.yml', line: 4, column: 2, note: 'first set here' }],
  found: '65500',
  expected: 'one value',
  nearest: 'bgp_asn',
  fix: 'remove one of the two',
};

describe('diagnostics as text', () => {
  it('shows the place, the line with a caret, and what to do', () => {
    expect(formatDiagnostics([typo], 'text', about)).toBe(
      [
        'hosts.yml:3:5 error bgp_asn is set twice in all [yaml-duplicate-key]',
        '    3 |     bgp_asn: 65500',
        '      |     ^^^^^^^',
        '  first set here: hosts.yml:4:2',
        '    4 |     bgp_asm: 1',
        '      |     ^',
        '  found:    65500',
        '  expected: one value',
        '  did you mean bgp_asn?',
        '  fix:      remove one of the two',
        '',
      ].join('\n'),
    );
  });

  it('prints the first twenty of a rule and counts the others; JSON has all', () => {
    const warning: Diagnostic = {
      rule: 'docker-direct-routing',
      severity: 'warning',
      message: 'drops',
      ranges: [],
    };
    const many = [
      ...Array.from({ length: 25 }, () => warning),
      typo,
      { ...warning, severity: 'error' as const },
    ];
    const text = formatDiagnostics(many, 'text', about);
    expect(text.match(/warning drops/g)).toHaveLength(20);
    expect(text).toContain('hosts.yml:3:5 error');
    expect(text).toContain('error drops');
    expect(text.endsWith('and 5 more [docker-direct-routing]\n')).toBe(true);
    expect(JSON.parse(formatDiagnostics(many, 'json', about)).diagnostics).toHaveLength(27);
  });

  it('cuts a long line around the place', () => {
    const far: Diagnostic = {
      ...typo,
      related: [],
      ranges: [{ file: 'long.yml', line: 1, column: 301, endColumn: 305 }],
    };
    const [, shown, caret] = formatDiagnostics([far], 'text', about).split('\n');
    expect(shown?.length).toBeLessThan(180);
    expect(shown?.slice(caret?.indexOf('^'), (caret?.lastIndexOf('^') ?? 0) + 1)).toBe('here');
  });

  it('lets no file drive the terminal', () => {
    const hostile: Diagnostic = {
      ...typo,
      message: 'a\u001b[2Jb\nc',
      ranges: [{ file: 'x', line: 1, column: 1 }],
      related: [],
    };
    const out = formatDiagnostics([hostile], 'text', { ...about, texts: new Map([['x', '\u001b[31mred']]) });
    expect(out).not.toContain('\u001b');
    expect(out).toContain('·[31mred');
  });

  it('leaves the excerpt out where line or file is not at hand', () => {
    const elsewhere: Diagnostic = {
      rule: 'internal',
      severity: 'info',
      message: 'm',
      ranges: [{ file: 'no', line: 9, column: 9 }],
    };
    expect(formatDiagnostics([elsewhere], 'text', about)).toBe('no:9:9 info m [internal]\n');
  });

  it('counts', () => {
    expect(countText([typo, { ...typo, severity: 'warning' }, { ...typo, severity: 'warning' }])).toBe(
      '1 error, 2 warnings',
    );
    expect(countText([])).toBe('');
  });
});

describe('diagnostics for machines', () => {
  it('prints versioned JSON', () => {
    expect(JSON.parse(formatDiagnostics([typo], 'json', about))).toEqual({ version: 1, diagnostics: [typo] });
  });

  it('prints SARIF with rule, level and region', () => {
    const log = JSON.parse(formatDiagnostics([typo], 'sarif', about));
    const [run] = log.runs;
    expect(run.tool.driver.rules).toEqual([
      { id: 'yaml-duplicate-key', shortDescription: { text: 'The same key twice in one mapping' } },
    ]);
    expect(run.results[0]).toMatchObject({
      ruleId: 'yaml-duplicate-key',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'hosts.yml' },
            region: { startLine: 3, startColumn: 5 },
          },
        },
      ],
      relatedLocations: [{ message: { text: 'first set here' } }],
    });
  });

  it('cuts a long line around a place that begins before the edge and ends behind it', () => {
    const late: Diagnostic = {
      ...typo,
      ranges: [{ file: 'edge.yml', line: 1, column: 159, endLine: 1, endColumn: 166 }],
      related: [],
    };
    const edge = new Map([['edge.yml', `${'x'.repeat(158)}address${'y'.repeat(99)}\n`]]);
    const [, line = '', caret = ''] = formatDiagnostics([late], 'text', { ...about, texts: edge }).split(
      '\n',
    );
    expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('address');
  });

  it('escapes GitHub annotations', () => {
    const odd: Diagnostic = {
      ...typo,
      message: '50%\nof it',
      ranges: [{ file: 'a,b:c.yml', line: 1, column: 2 }],
    };
    const out = formatDiagnostics([odd], 'github', about);
    expect(out).toMatch(
      /^::error file=a%2Cb%3Ac\.yml,line=1,col=2,title=fabricgen yaml-duplicate-key::50%25%0Aof it;/,
    );
  });
});
