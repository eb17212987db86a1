import Handlebars from 'handlebars';
import type { Diagnostic } from '../base/diagnostic.ts';
import { nearestName } from '../base/nearest.ts';
import type { SourceRange } from '../base/source.ts';
import type { ConfigFile } from './target.ts';
import { checkTemplate, type TemplateSyntax, templateHelpers, UnknownArgument } from './template-check.ts';

/** Every template by its name below `templates/` (`frr/bgpd.conf.hbs`), with the path to say in diagnostics. */
export type TemplateFiles = ReadonlyMap<string, ConfigFile>;

/** The text a template printed, or why it could not. */
export type Printed = { readonly text: string } | { readonly diagnostics: readonly Diagnostic[] };

export interface TemplateEngine {
  /** Prints `context` through the template of this name. Never throws. */
  print(name: string, context: Readonly<Record<string, unknown>>): Printed;
}

type Compiled = { readonly diagnostics: readonly Diagnostic[]; readonly run: Handlebars.TemplateDelegate };

/** What Handlebars hangs on the exceptions it throws; `templatePath` is ours: the innermost template that failed. */
interface TemplateFailure {
  readonly message?: string;
  readonly lineNumber?: number;
  readonly column?: number;
  readonly endLineNumber?: number;
  readonly endColumn?: number;
  readonly templatePath?: string;
  readonly unknownName?: string;
}

/** `strict` refuses unknown names, `noEscape` because nothing here is HTML, helpers are the closed set. */
const compileOptions = {
  strict: true,
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: { ...templateHelpers, log: false, lookup: false },
} as CompileOptions;

/**
 * Compiles each template once, when it is first used. A partial `{{> name}}` is the file `name.hbs` in the folder of the
 * target that uses it; it can be overridden like any other template.
 */
export function templateEngine(files: TemplateFiles): TemplateEngine {
  const folders = new Map<string, typeof Handlebars>();
  const compiled = new Map<string, Compiled>();

  const compile = (name: string, file: ConfigFile): Compiled => {
    const known = compiled.get(name);
    if (known) return known;
    const folder = name.slice(0, name.indexOf('/') + 1);
    const instance = folders.get(folder) ?? handlebarsFor(folder, files, compile);
    folders.set(folder, instance);
    const syntax = checkTemplate(file, partialNames(folder, files));
    const result = {
      diagnostics: syntax.diagnostics,
      run: syntax.program
        ? naming(file.path, syntax, instance.compile(syntax.program, compileOptions))
        : () => '',
    };
    compiled.set(name, result);
    return result;
  };

  return {
    print(name, context) {
      const file = files.get(name);
      if (!file) return { diagnostics: [missingTemplate(name, files)] };
      const { diagnostics, run } = compile(name, file);
      if (diagnostics.length > 0) return { diagnostics };
      try {
        return { text: run(context) };
      } catch (failure) {
        return { diagnostics: failureDiagnostics(failure as TemplateFailure, file.path, context) };
      }
    },
  };
}

/** An instance of its own, so that no helper or partial of someone else's is in reach. */
function handlebarsFor(
  folder: string,
  files: TemplateFiles,
  compile: (name: string, file: ConfigFile) => Compiled,
): typeof Handlebars {
  const instance = Handlebars.create();
  for (const name of Object.keys(instance.helpers)) {
    if (name !== 'helperMissing' && name !== 'blockHelperMissing') instance.unregisterHelper(name);
  }
  for (const [name, helper] of Object.entries(templateHelpers)) instance.registerHelper(name, helper);
  for (const partial of partialNames(folder, files)) {
    const name = `${folder}${partial}.hbs`;
    const file = files.get(name);
    if (!file) continue;
    instance.registerPartial(partial, (context, options) => {
      const { diagnostics, run } = compile(name, file);
      if (diagnostics.length > 0) throw new BrokenPartial(diagnostics);
      return run(context, options);
    });
  }
  return instance;
}

/** Carries the findings of a partial through Handlebars' own frames to `print`. */
class BrokenPartial extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super('a partial that cannot be used');
    this.diagnostics = diagnostics;
  }
}

function partialNames(folder: string, files: TemplateFiles): readonly string[] {
  const names = [];
  for (const name of files.keys()) {
    if (name.startsWith(folder)) names.push(name.slice(folder.length, -'.hbs'.length));
  }
  return names;
}

/** Says of a failure which template it came from, and for a block which of its arguments is missing. */
function naming(
  path: string,
  syntax: TemplateSyntax,
  run: Handlebars.TemplateDelegate,
): Handlebars.TemplateDelegate {
  return (context, options) => {
    try {
      return run(context, options);
    } catch (failure) {
      throw locate(failure, path, syntax);
    }
  };
}

function locate(failure: unknown, path: string, { blockArguments }: TemplateSyntax): unknown {
  if (!(failure instanceof Error) || 'templatePath' in failure) return failure;
  const located: TemplateFailure = Object.assign(failure, { templatePath: path });
  const argument = failure instanceof UnknownArgument ? blockArguments.get(failure.at) : undefined;
  if (!argument) return located;
  const { start, end } = argument.loc;
  return Object.assign(located, {
    unknownName: String((argument as hbs.AST.PathExpression).original),
    lineNumber: start.line,
    column: start.column,
    endLineNumber: end.line,
    endColumn: end.column,
  });
}

function missingTemplate(name: string, files: TemplateFiles): Diagnostic {
  const near = nearestName(name, files.keys());
  return {
    rule: 'template-unknown-name',
    severity: 'error',
    message: `there is no template '${name}'`,
    ranges: [],
    found: name,
    ...(near ? { nearest: near } : {}),
    fix: 'restore the file below templates/',
  };
}

function failureDiagnostics(
  failure: TemplateFailure,
  outer: string,
  context: Readonly<Record<string, unknown>>,
): readonly Diagnostic[] {
  if (failure instanceof BrokenPartial) return failure.diagnostics;
  const ranges = [rangeOf(failure, failure.templatePath ?? outer)];
  const message = failure.message ?? String(failure);
  const unknown = failure.unknownName ?? /^"(.*)" not defined in /.exec(message)?.[1];
  if (unknown === undefined) {
    const why = message.replace(/ - \d+:\d+$/, '');
    return [
      {
        rule: 'template-error',
        severity: 'error',
        message: `the template fails while it prints: ${why}`,
        ranges,
        fix: 'correct the template, or delete the override to use the built-in one',
      },
    ];
  }
  const near = nearestName(unknown, keysIn(context));
  return [
    {
      rule: 'template-unknown-name',
      severity: 'error',
      message: `the template names '${unknown}', which it is not given`,
      ranges,
      found: unknown,
      ...(near ? { nearest: near } : {}),
      fix: near ? `write '${near}'` : 'use one of the names the built-in template uses',
    },
  ];
}

function rangeOf(failure: TemplateFailure, file: string): SourceRange {
  if (failure.lineNumber === undefined || failure.column === undefined) return { file, line: 1, column: 1 };
  const end =
    failure.endLineNumber !== undefined && failure.endColumn !== undefined
      ? { endLine: failure.endLineNumber, endColumn: failure.endColumn + 1 }
      : {};
  return { file, line: failure.lineNumber, column: failure.column + 1, ...end };
}

/** Every key anywhere in the context, as candidates for the nearest name; the first element stands for a list. */
function keysIn(value: unknown, keys = new Set<string>(), depth = 0): Set<string> {
  if (depth > 8 || typeof value !== 'object' || value === null) return keys;
  if (Array.isArray(value)) return keysIn(value[0], keys, depth + 1);
  for (const [key, inner] of Object.entries(value)) {
    keys.add(key);
    keysIn(inner, keys, depth + 1);
  }
  return keys;
}
