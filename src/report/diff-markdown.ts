import { type BehaviourDiff, isEmptyDiff } from '../diff/behaviour.ts';
import type { FileChange } from '../diff/text.ts';
import { formatBehaviour } from './diff-text.ts';

/** For a comment on a change request: what happens to routes first, the patches folded away below. */
export function formatDiffMarkdown(files: readonly FileChange[], behaviour: BehaviourDiff): string {
  if (files.length === 0 && isEmptyDiff(behaviour)) return 'fabricgen: no change.\n';
  const effect = fence('', formatBehaviour(behaviour));
  if (files.length === 0) return effect;
  const patches = fence('diff', files.map((file) => file.patch).join(''));
  const title = `${files.length} file${files.length === 1 ? '' : 's'} changed`;
  return `${effect}\n<details><summary>${title}</summary>\n\n${patches}\n</details>\n`;
}

/** A fence longer than any run of backticks inside, so that no file can end it. */
function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${text}${ticks}\n`;
}
