import type { OwnAttributes } from '../../attributes.ts';
import type { Value, ValueType } from './types.ts';
import { nothing } from './values.ts';

/** What stands for an attribute that is not there: lists and paths are empty then (BIRD, filter/f-inst.c FI_EA_GET). */
const empties: readonly ValueType[] = ['bgppath', 'clist', 'eclist', 'lclist'];

/** An attribute of the route that no protocol sends: one that the configuration made (`type` as declared), or what is set for the kernel. */
export function ownValue(own: OwnAttributes | null | undefined, name: string, type?: ValueType): Value {
  const value = own?.values.get(name);
  if (value) return value;
  return type && empties.includes(type) ? ({ type, value: [], missing: true } as Value) : nothing;
}

/** With one of them set anew; `value` null: taken off. */
export function withOwn(
  own: OwnAttributes | null | undefined,
  name: string,
  value: Value | null,
): OwnAttributes | null {
  const values = new Map(own?.values);
  if (value === null) values.delete(name);
  else values.set(name, value);
  if (values.size === 0) return null;
  const texts = [...values].map(([one, held]) => `${one}=${valueText(held)}`);
  return { values, text: texts.sort().join(' ') };
}

function valueText(value: Value): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
}
