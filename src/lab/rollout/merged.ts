import type { LabPlan } from '../plan/plan.ts';
import type { LabHost } from '../wiring.ts';

/** What becomes of a host in a rollout. */
export type Action = 'unchanged' | 'reloaded' | 'restarted' | 'started' | 'stopped';

/**
 * Every host of the old and the new fabric, wired for both: a host that is to be added has its cables already, as on the day before
 * a rollout; one whose interfaces change has those of both.
 */
export function mergedHosts(old: LabPlan, next: LabPlan): readonly LabHost[] {
  const later = new Map(next.hosts.map((host) => [host.name, host]));
  const known = new Set(old.hosts.map(({ name }) => name));
  const both = old.hosts.map((host) => {
    const own = new Set(host.interfaces.map(({ name }) => name));
    const added = later.get(host.name)?.interfaces.filter(({ name }) => !own.has(name)) ?? [];
    return { ...host, interfaces: [...host.interfaces, ...added] };
  });
  return [...both, ...next.hosts.filter(({ name }) => !known.has(name))];
}

/** Host → what is to be done with it (`restarts`: a restart where the manifest says so), in the order in which it is done: what is new comes first, what goes comes last. */
export function actionsOf(old: LabPlan, next: LabPlan, restarts = false): ReadonlyMap<string, Action> {
  const before = new Map(old.hosts.map((host) => [host.name, host]));
  const after = new Map(next.hosts.map((host) => [host.name, host]));
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const actions = names.map((name): [string, Action] => {
    const [was, is] = [before.get(name), after.get(name)];
    if (!was || was.daemon === 'none') return [name, is && is.daemon !== 'none' ? 'started' : 'unchanged'];
    if (!is || is.daemon === 'none') return [name, 'stopped'];
    if (sameFiles(was.files, is.files)) return [name, 'unchanged'];
    return [name, restarts && is.restarts === true ? 'restarted' : 'reloaded'];
  });
  const order: readonly Action[] = ['started', 'reloaded', 'restarted', 'stopped', 'unchanged'];
  return new Map(actions.sort(([, a], [, b]) => order.indexOf(a) - order.indexOf(b)));
}

function sameFiles(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([name, text]) => b.get(name) === text);
}
