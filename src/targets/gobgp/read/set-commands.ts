import { hostPrefix, parseAddress, parsePrefix } from '../../../base/ip.ts';
import { type Table, tableAt, tablesAt, textAt, textsAt } from './decode.ts';
import { merged, tableOf, type Values, withNamed } from './edits.ts';
import type { Reading } from './reading.ts';
import type { Word } from './words.ts';

/** A defined set as the file has it: the list it stands in, its name, the key of its members, and the condition that asks it. */
interface SetKind {
  readonly path: readonly string[];
  readonly list: string;
  readonly name: string;
  readonly members: string;
  readonly asked: readonly string[];
  readonly key: string;
}

const plainSet = (kind: string, members: string): SetKind => ({
  path: ['defined-sets'],
  list: `${kind}-sets`,
  name: `${kind}-set-name`,
  members,
  asked: ['conditions', `match-${kind}-set`],
  key: `${kind}-set`,
});
const bgpSet = (kind: string, members: string): SetKind => ({
  ...plainSet(kind, members),
  path: ['defined-sets', 'bgp-defined-sets'],
  asked: ['conditions', 'bgp-conditions', `match-${kind}-set`],
});

const setKinds: ReadonlyMap<string, SetKind> = new Map([
  ['prefix', plainSet('prefix', 'prefix-list')],
  ['neighbor', plainSet('neighbor', 'neighbor-info-list')],
  ['as-path', bgpSet('as-path', 'as-path-list')],
  ['community', bgpSet('community', 'community-list')],
  ['ext-community', bgpSet('ext-community', 'ext-community-list')],
  ['large-community', bgpSet('large-community', 'large-community-list')],
]);

/** `policy prefix add|del NAME ...` and its kin: the file with that change; null: nothing that is followed. */
export function setCommand(file: Table, words: readonly Word[], reading: Reading): Table | null {
  const [first, verb, name, ...members] = words;
  const kind = setKinds.get(first?.text ?? '');
  if (!kind || !name) return null;
  if (verb?.text === 'add') return added(file, kind, name, members, reading);
  if (verb?.text === 'del') return deleted(file, kind, name, members, reading);
  return null;
}

/** The set that a condition asks and that nobody has defined; null: all are there. */
export function missingSet(file: Table, condition: Table): string | null {
  for (const kind of setKinds.values()) {
    const name = textAt(tableAt(condition, ...kind.asked), kind.key);
    if (name !== '' && !setsOf(file, kind).some((set) => textAt(set, kind.name) === name)) return name;
  }
  return null;
}

function setsOf(file: Table, { path, list }: SetKind): readonly Table[] {
  return tablesAt(tableAt(file, ...path), list);
}

function withSets(file: Table, kind: SetKind, sets: readonly Table[], place: Word): Table {
  const inside = kind.path
    .toReversed()
    .reduce<Values>((values, key) => ({ [key]: values }), { [kind.list]: sets });
  return merged(file, inside, place.source);
}

function added(
  file: Table,
  kind: SetKind,
  name: Word,
  members: readonly Word[],
  reading: Reading,
): Table | null {
  const sets = withNamed(setsOf(file, kind), kind.name, name.text, (found) => {
    const set = found ?? tableOf({ [kind.name]: name.text }, name.source);
    return merged(set, { [kind.members]: withMembers(kind, set, members, reading) }, name.source);
  });
  return withSets(file, kind, sets, name);
}

function withMembers(kind: SetKind, set: Table, words: readonly Word[], reading: Reading): Values[string] {
  if (kind.members === 'prefix-list') return [...tablesAt(set, kind.members), ...prefixesOf(words)];
  return [...textsAt(set, kind.members), ...taken(kind, words, reading).map(({ text }) => text)];
}

/** Networks are looked at and forgotten (parseNeighborSet). */
function taken(kind: SetKind, words: readonly Word[], reading: Reading): readonly Word[] {
  const lost = words.filter(({ text }) => kind.members === 'neighbor-info-list' && text.includes('/'));
  for (const { text, source } of lost)
    reading.note(source, text, 'gobgp takes addresses only, and says nothing', false);
  return words.filter((word) => !lost.includes(word));
}

function prefixesOf([prefix, range]: readonly Word[]): readonly Table[] {
  const given: Values = range ? { 'masklength-range': range.text } : {};
  return prefix ? [tableOf({ 'ip-prefix': prefix.text, ...given }, prefix.source)] : [];
}

function deleted(
  file: Table,
  kind: SetKind,
  name: Word,
  members: readonly Word[],
  reading: Reading,
): Table | null {
  const sets = setsOf(file, kind);
  const refuse = (why: string, fix: string): Table => {
    reading.refuse(name.source, `gobgp refuses the command: ${why}`, fix, name.text);
    return file;
  };
  if (!sets.some((set) => textAt(set, kind.name) === name.text))
    return refuse(`there is no set '${name.text}'`, 'Name a set that is there.');
  if (members.length === 0) {
    if (isAsked(file, kind, name.text))
      return refuse(`a policy asks the set '${name.text}'`, 'Delete the condition first.');
    return withSets(
      file,
      kind,
      sets.filter((set) => textAt(set, kind.name) !== name.text),
      name,
    );
  }
  const less = sets.map((set) =>
    textAt(set, kind.name) === name.text
      ? merged(set, { [kind.members]: withoutMembers(kind, set, members, reading) }, set.source)
      : set,
  );
  return withSets(file, kind, less, name);
}

function isAsked(file: Table, kind: SetKind, name: string): boolean {
  return tablesAt(file, 'policy-definitions')
    .flatMap((policy) => tablesAt(policy, 'statements'))
    .some((statement) => textAt(tableAt(statement, ...kind.asked), kind.key) === name);
}

function withoutMembers(kind: SetKind, set: Table, words: readonly Word[], reading: Reading): Values[string] {
  if (kind.members === 'prefix-list') {
    const gone = new Set(prefixesOf(words).map(entryKey));
    return tablesAt(set, kind.members).filter((entry) => !gone.has(entryKey(entry)));
  }
  const plain = (text: string) => (kind.members === 'neighbor-info-list' ? hostText(text) : text);
  const gone = new Set(taken(kind, words, reading).map(({ text }) => plain(text)));
  return textsAt(set, kind.members).filter((text) => !gone.has(plain(text)));
}

/** Entries are the same with the same network and the same range of lengths, written or not. */
function entryKey(entry: Table): string {
  const text = textAt(entry, 'ip-prefix');
  const prefix = parsePrefix(text);
  const length = prefix ? String(prefix.length) : '';
  const range = textAt(entry, 'masklength-range') || `${length}..${length}`;
  return `${prefix?.text ?? text} ${range}`;
}

function hostText(text: string): string {
  const address = parseAddress(text);
  return (address ? hostPrefix(address) : parsePrefix(text))?.text ?? text;
}
