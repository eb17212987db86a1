import type { ProgramReads, ValueType } from '../../../bgp/policy/program/types.ts';
import type { Cursor } from './cursor.ts';
import type { Token } from './lexer.ts';

/** The function or filter that is being read: its variables, and what its answer hangs on. */
export interface Scope {
  slots: number;
  reads: ProgramReads;
}

export function newScope(): Scope {
  return { slots: 0, reads: { prefix: false, peer: false } };
}

export function noteRead(scope: Scope, { prefix, peer }: ProgramReads): void {
  scope.reads = { prefix: scope.reads.prefix || prefix, peer: scope.reads.peer || peer };
}

/** A new variable under the name at `at`; its slot. */
export function declare(cursor: Cursor, scope: Scope, at: Token, type: ValueType): number {
  const slot = scope.slots++;
  cursor.define(at, { kind: 'variable', slot, type });
  return slot;
}
