import { type Table, tableAt, tablesAt, textAt, textsAt } from './decode.ts';
import { merged, type Values } from './edits.ts';
import { View } from './peer-view.ts';
import { peerGroups } from './peers.ts';
import type { Reading } from './reading.ts';
import type { Word } from './words.ts';

/** `global policy import|export add|set|del NAME... [default accept|reject]`: the file with that; null: nothing that is followed. */
export function assignGlobally(file: Table, words: readonly Word[], reading: Reading): Table | null {
  const config = assignment(file, tableAt(file, 'global', 'apply-policy', 'config'), words, reading);
  const place = words[0]?.source ?? file.source;
  return config && merged(file, { global: { 'apply-policy': { config } } }, place);
}

/** `neighbor ADDRESS policy ...`: only clients of a route server have policies of their own (toPolicyInfo). */
export function assignToNeighbor(
  file: Table,
  address: Word,
  words: readonly Word[],
  reading: Reading,
): Table | null {
  const [direction, verb] = words;
  if (direction && !isDirection(direction)) {
    const why = `a policy is for import or export, not ${direction.text}`;
    return refused(file, direction, why, reading);
  }
  if (!verb) return null;
  const neighbors = tablesAt(file, 'neighbors');
  const isMeant = (table: Table) => textAt(tableAt(table, 'config'), 'neighbor-address') === address.text;
  const found = neighbors.find(isMeant);
  if (!found) return refused(file, address, `there is no neighbor ${address.text}`, reading);
  const group = peerGroups(file).get(textAt(tableAt(found, 'config'), 'peer-group')) ?? null;
  const view = new View(found, group);
  if (!view.flag('route-server', 'config', 'route-server-client')) {
    const why = `${address.text} is no client of a route server, and has no policies of its own`;
    return refused(file, address, why, reading);
  }
  const applied = [found, group].map((table) => tableAt(table, 'apply-policy', 'config')).find(Boolean);
  const config = assignment(file, applied ?? null, words, reading);
  if (!config) return null;
  const after = neighbors.map((table) =>
    isMeant(table) ? merged(table, { 'apply-policy': { config } }, address.source) : table,
  );
  return merged(file, { neighbors: after }, address.source);
}

function isDirection(word: Word | undefined): boolean {
  return word?.text === 'import' || word?.text === 'export';
}

function refused(file: Table, word: Word, why: string, reading: Reading): Table {
  reading.refuse(word.source, `gobgp refuses the command: ${why}`, 'Correct the command.', word.text);
  return file;
}

/** What the command makes of the policies applied so far; as they were where it is refused. */
function assignment(
  file: Table,
  applied: Table | null,
  [direction, verb, ...args]: readonly Word[],
  reading: Reading,
): Values | null {
  if (!direction || !verb || !isDirection(direction)) return null;
  const at = verb.text === 'del' ? -1 : args.findIndex(({ text }) => text === 'default');
  const verdict = at < 0 ? undefined : args[at + 1];
  const names = at < 0 ? args : args.toSpliced(at, 2);
  const key = `${direction.text}-policy-list`;
  const before = textsAt(applied, key);
  const after = assigned(verb.text, before, names);
  if (after === null) return null;
  const wrong = refusal(file, verb.text, before, names, verdict, at >= 0);
  if (wrong || (verb.text !== 'del' && args.length === 0)) {
    refused(file, wrong?.word ?? verb, wrong?.why ?? 'it names no policy', reading);
    return {};
  }
  // Who takes all policies away takes the default as well, and none lets nothing through (ApplyPolicy).
  const isEmptied = verb.text === 'del' && names.length === 0;
  const action = isEmptied ? 'reject' : verdict?.text.toLowerCase();
  return {
    [key]: after,
    ...(action === undefined ? {} : { [`default-${direction.text}-policy`]: `${action}-route` }),
  };
}

function assigned(verb: string, before: readonly string[], words: readonly Word[]): readonly string[] | null {
  const names = words.map(({ text }) => text);
  if (verb === 'add') return [...before, ...names];
  if (verb === 'set') return names;
  if (verb !== 'del') return null;
  return names.length === 0 ? [] : before.filter((name) => !names.includes(name));
}

function refusal(
  file: Table,
  verb: string,
  before: readonly string[],
  names: readonly Word[],
  verdict: Word | undefined,
  hasDefault: boolean,
): { readonly word: Word | undefined; readonly why: string } | null {
  if (hasDefault && !/^(?:accept|reject)$/i.test(verdict?.text ?? ''))
    return { word: verdict, why: 'default is followed by accept or reject' };
  const known = new Set(tablesAt(file, 'policy-definitions').map((table) => textAt(table, 'name')));
  const seen = new Set(verb === 'add' ? before : []);
  for (const word of names) {
    if (!known.has(word.text)) return { word, why: `there is no policy '${word.text}'` };
    if (seen.has(word.text)) return { word, why: `the policy '${word.text}' is there already` };
    seen.add(word.text);
  }
  return null;
}
