import type { Diagnostic } from '../base/diagnostic.ts';
import type { ConfigFile } from './target.ts';

/**
 * Handlebars tells the place of a parse error only in its message: the line in the first words, and around the caret up to
 * twenty characters of what comes before and after, with line ends left out.
 */
export function syntaxDiagnostic(
  file: ConfigFile,
  failure: Error & { lineNumber?: number; column?: number },
): Diagnostic {
  const [first = '', excerpt = '', caret = '', expectation = ''] = failure.message.split('\n');
  const line = failure.lineNumber ?? Number(/on line (\d+)/.exec(first)?.[1] ?? 1);
  const before = excerpt.slice(0, caret.indexOf('^')).replace(/^\.\.\./, '');
  const text = file.text.split('\n')[line - 1] ?? '';
  const column = failure.column ?? columnOf(text, before);
  const [, expected, found] = /^Expecting (.*), got '(\w+)'/.exec(expectation) ?? [];
  const what = found
    ? `${written(found)} is not expected here`
    : expectation || first.replace(/ - \d+:\d+$/, '');
  return {
    rule: 'template-syntax',
    severity: 'error',
    message: `the template cannot be parsed: ${what}`,
    ranges: [{ file: file.path, line, column: column + 1 }],
    ...(found ? { found: written(found) } : {}),
    ...(expected ? { expected: expectedText(expected) } : {}),
    fix: 'correct the template, or delete the override to use the built-in one',
  };
}

/** What people write where the parser of Handlebars names a token. */
const tokens: Readonly<Record<string, string>> = {
  EOF: 'the end of the file',
  INVALID: 'this character',
  ID: 'a name',
  STRING: 'a text in quotes',
  NUMBER: 'a number',
  BOOLEAN: 'true or false',
  UNDEFINED: 'undefined',
  NULL: 'null',
  DATA: '@',
  SEP: '.',
  EQUALS: '=',
  CONTENT: 'text',
  COMMENT: 'a comment',
  OPEN: '{{',
  OPEN_UNESCAPED: '{{{',
  OPEN_BLOCK: '{{#',
  OPEN_INVERSE: '{{^',
  OPEN_INVERSE_CHAIN: '{{else if',
  INVERSE: '{{else}}',
  OPEN_ENDBLOCK: '{{/',
  OPEN_PARTIAL: '{{>',
  OPEN_PARTIAL_BLOCK: '{{#>',
  OPEN_RAW_BLOCK: '{{{{',
  OPEN_SEXPR: '(',
  CLOSE_SEXPR: ')',
  OPEN_BLOCK_PARAMS: 'as |',
  CLOSE_BLOCK_PARAMS: '|',
  CLOSE: '}}',
  CLOSE_UNESCAPED: '}}}',
  CLOSE_RAW_BLOCK: '}}}}',
};

function written(token: string): string {
  return tokens[token] ?? token;
}

function expectedText(names: string): string {
  const words = [...names.matchAll(/'(\w+)'/g)].map(([, name = '']) => written(name));
  const last = words.pop() ?? names;
  return words.length > 0 ? `${words.join(', ')} or ${last}` : last;
}

/** The column at which `before`, of which the line may hold only the end, is over. */
function columnOf(line: string, before: string): number {
  for (let start = 0; start < before.length; start++) {
    const at = line.indexOf(before.slice(start));
    if (at >= 0) return at + before.length - start;
  }
  return 0;
}
