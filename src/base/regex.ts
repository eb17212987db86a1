import { parseRegex, type RegexOptions, RegexSyntaxError } from './regex-parse.ts';
import { compileProgram, type Instruction } from './regex-program.ts';
import { runReferring } from './regex-references.ts';

/** A compiled expression: `test` takes time proportional to text times states, whatever the expression; where it refers to a group, a bounded number of steps. */
export interface Regex {
  readonly test: (text: string) => boolean;
}

/** Compiles; a string says why it cannot be used (malformed, or over the bounds). */
export function compileRegex(text: string, options: RegexOptions): Regex | string {
  try {
    const program = compileProgram(parseRegex(text, options));
    if (program.some(({ kind }) => kind === 'same'))
      return { test: (subject) => runReferring(program, subject) };
    return { test: (subject) => run(program, subject) };
  } catch (error) {
    if (error instanceof RegexSyntaxError) return error.message;
    throw error;
  }
}

/** All states at once, one character after another: no backtracking. Unanchored, as grep. */
function run(program: readonly Instruction[], text: string): boolean {
  const seen = new Int32Array(program.length).fill(-1);
  let current: number[] = [];
  for (let at = 0; at <= text.length; at++) {
    const next: number[] = [];
    if (follow(program, 0, at, text.length, seen, current)) return true;
    for (const state of current) {
      const instruction = program[state];
      if (instruction?.kind !== 'char' || at >= text.length) continue;
      if (instruction.accepts(text.charCodeAt(at))) next.push(state + 1);
    }
    current = [];
    for (const state of next) {
      if (follow(program, state, at + 1, text.length, seen, current)) return true;
    }
  }
  return false;
}

/** Adds every consuming state reachable without a character to `into`; true where the end of the program is. */
function follow(
  program: readonly Instruction[],
  start: number,
  at: number,
  length: number,
  seen: Int32Array,
  into: number[],
): boolean {
  const stack = [start];
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    if (seen[state] === at) continue;
    seen[state] = at;
    const instruction = program[state];
    if (instruction === undefined) continue;
    if (instruction.kind === 'match') return true;
    if (instruction.kind === 'char') into.push(state);
    else if (instruction.kind === 'jump') stack.push(instruction.to);
    else if (instruction.kind === 'split') stack.push(instruction.second, instruction.first);
    else if ((instruction.kind === 'start' && at === 0) || (instruction.kind === 'end' && at === length)) {
      stack.push(state + 1);
    }
  }
  return false;
}
