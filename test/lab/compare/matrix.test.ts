import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/lab/compare/compare.ts';
import { agreementOf } from '../../../src/lab/compare/matrix.ts';
import type { HostTables, TablePath } from '../../../src/lab/tables.ts';
import { formatAgreementJunit } from '../../../src/report/lab-junit.ts';
import { formatAgreement } from '../../../src/report/lab-text.ts';
import { plain } from '../../../src/report/style.ts';

const path = (from: string, more: Partial<TablePath> = {}): TablePath => ({
  best: true,
  multipath: false,
  valid: true,
  nextHop: from,
  asPath: '65002',
  localPref: null,
  med: null,
  origin: 'igp',
  communities: [],
  from,
  ...more,
});

const tables = (more: Partial<HostTables> = {}): HostTables => ({
  sessions: [{ peer: '10.0.0.2', state: 'Established' }],
  bgp: { '10.1.0.0/24': [path('10.0.0.2')] },
  kernel: { '10.1.0.0/24': ['10.0.0.2'] },
  ...more,
});

const daemons = new Map([
  ['r1', 'frr'],
  ['r2', 'none'],
]);

const states = (real: HostTables, simulated: HostTables, byOrder: readonly string[] = []) => {
  const [host] = agreementOf({ r1: real }, { r1: simulated }, daemons, new Set(byOrder));
  return Object.fromEntries(Object.entries(host?.cells ?? {}).map(([column, { state }]) => [column, state]));
};

const all = { sessions: 'agrees', best: 'agrees', multipath: 'agrees', attributes: 'agrees', fib: 'agrees' };

describe('the agreement matrix', () => {
  it('agrees where nothing differs', () => expect(states(tables(), tables())).toEqual(all));

  it.each<[string, Partial<HostTables>, object]>([
    ['a session that is down', { sessions: [{ peer: '10.0.0.2', state: 'down' }] }, { sessions: 'differs' }],
    ['another next hop in the kernel', { kernel: { '10.1.0.0/24': ['10.0.0.3'] } }, { fib: 'differs' }],
    ['another MED', { bgp: { '10.1.0.0/24': [path('10.0.0.2', { med: 5 })] } }, { attributes: 'differs' }],
    [
      'the same paths, another best one',
      { bgp: { '10.1.0.0/24': [path('10.0.0.2', { best: false })] } },
      { best: 'differs' },
    ],
    [
      'a path that is used beside the best one',
      { bgp: { '10.1.0.0/24': [path('10.0.0.2', { multipath: true })] } },
      { multipath: 'differs' },
    ],
  ])('finds %s in its own column', (_, more, wrong) => {
    expect(states(tables(more), tables())).toEqual({ ...all, ...wrong });
  });

  it('tells what an order of messages explains from what nothing does', () => {
    const other = tables({ kernel: { '10.1.0.0/24': ['10.0.0.3'] } });
    expect(states(other, tables(), ['10.1.0.0/24'])).toEqual({ ...all, fib: 'order' });
    expect(states(other, tables(), ['10.9.0.0/24'])).toEqual({ ...all, fib: 'differs' });
  });

  it('has no opinion on tables that nobody keeps', () => {
    const none = tables({ bgp: {}, kernel: {} });
    expect(states(none, none)).toMatchObject({ sessions: 'agrees', best: 'none', fib: 'none' });
  });

  it('misses a host that is simulated and does not run, and leaves out one without daemon', () => {
    const hosts = agreementOf({}, { r1: tables(), r2: tables() }, daemons);
    expect(hosts.map(({ host, cells }) => [host, cells.sessions.differences[0]?.text])).toEqual([
      ['r1', '10.0.0.2: the daemon has nothing, the simulator Established'],
    ]);
  });
});

describe('how it is printed', () => {
  const hosts = agreementOf({ r1: tables({ kernel: {} }) }, { r1: tables() }, daemons);
  const agreement: Agreement = { version: 1, outcome: 'differs', hosts, byOrder: {}, notes: ['a <note>'] };

  it('as a table with a line for each difference', () => {
    expect(formatAgreement(agreement, plain)).toMatchInlineSnapshot(`
      "host  daemon  sessions  best path  multipath  attributes  FIB
      r1    frr     1 agree   1 agree    1 agree    1 agree     1 of 1 differ

        r1 FIB: 10.1.0.0/24: the daemon has nothing, the simulator 10.0.0.2

      note: a <note>

      differs: 1 hosts, 5 entries compared, 1 differ
      "
    `);
  });

  it('as JUnit, a case per host and table', () => {
    const xml = formatAgreementJunit(agreement);
    expect(xml.match(/<testcase/g)).toHaveLength(6);
    expect(xml.match(/<failure/g)).toHaveLength(1);
    expect(xml).toContain('failures="1"');
  });
});
