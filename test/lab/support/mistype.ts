import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../../src/lab/fuzz/random.ts';

const scenarios = join(import.meta.dirname, '../../scenarios');

/** The files of this name of all scenarios. */
export function filesNamed(name: string): readonly string[] {
  return readdirSync(scenarios)
    .map((scenario) => join(scenarios, scenario, 'configs'))
    .filter((configs) => existsSync(configs))
    .flatMap((configs) => readdirSync(configs).map((host) => join(configs, host, name)))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
}

/** The words of texts by what they look like, so that one may stand where another of its kind stood. */
export interface Vocabulary {
  readonly kindOf: (word: string) => string;
  readonly words: ReadonlyMap<string, readonly string[]>;
}

export function vocabulary(words: Iterable<string>, kindOf: (word: string) => string): Vocabulary {
  const kinds = new Map<string, Set<string>>();
  for (const word of words) kinds.set(kindOf(word), (kinds.get(kindOf(word)) ?? new Set()).add(word));
  return { kindOf, words: new Map([...kinds].map(([kind, found]) => [kind, [...found]])) };
}

/** With spaces where words would run together: one word left out, doubled, exchanged with the next, replaced by another, or another one put in. */
export function mistype(
  random: Random,
  words: readonly string[],
  at: number,
  { kindOf, words: known }: Vocabulary,
): readonly string[] {
  const [before, word = '', behind] = [words.slice(0, at), words[at], words.slice(at + 1)];
  const any = () => random.pick(known.get(random.pick([...known.keys()])) ?? [word]);
  const alike = () => random.pick(known.get(kindOf(word)) ?? [word]);
  const ways: readonly (() => readonly string[])[] = [
    () => [' ', ...behind],
    () => [word, ' ', word, ...behind],
    () => [...behind.slice(0, 1), ' ', word, ...behind.slice(1)],
    () => [alike(), ...behind],
    () => [alike(), ...behind],
    () => [any(), ...behind],
    () => [any(), ' ', word, ...behind],
  ];
  return [...before, ...random.pick(ways)()];
}
