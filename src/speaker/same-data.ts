/**
 * Do two configurations say the same? Places in files (`source`) do not count: a line that moved is no change. Numbers, texts, lists, sets, maps and plain
 * objects are compared by what they hold.
 */
export function sameData(a: unknown, b: unknown): boolean {
  return same(a, b, new Map());
}

/** Pairs found equal, or under comparison: shared parts are looked at once, and circles end. */
type Seen = Map<object, Set<object>>;

function same(a: unknown, b: unknown, seen: Seen): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const known = seen.get(a);
  if (known?.has(b)) return true;
  seen.set(a, (known ?? new Set()).add(b));
  if (Array.isArray(a) || Array.isArray(b)) return sameList(a, b, seen);
  if (a instanceof Map || a instanceof Set || b instanceof Map || b instanceof Set)
    return (
      a.constructor === b.constructor && sameList([...(a as Set<unknown>)], [...(b as Set<unknown>)], seen)
    );
  if (a instanceof RegExp || b instanceof RegExp) return String(a) === String(b);
  return sameFields(a, b, seen);
}

function sameList(a: unknown, b: unknown, seen: Seen): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((item, index) => same(item, b[index], seen));
}

function sameFields(a: object, b: object, seen: Seen): boolean {
  const left = fields(a);
  const right = new Map(fields(b));
  if (left.length !== right.size) return false;
  return left.every(([name, value]) => right.has(name) && same(value, right.get(name), seen));
}

/** A field that is absent and one that is undefined are the same. */
function fields(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([name, held]) => name !== 'source' && held !== undefined);
}
