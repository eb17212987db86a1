import { type RegexNode, RegexSyntaxError } from './regex-parse.ts';

/**
 * One state of Thompson's machine; `accepts` consumes a character, 'start' and 'end' hold at the borders, 'split' goes both ways. 'open' and
 * 'close' note where a group lies that 'same' asks for: there are none where no group is asked for.
 */
export type Instruction =
  | { readonly kind: 'char'; readonly accepts: (code: number) => boolean }
  | { readonly kind: 'start' | 'end' | 'match' }
  | { readonly kind: 'split'; first: number; second: number }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'open' | 'close' | 'same'; readonly group: number };

const MAX_STATES = 5000;

/** The states of an expression, the first one first. */
export function compileProgram(node: RegexNode): readonly Instruction[] {
  const program: Instruction[] = [];
  emit(program, node, referredGroups(node));
  add(program, { kind: 'match' });
  return program;
}

function add<T extends Instruction>(program: Instruction[], instruction: T): T {
  if (program.length >= MAX_STATES) throw new RegexSyntaxError(`needs more than ${MAX_STATES} states`);
  program.push(instruction);
  return instruction;
}

function emit(program: Instruction[], node: RegexNode, referred: ReadonlySet<number>): void {
  switch (node.kind) {
    case 'char':
      add(program, { kind: 'char', accepts: node.accepts });
      return;
    case 'start':
    case 'end':
      add(program, { kind: node.kind });
      return;
    case 'sequence':
      for (const item of node.items) emit(program, item, referred);
      return;
    case 'same':
      add(program, { kind: 'same', group: node.group });
      return;
    case 'group':
      emitGroup(program, node, referred);
      return;
    case 'choice':
      emitChoice(program, node.items, referred);
      return;
    case 'repeat':
      emitRepeat(program, node, referred);
      return;
  }
}

function emitGroup(
  program: Instruction[],
  { item, group }: RegexNode & { kind: 'group' },
  referred: ReadonlySet<number>,
): void {
  if (referred.has(group)) add(program, { kind: 'open', group });
  emit(program, item, referred);
  if (referred.has(group)) add(program, { kind: 'close', group });
}

/** The groups whose text is asked for again. */
function referredGroups(node: RegexNode): ReadonlySet<number> {
  if (node.kind === 'same') return new Set([node.group]);
  if (node.kind === 'sequence' || node.kind === 'choice')
    return new Set(node.items.flatMap((item) => [...referredGroups(item)]));
  return node.kind === 'repeat' || node.kind === 'group' ? referredGroups(node.item) : new Set();
}

function emitChoice(
  program: Instruction[],
  items: readonly RegexNode[],
  referred: ReadonlySet<number>,
): void {
  const exits: { to: number }[] = [];
  items.forEach((item, index) => {
    if (index === items.length - 1) {
      emit(program, item, referred);
      return;
    }
    const split = add(program, { kind: 'split', first: program.length + 1, second: 0 });
    emit(program, item, referred);
    exits.push(add(program, { kind: 'jump', to: 0 }));
    split.second = program.length;
  });
  for (const exit of exits) exit.to = program.length;
}

function emitRepeat(
  program: Instruction[],
  node: RegexNode & { kind: 'repeat' },
  referred: ReadonlySet<number>,
): void {
  for (let i = 0; i < node.min; i++) emit(program, node.item, referred);
  if (node.max === Infinity) {
    const split = add(program, { kind: 'split', first: program.length + 1, second: 0 });
    const start = program.length - 1;
    emit(program, node.item, referred);
    add(program, { kind: 'jump', to: start });
    split.second = program.length;
    return;
  }
  const splits: { second: number }[] = [];
  for (let i = node.min; i < node.max; i++) {
    splits.push(add(program, { kind: 'split', first: program.length + 1, second: 0 }));
    emit(program, node.item, referred);
  }
  for (const split of splits) split.second = program.length;
}
