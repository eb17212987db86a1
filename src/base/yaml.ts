import { Composer, Lexer, type ParsedNode, Parser } from 'yaml';
import type { Diagnostic } from './diagnostic.ts';
import { rangesOf } from './line-index.ts';
import { MAX_DEPTH, type ParsedDocument } from './parsed.ts';
import { convertYaml } from './yaml-convert.ts';
import { type SyntaxFault, syntaxDiagnostics } from './yaml-errors.ts';

/** All scalars stay text here: what they mean is decided by PyYAML's rules in `yaml-scalar.ts`. */
const OPTIONS = {
  version: '1.1',
  schema: 'failsafe',
  merge: false,
  resolveKnownTags: false,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** What YAML 1.1 (5.1) refuses: control characters but tab, LF, CR and NEL, halves of surrogate pairs, U+FFFE and U+FFFF. */
const UNPRINTABLE = /[^\P{Cc}\t\n\r\x85]|\p{Surrogate}|[\ufffe\uffff]/u;

/**
 * Reads one YAML document as Ansible does (PyYAML's 1.1) and keeps every place. Never throws: what cannot be read is
 * a diagnostic (`yaml-syntax`, `yaml-duplicate-key`, `yaml-limit`). After a duplicate key the last value stands.
 */
export function parseYaml(text: string, file: string): ParsedDocument {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  const at = rangesOf(file, source);
  const bad = UNPRINTABLE.exec(source);
  if (bad) return { root: null, diagnostics: syntaxDiagnostics(source, at, [unprintable(bad)]) };
  try {
    const composed = compose(source);
    if ('tooDeep' in composed) {
      return { root: null, diagnostics: [tooDeep(at(composed.tooDeep))] };
    }
    if (composed.faults.length > 0) {
      return { root: null, diagnostics: syntaxDiagnostics(source, at, composed.faults) };
    }
    return convertYaml(source, at, composed.contents);
  } catch (error) {
    if (error instanceof RangeError) return { root: null, diagnostics: [tooDeep(at(0))] };
    const message = error instanceof Error ? error.message : String(error);
    return {
      root: null,
      diagnostics: syntaxDiagnostics(source, at, [{ offset: 0, code: 'IMPOSSIBLE', message }]),
    };
  }
}

type Composed = { tooDeep: number } | { contents: ParsedNode | null; faults: readonly SyntaxFault[] };

/** Depth is watched while tokens are read: the composer behind recurses. */
function compose(source: string): Composed {
  const parser = new Parser();
  const composer = new Composer<ParsedNode, false>(OPTIONS);
  const tokens: Parameters<typeof composer.next>[0][] = [];
  for (const lexeme of new Lexer().lex(source)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH) return { tooDeep: parser.offset };
  }
  tokens.push(...parser.end());
  const faults: SyntaxFault[] = [];
  let contents: ParsedNode | null = null;
  let documents = 0;
  for (const document of composer.compose(tokens)) {
    for (const error of document.errors)
      faults.push({ offset: error.pos[0], code: error.code, message: error.message });
    if (documents++ === 0) contents = document.contents;
    else {
      const message = 'A second YAML document begins here';
      faults.push({ offset: document.range[0], code: 'MULTIPLE_DOCS', message });
      break;
    }
  }
  return { contents, faults };
}

function unprintable(match: RegExpExecArray): SyntaxFault {
  const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const name = code === '0000' ? 'A NUL byte' : `The control character U+${code}`;
  return { offset: match.index, code: 'CONTROL_CHARACTER', message: `${name} stands in the text` };
}

function tooDeep(range: ReturnType<ReturnType<typeof rangesOf>>): Diagnostic {
  return {
    rule: 'yaml-limit',
    severity: 'error',
    message: `The document is nested more than ${MAX_DEPTH} levels deep`,
    ranges: [range],
    fix: 'Flatten the document; look for brackets that were never closed.',
  };
}
