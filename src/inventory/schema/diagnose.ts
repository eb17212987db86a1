import type { Diagnostic } from '../../base/diagnostic.ts';
import { nearestName } from '../../base/nearest.ts';
import { type DataPath, keySourceAt, nodeAt, type Positioned } from '../../base/source.ts';
import { type Fault, faultsOf } from './faults.ts';
import type { VarName } from './host-vars.ts';
import { violations } from './validators.ts';
import { eachScalar, pathText, shown } from './walk.ts';

/**
 * Everything wrong with the value of one variable, except what only the builder can see. Without errors among them the
 * value has the type that `HostVars` states.
 */
export function diagnoseVariable(name: VarName, node: Positioned): Diagnostic[] {
  const templates = templateExpressions(name, node);
  if (templates.length > 0) return templates;
  const diagnostics: Diagnostic[] = [];
  const blamed = new Set<Positioned>();
  for (const fault of faultsOf(violations(name, node.value), node.value)) {
    const place = nodeAt(node, fault.path);
    blamed.add(place);
    diagnostics.push(diagnosticOf(name, node, place, fault));
  }
  eachScalar(node, (scalar, path) => {
    if (scalar.written !== undefined && typeof scalar.value !== 'boolean' && !blamed.has(scalar)) {
      diagnostics.push(surprise(name, path, scalar, scalar.written));
    }
  });
  return diagnostics;
}

function diagnosticOf(name: VarName, root: Positioned, place: Positioned, fault: Fault): Diagnostic {
  const where = pathText(name, fault.path);
  switch (fault.kind) {
    case 'unknown-key': {
      const nearest = nearestName(fault.key, fault.known);
      return {
        rule: 'unknown-key',
        severity: 'error',
        message: `${where} has no key ${shown(fault.key)}`,
        ranges: [keySourceAt(root, [...fault.path, fault.key])],
        found: fault.key,
        expected: fault.known.join(', '),
        ...(nearest === null ? {} : { nearest }),
        fix: nearest === null ? 'remove the key' : `write ${nearest}`,
      };
    }
    case 'missing-key':
      return {
        rule: 'missing-key',
        severity: 'error',
        message: `${where} lacks ${fault.key}`,
        ranges: [place.source],
        fix: `add ${fault.key}`,
      };
    default:
      return place.written === undefined || fault.expected === 'true or false'
        ? wrongValue(where, place, fault)
        : misread(where, place, fault, quotesMend(name, root, fault.path, place.written));
  }
}

function wrongValue(where: string, place: Positioned, fault: Fault & { kind: 'type' | 'value' }): Diagnostic {
  const empty = fault.data === null || fault.data === '';
  const nearest =
    fault.kind === 'value' && typeof fault.data === 'string' ? nearestName(fault.data, fault.allowed) : null;
  return {
    rule: fault.kind === 'type' ? 'wrong-type' : 'invalid-value',
    severity: 'error',
    message: empty ? `${where} is empty` : `${where} is ${shown(fault.data)}, which is not ${fault.expected}`,
    ranges: [place.source],
    found: shown(fault.data),
    expected: fault.expected,
    ...(nearest === null ? {} : { nearest }),
    fix: empty ? 'give a value or remove the line' : fixFor(fault, nearest),
  };
}

function fixFor(fault: Fault & { kind: 'type' | 'value' }, nearest: string | null): string {
  if (nearest !== null) return `write ${nearest}`;
  if (typeof fault.data === 'object' && fault.data !== null && '__ansible_vault' in fault.data) {
    return 'give the decrypted value: ansible-inventory --list prints it where the vault password is known';
  }
  return `write ${fault.expected}`;
}

/** The wrong type, because YAML 1.1 read the scalar as something else than it looks like. */
function misread(
  where: string,
  place: Positioned,
  { expected }: Fault & { kind: 'type' | 'value' },
  quotes: boolean,
): Diagnostic {
  const { written = '' } = place;
  return {
    rule: 'yaml-1.1-scalar',
    severity: 'error',
    message: `${where} is written ${written}, which Ansible reads as ${shown(place.value)}, not as ${expected}`,
    ranges: [place.source],
    found: `${written} (read as ${shown(place.value)})`,
    expected,
    fix: quotes ? `put it in quotes: "${written}"` : `write ${expected}`,
  };
}

/** Would the value be right as the text that stands there? */
function quotesMend(name: VarName, root: Positioned, path: DataPath, written: string): boolean {
  const quoted = replacedAt(root.value, path, written);
  const here = JSON.stringify(path);
  return faultsOf(violations(name, quoted), quoted).every((fault) => JSON.stringify(fault.path) !== here);
}

/** A copy of plain data with another value at the path. */
function replacedAt(value: unknown, [step, ...rest]: DataPath, replacement: unknown): unknown {
  if (step === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((one, index) => (index === step ? replacedAt(one, rest, replacement) : one));
  }
  if (typeof value !== 'object' || value === null) return value;
  return { ...value, [step]: replacedAt((value as Record<string, unknown>)[step], rest, replacement) };
}

/** The type fits, but the value is hardly the one that was meant. */
function surprise(name: VarName, path: DataPath, scalar: Positioned, written: string): Diagnostic {
  return {
    rule: 'yaml-1.1-scalar',
    severity: 'warning',
    message: `${pathText(name, path)} is written ${written}, but Ansible reads it as ${shown(scalar.value)}`,
    ranges: [scalar.source],
    found: `${written} (read as ${shown(scalar.value)})`,
    expected: 'a scalar that means what it looks like',
    fix: `put it in quotes if the text is meant ("${written}"), else write ${shown(scalar.value)}`,
  };
}

/** Nobody evaluates templates here: the rendered file would hold the braces. */
function templateExpressions(name: VarName, node: Positioned): Diagnostic[] {
  const found: Diagnostic[] = [];
  const report = (text: string, at: Positioned['source'], where: string): void => {
    found.push({
      rule: 'template-expression',
      severity: 'error',
      message: `${where} holds a template expression, which nothing evaluates here`,
      ranges: [at],
      found: shown(text),
      expected: 'a value',
      fix: 'give the value itself: ansible-inventory --list does not evaluate templates either',
    });
  };
  eachScalar(node, (scalar, path) => {
    if (isTemplate(scalar.value)) report(scalar.value, scalar.source, pathText(name, path));
  });
  return found;
}

function isTemplate(value: unknown): value is string {
  return typeof value === 'string' && /\{\{|\{%/.test(value);
}
