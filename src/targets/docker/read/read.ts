import type { Diagnostic } from '../../../base/diagnostic.ts';
import { parseJson } from '../../../base/json.ts';
import { nearestName } from '../../../base/nearest.ts';
import type { Positioned, SourceRange } from '../../../base/source.ts';
import type { ConfigFile, LineReport, ReadContext, ReadResult } from '../../target.ts';
import { dockerKeys, flagNames, kindFault, knowsKey } from '../keys.ts';
import { interpret } from './interpret.ts';

/** Reads daemon.json as dockerd of this version would: what it refuses is an error. Never throws. */
export function readDocker(files: ReadonlyMap<string, ConfigFile>, about: ReadContext): ReadResult {
  const file = files.get('daemon.json');
  if (!file) return { router: null, docker: null, lines: [], diagnostics: [missing(about.host)] };
  const { root, diagnostics: syntax } = parseJson(file.text, file.path);
  if (!root) return { router: null, docker: null, lines: [], diagnostics: syntax };
  if (!root.entries) {
    const finding = refused('daemon.json is not a mapping', root.source, 'Put the keys in braces.');
    return { router: null, docker: null, lines: [], diagnostics: [...syntax, finding] };
  }
  const diagnostics: Diagnostic[] = [...syntax];
  const lines: LineReport[] = [];
  const values = new Map<string, Positioned>();
  for (const [key, { key: place, node }] of root.entries) {
    if (Object.hasOwn(flagNames, key)) lines.push(flagName(key, place));
    else if (!knowsKey(about.version, key)) diagnostics.push(unknownKey(about.version, key, place));
    else {
      const expected = kindFault(key, node.value);
      if (expected) diagnostics.push(wrongKind(key, node, expected));
      else if (node.value !== null) values.set(key, node);
    }
  }
  const { docker, diagnostics: faults } = interpret(values, root.source, about.version);
  return { router: null, docker, lines, diagnostics: [...diagnostics, ...faults] };
}

function missing(host: string): Diagnostic {
  return {
    rule: 'config-missing',
    severity: 'error',
    message: `${host}: daemon.json is not there`,
    ranges: [],
    host,
    fix: 'Render again.',
  };
}

function flagName(key: string, source: SourceRange): LineReport {
  const effect = `dockerd ignores the name of a flag; the key is '${flagNames[key]}'`;
  return { status: 'unmodelled', matters: false, text: key, effect, source };
}

function unknownKey(version: string, key: string, place: SourceRange): Diagnostic {
  const known = Object.keys(dockerKeys).filter((name) => knowsKey(version, name));
  const near = nearestName(key, known);
  return {
    ...refused(
      `dockerd ${version} refuses the key '${key}' (the directives don't match any configuration option)`,
      place,
      near ? `Write '${near}'.` : 'Remove the key.',
    ),
    found: key,
    ...(near ? { nearest: near } : {}),
  };
}

function wrongKind(key: string, node: Positioned, expected: string): Diagnostic {
  const finding = refused(
    `dockerd cannot decode '${key}': it must be ${expected}`,
    node.source,
    `Give ${expected}.`,
  );
  return { ...finding, found: JSON.stringify(node.value), expected };
}

function refused(message: string, source: SourceRange, fix: string): Diagnostic {
  return { rule: 'config-refused', severity: 'error', message, ranges: [source], fix };
}
