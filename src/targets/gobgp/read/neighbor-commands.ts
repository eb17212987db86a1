import type { SourceRange } from '../../../base/source.ts';
import type { AskedAgain } from '../../../bgp/peer-config.ts';
import { type Table, tableAt, tablesAt, textAt } from './decode.ts';
import { merged, tableOf, type Values } from './edits.ts';
import type { Reading } from './reading.ts';
import type { Word } from './words.ts';

/** `neighbor add ADDRESS as N ...`, `del`, `ADDRESS disable`, `enable`: the file with that change; null: nothing that is followed. */
export function neighborCommand(
  file: Table,
  [first, second, ...rest]: readonly Word[],
  reading: Reading,
): Table | null {
  if (!first || !second) return null;
  const neighbors = tablesAt(file, 'neighbors');
  const all = (changed: readonly Table[]) => merged(file, { neighbors: changed }, first.source);
  if (first.text === 'del') return all(neighbors.filter((table) => !isCalled(second.text)(table)));
  if (first.text === 'add') {
    if (neighbors.some(isCalled(second.text))) {
      const message = `gobgp refuses the command: there is a neighbor ${second.text} already`;
      reading.refuse(second.source, message, 'Delete it first.', second.text);
      return file;
    }
    if (elsewhere.has(second.text)) return null;
    const table = added(second, rest);
    if (table === 'elsewhere') return null;
    if ('text' in table) {
      const message = `gobgp refuses the command over '${table.text}'`;
      reading.refuse(table.source, message, 'Correct or remove it.', table.text);
      return file;
    }
    return all([...neighbors, table]);
  }
  const disabled = second.text === 'disable';
  if ((!disabled && second.text !== 'enable') || !neighbors.some(isCalled(first.text))) return null;
  const down: Values = { config: { 'admin-down': disabled } };
  return all(
    neighbors.map((table) => (isCalled(first.text)(table) ? merged(table, down, second.source) : table)),
  );
}

const isCalled = (address: string) => (table: Table) =>
  textAt(tableAt(table, 'config'), 'neighbor-address') === address;

const askedFor: ReadonlyMap<string, readonly ('reset' | 'closed' | 'judged' | 'told')[]> = new Map([
  ['reset', ['reset', 'closed']],
  ['shutdown', ['closed']],
  ['softreset', ['judged', 'told']],
  ['softresetin', ['judged']],
  ['softresetout', ['told']],
]);

/** What commands have asked of each neighbor, by its address or `all`. */
export class Asked {
  readonly #byName = new Map<string, AskedAgain>();

  /** `ADDRESS|all reset`, `softresetin` and so on, and `disable`, which closes a session that is there; false: it asks for nothing. */
  note(file: Table, [name, verb]: readonly Word[], reading: Reading): boolean {
    if (!name || !verb) return false;
    const kinds = askedFor.get(verb.text);
    const isSoft = name.text === 'all' && kinds?.includes('closed') === false;
    if (kinds && !isSoft && !tablesAt(file, 'neighbors').some(isCalled(name.text))) {
      const message = `gobgp refuses the command: there is no neighbor ${name.text}`;
      reading.refuse(name.source, message, 'Name a neighbor that is there.', name.text);
      return true;
    }
    const before = this.of(name.text);
    if (verb.text === 'disable' || verb.text === 'enable')
      this.#byName.set(name.text, { ...before, down: verb.text === 'disable' });
    if (!kinds) return false;
    const after = Object.fromEntries(kinds.map((kind) => [kind, before[kind] + 1]));
    this.#byName.set(name.text, { ...before, ...after });
    return true;
  }

  of(name: string): AskedAgain {
    return this.#byName.get(name) ?? nothingAsked;
  }

  /** Of a neighbor, with what was asked of all. */
  ofNeighbor(address: string): { readonly asked?: AskedAgain } {
    if (this.#byName.size === 0) return {};
    const [own, all] = [this.of(address), this.of('all')];
    const asked = {
      down: own.down,
      reset: own.reset + all.reset,
      closed: own.closed + all.closed,
      judged: own.judged + all.judged,
      told: own.told + all.told,
    };
    return { asked };
  }
}

const nothingAsked: AskedAgain = { down: null, reset: 0, closed: 0, judged: 0, told: 0 };

/** What each keyword says; those without a value stand alone. */
const keywords: ReadonlyMap<string, (value: string) => Values> = new Map<string, (value: string) => Values>([
  ['as', (value) => ({ config: { 'peer-as': Number(value) } })],
  ['local-as', (value) => ({ config: { 'local-as': Number(value) } })],
  ['remove-private-as', (value) => ({ config: { 'remove-private-as': value } })],
  ['allow-own-as', (value) => ({ 'as-path-options': { config: { 'allow-own-as': Number(value) } } })],
  ['replace-peer-as', () => ({ 'as-path-options': { config: { 'replace-peer-as': true } } })],
  ['route-server-client', () => ({ 'route-server': { config: { 'route-server-client': true } } })],
  [
    'route-reflector-client',
    (value) => ({
      'route-reflector': {
        config: {
          'route-reflector-client': true,
          'route-reflector-cluster-id': value,
        },
      },
    }),
  ],
  [
    'ebgp-multihop-ttl',
    (value) => ({ 'ebgp-multihop': { config: { enabled: true, 'multihop-ttl': Number(value) } } }),
  ],
]);

/** A neighbor on an interface or in a VRF is not followed. */
const elsewhere: ReadonlySet<string> = new Set(['interface', 'vrf']);

/** The neighbor, or the word over which gobgp refuses it. */
function added({ text: address, source: place }: Word, words: readonly Word[]): Table | Word | 'elsewhere' {
  let table = tableOf({ config: { 'neighbor-address': address } }, place);
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (!word) break;
    const keyword = word.text;
    if (elsewhere.has(keyword)) return 'elsewhere';
    const next = words[at + 1]?.text ?? '';
    const value = keywords.has(next) || next === 'family' || alone.has(keyword) ? '' : next;
    if (value !== '') at++;
    // Whatever the manual says of the cluster (extractReserved): all but flags take one word.
    if (value === '' && !alone.has(keyword)) return word;
    if (numbers.has(keyword) && !/^\d{1,10}$/.test(value)) return words[at] ?? word;
    const values = keyword === 'family' ? familiesOf(value, place) : keywords.get(keyword)?.(value);
    if (!values) return word;
    table = merged(table, values, place);
  }
  return table;
}

const numbers: ReadonlySet<string> = new Set(['as', 'local-as', 'allow-own-as', 'ebgp-multihop-ttl']);
const alone: ReadonlySet<string> = new Set(['replace-peer-as', 'route-server-client']);

function familiesOf(list: string, place: SourceRange): Values | null {
  if (list === '') return null;
  const tables = list.split(',').map((name) => tableOf({ config: { 'afi-safi-name': name } }, place));
  return { 'afi-safis': tables };
}
