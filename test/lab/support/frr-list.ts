/** One word of a command as `list` of FRR writes it, or a choice among sequences of them. */
type Item =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'one' | 'maybe' | 'some'; readonly choices: readonly Sequence[] };
type Sequence = readonly Item[];

const closing: Readonly<Record<string, string>> = { '<': '>', '[': ']', '{': '}' };
const kinds: Readonly<Record<string, 'one' | 'maybe' | 'some'>> = { '<': 'one', '[': 'maybe', '{': 'some' };

/**
 * Lines that a command of `list` stands for: each choice taken once, options all left away and all taken, and each number as the lowest and the
 * highest of its range and one beyond either, which the daemon refuses.
 */
export function linesOf(command: string): readonly string[] {
  const tokens = command.match(/[<>[\]{}|]|\([^)]*\)|[^\s<>[\]{}|()]+/g) ?? [];
  const sequences = parse(tokens, { at: 0 }, '');
  const lines = sequences.flatMap((sequence) =>
    [edge.lowest, edge.highest, edge.below, edge.beyond].flatMap((number) => [
      ...spelled(sequence, number, false),
      ...spelled(sequence, number, true),
    ]),
  );
  return [...new Set(lines.map((words) => words.join(' ')))];
}

type Edge = (low: number, high: number) => number;
const edge: Readonly<Record<'lowest' | 'highest' | 'below' | 'beyond', Edge>> = {
  lowest: (low) => low,
  highest: (_low, high) => high,
  below: (low, high) => (low > 0 ? low - 1 : high + 1),
  beyond: (_low, high) => high + 1,
};

function parse(tokens: readonly string[], place: { at: number }, end: string): Sequence[] {
  const choices: Item[][] = [[]];
  for (; place.at < tokens.length && tokens[place.at] !== end; place.at++) {
    const token = tokens[place.at] ?? '';
    const last = choices.at(-1) ?? [];
    const kind = kinds[token];
    if (token === '|') choices.push([]);
    else if (kind) {
      place.at++;
      last.push({ kind, choices: parse(tokens, place, closing[token] ?? '') });
    } else last.push({ kind: 'word', word: token });
  }
  return choices;
}

/** `full`: with all that may be left away. */
function spelled(sequence: Sequence, number: Edge, full: boolean): string[][] {
  let lines: string[][] = [[]];
  for (const item of sequence) {
    const next = endings(item, number, full);
    lines = lines.flatMap((line) => next.map((words) => [...line, ...words])).slice(0, MOST);
  }
  return lines;
}

/** Of one command; beyond that choices only repeat one another. */
const MOST = 24;

function endings(item: Item, number: Edge, full: boolean): string[][] {
  if (item.kind === 'word') return [[valueFor(item.word, number)]];
  const each = item.choices.map((choice) => spelled(choice, number, full));
  if (item.kind === 'one') return each.flat();
  if (item.kind === 'maybe') return full ? each.flat() : [[]];
  return full ? [each.flatMap((lines) => lines[0] ?? [])] : each.flat();
}

const values: Readonly<Record<string, string>> = {
  'A.B.C.D': '10.0.0.2',
  'A.B.C.D/M': '10.1.0.0/16',
  'X:X::X:X': '2001:db8::2',
  'X:X::X:X/M': '2001:db8::/32',
  LINE: 'some text',
  MSG: 'some text',
  ASNUMBERS: '65001',
  'AA:NN': '1:2',
  'AA:BB:CC': '1:2:3',
};

function valueFor(word: string, number: Edge): string {
  const [, low, high] = /^\((\d+)-(\d+)\)$/.exec(word) ?? [];
  if (low !== undefined) return String(number(Number(low), Number(high)));
  const name = word.replace(/\.\.\.$/, '');
  return values[name] ?? (/^[A-Z][A-Z\d_]*$/.test(name) ? 'NAME' : name);
}
