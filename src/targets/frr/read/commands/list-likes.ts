/** What a line says of an entry, field by field, permit or deny in the first: as it is written, and as the daemon keeps it. */
export interface Said {
  readonly written: readonly string[];
  readonly kept: readonly string[];
}

interface Kept {
  readonly seq: number;
  readonly fields: readonly string[];
}

/** What the entries of one list say, by the first field: lists of 100,000 lines are read line by line. */
class Likes {
  readonly #byFirst = new Map<string, readonly Kept[]>();
  readonly #firsts = new Map<number, string>();

  /** Does another entry than `but` hold all these fields? It may hold more (FRR _acl_is_dup). */
  hold(fields: readonly string[], but: number | null = null): boolean {
    const known = this.#byFirst.get(fields[0] ?? '') ?? [];
    return known.some((one) => one.seq !== but && fields.every((field) => one.fields.includes(field)));
  }

  set(seq: number, fields: readonly string[]): void {
    this.delete(seq);
    const [first = ''] = fields;
    this.#byFirst.set(first, [...(this.#byFirst.get(first) ?? []), { seq, fields }]);
    this.#firsts.set(seq, first);
  }

  delete(seq: number): void {
    const first = this.#firsts.get(seq);
    if (first === undefined) return;
    this.#firsts.delete(seq);
    const others = (this.#byFirst.get(first) ?? []).filter((one) => one.seq !== seq);
    if (others.length > 0) this.#byFirst.set(first, others);
    else this.#byFirst.delete(first);
  }
}

const known = new WeakMap<ReadonlyMap<number, unknown>, Likes>();

/** Kept beside the entries of a list. */
export function likesOf(entries: ReadonlyMap<number, unknown>): Likes {
  const own = known.get(entries) ?? new Likes();
  known.set(entries, own);
  return own;
}
