import type { SourceRange } from '../../../base/source.ts';
import type { Statement, Word } from './tokens.ts';

export interface Command {
  readonly kind: 'command';
  readonly words: readonly Word[];
  readonly source: SourceRange;
}

export interface Section {
  readonly kind: 'section';
  /** Its head: `neighbor 10.0.0.1`. */
  readonly words: readonly Word[];
  readonly children: readonly (Command | Section)[];
  readonly source: SourceRange;
}

export interface Outline {
  readonly children: readonly (Command | Section)[];
  /** Words before a `}`: ExaBGP drops them. */
  readonly dropped: readonly Word[];
  /** A `}` too many, behind which ExaBGP reads nothing any more; null: there is none. */
  readonly surplus: SourceRange | null;
  /** Sections that the end of the file closes. */
  readonly open: readonly SourceRange[];
}

interface Frame {
  readonly words: readonly Word[];
  readonly source: SourceRange;
  readonly children: (Command | Section)[];
}

/** Statements as nested sections (configuration.py, `dispatch`). Keeps its own stack: no nesting exhausts it. */
export function outline(statements: readonly Statement[]): Outline {
  const top: (Command | Section)[] = [];
  const stack: Frame[] = [];
  const dropped: Word[] = [];
  const close = (): void => {
    const frame = stack.pop();
    const { words, source, children } = frame ?? {
      words: [],
      source: { file: '', line: 1, column: 1 },
      children: [],
    };
    (stack.at(-1)?.children ?? top).push({ kind: 'section', words, children, source });
  };
  for (const { words, end, source } of statements) {
    if (end === '{') stack.push({ words, source, children: [] });
    else if (end === ';') (stack.at(-1)?.children ?? top).push({ kind: 'command', words, source });
    else {
      dropped.push(...words);
      if (stack.length === 0) return { children: top, dropped, surplus: source, open: [] };
      close();
    }
  }
  const open = stack.map(({ source }) => source);
  while (stack.length > 0) close();
  return { children: top, dropped, surplus: null, open };
}
