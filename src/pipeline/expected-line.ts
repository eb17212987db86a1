import type { RelatedRange } from '../base/diagnostic.ts';
import type { Prefix } from '../base/ip.ts';
import type { SourceRange } from '../base/source.ts';
import type { TargetFile } from './read-back.ts';

/**
 * Where in a host's files an announcement of `prefix` stands in another form (commented out, negated), or else where it would
 * have to stand: what a person looks at when a prefix is missing. Null where no file announces anything.
 */
export function expectedAt(files: readonly TargetFile[], prefix: Prefix): RelatedRange | null {
  for (const file of files.filter(announces)) {
    const named = lineWith(file, (line) =>
      new RegExp(`(^|[^0-9a-fA-F:.])${escapeRegex(prefix.text)}($|[^0-9])`).test(line),
    );
    if (named) return { ...named, note: 'this line names it and does not announce it' };
    const family = prefix.family === 4 ? 'ipv4' : 'ipv6';
    const place =
      lastLineWith(
        file,
        (line) => /^\s*network \S/.test(line) && line.includes(':') === (prefix.family === 6),
      ) ??
      lineWith(file, (line) => line.trim() === `address-family ${family} unicast`) ??
      lineWith(file, (line) => /^router bgp /.test(line));
    if (place) return { ...place, note: 'its announcement is expected after this line' };
    if (file.path.endsWith('.txt')) {
      return { file: file.shown, line: 1, column: 1, note: 'its announcement is expected in this file' };
    }
  }
  return null;
}

/** Files that can announce: bgpd.conf and frr.conf, and GoBGP's commands. */
function announces(file: TargetFile): boolean {
  return /^(?:bgpd\.conf|frr\.conf|gobgp-cli\.txt)$/.test(file.path);
}

function lineWith(file: TargetFile, wanted: (line: string) => boolean): SourceRange | null {
  const lines = file.text.split('\n');
  const index = lines.findIndex(wanted);
  return index < 0 ? null : rangeOf(file, lines, index);
}

function lastLineWith(file: TargetFile, wanted: (line: string) => boolean): SourceRange | null {
  const lines = file.text.split('\n');
  const index = lines.findLastIndex(wanted);
  return index < 0 ? null : rangeOf(file, lines, index);
}

function rangeOf(file: TargetFile, lines: readonly string[], index: number): SourceRange {
  const text = lines[index] ?? '';
  const column = text.length - text.trimStart().length + 1;
  return { file: file.shown, line: index + 1, column, endLine: index + 1, endColumn: text.length + 1 };
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
