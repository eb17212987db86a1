import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnosticOf } from '../../../src/lab/error.ts';
import { processOf, runs } from '../../../src/lab/processes.ts';
import { checkedName, nameFor, prefixOf } from '../../../src/lab/run/names.ts';

describe('names of labs', () => {
  it('come from whatever the user gave, and can be used', () => {
    expect(nameFor('inventory/batch-overlay/')).toBe('batch-overlay');
    expect(nameFor('/tmp/My Fabric.yml')).toBe('my-fabric');
    fc.assert(fc.property(fc.string(), (path) => checkedName(nameFor(path)) === nameFor(path)));
  });

  it.each(['', 'A', 'a/b', 'a.b', '-a', 'a'.repeat(25), '../x'])('%j is refused', (name) => {
    expect(() => checkedName(name)).toThrow('cannot be the name of a lab');
  });

  it('no lab is part of another: what belongs to a is not taken for that of a-b', () => {
    expect(`${prefixOf('a-b')}.host`.startsWith(`${prefixOf('a')}.`)).toBe(false);
  });
});

describe('processes', () => {
  it('a process is known by its start as well as by its number', () => {
    const own = processOf(process.pid);
    expect(own && runs(own)).toBe(true);
    expect(runs({ pid: process.pid, start: '1' })).toBe(false);
  });
});

describe('what went wrong', () => {
  it('a full disk is said as one', () => {
    const error = Object.assign(new Error('x'), { code: 'ENOSPC', path: '/run/x' });
    expect(diagnosticOf(error)).toMatchObject({
      rule: 'file-unwritable',
      message: '/run/x cannot be written: there is no space left',
    });
  });

  it('the first line is the message, the end of the log what was found', () => {
    expect(diagnosticOf(new Error('r1: FRR refuses its files\n\nline 3\n'))).toMatchObject({
      rule: 'lab-failed',
      message: 'r1: FRR refuses its files',
      found: 'line 3',
    });
  });
});
