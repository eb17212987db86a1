import { describe, expect, test } from 'vitest';
import { asSequence, createAsPathTable } from '../../../src/bgp/as-path-table.ts';
import { answersFor, asPathQuestions } from '../../../src/bgp/policy/as-path-questions.ts';
import { createPolicyTables } from '../../../src/bgp/policy/policy-tables.ts';
import type { Condition, Policy, Statement } from '../../../src/bgp/policy/types.ts';

const source = { file: 'f', line: 1, column: 1, length: 1 };

function statement(conditions: readonly Condition[], call: Policy | null = null): Statement {
  return {
    label: '10',
    conditions,
    actions: [],
    verdict: 'accept',
    call,
    onMatch: 'exit',
    source,
  } as Statement;
}

function policy(statements: readonly Statement[]): Policy {
  return { name: 'p', statements, otherwise: 'reject' } as unknown as Policy;
}

function asPath(regex: string): Condition {
  return {
    kind: 'as-path',
    set: { name: regex, entries: [{ permit: true, regex }] },
    quantifier: 'any',
  } as Condition;
}

describe('what a chain asks of an AS_PATH', () => {
  const tables = createPolicyTables();
  const paths = createAsPathTable();

  test('each question once, those of called policies as well, and nothing else', () => {
    const called = policy([statement([asPath('^65001')])]);
    const asked = asPathQuestions([
      policy([statement([asPath('^$'), { kind: 'tag', value: 1 }]), statement([asPath('^$')], called)]),
    ]);
    expect(asked?.conditions.map(({ kind }) => kind)).toEqual(['as-path', 'as-path']);
  });

  test('a bit for each that holds', () => {
    const asked = asPathQuestions([
      policy([
        statement([asPath('^$')]),
        statement([asPath('_65002$'), { kind: 'as-path-length', compare: 'ge', value: 2 }]),
      ]),
    ]);
    if (!asked) throw new Error('no questions');
    const answers = (asns: readonly number[]) => answersFor(asked, asSequence(paths, asns), tables);
    expect([answers([]), answers([65001]), answers([65002]), answers([65001, 65002])]).toEqual([1, 0, 2, 6]);
  });

  test('a policy that calls itself, and more questions than bits, have none', () => {
    const round = policy([]);
    (round.statements as Statement[]).push(statement([], round));
    expect(asPathQuestions([round])).toBeNull();
    const many = Array.from({ length: 25 }, (_, i) => statement([asPath(`^${i + 1}$`)]));
    expect(asPathQuestions([policy(many)])).toBeNull();
  });
});
