import { dockerKeys } from './keys.ts';

/** The keys that differ between two parsed daemon.json files, sorted. */
export function changedKeys(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}

/**
 * The command that takes a change over: SIGHUP where dockerd re-reads every key that changed, else a restart. A key that was
 * removed needs a restart too: a reload only looks at the keys that are there.
 */
export function applyCommand(changed: readonly string[], after: Readonly<Record<string, unknown>>): string {
  const reloads = changed.every((key) => dockerKeys[key]?.reloads === true && Object.hasOwn(after, key));
  return reloads && changed.length > 0 ? 'systemctl reload docker' : 'systemctl restart docker';
}
