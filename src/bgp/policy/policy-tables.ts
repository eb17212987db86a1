import { compileRegex, type Regex } from './regex.ts';

/** Compiled expressions and their answers per AS_PATH, kept for the life of one simulation or speaker. */
export interface PolicyTables {
  readonly regexes: Map<string, Regex | string>;
  readonly asPathAnswers: Map<string, Map<number, boolean>>;
}

export function createPolicyTables(): PolicyTables {
  return { regexes: new Map(), asPathAnswers: new Map() };
}

function regexOf(tables: PolicyTables, text: string): Regex | string {
  let regex = tables.regexes.get(text);
  if (regex === undefined) {
    regex = compileRegex(text);
    tables.regexes.set(text, regex);
  }
  return regex;
}

/** An expression that cannot be compiled fits nothing; the reader of the file has said so with its line. */
export function regexFits(tables: PolicyTables, text: string, subject: string): boolean {
  const regex = regexOf(tables, text);
  return typeof regex !== 'string' && regex.test(subject);
}
