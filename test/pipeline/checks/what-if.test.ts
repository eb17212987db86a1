import { describe, expect, it } from 'vitest';
import { simulateWith } from './fabric.ts';

const errors = (options: Parameters<typeof simulateWith>[1], checks: string | null = null) =>
  simulateWith(checks, options)
    .result.findings.filter(({ severity }) => severity === 'error')
    .map(({ rule, message }) => `${rule}: ${message}`);

describe('--fail', () => {
  it('traffic with a second way goes on: the tables are those afterwards', () => {
    const { result, state } = simulateWith(null, { fail: ['link:a-s1'] });
    expect(result.failed).toEqual(['link:a-s1']);
    expect(result.outcome).toBe('pass');
    expect(state?.ends.filter(({ state: now }) => now === 'Established')).toHaveLength(8);
    const notes = result.findings.filter(({ rule }) => rule === 'session-down');
    expect(notes.map(({ severity }) => severity)).toEqual(['info']);
  });

  it('several at once cut off what one would not', () => {
    const after = 'failure-impact: after link:a-s1 + session:a-s2';
    expect(errors({ fail: ['link:a-s1', 'session:a-s2'] })).toEqual([
      `${after} a cannot reach 10.99.0.1/32 of b, c: a: no route to 10.99.0.1`,
      `${after} b, c cannot reach 172.16.1.0/24 of a: b: no route to 172.16.1.1`,
      `${after} a cannot reach 172.16.2.0/24 of b: a: no route to 172.16.2.1`,
      `${after} a cannot reach 172.16.3.0/24 of c: a: no route to 172.16.3.1`,
    ]);
  });

  it('what only the failed host announced does not count, nor do its own checks', () => {
    const checks = 'checks:\n  - reachable: { from: all, to: "a,b,c" }\n  - sessions: { up: all }\n';
    expect(errors({ fail: ['host:c'] }, checks)).toEqual([]);
    const { result } = simulateWith(checks, { fail: ['host:c'] });
    expect(result.checks.map(({ kind }) => kind).filter((kind) => kind !== 'always-on')).toEqual([
      'reachable',
    ]);
  });

  it.each([
    ['host:bb', 'failure-target: --fail host:bb: there is no host bb'],
    ['link:a-sl', 'failure-target: --fail link:a-sl: there is no link a-sl'],
    ['link:a-b', 'failure-target: --fail link:a-b: a and b share no link'],
    ['session:a-b', 'failure-target: --fail session:a-b: a and b have no session'],
    ['session:a-10.9.9.9', 'failure-target: --fail session:a-10.9.9.9: there is no session a-10.9.9.9'],
    ['r1', 'failure-target: --fail r1: it does not say what fails'],
  ])('%s', (name, message) => expect(errors({ fail: [name] })).toEqual([message]));

  it('a session by address, a link by its two hosts', () => {
    const short = (fail: readonly string[]) =>
      errors({ fail }).map((text) => text.replace(/after \S+ \+ \S+/, ''));
    expect(short(['session:a-10.0.1.0', 'link:s2-a'])).toEqual(short(['session:a-s1', 'link:a-s2']));
  });
});

describe('--failures', () => {
  it('that is asked beside checks with errors is not begun', () => {
    const { result } = simulateWith('checks:\n  - { no_lop: all }\n', {
      sweep: { what: ['links'], count: 1 },
    });
    expect(result.failures).toBeUndefined();
    expect(result.outcome).toBe('fail');
    expect(result.findings.map(({ rule, severity }) => `${severity} ${rule}`)).toContain(
      'info failure-target',
    );
  });

  const sweep = (what: readonly ('links' | 'hosts' | 'sessions')[], count = 1) =>
    simulateWith(null, { sweep: { what, count } }).result;

  it('each link in turn: what is lost, and what merely moves', () => {
    const { failures, outcome } = sweep(['links']);
    expect(
      failures?.map(({ failure, effect, lost }) => [failure, effect, lost.map(({ prefix }) => prefix)]),
    ).toEqual([
      ['link:a-s1', 'moved', []],
      ['link:a-s2', 'lost', ['172.16.1.0/24', '172.16.3.0/24']],
      ['link:b-s1', 'moved', []],
      ['link:b-s2', 'lost', ['172.16.2.0/24', '172.16.3.0/24']],
      ['link:c-s2', 'lost', ['172.16.1.0/24', '172.16.2.0/24', '172.16.3.0/24']],
    ]);
    expect(outcome).toBe('fail');
  });

  it('hosts and sessions have names of their own', () => {
    expect(sweep(['hosts', 'sessions']).failures?.map(({ failure }) => failure)).toEqual([
      'host:a',
      'host:b',
      'host:c',
      'host:s1',
      'host:s2',
      'session:a-s1',
      'session:a-s2',
      'session:b-s1',
      'session:b-s2',
      'session:c-s2',
    ]);
  });

  it('two at once: every pair', () => {
    const { failures, failuresLeftOut } = sweep(['links'], 2);
    expect(failures).toHaveLength(10);
    expect(failuresLeftOut).toBe(0);
    expect(failures?.find(({ failure }) => failure === 'link:a-s1 + link:a-s2')?.effect).toBe('lost');
  });
});

describe('--orders', () => {
  it('says which order decides, and lists what it tried', () => {
    const { result } = simulateWith(null, { orders: 3 });
    expect(result.orders).toHaveLength(9);
    const decided = result.findings.filter(({ message }) => message.startsWith('decided by age'));
    expect(decided.map(({ found }) => found)).toEqual([
      '10.99.0.1/32: 10.0.4.1 when started one after another, s1 first',
    ]);
  });
});

describe('always on: what age decided', () => {
  it('the other path could have come first, also where both spines start before the host', () => {
    const { result } = simulateWith(
      null,
      {},
      {
        a: (conf) => conf.replace('maximum-paths 2', 'maximum-paths 1'),
      },
    );
    const decided = result.findings.filter(({ rule }) => rule === 'start-order');
    expect(decided.map(({ message }) => message)).toContain(
      'what a does with 172.16.2.0/24 depends on which router started first: next hop 10.0.1.0 or 10.0.2.0',
    );
  });
});
