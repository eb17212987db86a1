import { parseRegex, type RegexNode, type RegexOptions, RegexSyntaxError } from './regex-parse.ts';

/** A compiled expression: `test` takes time proportional to text times states, whatever the expression. */
export interface Regex {
  readonly test: (text: string) => boolean;
}

/** Compiles; a string says why it cannot be used (malformed, or over the bounds). */
export function compileRegex(text: string, options: RegexOptions): Regex | string {
  try {
    const program = compile(parseRegex(text, options));
    return { test: (subject) => run(program, subject) };
  } catch (error) {
    if (error instanceof RegexSyntaxError) return error.message;
    throw error;
  }
}

/** One state of Thompson's machine; `accepts` consumes a character, 'start' and 'end' hold at the borders, 'split' goes both ways. */
type Instruction =
  | { readonly kind: 'char'; readonly accepts: (code: number) => boolean }
  | { readonly kind: 'start' | 'end' | 'match' }
  | { readonly kind: 'split'; first: number; second: number }
  | { readonly kind: 'jump'; to: number };

const MAX_STATES = 5000;

function compile(node: RegexNode): readonly Instruction[] {
  const program: Instruction[] = [];
  emit(program, node);
  add(program, { kind: 'match' });
  return program;
}

function add<T extends Instruction>(program: Instruction[], instruction: T): T {
  if (program.length >= MAX_STATES) throw new RegexSyntaxError(`needs more than ${MAX_STATES} states`);
  program.push(instruction);
  return instruction;
}

function emit(program: Instruction[], node: RegexNode): void {
  switch (node.kind) {
    case 'char':
      add(program, { kind: 'char', accepts: node.accepts });
      return;
    case 'start':
    case 'end':
      add(program, { kind: node.kind });
      return;
    case 'sequence':
      for (const item of node.items) emit(program, item);
      return;
    case 'choice':
      emitChoice(program, node.items);
      return;
    case 'repeat':
      emitRepeat(program, node);
      return;
  }
}

function emitChoice(program: Instruction[], items: readonly RegexNode[]): void {
  const exits: { to: number }[] = [];
  items.forEach((item, index) => {
    if (index === items.length - 1) {
      emit(program, item);
      return;
    }
    const split = add(program, { kind: 'split', first: program.length + 1, second: 0 });
    emit(program, item);
    exits.push(add(program, { kind: 'jump', to: 0 }));
    split.second = program.length;
  });
  for (const exit of exits) exit.to = program.length;
}

function emitRepeat(program: Instruction[], node: RegexNode & { kind: 'repeat' }): void {
  for (let i = 0; i < node.min; i++) emit(program, node.item);
  if (node.max === Infinity) {
    const split = add(program, { kind: 'split', first: program.length + 1, second: 0 });
    const start = program.length - 1;
    emit(program, node.item);
    add(program, { kind: 'jump', to: start });
    split.second = program.length;
    return;
  }
  const splits: { second: number }[] = [];
  for (let i = node.min; i < node.max; i++) {
    splits.push(add(program, { kind: 'split', first: program.length + 1, second: 0 }));
    emit(program, node.item);
  }
  for (const split of splits) split.second = program.length;
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
