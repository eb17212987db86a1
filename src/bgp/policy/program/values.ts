import type { Value } from './types.ts';

/** What BIRD calls a runtime error: the filter ends and the route is rejected. */
export class RuntimeFault extends Error {}

/** Takes values and gives one; what cannot be is a `RuntimeFault`. */
export type Operation = (operands: readonly Value[]) => Value;

export const nothing: Value = { type: 'void' };

export function truth(value: boolean): Value {
  return { type: 'bool', value };
}

export function integer(value: number): Value {
  return { type: 'int', value: value >>> 0 };
}

export function operand(operands: readonly Value[], place: number): Value {
  return operands[place] ?? nothing;
}

export function fault(message: string): never {
  throw new RuntimeFault(message);
}

export function asInteger(value: Value): number {
  return value.type === 'int' ? value.value : fault(`a number is needed, not ${value.type}`);
}

export function asTruth(value: Value): boolean {
  return value.type === 'bool' ? value.value : fault(`true or false is needed, not ${value.type}`);
}
