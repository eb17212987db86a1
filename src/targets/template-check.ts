import Handlebars from 'handlebars';
import type { Diagnostic } from '../base/diagnostic.ts';
import { nearestName } from '../base/nearest.ts';
import type { SourceRange } from '../base/source.ts';
import type { ConfigFile } from './target.ts';
import { syntaxDiagnostic } from './template-syntax.ts';

/** A template as read: the syntax tree, or null with the reasons. */
export interface TemplateSyntax {
  readonly program: hbs.AST.Program | null;
  readonly diagnostics: readonly Diagnostic[];
  /** The first argument of each block, by the place of the block as `UnknownArgument` names it. */
  readonly blockArguments: ReadonlyMap<string, hbs.AST.Expression>;
}

/**
 * The closed set of helpers: Handlebars' own four, which print and do not compute. Unlike Handlebars' they refuse a name
 * that is not in the context: `strict` looks only at what is printed, and a misspelt `{{#if}}` would silently drop its lines.
 */
export const templateHelpers: Readonly<Record<string, Handlebars.HelperDelegate>> = Object.fromEntries(
  (['each', 'if', 'unless', 'with'] as const).map((name) => {
    const builtIn = Handlebars.helpers[name] as Handlebars.HelperDelegate;
    const helper = function (this: unknown, value: unknown, options: Handlebars.HelperOptions): unknown {
      if (value === undefined) throw new UnknownArgument(name, options);
      return builtIn.call(this, value, options);
    };
    return [name, helper];
  }),
);

/** Thrown by a helper; `loc` is the place of its block, which Handlebars gives to helpers though its types leave it out. */
export class UnknownArgument extends Error {
  readonly at: string;
  constructor(helper: string, options: Handlebars.HelperOptions) {
    super(`#${helper} is given a name that is not in the context`);
    const { loc } = options as unknown as { readonly loc?: hbs.AST.SourceLocation };
    this.at = loc ? keyOf(loc) : '';
  }
}

function keyOf(loc: hbs.AST.SourceLocation): string {
  return `${loc.start.line}:${loc.start.column}`;
}

/** Parses a template and refuses helpers and partials that do not exist, all at once and before anything is printed. */
export function checkTemplate(file: ConfigFile, partials: readonly string[]): TemplateSyntax {
  let program: hbs.AST.Program;
  try {
    program = Handlebars.parse(file.text);
  } catch (failure) {
    const diagnostics = [syntaxDiagnostic(file, failure as Error)];
    return { program: null, diagnostics, blockArguments: new Map() };
  }
  const finder = new NameFinder(file.path, partials);
  finder.accept(program);
  const { diagnostics, blockArguments } = finder;
  return { program: diagnostics.length > 0 ? null : program, diagnostics, blockArguments };
}

class NameFinder extends Handlebars.Visitor {
  readonly diagnostics: Diagnostic[] = [];
  readonly blockArguments = new Map<string, hbs.AST.Expression>();
  readonly #file: string;
  readonly #partials: readonly string[];

  constructor(file: string, partials: readonly string[]) {
    super();
    this.#file = file;
    this.#partials = partials;
  }

  override MustacheStatement(statement: hbs.AST.MustacheStatement): void {
    this.#helper(statement.path, statement);
    super.MustacheStatement(statement);
  }

  override BlockStatement(block: hbs.AST.BlockStatement): void {
    if (!(block.path.original in templateHelpers)) this.#unknown('helper', block.path);
    const [argument] = block.params;
    if (argument) this.blockArguments.set(keyOf(block.loc), argument);
    super.BlockStatement(block);
  }

  override SubExpression(expression: hbs.AST.SubExpression): void {
    this.#unknown('helper', expression.path);
    super.SubExpression(expression);
  }

  override PartialStatement(partial: hbs.AST.PartialStatement): void {
    this.#partial(partial.name);
    super.PartialStatement(partial);
  }

  override PartialBlockStatement(partial: hbs.AST.PartialBlockStatement): void {
    this.#partial(partial.name);
    super.PartialBlockStatement(partial);
  }

  #helper(
    path: hbs.AST.Expression,
    call: { readonly params: readonly unknown[]; readonly hash?: hbs.AST.Hash },
  ): void {
    const isCall = call.params.length > 0 || (call.hash?.pairs.length ?? 0) > 0;
    if (isCall) this.#unknown('helper', path);
  }

  /** A partial whose name is computed is refused for the helper that computes it. */
  #partial(name: hbs.AST.Expression): void {
    if (name.type === 'SubExpression') return;
    const { original } = name as hbs.AST.PathExpression;
    if (!this.#partials.includes(String(original))) this.#unknown('partial', name);
  }

  #unknown(kind: 'helper' | 'partial', expression: hbs.AST.Expression): void {
    const known = kind === 'helper' ? Object.keys(templateHelpers) : this.#partials;
    const name = String((expression as hbs.AST.PathExpression).original ?? '(expression)');
    const near = nearestName(name, known);
    this.diagnostics.push({
      rule: 'template-unknown-name',
      severity: 'error',
      message: `the template uses the ${kind} '${name}', which does not exist`,
      ranges: [rangeOf(this.#file, expression.loc)],
      found: name,
      expected:
        kind === 'helper' ? known.map((helper) => `#${helper}`).join(', ') : 'a template of the same folder',
      ...(near ? { nearest: near } : {}),
      fix: near ? `write '${near}'` : `remove the ${kind}`,
    });
  }
}

function rangeOf(file: string, loc: hbs.AST.SourceLocation): SourceRange {
  return {
    file,
    line: loc.start.line,
    column: loc.start.column + 1,
    endLine: loc.end.line,
    endColumn: loc.end.column + 1,
  };
}
