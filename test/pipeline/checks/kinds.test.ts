import { describe, expect, it } from 'vitest';
import { simulateWith, verdict } from './fabric.ts';

/** c hears nothing of a. */
const refusing = {
  c: (conf: string) =>
    conf
      .replace('  network 172.16.3.0/24', '  neighbor 10.0.5.0 prefix-list NOT-A in\n  network 172.16.3.0/24')
      .concat('ip prefix-list NOT-A deny 172.16.1.0/24\nip prefix-list NOT-A permit any\n'),
};
const silent = { b: (conf: string) => conf.replace('  network 172.16.2.0/24\n', '') };
const onePath = { a: (conf: string) => conf.replace('maximum-paths 2', 'maximum-paths 1') };

describe('reachable', () => {
  it.each([
    ['hosts by pattern', 'reachable: { from: all:!spines, to: "a,b,c" }'],
    ['an address', 'reachable: { from: a, to: 172.16.3.9 }'],
    ['a network', 'reachable: { from: a, to: 172.16.3.0/24 }'],
    ['an anycast address', 'reachable: { from: a, to: 10.99.0.1 }'],
  ])('%s', (_, check) => expect(verdict(check)).toBe('ok'));

  it('the way there fails: from whom, where and why', () => {
    expect(verdict('reachable: { from: c, to: a, one_way: true }', refusing)).toEqual([
      'traffic from c to 172.16.1.0/24 of a has nowhere to go at c: no route to 172.16.1.1',
    ]);
  });

  it('the answer fails', () => {
    expect(verdict('reachable: { from: a, to: c }', refusing)).toEqual([
      'the answer from c to 172.16.1.0/24 of a has nowhere to go at c: no route to 172.16.1.1',
    ]);
    expect(verdict('reachable: { from: a, to: c, one_way: true }', refusing)).toBe('ok');
  });

  it('nobody has the address', () => {
    expect(verdict('reachable: { from: [a, c], to: 192.0.2.1 }')).toEqual([
      'traffic from a, c to 192.0.2.1 has nowhere to go at a: no route to 192.0.2.1',
    ]);
  });
});

describe('route', () => {
  it.each([
    'route: { host: a, prefix: 172.16.2.0/24, via: [10.0.2.0, 10.0.1.0], paths: 2, as_path: "65100 65002", from: s1 }',
    'route: { host: spines, prefix: 172.16.2.0/24 }',
    'route: { host: a, prefix: 172.16.9.0/24, state: absent }',
    'routes: { host: c, exact: true, via: { 172.16.1.0/24: 10.0.5.0, 172.16.2.0/24: [10.0.5.0] } }',
  ])('%s', (check) => expect(verdict(check)).toBe('ok'));

  it.each([
    ['via: [10.0.1.0]', 'a has 172.16.2.0/24 via 10.0.1.0, 10.0.2.0, not via 10.0.1.0'],
    ['paths: 1', 'a has 172.16.2.0/24 on 2 paths, not on 1'],
    ['as_path: "65100"', 'a has 172.16.2.0/24 with the AS path "65100 65002", not "65100"'],
    ['from: s2', 'a has 172.16.2.0/24 from 10.0.1.0, not from s2'],
    ['state: absent', 'a has a route to 172.16.2.0/24'],
  ])('%s fails', (detail, message) =>
    expect(verdict(`route: { host: a, prefix: 172.16.2.0/24, ${detail} }`)).toEqual([message]),
  );

  it('a missing route names the line that refuses it', () => {
    const { result } = simulateWith('checks:\n  - route: { host: c, prefix: 172.16.1.0/24 }\n', {}, refusing);
    const [finding] = result.checks.flatMap(({ findings }) =>
      findings.filter(({ rule }) => rule === 'check-route'),
    );
    expect(finding?.message).toMatch(
      /^c has no route to 172\.16\.1\.0\/24: refused at c by prefix-list NOT-A, /,
    );
    expect(finding?.ranges).toMatchObject([{ file: 'checks.yml', line: 2, column: 5 }]);
    expect(finding?.related).toMatchObject([{ file: 'configs/c/frr.conf', note: 'the line that decides' }]);
    expect(finding?.related?.[0]?.line).toBeGreaterThan(3);
  });

  it('exact routes: one more is a finding, and so is one less', () => {
    expect(verdict('routes: { host: c, exact: true, via: { 172.16.1.0/24: 10.0.5.0 } }')).toEqual([
      'c has a route to 172.16.2.0/24 that is not expected',
    ]);
    expect(verdict('routes: { host: c, via: { 172.16.2.0/24: 10.0.5.0 } }', silent)).toEqual([
      'c has no route to 172.16.2.0/24: b does not announce it: it is connected (lan) there, and neither a network statement nor redistribute connected announces it',
    ]);
  });
});

describe('no_leak', () => {
  it('holds', () => {
    expect(verdict('no_leak: { prefixes: [192.168.0.0/16], not_in: all, not_sent_to: [spines] }')).toBe('ok');
    expect(verdict('no_leak: { prefixes: [172.16.1.0/24], not_in: c, not_sent_to: c }', refusing)).toEqual([
      's2 sends 172.16.1.0/24 to c (10.0.5.1)',
    ]);
  });

  it('in a table, and on its way to neighbors by host or address', () => {
    expect(verdict('no_leak: { prefixes: [172.16.0.0/22], not_in: c }')).toEqual([
      '172.16.1.0/24 is in the table of c',
      '172.16.2.0/24 is in the table of c',
    ]);
    expect(verdict('no_leak: { prefixes: [172.16.3.0/24], not_sent_to: [10.0.2.1] }')).toEqual([
      's2 sends 172.16.3.0/24 to a (10.0.2.1)',
    ]);
  });
});

describe('spread', () => {
  it('every announcer gets traffic, or the primary alone', () => {
    expect(verdict('spread: { prefix: 10.99.0.1/32, from: s1 }')).toEqual([
      'of the traffic for 10.99.0.1/32 c gets none',
    ]);
    expect(verdict('spread: { prefix: 10.99.0.1/32, from: s1, primary: b }')).toBe('ok');
    expect(verdict('spread: { prefix: 10.99.0.1/32, from: s1, primary: c }')).toEqual([
      'of the traffic for 10.99.0.1/32 c gets none',
    ]);
    expect(verdict('spread: { prefix: 10.98.0.1/32 }')).toEqual(['nobody announces 10.98.0.1/32']);
  });
});

describe('sessions', () => {
  it.each<[string, string]>([
    ['sessions: { up: [a-b] }', 'a and b have no session: no neighbor is configured on either of them'],
    [
      'sessions: { down: [a-10.7.7.7] }',
      'a and 10.7.7.7 have no session: no neighbor is configured on either of them',
    ],
  ])('a check of nothing is not passed: %s', (check, message) => expect(verdict(check)).toEqual([message]));

  it('a border that no session crosses is said', () => {
    const checks = 'checks:\n  - no_leak: { prefixes: [172.16.0.0/16], not_sent_to: [10.7.7.7] }\n';
    const findings = simulateWith(checks).result.findings.filter(({ rule }) => rule === 'check-leak');
    expect(findings).toMatchObject([{ severity: 'warning', found: '10.7.7.7' }]);
  });

  it.each(['sessions: { up: all }', 'sessions: { up: [a-s1, a-10.0.2.0] }', 'sessions: { down: [a-b] }'])(
    '%s',
    (check) => expect(verdict(check)).toBe('ok'),
  );

  it('one that is up and should be down', () => {
    expect(verdict('sessions: { down: [a-s1] }')).toEqual([
      'the session from a to s1 is established and should be down',
    ]);
  });
});

describe('order_independent, no_loop, no_black_hole', () => {
  it.each(['no_loop: all', 'no_black_hole: [172.16.0.0/16]', 'order_independent: [172.16.1.0/24]'])(
    '%s',
    (check) => expect(verdict(check)).toBe('ok'),
  );

  it('age decides between two spines without multipath', () => {
    const [message = ''] = verdict('order_independent: [172.16.2.0/24]', onePath);
    expect(message).toMatch(
      /^what a does with \S+ is decided by age: next hop 10\.0\.1\.0, or 10\.0\.2\.0 when started /,
    );
  });
});

describe('a prefix that nobody has cannot fail, and is said', () => {
  it.each(['no_loop', 'no_black_hole', 'order_independent'])('%s', (kind) => {
    expect(verdict(`${kind}: [172.16.1.0/24, 192.0.2.0/24]`)).toEqual([
      'no host has a route to 192.0.2.0/24, nor to anything inside it',
    ]);
  });

  it('not where a failure took it away', () => {
    const file =
      'checks:\n  - { name: calm, no_loop: [172.16.3.0/24] }\n  - survives: { hosts: 1, checks: [calm] }\n';
    expect(simulateWith(file).result.checks.every(({ passed }) => passed)).toBe(true);
  });
});

describe('survives', () => {
  const file = (survives: string) => `checks:
  - { name: a to b, reachable: { from: a, to: b } }
  - { name: a to c, reachable: { from: a, to: c } }
  - ${survives}
`;
  const run = (survives: string) => {
    const outcome = simulateWith(file(survives)).result.checks.at(-1);
    return outcome?.passed ? 'ok' : outcome?.findings.map(({ message }) => message);
  };

  it('a check that has two ways survives each of them', () => {
    expect(run('survives: { links: 1, checks: [a to b] }')).toBe('ok');
    expect(run('survives: { hosts: 1, sessions: 1, checks: [a to b] }')).toBe('ok');
  });

  it('one that has one way does not', () => {
    expect(run('survives: { links: 1, checks: [a to c] }')).toEqual([
      'after link:a-s2 the check a to c fails: traffic from a to 172.16.3.0/24 of c has nowhere to go at a: no route to 172.16.3.1',
      'after link:c-s2 the check a to c fails: traffic from a to 172.16.3.0/24 of c has nowhere to go at a: no route to 172.16.3.1',
    ]);
    expect(run('survives: { links: 2, checks: [a to b] }')).toHaveLength(4);
  });

  it('has not passed where nothing can fail or nothing can be lost', () => {
    expect(run('survives: { links: 6 }')).toEqual(['there is nothing to try, the fabric has 5 links']);
    const failing = file('survives: { links: 1, checks: [a to c] }').replace('to: c', 'to: 192.0.2.1');
    expect(simulateWith(failing).result.checks.at(-1)).toMatchObject({
      passed: false,
      findings: [{ message: 'the check a to c fails before anything has failed' }],
    });
    const silent = (conf: string) => conf.replace(/^ {2}network .*\n/gm, '');
    const quiet = { a: silent, b: silent, c: silent };
    expect(verdict('survives: { hosts: 1 }', quiet)).toEqual([
      'there is nothing to lose, no host reaches a network of another before anything has failed',
    ]);
  });
});
