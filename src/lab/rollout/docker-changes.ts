import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyCommand, changedKeys } from '../../targets/docker/apply.ts';
import type { LabPlan } from '../plan/plan.ts';

/** What a rollout would do to Docker and does not try, since no engine runs in it: in words, a line per command. */
export function dockerChanges(old: LabPlan, next: LabPlan): readonly string[] {
  const hosts = new Map<string, string[]>();
  for (const { name } of next.hosts) {
    const [before, after] = [daemonJson(old, name), daemonJson(next, name)];
    if (before === null || after === null) continue;
    const changed = changedKeys(before, after);
    if (changed.length === 0) continue;
    const what = `daemon.json changes (${changed.join(', ')}): ${applyCommand(changed, after)}`;
    hosts.set(what, [...(hosts.get(what) ?? []), name]);
  }
  return [...hosts].map(([what, names]) => `${names.join(', ')}: ${what}, which is not tried here`);
}

/** null: the host has none. */
function daemonJson({ folder }: LabPlan, host: string): Readonly<Record<string, unknown>> | null {
  const path = join(folder, 'configs', host, 'daemon.json');
  if (!existsSync(path)) return null;
  return JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, unknown>>;
}
