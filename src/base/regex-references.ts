import type { Instruction } from './regex-program.ts';

/** Where groups begin and end, by their numbers: two places each. */
type Places = readonly (number | undefined)[];

interface Attempt {
  readonly state: number;
  readonly at: number;
  readonly places: Places;
}

/** Nothing known fits a text beyond so many steps: AS_PATHs are short, and a hostile expression must not hang. */
const MOST_STEPS = 50_000;

/** Expressions that ask for the text of a group again: one way after another, each combination of state, place and groups once. */
export function runReferring(program: readonly Instruction[], text: string): boolean {
  const seen = new Set<string>();
  let steps = 0;
  for (let start = 0; start <= text.length; start++) {
    const left: Attempt[] = [{ state: 0, at: start, places: [] }];
    for (let attempt = left.pop(); attempt !== undefined; attempt = left.pop()) {
      const key = `${attempt.state} ${attempt.at} ${attempt.places.join()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (program[attempt.state]?.kind === 'match') return true;
      if (++steps > MOST_STEPS) return false;
      left.push(...next(program, attempt, text));
    }
  }
  return false;
}

/** Where one state leads to; the last one is tried first. */
function next(program: readonly Instruction[], { state, at, places }: Attempt, text: string): Attempt[] {
  const instruction = program[state];
  const on = (to: number, moved = 0, noted = places): Attempt[] => [
    { state: to, at: at + moved, places: noted },
  ];
  switch (instruction?.kind) {
    case 'char':
      return at < text.length && instruction.accepts(text.charCodeAt(at)) ? on(state + 1, 1) : [];
    case 'start':
      return at === 0 ? on(state + 1) : [];
    case 'end':
      return at === text.length ? on(state + 1) : [];
    case 'jump':
      return on(instruction.to);
    case 'split':
      return [...on(instruction.second), ...on(instruction.first)];
    case 'open':
      return on(state + 1, 0, withPlace(places, 2 * instruction.group, at));
    case 'close':
      return on(state + 1, 0, withPlace(places, 2 * instruction.group + 1, at));
    case 'same': {
      const [from, to] = [places[2 * instruction.group], places[2 * instruction.group + 1]];
      if (from === undefined || to === undefined) return [];
      return text.startsWith(text.slice(from, to), at) ? on(state + 1, to - from) : [];
    }
    default:
      return [];
  }
}

function withPlace(places: Places, index: number, at: number): Places {
  const changed = [...places];
  changed[index] = at;
  return changed;
}
