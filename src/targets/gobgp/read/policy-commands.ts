import { type Table, tableAt, tablesAt, textAt, textsAt } from './decode.ts';
import { merged, tableOf, type Values, withNamed } from './edits.ts';
import type { Reading } from './reading.ts';
import { type Part, partOf } from './statement-commands.ts';
import type { Word } from './words.ts';

/** A defined set as the file has it: the list it stands in, its name, and the key of its members. */
interface SetKind {
  readonly path: readonly string[];
  readonly list: string;
  readonly name: string;
  readonly members: string;
}

const bgpSet = (kind: string, members: string): SetKind => ({
  path: ['defined-sets', 'bgp-defined-sets'],
  list: `${kind}-sets`,
  name: `${kind}-set-name`,
  members,
});
const setKinds: ReadonlyMap<string, SetKind> = new Map([
  [
    'prefix',
    { path: ['defined-sets'], list: 'prefix-sets', name: 'prefix-set-name', members: 'prefix-list' },
  ],
  [
    'neighbor',
    {
      path: ['defined-sets'],
      list: 'neighbor-sets',
      name: 'neighbor-set-name',
      members: 'neighbor-info-list',
    },
  ],
  ['as-path', bgpSet('as-path', 'as-path-list')],
  ['community', bgpSet('community', 'community-list')],
  ['ext-community', bgpSet('ext-community', 'ext-community-list')],
  ['large-community', bgpSet('large-community', 'large-community-list')],
]);

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
  policy([first, ...rest]: readonly Word[]): boolean {
    const kind = setKinds.get(first?.text ?? '');
    const [second, ...args] = rest;
    if (kind) return second?.text === 'add' && this.#addToSet(kind, args);
    if (first?.text === 'add') return second !== undefined && this.#addPolicy(second, args);
    if (first?.text !== 'statement' || !second) return false;
    if (second.text === 'add') return args[0] !== undefined && this.#addStatement(args[0]);
    const [verb, what, ...words] = args;
    if (verb?.text !== 'add') return false;
    const part = partOf(what?.text ?? '', words, this.#reading);
    return part !== null && this.#addPart(second, part, words[0] ?? second);
  }

  /** `global policy import|export add|set|del NAME... [default accept|reject]`; false: nothing that is followed. */
  assign([direction, verb, ...args]: readonly Word[]): boolean {
    if (direction?.text !== 'import' && direction?.text !== 'export') return false;
    const at = args.findIndex(({ text }) => text === 'default');
    const verdict = at < 0 ? undefined : args[at + 1]?.text;
    const names = (at < 0 ? args : args.slice(0, at)).map(({ text }) => text);
    const key = `${direction.text}-policy-list`;
    const before = textsAt(tableAt(this.file, 'global', 'apply-policy', 'config'), key);
    const after = assigned(verb?.text ?? '', before, names);
    if (after === null) return false;
    const config: Values = {
      [key]: after,
      ...(verdict === undefined ? {} : { [`default-${direction.text}-policy`]: `${verdict}-route` }),
    };
    this.file = merged(this.file, { global: { 'apply-policy': { config } } }, direction.source);
    return true;
  }

  #addToSet(kind: SetKind, [name, ...members]: readonly Word[]): boolean {
    if (!name) return false;
    const holder = tableAt(this.file, ...kind.path);
    const list = withNamed(tablesAt(holder, kind.list), kind.name, name.text, (found) => {
      const set = found ?? tableOf({ [kind.name]: name.text }, name.source);
      return merged(set, { [kind.members]: this.#members(kind, set, members) }, name.source);
    });
    const inside = kind.path
      .toReversed()
      .reduce<Values>((values, key) => ({ [key]: values }), { [kind.list]: list });
    this.file = merged(this.file, inside, name.source);
    return true;
  }

  #members(kind: SetKind, set: Table, words: readonly Word[]): Values[string] {
    if (kind.members === 'prefix-list') {
      const [prefix, range] = words;
      const given: Values = range ? { 'masklength-range': range.text } : {};
      const added = prefix ? [tableOf({ 'ip-prefix': prefix.text, ...given }, prefix.source)] : [];
      return [...tablesAt(set, kind.members), ...added];
    }
    // Networks are looked at and forgotten (parseNeighborSet).
    const lost = words.filter(({ text }) => kind.members === 'neighbor-info-list' && text.includes('/'));
    for (const { text, source } of lost)
      this.#reading.note(source, text, 'gobgp takes addresses only, and says nothing', false);
    return [
      ...textsAt(set, kind.members),
      ...words.filter((word) => !lost.includes(word)).map(({ text }) => text),
    ];
  }

  #addStatement(name: Word): boolean {
    if (!this.#statements.has(name.text))
      this.#statements.set(name.text, tableOf({ name: name.text }, name.source));
    return true;
  }

  #addPart(name: Word, { path, values }: Part, place: Word): boolean {
    this.#addStatement(name);
    const before = this.#statements.get(name.text);
    if (!before) return false;
    const holder = tableAt(before, ...path);
    if (Object.keys(values).some((key) => holder?.entries.has(key))) {
      const message = `gobgp refuses the command: the statement '${name.text}' has this already`;
      this.#reading.refuse(place.source, message, 'Delete what is there first.', place.text);
      return true;
    }
    const inside = path.toReversed().reduce<Values>((inner, key) => ({ [key]: inner }), values);
    const after = merged(before, inside, place.source);
    this.#statements.set(name.text, after);
    this.#everyPolicy((list) => list.map((one) => (one === before ? after : one)));
    return true;
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
    if (unknown) {
      const message = `gobgp refuses the command: there is no statement '${unknown.text}'`;
      this.#reading.refuse(unknown.source, message, 'Add the statement first.', unknown.text);
      return true;
    }
    const added = words.flatMap(({ text }) => this.#statements.get(text) ?? []);
    const policies = withNamed(tablesAt(this.file, 'policy-definitions'), 'name', name.text, (found) => {
      const policy = found ?? tableOf({ name: name.text }, name.source);
      return merged(policy, { statements: [...tablesAt(policy, 'statements'), ...added] }, name.source);
    });
    this.file = merged(this.file, { 'policy-definitions': policies }, name.source);
    return true;
  }
}

function assigned(
  verb: string,
  before: readonly string[],
  names: readonly string[],
): readonly string[] | null {
  if (verb === 'add') return [...before, ...names];
  if (verb === 'set') return names;
  if (verb !== 'del') return null;
  return names.length === 0 || names[0] === 'all' ? [] : before.filter((name) => !names.includes(name));
}
