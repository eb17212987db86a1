/** A TOML basic string: JSON's escapes are TOML's too, except that TOML wants DEL escaped and knows no half surrogates. */
export function quoted(text: string): string {
  return JSON.stringify(text.replace(/[\ud800-\udfff]/gu, '\ufffd')).replaceAll('\u007f', '\\u007F');
}

export function quotedList(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(', ')}]`;
}

/** One `key = value`, the value already in TOML. */
export interface TomlLine {
  readonly key: string;
  readonly value: string | number | boolean;
}

/** A table with its lines, named below the table it belongs to. */
export interface TomlTable {
  readonly name: string;
  readonly lines: readonly TomlLine[];
}

/** Leaves out the lines whose value is null. */
export function lines(pairs: readonly (readonly [string, TomlLine['value'] | null])[]): TomlLine[] {
  return pairs.flatMap(([key, value]) => (value === null ? [] : [{ key, value }]));
}
