import type { Arguments } from '../grammar.ts';
import type { Reading } from '../reading.ts';
import { likesOf, type Said } from './list-likes.ts';
import { numberOf, text } from './make.ts';

/** What begins the line of a list's entry. */
export const action = '{action=permit|deny}';
export const seq = '[seq {n:COUNT}]';
/** bgpd's own lists count from 0. */
export const bgpSeq = '[seq {n:U32}]';

/** The whole of a family. */
export const anyPrefix = { 4: '0.0.0.0/0', 6: '::/0' } as const;

interface ListDraft<Entry> {
  readonly source: Reading['source'];
  readonly entries: Map<number, Entry>;
}

export function listFor<Entry>(
  reading: Reading,
  store: Map<string, ListDraft<Entry>>,
  name: string,
): ListDraft<Entry> {
  const known = store.get(name);
  if (known) return known;
  const list = { source: reading.source, entries: new Map<number, Entry>() };
  store.set(name, list);
  return list;
}

/**
 * Stores, replaces or (with `no`) removes one entry; without `seq` it goes 5 after the last, as the daemons number. `said` where what
 * is written is not what is kept.
 */
export function putEntry<Entry>(
  reading: Reading,
  store: Map<string, ListDraft<Entry>>,
  args: Arguments,
  entry: Entry,
  negated: boolean,
  said: Said = asWritten(entry),
): void {
  const name = text(args, 'name');
  const list = listFor(reading, store, name);
  if (negated) {
    removeEntry(list, args, entry);
    if (list.entries.size === 0) store.delete(name);
    return;
  }
  const last = lastOf(list.entries);
  const number = args.has('seq') ? numberOf(args, 'n') : (Math.floor(last / 5) + 1) * 5;
  const likes = likesOf(list.entries);
  // Behind its like an entry says nothing; FRR takes none anywhere, nor a number for it (plist_is_dup, acl_is_dup).
  if ((reading.dialect !== 'quagga-1.2' || number < last) && likes.hold(said.written)) return;
  if (reading.dialect !== 'quagga-1.2' && likes.hold(said.kept, number)) {
    reading.refuseTransaction(
      `list ${name} has such an entry already, as FRR keeps it: ${said.kept[0]}`,
      'Write the network without host bits, in small letters, or leave the line out.',
    );
    return;
  }
  likes.set(number, said.kept);
  list.entries.set(number, entry);
  highest.set(list.entries, Math.max(last, number));
}

function asWritten(entry: unknown): Said {
  const fields = [JSON.stringify(entry, printBig)];
  return { written: fields, kept: fields };
}

/** The highest number of a list, kept beside it: lists of 100,000 lines are read line by line. */
const highest = new WeakMap<ReadonlyMap<number, unknown>, number>();

function lastOf(entries: ReadonlyMap<number, unknown>): number {
  const known = highest.get(entries);
  if (known !== undefined) return known;
  let last = 0;
  for (const number of entries.keys()) if (number > last) last = number;
  return last;
}

/** `no ... NAME` takes the whole list away, `no ... NAME seq N` one entry whatever it says. */
export function removeEntries(store: Map<string, ListDraft<unknown>>, args: Arguments): void {
  const name = text(args, 'name');
  const list = store.get(name);
  if (!list) return;
  if (args.has('seq')) {
    highest.delete(list.entries);
    forget(list.entries, numberOf(args, 'n'));
  }
  if (!args.has('seq') || list.entries.size === 0) store.delete(name);
}

function removeEntry<Entry>(list: ListDraft<Entry>, args: Arguments, entry: Entry): void {
  highest.delete(list.entries);
  const wanted = JSON.stringify(entry, printBig);
  for (const [seq, known] of [...list.entries]) {
    const named = args.has('seq') ? seq === numberOf(args, 'n') : JSON.stringify(known, printBig) === wanted;
    if (named || !args.has('action')) forget(list.entries, seq);
  }
}

function forget(entries: Map<number, unknown>, seq: number): void {
  entries.delete(seq);
  likesOf(entries).delete(seq);
}

/** What the entry says, without the line that says it. */
const printBig = (key: string, value: unknown): unknown =>
  key === 'source' ? undefined : typeof value === 'bigint' ? String(value) : value;
