import type { Diagnostic } from '../base/diagnostic.ts';
import { nearestName } from '../base/nearest.ts';
import type { FabricOptions } from './simulate.ts';

/** A finding for each host of `--start` that there is not; `where` they should be: `the inventory`. */
export function unknownStarters(
  known: readonly string[],
  where: string,
  { startOrder = [] }: FabricOptions,
): readonly Diagnostic[] {
  return startOrder
    .filter((name) => !known.includes(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      return {
        rule: 'unknown-host',
        severity: 'error',
        message: `--start names ${name}, which is not a host of ${where}`,
        ranges: [],
        found: name,
        ...(nearest ? { nearest } : {}),
        fix: nearest ? `write ${nearest}` : `use ${someOf(known)}`,
      } as const;
    });
}

/** Names for a sentence: a large fabric has more than anybody reads. */
function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown} or one of ${names.length - 12} more` : shown;
}
