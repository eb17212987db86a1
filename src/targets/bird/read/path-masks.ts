import type { Expression, MaskItem } from '../../../bgp/policy/program/types.ts';
import type { Cursor } from './cursor.ts';
import { parseParentheses, parseSymbol } from './expressions.ts';
import type { Scope } from './scope.ts';
import { parseSetItems } from './set-items.ts';

/** `[= 65001 * [1, 2] ? =]` */
export function parseMask(cursor: Cursor, scope: Scope): Expression {
  cursor.expect('[=');
  const items: (MaskItem | Expression)[] = [];
  while (!cursor.is('=]')) {
    const item = parseMaskItem(cursor, scope);
    if (item !== 'loop') items.push(item);
    else {
      const last = items.pop();
      if (!last) cursor.fail("'+' repeats what stands before it, and nothing does");
      else items.push(isMaskItem(last) ? { ...last, loop: true } : last);
    }
  }
  cursor.expect('=]');
  return items.every(isMaskItem)
    ? { kind: 'constant', value: { type: 'bgpmask', value: items } }
    : { kind: 'mask', items };
}

const maskKinds = ['any-number', 'any-one', 'range', 'set'];

function isMaskItem(item: MaskItem | Expression): item is MaskItem {
  return maskKinds.includes(item.kind);
}

function parseMaskItem(cursor: Cursor, scope: Scope): MaskItem | Expression | 'loop' {
  if (cursor.take('*')) return { kind: 'any-number' };
  if (cursor.take('?')) return { kind: 'any-one' };
  if (cursor.take('+')) return 'loop';
  if (cursor.token.kind === 'number') {
    const from = Number(cursor.next().text);
    const to = cursor.take('..') ? Number(cursor.next().text) : from;
    return { kind: 'range', from, to };
  }
  if (cursor.take('[')) {
    const items = cursor.is(']') ? [] : parseSetItems(cursor);
    cursor.expect(']');
    return { kind: 'set', items };
  }
  const value = cursor.is('(') ? parseParentheses(cursor, scope) : parseSymbol(cursor, scope);
  if (value.kind !== 'constant') return value;
  if (value.value.type === 'int') return { kind: 'range', from: value.value.value, to: value.value.value };
  if (value.value.type === 'set') return { kind: 'set', items: value.value.value };
  return cursor.fail('a path mask takes numbers and sets of numbers');
}
