import { describe, expect, it } from 'vitest';
import { asSequence, internAsPath } from '../../../src/bgp/as-path-table.ts';
import { emptyPath, type PathData } from '../../../src/bgp/attributes.ts';
import { communityText, parseCommunity } from '../../../src/bgp/communities.ts';
import { createPathStore, internPath } from '../../../src/bgp/path-store.ts';
import { evaluateChain } from '../../../src/bgp/policy/evaluate.ts';
import type { PolicySubject } from '../../../src/bgp/policy/match.ts';
import { createPolicyTables } from '../../../src/bgp/policy/policy-tables.ts';
import type { Action, Condition, Policy, PrefixSet, Statement } from '../../../src/bgp/policy/types.ts';
import { address, prefix } from '../fixtures.ts';
import { peer } from '../rib/candidates.ts';

const store = createPathStore();
const tables = createPolicyTables();

function statement(label: string, changes: Partial<Statement> = {}): Statement {
  return {
    label,
    conditions: [],
    actions: [],
    verdict: 'accept',
    call: null,
    onMatch: 'exit',
    source: null,
    ...changes,
  };
}

function policy(
  statements: readonly Statement[],
  otherwise: Policy['otherwise'] = 'reject',
  name = 'p',
): Policy {
  return { name, statements, otherwise, source: null };
}

interface Route extends Partial<Omit<PathData, 'asPath' | 'communities'>> {
  readonly as?: readonly number[];
  readonly communities?: readonly string[];
}

function path({ as = [], communities = [], ...data }: Route = {}) {
  const values = communities.map(parseCommunity).filter((value) => value !== null);
  return internPath(store, {
    ...emptyPath(store),
    asPath: asSequence(store.asPaths, as),
    ...data,
    communities: values.sort((a, b) => a - b),
  });
}

const from = peer('ebgp', 1, '10.0.0.1', 65001);

function subject(changes: Partial<PolicySubject> = {}): PolicySubject {
  return {
    prefix: prefix('10.1.0.0/24'),
    peer: from,
    localAs: 65000,
    ownNextHop: from.nextHop,
    learnedFrom: from,
    ...changes,
  };
}

function run(policies: readonly Policy[], route: Route = {}, about: Partial<PolicySubject> = {}) {
  return evaluateChain(policies, path(route), subject(about), store, tables);
}

const lp = (value: number): Action => ({ kind: 'local-preference', amount: { op: 'set', value } });
const med = (op: 'set' | 'add' | 'subtract', value: number): Action => ({
  kind: 'med',
  amount: { op, value },
});
const nothing: Condition = { kind: 'never', why: 'test' };

describe('flow', () => {
  it('an empty chain accepts unchanged', () => {
    const route = path();
    expect(evaluateChain([], route, subject(), store, tables)).toEqual({
      verdict: 'accept',
      path: route,
      reason: null,
    });
  });

  it('no statement matches: the default decides, and is named', () => {
    const outcome = run([policy([statement('10', { conditions: [nothing] })])]);
    expect(outcome).toMatchObject({ verdict: 'reject', reason: { statement: null, policy: { name: 'p' } } });
    expect(run([policy([], 'accept')]).verdict).toBe('accept');
  });

  it('the first statement that matches decides, and is named', () => {
    const outcome = run([
      policy([
        statement('10', { conditions: [nothing], verdict: 'reject' }),
        statement('20', { actions: [lp(200)] }),
        statement('30', { actions: [lp(300)] }),
      ]),
    ]);
    expect(outcome).toMatchObject({
      verdict: 'accept',
      path: { localPref: 200 },
      reason: { statement: { label: '20' } },
    });
  });

  it('deny ends it, whatever its set clauses say', () => {
    expect(run([policy([statement('10', { verdict: 'reject', actions: [lp(1)] })], 'accept')]).verdict).toBe(
      'reject',
    );
  });

  it('every policy of a chain must accept, each seeing what the one before made of it', () => {
    const first = policy([statement('10', { actions: [lp(200)] })]);
    const second = policy([
      statement('10', { conditions: [{ kind: 'local-preference', value: 200 }], actions: [med('set', 7)] }),
    ]);
    expect(run([first, second])).toMatchObject({ verdict: 'accept', path: { localPref: 200, med: 7 } });
    expect(run([second, first]).verdict).toBe('reject');
  });

  /** Each row was tried on FRR 8.4.4. */
  const onMatch: [string, readonly Statement[], number | null][] = [
    [
      'next, then an entry that matches',
      [
        statement('10', { actions: [lp(200)], onMatch: 'next' }),
        statement('20', { actions: [med('set', 5)] }),
      ],
      200,
    ],
    ['next, then nothing more', [statement('10', { actions: [lp(200)], onMatch: 'next' })], 200],
    [
      'next, then an entry that does not match',
      [statement('10', { actions: [lp(200)], onMatch: 'next' }), statement('20', { conditions: [nothing] })],
      null,
    ],
    [
      'goto beyond the end',
      [
        statement('10', { actions: [lp(200)], onMatch: { goto: 99 } }),
        statement('20', { verdict: 'reject' }),
      ],
      200,
    ],
    [
      'goto over a deny',
      [
        statement('10', { onMatch: { goto: 30 } }),
        statement('20', { verdict: 'reject' }),
        statement('30', { actions: [lp(200)] }),
      ],
      200,
    ],
  ];

  it.each(onMatch)('on-match %s', (_name, statements, localPref) => {
    const outcome = run([policy(statements)]);
    expect(outcome.verdict === 'accept' ? outcome.path.localPref : null).toBe(localPref);
  });

  it('a later deny beats a remembered accept', () => {
    expect(
      run([policy([statement('10', { onMatch: 'next' }), statement('20', { verdict: 'reject' })])]).verdict,
    ).toBe('reject');
  });

  // Tried on FRR 8.4.4 as well: the entry after the denied call is not looked at.
  it('call runs after the set clauses; where it denies, the route is denied', () => {
    const called = policy([
      statement('5', { conditions: [{ kind: 'local-preference', value: 200 }], actions: [med('set', 3)] }),
    ]);
    expect(run([policy([statement('10', { actions: [lp(200)], call: called })])])).toMatchObject({
      path: { localPref: 200, med: 3 },
    });
    const denying = policy([statement('5', { verdict: 'reject' })]);
    expect(run([policy([statement('10', { call: denying }), statement('20')])]).verdict).toBe('reject');
  });

  it('a circle of calls ends in deny', () => {
    const circular: { -readonly [K in keyof Policy]: Policy[K] } = policy([]);
    circular.statements = [statement('10', { call: circular })];
    expect(run([circular]).verdict).toBe('reject');
  });

  it('GoBGP: a statement without a route action changes the route and goes on', () => {
    const outcome = run([policy([statement('one', { verdict: 'next', actions: [lp(200)] })], 'accept')]);
    expect(outcome).toMatchObject({ verdict: 'accept', path: { localPref: 200 } });
    expect(run([policy([statement('one', { verdict: 'next' })])]).verdict).toBe('reject');
  });

  it('with sets left out it matches only', () => {
    const route = path();
    const outcome = evaluateChain(
      [policy([statement('10', { actions: [lp(1)] })])],
      route,
      subject(),
      store,
      tables,
      false,
    );
    expect(outcome).toMatchObject({ verdict: 'accept', path: route });
  });
});

function prefixSet(...entries: [boolean, string, number, number][]): PrefixSet {
  return {
    name: 's',
    entries: entries.map(([permit, text, minLength, maxLength]) => ({
      permit,
      prefix: prefix(text),
      minLength,
      maxLength,
    })),
  };
}

const regexes = (...entries: [boolean, string][]) => ({
  name: 's',
  entries: entries.map(([permit, regex]) => ({ permit, regex })),
});
const listed = (...communities: string[]) => ({ name: 's', entries: [{ permit: true, communities }] });

describe('conditions', () => {
  it.each<[string, Condition, Route, boolean, Partial<PolicySubject>?]>([
    [
      'prefix: exact',
      { kind: 'prefix', set: prefixSet([true, '10.1.0.0/24', 24, 24]), invert: false },
      {},
      true,
    ],
    [
      'prefix: ge/le',
      { kind: 'prefix', set: prefixSet([true, '10.0.0.0/8', 16, 24]), invert: false },
      {},
      true,
    ],
    [
      'prefix: longer than le',
      { kind: 'prefix', set: prefixSet([true, '10.0.0.0/8', 8, 23]), invert: false },
      {},
      false,
    ],
    [
      'prefix: a deny entry decides first',
      {
        kind: 'prefix',
        set: prefixSet([false, '10.1.0.0/16', 16, 32], [true, '10.0.0.0/8', 8, 32]),
        invert: false,
      },
      {},
      false,
    ],
    [
      'prefix: other family',
      { kind: 'prefix', set: prefixSet([true, '::/0', 0, 128]), invert: false },
      {},
      false,
    ],
    [
      'prefix: inverted',
      { kind: 'prefix', set: prefixSet([true, '10.1.0.0/24', 24, 24]), invert: true },
      {},
      false,
    ],
    [
      'next hop: of the peer where the path names none',
      { kind: 'next-hop', set: prefixSet([true, '10.0.0.1/32', 32, 32]) },
      {},
      true,
    ],
    [
      'next hop: as named',
      { kind: 'next-hop', set: prefixSet([true, '10.0.0.1/32', 32, 32]) },
      { nextHop: address('10.0.0.9') },
      false,
    ],
    ['as-path: empty', { kind: 'as-path', set: regexes([true, '^$']), quantifier: 'any' }, {}, true],
    [
      'as-path: whole number',
      { kind: 'as-path', set: regexes([true, '_65001_']), quantifier: 'any' },
      { as: [1, 65001, 2] },
      true,
    ],
    [
      'as-path: not a part of one',
      { kind: 'as-path', set: regexes([true, '_5001_']), quantifier: 'any' },
      { as: [65001] },
      false,
    ],
    [
      'as-path: the first entry that fits decides',
      { kind: 'as-path', set: regexes([false, '_7_'], [true, '.*']), quantifier: 'any' },
      { as: [6, 7] },
      false,
    ],
    [
      'as-path: inverted',
      { kind: 'as-path', set: regexes([true, '^65001']), quantifier: 'invert' },
      { as: [65001] },
      false,
    ],
    [
      'as-path: all',
      { kind: 'as-path', set: regexes([true, '_1_'], [true, '_2_']), quantifier: 'all' },
      { as: [1] },
      false,
    ],
    [
      'as-path: a malformed expression fits nothing',
      { kind: 'as-path', set: regexes([true, '(']), quantifier: 'any' },
      {},
      false,
    ],
    [
      'community: all listed are there',
      { kind: 'community', set: listed('65000:1', '65000:2'), exact: false, quantifier: 'any' },
      { communities: ['65000:1', '65000:2', '65000:3'] },
      true,
    ],
    [
      'community: one is missing',
      { kind: 'community', set: listed('65000:1', '65000:4'), exact: false, quantifier: 'any' },
      { communities: ['65000:1'] },
      false,
    ],
    [
      'community: exact-match wants no others',
      { kind: 'community', set: listed('65000:1'), exact: true, quantifier: 'any' },
      { communities: ['65000:1', '65000:2'] },
      false,
    ],
    [
      'community: internet is every route',
      { kind: 'community', set: listed('internet'), exact: false, quantifier: 'any' },
      {},
      true,
    ],
    [
      'community: well-known by name',
      { kind: 'community', set: listed('no-export'), exact: false, quantifier: 'any' },
      { communities: ['65535:65281'] },
      true,
    ],
    [
      'community: expanded sees the whole list',
      { kind: 'community', set: regexes([true, '65000:1 65000:2']), exact: false, quantifier: 'any' },
      { communities: ['65000:2', '65000:1'] },
      true,
    ],
    [
      'community: expanded sees names',
      { kind: 'community', set: regexes([true, 'no-export']), exact: false, quantifier: 'any' },
      { communities: ['no-export'] },
      true,
    ],
    [
      'community: GoBGP tries each by itself',
      {
        kind: 'community',
        set: { ...regexes([true, '^65000:2$']), eachCommunity: true },
        exact: false,
        quantifier: 'any',
      },
      { communities: ['65000:1', '65000:2'] },
      true,
    ],
    [
      'community: GoBGP invert',
      {
        kind: 'community',
        set: { ...regexes([true, '^65000:2$']), eachCommunity: true },
        exact: false,
        quantifier: 'invert',
      },
      { communities: ['65000:2'] },
      false,
    ],
    [
      'large community',
      { kind: 'large-community', set: listed('1:2:3'), exact: false, quantifier: 'any' },
      { largeCommunities: ['1:2:3'] },
      true,
    ],
    ['local-preference: missing on a learned route is 0', { kind: 'local-preference', value: 0 }, {}, true],
    [
      'local-preference: missing on a learned route is not 100',
      { kind: 'local-preference', value: 100 },
      {},
      false,
    ],
    ['med', { kind: 'med', value: 5 }, { med: 5 }, true],
    ['origin', { kind: 'origin', value: 2 }, { origin: 2 }, true],
    ['peer', { kind: 'peer', networks: [prefix('10.0.0.1/32')], invert: false }, {}, true],
    ['peer: inverted', { kind: 'peer', networks: [prefix('10.0.0.1/32')], invert: true }, {}, false],
    ['tag', { kind: 'tag', value: 7 }, { tag: 7 }, true],
    ['source-protocol', { kind: 'source-protocol', value: 'static' }, { source: 'static' }, true],
    ['source-protocol: learned is bgp', { kind: 'source-protocol', value: 'bgp' }, {}, true],
    ['as-path-length', { kind: 'as-path-length', compare: 'ge', value: 2 }, { as: [1, 2] }, true],
    [
      'community-count',
      { kind: 'community-count', compare: 'le', value: 0 },
      { communities: ['1:1'] },
      false,
    ],
    ['family', { kind: 'family', families: ['ipv6-unicast'] }, {}, false],
    ['route-type', { kind: 'route-type', value: 'external' }, {}, true],
    ['route-type: local', { kind: 'route-type', value: 'local' }, {}, true, { learnedFrom: null }],
    ['never', nothing, {}, false],
  ])('%s', (_name, condition, route, holds, about) => {
    const outcome = run([policy([statement('10', { conditions: [condition] })])], route, about);
    expect(outcome.verdict).toBe(holds ? 'accept' : 'reject');
  });
});

function changed(actions: readonly Action[], route: Route = {}) {
  const outcome = run([policy([statement('10', { actions })])], route);
  if (outcome.verdict !== 'accept') throw new Error('rejected');
  return outcome.path;
}

describe('actions', () => {
  it.each<[string, Action, Route, Partial<Record<keyof PathData, unknown>>]>([
    ['local-preference', lp(150), {}, { localPref: 150 }],
    [
      'local-preference +50 on an eBGP route counts from 0',
      { kind: 'local-preference', amount: { op: 'add', value: 50 } },
      {},
      { localPref: 50 },
    ],
    ['metric -5 stops at 0', med('subtract', 5), { med: 3 }, { med: 0 }],
    ['metric + stops at 32 bits', med('add', 9), { med: 4294967295 }, { med: 4294967295 }],
    ['weight', { kind: 'weight', value: 5 }, {}, { weight: 5 }],
    ['origin', { kind: 'origin', value: 1 }, {}, { origin: 1 }],
    ['tag', { kind: 'tag', value: 4 }, {}, { tag: 4 }],
    [
      'large-community add',
      { kind: 'large-community', op: 'add', communities: ['10:0:1'] },
      { largeCommunities: ['9:0:1'] },
      { largeCommunities: ['9:0:1', '10:0:1'] },
    ],
    [
      'large-community delete',
      { kind: 'large-community-delete', set: listed('9:0:1') },
      { largeCommunities: ['9:0:1', '10:0:1'] },
      { largeCommunities: ['10:0:1'] },
    ],
    [
      'next hop',
      { kind: 'next-hop', value: address('10.0.0.7') },
      {},
      { nextHop: address('10.0.0.7'), nextHopByPolicy: 'set' },
    ],
    [
      'next hop self on import: the own address on the session (GoBGP)',
      { kind: 'next-hop', value: 'self' },
      { nextHop: address('10.0.0.7') },
      { nextHop: from.ownNextHop, nextHopByPolicy: 'no' },
    ],
  ])('%s', (_name, action, route, expected) => {
    expect(changed([action], route)).toMatchObject(expected);
  });

  it.each<[string, Action, readonly number[], string]>([
    ['prepend', { kind: 'prepend', asns: [7, 7] }, [1], '7 7 1'],
    ['prepend last-as', { kind: 'prepend-last-as', times: 2 }, [1, 2], '1 1 1 2'],
    ['exclude', { kind: 'exclude-as', asns: [2] }, [1, 2, 3], '1 3'],
    ['replace', { kind: 'replace-as', asns: [2] }, [1, 2, 3], '1 65000 3'],
    ['replace any', { kind: 'replace-as', asns: 'any' }, [1, 2], '65000 65000'],
  ])('as-path %s', (_name, action, as, expected) => {
    expect(changed([action], { as }).asPath.text).toBe(expected);
  });

  it('as-path prepend last-as: nothing in front of confederation segments or sets', () => {
    const action: Action = { kind: 'prepend-last-as', times: 2 };
    for (const kind of ['confed-sequence', 'confed-set', 'set'] as const) {
      const segments = [
        { kind, asns: [65003] },
        { kind: 'sequence', asns: [65003] },
      ] as const;
      const asPath = internAsPath(store.asPaths, segments);
      const route = internPath(store, { ...emptyPath(store), asPath });
      const prepends = policy([statement('10', { actions: [action] })]);
      expect(evaluateChain([prepends], route, subject(), store, tables)).toMatchObject({
        verdict: 'accept',
        path: { asPath },
      });
    }
  });

  it.each<[string, Action, readonly string[]]>([
    ['replace', { kind: 'community', op: 'replace', communities: ['65000:9'] }, ['65000:9']],
    ['add', { kind: 'community', op: 'add', communities: ['65000:9'] }, ['65000:1', '65000:2', '65000:9']],
    ['remove', { kind: 'community', op: 'remove', communities: ['65000:1'] }, ['65000:2']],
    ['none', { kind: 'community', op: 'replace', communities: [] }, []],
    ['delete by list', { kind: 'community-delete', set: regexes([true, ':2$']) }, ['65000:1']],
  ])('community %s', (_name, action, expected) => {
    expect(changed([action], { communities: ['65000:1', '65000:2'] }).communities.map(communityText)).toEqual(
      expected,
    );
  });
});
