import type { Random } from './random.ts';

/** The files of a host: lines by the name of the file. */
export type Lines = Readonly<Record<string, readonly string[]>>;

/** A change to one place of a host's files. */
export interface Edit {
  readonly file: string;
  /** The line it is about; one behind the last: the end of the file. */
  readonly at: number;
  /** Lines that go, from there on. */
  readonly gone: number;
  /** Lines that come in their place, before what stood there. */
  readonly come: readonly string[];
}

/** Edits that a host's files allow, by kind: each kind is as likely as any other, however many lines it could be about. */
export type Editor = (random: Random, files: Lines) => readonly (readonly Edit[])[];

export interface Edited {
  readonly files: Lines;
  /** What was done, a line each: `- ` before what went, `+ ` before what came. */
  readonly told: readonly string[];
}

const MOST_EDITS = 3;

/** The files after one to three edits; null: they allow none. */
export function edited(random: Random, files: Lines, editor: Editor): Edited | null {
  let now = files;
  const told: string[] = [];
  for (let left = random.int(1, MOST_EDITS); left > 0; left--) {
    const kinds = editor(random, now).filter((edits) => edits.length > 0);
    if (kinds.length === 0) break;
    const { file, at, gone, come } = random.pick(random.pick(kinds));
    const lines = now[file] ?? [];
    told.push(...lines.slice(at, at + gone).map((line) => `- ${line.trim()}`));
    told.push(...come.map((line) => `+ ${line.trim()}`));
    now = { ...now, [file]: lines.toSpliced(at, gone, ...come) };
  }
  return told.length > 0 ? { files: now, told } : null;
}

/** The edits of one file: `each` says what may become of a line, null: nothing. */
export function perLine(
  files: Lines,
  file: string,
  each: (line: string, at: number) => Omit<Edit, 'file' | 'at'> | null,
): readonly Edit[] {
  return (files[file] ?? []).flatMap((line, at) => {
    const edit = each(line, at);
    return edit === null ? [] : [{ file, at, ...edit }];
  });
}

/** The line goes. */
export const drop = { gone: 1, come: [] } as const;

/** Other lines come before it. */
export function before(...come: readonly string[]) {
  return { gone: 0, come };
}

/** Another line comes in its place. */
export function instead(...come: readonly string[]) {
  return { gone: 1, come };
}

/** The last number of the line is another one. */
export function otherNumber(random: Random, line: string): string {
  return line.replace(/\d+(?!.*\d)/, (number) => String((Number(number) % 190) + random.int(3, 60)));
}

/** What goes from a line of `head` on: all lines before the next one of `tail`, that one too where it is the block's own last. */
export function blocks(
  files: Lines,
  file: string,
  head: RegExp,
  tail: { readonly line: RegExp; readonly own: boolean },
): readonly Edit[] {
  const lines = files[file] ?? [];
  return perLine(files, file, (line, at) => {
    if (!head.test(line)) return null;
    const length = lines.slice(at + 1).findIndex((one) => tail.line.test(one));
    return length < 0 ? null : { gone: length + (tail.own ? 2 : 1), come: [] };
  });
}
