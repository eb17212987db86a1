import type { SourceRange } from '../../../base/source.ts';
import type { PathData } from '../../attributes.ts';
import type { PathStore } from '../../path-store.ts';
import type { PolicySubject } from '../match.ts';
import { attributes } from './attributes.ts';
import { walked } from './lists.ts';
import { operations } from './operations.ts';
import { ownValue, withOwn } from './own-attributes.ts';
import { placeInSet } from './sets.ts';
import type { Branch, Command, Expression, MaskItem, Program, SetItem, Value, ValueType } from './types.ts';
import { asTruth, nothing, RuntimeFault } from './values.ts';

/** What became of a route. `source`: the command that decided; null: the program came to its end, which rejects. */
export interface ProgramOutcome {
  readonly accepted: boolean;
  readonly path: PathData;
  readonly source: SourceRange | null;
  /** A runtime error in words; null: none. */
  readonly fault: string | null;
}

/** Beyond these a program is taken to run for ever; BIRD's own stack is about as deep. */
const MOST_STEPS = 200_000;
const DEEPEST_CALL = 64;

interface Run {
  /** A term of the file itself: there is no route to ask or to change. */
  readonly isBare?: boolean;
  path: PathData;
  readonly subject: PolicySubject;
  readonly store: PathStore;
  steps: number;
  depth: number;
  /** The command that runs, for what a runtime error says. */
  at: SourceRange | null;
}

type Frame = Value[];

/** How a list of commands ended early; null: it ran to its end. */
type Ended =
  | { readonly kind: 'verdict'; readonly accept: boolean; readonly source: SourceRange }
  | { readonly kind: 'return'; readonly value: Value; readonly source: SourceRange }
  | null;

/** Runs a program over a path. Always ends: steps and calls are bounded, and a runtime error rejects as in BIRD. */
export function runProgram(
  program: Program,
  path: PathData,
  subject: PolicySubject,
  store: PathStore,
): ProgramOutcome {
  const run: Run = { path, subject, store, steps: 0, depth: 0, at: null };
  try {
    const ended = perform(run, emptyFrame(program.slots), program.body);
    const source = ended?.source ?? null;
    if (ended?.kind === 'return') {
      const { value } = ended;
      return { accepted: value.type === 'bool' && value.value, path: stored(run.path), source, fault: null };
    }
    return { accepted: ended?.accept ?? false, path: stored(run.path), source, fault: null };
  } catch (error) {
    if (error instanceof Decided) {
      const { accept, source } = error.ended;
      return { accepted: accept, path: stored(run.path), source, fault: null };
    }
    if (!(error instanceof RuntimeFault)) throw error;
    return { accepted: false, path: stored(run.path), source: run.at, fault: error.message };
  }
}

/** Behind the policy an empty list is there, whatever it stood for before. */
function stored(path: PathData): PathData {
  return path.emptyLists ? { ...path, emptyLists: path.emptyLists.toUpperCase() } : path;
}

function emptyFrame(slots: number): Frame {
  return Array.from({ length: slots }, () => nothing);
}

function perform(run: Run, frame: Frame, commands: readonly Command[]): Ended {
  for (const command of commands) {
    step(run);
    run.at = command.source;
    const ended = performOne(run, frame, command);
    if (ended) return ended;
  }
  return null;
}

function step(run: Run): void {
  if (++run.steps > MOST_STEPS) throw new RuntimeFault('the filter does not come to an end');
}

function performOne(run: Run, frame: Frame, command: Command): Ended {
  switch (command.kind) {
    case 'set-variable':
      frame[command.slot] = fitted(evaluate(run, frame, command.value), command.type);
      return null;
    case 'set-attribute':
      assign(run, command, evaluate(run, frame, command.value));
      return null;
    case 'unset':
      needsRoute(run);
      if (command.own) run.path = { ...run.path, own: withOwn(run.path.own, command.name, null) };
      else run.path = { ...run.path, ...attributes[command.name]?.unset?.(run.path) };
      return null;
    case 'if':
      return perform(
        run,
        frame,
        asTruth(evaluate(run, frame, command.condition)) ? command.body : command.otherwise,
      );
    case 'case':
      return perform(run, frame, chosen(evaluate(run, frame, command.value), command.branches));
    case 'for':
      return repeat(run, frame, command);
    case 'return':
      return { kind: 'return', value: evaluate(run, frame, command.value), source: command.source };
    case 'verdict':
      return { kind: 'verdict', accept: command.accept, source: command.source };
    case 'evaluate':
      evaluate(run, frame, command.value);
      return null;
  }
}

/** All labels of a `case` are one set, `else` as well, which nothing is found in (filter/config.Y `switch_body`). */
interface Labels {
  readonly items: readonly SetItem[];
  /** By item. */
  readonly branches: readonly Branch[];
}

const elseLabel: SetItem = { from: nothing, to: nothing };
const labels = new WeakMap<readonly Branch[], Labels>();

function chosen(value: Value, branches: readonly Branch[]): readonly Command[] {
  let known = labels.get(branches);
  if (!known) {
    const pairs = branches.flatMap((branch) =>
      (branch.items ?? [elseLabel]).map((item) => ({ item, branch })),
    );
    known = { items: pairs.map(({ item }) => item), branches: pairs.map(({ branch }) => branch) };
    labels.set(branches, known);
  }
  const fitting = known.branches[placeInSet(known.items, value) ?? -1];
  return (fitting ?? branches.find(({ items }) => items === null))?.body ?? [];
}

function repeat(run: Run, frame: Frame, { over, slot, body }: Command & { kind: 'for' }): Ended {
  const values = walked(evaluate(run, frame, over));
  if (values === null) throw new RuntimeFault('for needs a path or a list');
  for (const value of values) {
    frame[slot] = value;
    const ended = perform(run, frame, body);
    if (ended) return ended;
  }
  return null;
}

/** A variable takes its own type; nothing at all may be kept as well, and an IPv4 address is a quad. */
function fitted(value: Value, type: ValueType): Value {
  if (value.type === type || value.type === 'void') return value;
  if (type === 'quad' && value.type === 'ip' && value.value.family === 4)
    return { type: 'quad', value: Number(value.value.value) };
  // An empty list of one kind of square brackets fits every set.
  if (type === 'prefix set' && value.type === 'set' && value.value.length === 0)
    return { type: 'prefix set', value: [] };
  throw new RuntimeFault(`a variable of type ${type} cannot take ${value.type}`);
}

function assign(run: Run, { name, own }: Command & { kind: 'set-attribute' }, value: Value): void {
  needsRoute(run);
  if (own) {
    run.path = { ...run.path, own: withOwn(run.path.own, name, fitted(value, own)) };
    return;
  }
  const attribute = attributes[name];
  const quad = attribute?.takes === 'quad' && value.type === 'ip' && value.value.family === 4;
  if (attribute?.takes !== value.type && !quad) throw new RuntimeFault(`${name} cannot take ${value.type}`);
  run.path = { ...run.path, ...attribute?.set?.(run, value) };
}

function evaluate(run: Run, frame: Frame, expression: Expression): Value {
  step(run);
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'variable':
      return frame[expression.slot] ?? nothing;
    case 'attribute':
      return attributeOf(run, expression);
    case 'and':
      return asTruth(evaluate(run, frame, expression.left))
        ? evaluate(run, frame, expression.right)
        : { type: 'bool', value: false };
    case 'or':
      return asTruth(evaluate(run, frame, expression.left))
        ? { type: 'bool', value: true }
        : evaluate(run, frame, expression.right);
    case 'operation': {
      const operands = expression.operands.map((operand) => evaluate(run, frame, operand));
      return operations[expression.operation]?.(operands) ?? nothing;
    }
    case 'call':
      return call(run, frame, expression);
    case 'mask':
      return { type: 'bgpmask', value: maskOf(run, frame, expression.items) };
  }
}

/** What was set for the kernel stands before what came from there. */
function attributeOf(run: Run, { name, own }: Expression & { kind: 'attribute' }): Value {
  needsRoute(run);
  const value = own ? ownValue(run.path.own, name, own) : nothing;
  return value.type === 'void' ? (attributes[name]?.get(run) ?? nothing) : value;
}

/** A function that ends without `return` gives nothing; a verdict inside it ends the whole filter. */
function call(run: Run, frame: Frame, { function: called, operands }: Expression & { kind: 'call' }): Value {
  if (++run.depth > DEEPEST_CALL) throw new RuntimeFault(`function ${called.name} calls itself without end`);
  const inner = emptyFrame(called.slots);
  operands.forEach((operand, place) => {
    inner[place] = fitted(evaluate(run, frame, operand), called.parameters[place] ?? 'void');
  });
  const ended = perform(run, inner, called.body);
  run.depth--;
  if (ended?.kind === 'verdict') throw new Decided(ended);
  return ended?.value ?? nothing;
}

/** Carries `accept` and `reject` of a function out of the expression that called it. */
class Decided extends Error {
  readonly ended: Extract<Ended, { kind: 'verdict' }>;

  constructor(ended: Extract<Ended, { kind: 'verdict' }>) {
    super();
    this.ended = ended;
  }
}

function maskOf(
  run: Run,
  frame: Frame,
  items: (Expression & { kind: 'mask' })['items'],
): readonly MaskItem[] {
  return items.map((item): MaskItem => {
    if (item.kind === 'any-number' || item.kind === 'any-one' || item.kind === 'range' || item.kind === 'set')
      return item;
    const value = evaluate(run, frame, item);
    if (value.type === 'int') return { kind: 'range', from: value.value, to: value.value };
    if (value.type === 'set') return { kind: 'set', items: value.value };
    throw new RuntimeFault('a path mask takes numbers and sets of numbers');
  });
}

/** The value of an expression that asks nothing of a route; null where it does, or where it fails. */
export function evaluateConstant(expression: Expression): Value | null {
  const value = workedOut(expression);
  return typeof value === 'string' ? null : value;
}

const noRoute = { isBare: true } as Pick<Run, 'isBare' | 'path' | 'subject' | 'store'>;

function needsRoute(run: Run): void {
  if (run.isBare) throw new RuntimeFault('there is no route here');
}

/** `evaluateConstant`, with what is wrong in words. */
export function workedOut(expression: Expression): Value | string {
  try {
    return evaluate({ ...noRoute, steps: 0, depth: 0, at: null }, [], expression);
  } catch (error) {
    if (error instanceof RuntimeFault) return error.message;
    if (error instanceof Decided) return 'a function decides instead of giving a value';
    throw error;
  }
}
