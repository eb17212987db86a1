import { assignGlobally, assignToNeighbor } from './assignments.ts';
import { type Table, tableAt, tablesAt, textAt, textsAt } from './decode.ts';
import { merged, tableOf, type Values, withNamed, without } from './edits.ts';
import type { Reading } from './reading.ts';
import { missingSet, setCommand } from './set-commands.ts';
import { type Part, partOf } from './statement-commands.ts';
import type { Word } from './words.ts';

/**
 * Commands about policies (cmd/gobgp/policy.go), as changes to what the file says. Statements stand by themselves: policies of the command line name
 * them, and what is added to one later is in all of them.
 */
export class PolicyCommands {
  /** The file with all commands so far. */
  file: Table;
  readonly #statements = new Map<string, Table>();
  readonly #reading: Reading;

  constructor(file: Table, reading: Reading) {
    this.file = file;
    this.#reading = reading;
    for (const policy of tablesAt(file, 'policy-definitions'))
      for (const one of tablesAt(policy, 'statements')) this.#statements.set(textAt(one, 'name'), one);
  }

  /** `policy ...`; false: nothing that is followed. */
  policy(words: readonly Word[]): boolean {
    const changed = setCommand(this.file, words, this.#reading);
    if (changed) {
      this.file = changed;
      return true;
    }
    const [first, second, ...args] = words;
    if (!second) return false;
    // The manual has `set` as well; gobgp 3 looks for something of that name to show.
    const unknown = [first, second, args[0]].find((word) => word?.text === 'set');
    if (unknown) return this.#refuse(unknown, 'it knows add and del only', 'Delete what is there, and add.');
    if (first?.text === 'add') return this.#addPolicy(second, args);
    if (first?.text === 'del') return this.#deletePolicy(second, args);
    if (first?.text !== 'statement') return false;
    if (second.text === 'add') return args[0] !== undefined && this.#addStatement(args[0]);
    if (second.text === 'del') return args[0] !== undefined && this.#deleteStatement(args[0]);
    const [verb, what, ...rest] = args;
    const part = partOf(what?.text ?? '', rest, this.#reading);
    if (part === null) return false;
    if (verb?.text === 'add') return this.#addPart(second, part, rest[0] ?? second);
    return verb?.text === 'del' && this.#deletePart(second, part, rest[0] ?? second);
  }

  /** `global policy ...`; false: nothing that is followed. */
  assign(words: readonly Word[]): boolean {
    return this.#became(assignGlobally(this.file, words, this.#reading));
  }

  /** `neighbor ADDRESS policy ...`; the same. */
  assignTo(neighbor: Word, words: readonly Word[]): boolean {
    return this.#became(assignToNeighbor(this.file, neighbor, words, this.#reading));
  }

  #became(file: Table | null): boolean {
    if (file) this.file = file;
    return file !== null;
  }

  #refuse(word: Word, why: string, fix: string): true {
    this.#reading.refuse(word.source, `gobgp refuses the command: ${why}`, fix, word.text);
    return true;
  }

  #addStatement(name: Word): boolean {
    if (!this.#statements.has(name.text))
      this.#statements.set(name.text, tableOf({ name: name.text }, name.source));
    return true;
  }

  #addPart(name: Word, { path, values }: Part, place: Word): boolean {
    const before = this.#statements.get(name.text) ?? tableOf({ name: name.text }, name.source);
    const holder = tableAt(before, ...path);
    if (Object.keys(values).some((key) => holder?.entries.has(key)))
      return this.#refuse(
        place,
        `the statement '${name.text}' has this already`,
        'Delete what is there first.',
      );
    const inside = path.toReversed().reduce<Values>((inner, key) => ({ [key]: inner }), values);
    const missing = missingSet(this.file, tableOf(inside, place.source));
    if (missing !== null) return this.#refuse(place, `there is no set '${missing}'`, 'Add the set first.');
    this.#changeStatement(name, before, merged(before, inside, place.source));
    return true;
  }

  #deletePart(name: Word, { path, values }: Part, place: Word): boolean {
    const before = this.#statements.get(name.text);
    if (!before) return this.#refuse(name, `there is no statement '${name.text}'`, 'Name one that is there.');
    const keys = new Set(Object.keys(values));
    const holder = tableAt(before, ...path);
    if (![...keys].some((key) => holder?.entries.has(key)))
      return this.#refuse(place, `the statement '${name.text}' has no such part`, 'Delete what is there.');
    this.#changeStatement(name, before, without(before, path, keys));
    return true;
  }

  #changeStatement(name: Word, before: Table, after: Table): void {
    this.#statements.set(name.text, after);
    this.#everyPolicy((list) => list.map((one) => (one === before ? after : one)));
  }

  #deleteStatement(name: Word): boolean {
    if (!this.#statements.has(name.text))
      return this.#refuse(name, `there is no statement '${name.text}'`, 'Name one that is there.');
    const isUsed = tablesAt(this.file, 'policy-definitions')
      .flatMap((policy) => tablesAt(policy, 'statements'))
      .some((one) => textAt(one, 'name') === name.text);
    if (isUsed)
      return this.#refuse(name, `a policy has the statement '${name.text}'`, 'Delete it there first.');
    return this.#statements.delete(name.text);
  }

  #everyPolicy(change: (statements: readonly Table[]) => readonly Table[]): void {
    const policies = tablesAt(this.file, 'policy-definitions').map((policy) =>
      merged(policy, { statements: change(tablesAt(policy, 'statements')) }, policy.source),
    );
    if (policies.length > 0)
      this.file = merged(this.file, { 'policy-definitions': policies }, this.file.source);
  }

  #addPolicy(name: Word, words: readonly Word[]): boolean {
    const unknown = words.find(({ text }) => !this.#statements.has(text));
    if (unknown)
      return this.#refuse(unknown, `there is no statement '${unknown.text}'`, 'Add the statement first.');
    const added = words.flatMap(({ text }) => this.#statements.get(text) ?? []);
    const policies = withNamed(tablesAt(this.file, 'policy-definitions'), 'name', name.text, (found) => {
      const policy = found ?? tableOf({ name: name.text }, name.source);
      return merged(policy, { statements: [...tablesAt(policy, 'statements'), ...added] }, name.source);
    });
    this.file = merged(this.file, { 'policy-definitions': policies }, name.source);
    return true;
  }

  /** Statements of it, or the whole policy: gobgpd looks for it among the export policies alone, and where it is applied it stays. */
  #deletePolicy(name: Word, words: readonly Word[]): boolean {
    const policies = tablesAt(this.file, 'policy-definitions');
    const isMeant = (policy: Table) => textAt(policy, 'name') === name.text;
    if (!policies.some(isMeant))
      return this.#refuse(name, `there is no policy '${name.text}'`, 'Name one that is there.');
    const gone = new Set(words.map(({ text }) => text));
    const left = policies.map((policy) => {
      const statements = tablesAt(policy, 'statements').filter((one) => !gone.has(textAt(one, 'name')));
      return isMeant(policy) ? merged(policy, { statements }, policy.source) : policy;
    });
    if (words.length === 0 && this.#isApplied('export', name.text))
      return this.#refuse(
        name,
        `the policy '${name.text}' is in use`,
        'Take it from where it is applied first.',
      );
    const isLost = words.length === 0 && !this.#isApplied('import', name.text);
    const after = isLost ? policies.filter((policy) => !isMeant(policy)) : left;
    this.file = merged(this.file, { 'policy-definitions': after }, name.source);
    return true;
  }

  #isApplied(direction: 'import' | 'export', name: string): boolean {
    return [tableAt(this.file, 'global'), ...tablesAt(this.file, 'neighbors')].some((table) =>
      textsAt(tableAt(table, 'apply-policy', 'config'), `${direction}-policy-list`).includes(name),
    );
  }
}
