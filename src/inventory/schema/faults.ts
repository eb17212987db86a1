import type { ErrorObject } from 'ajv';
import type { DataPath } from '../../base/source.ts';

/** One thing that is wrong with a value, after the alternatives of a union were weighed against each other. */
export type Fault =
  | { readonly kind: 'type'; readonly path: DataPath; readonly data: unknown; readonly expected: string }
  | {
      readonly kind: 'value';
      readonly path: DataPath;
      readonly data: unknown;
      readonly expected: string;
      readonly allowed: readonly string[];
    }
  | {
      readonly kind: 'unknown-key';
      readonly path: DataPath;
      readonly key: string;
      readonly known: readonly string[];
    }
  | { readonly kind: 'missing-key'; readonly path: DataPath; readonly key: string };

/**
 * Turns ajv's errors into faults. A union reports every branch; here the one branch whose type fits the value speaks, and
 * where none or several fit, the union itself does, in one sentence.
 */
export function faultsOf(errors: readonly ErrorObject[], root: unknown): Fault[] {
  const unions = errors.filter((error) => error.keyword === 'anyOf');
  // Outermost first: an inner union is part of a branch of the outer one.
  unions.sort(
    (a, b) => a.schemaPath.length - b.schemaPath.length || a.instancePath.length - b.instancePath.length,
  );
  const dropped = new Set<ErrorObject>();
  const words = new Map<ErrorObject, readonly string[]>();
  for (const union of unions) {
    if (dropped.has(union)) continue;
    const branches = branchesOf(union, errors);
    const fitting = [...branches.values()].filter((branch) => branch.every((e) => !rejectsType(e, union)));
    const speaks = isNested(union.data) && fitting.length === 1 ? fitting[0] : undefined;
    if (!speaks) words.set(union, allowedWords([...branches.values()].flat(), union));
    for (const branch of branches.values()) {
      if (branch !== speaks) for (const error of branch) dropped.add(error);
    }
    if (speaks) dropped.add(union);
  }
  return errors
    .filter((error) => !dropped.has(error))
    .map((error) => faultOf(error, root, words.get(error) ?? error.params['allowedValues']));
}

/** A scalar is described better by the union as a whole; inside a mapping or list the branch knows what is wrong. */
function isNested(data: unknown): boolean {
  return typeof data === 'object' && data !== null;
}

/** The words the branches of a union take for a scalar, for the nearest one. */
function allowedWords(branch: readonly ErrorObject[], union: ErrorObject): string[] {
  return branch
    .filter((error) => error.instancePath === union.instancePath)
    .flatMap((error): unknown[] => {
      const { allowedValues, allowedValue } = error.params;
      return Array.isArray(allowedValues) ? allowedValues : allowedValue === undefined ? [] : [allowedValue];
    })
    .map(String);
}

function branchesOf(union: ErrorObject, errors: readonly ErrorObject[]): Map<string, ErrorObject[]> {
  const prefix = `${union.schemaPath}/`;
  const branches = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    if (!error.schemaPath.startsWith(prefix) || !isWithin(error.instancePath, union.instancePath)) continue;
    const branch = error.schemaPath.slice(prefix.length).split('/', 1)[0] ?? '';
    const list = branches.get(branch);
    if (list) list.push(error);
    else branches.set(branch, [error]);
  }
  return branches;
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}

/** Is the branch for another kind of value altogether? A union inside a branch rejects what all of its branches reject. */
function rejectsType(error: ErrorObject, union: ErrorObject): boolean {
  if (error.instancePath !== union.instancePath) return false;
  return error.keyword === 'type' || error.keyword === 'const' || error.keyword === 'enum';
}

function faultOf(error: ErrorObject, root: unknown, words: unknown): Fault {
  const path = pathOf(error.instancePath, root);
  const data: unknown = error.data;
  const expected = expectationOf(error);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      return { kind: 'unknown-key', path, key, known: Object.keys(error.parentSchema?.['properties'] ?? {}) };
    }
    case 'required':
      return { kind: 'missing-key', path, key: String(error.params['missingProperty']) };
    case 'type':
      return { kind: 'type', path, data, expected };
    default: {
      const allowed = Array.isArray(words) ? words.map(String) : [];
      if (error.keyword === 'anyOf' && allowed.length === 0) return { kind: 'type', path, data, expected };
      return { kind: 'value', path, data, expected, allowed };
    }
  }
}

function expectationOf(error: ErrorObject): string {
  const { keyword, params, parentSchema } = error;
  if (keyword === 'enum') return listed(params['allowedValues'] as readonly unknown[]);
  if (keyword === 'const') return String(params['allowedValue']);
  if (keyword === 'uniqueItems') return 'each value once';
  if (keyword === 'minItems') return 'at least one entry';
  if (keyword === 'minLength') return 'a text that is not empty';
  const title: unknown = parentSchema?.['title'];
  if (typeof title === 'string') return title;
  const allowed: unknown = parentSchema?.['enum'];
  if (Array.isArray(allowed)) return listed(allowed);
  return typeWords[String(params['type'])] ?? String(error.message);
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
};

function listed(values: readonly unknown[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

/** A JSON pointer as a path; a step is an index where the value really holds a list there. */
function pathOf(pointer: string, root: unknown): DataPath {
  const path: (string | number)[] = [];
  let value = root;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = (value as Record<string, unknown> | undefined)?.[key];
  }
  return path;
}
