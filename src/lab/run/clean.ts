import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MARK, removeNamespace } from '../netns.ts';
import { ancestors, markedWith, runs, signalAll } from '../processes.ts';
import { tryRun, until } from '../shell.ts';
import { LABS, labFolder, PREFIX, prefixOf } from './names.ts';
import { labNames, load } from './state.ts';

const NAMESPACES = '/run/netns';
const CGROUPS = '/sys/fs/cgroup';
/** Seconds a command that is at work on a lab gets to clean up by itself. */
const OWNERS_TIME = 30;

/** Labs that are there or have left something behind: folders, namespaces. */
export function everyLab(): readonly string[] {
  const namespaces = existsSync(NAMESPACES) ? readdirSync(NAMESPACES) : [];
  const named = namespaces.flatMap((one) => new RegExp(`^${PREFIX}\\.([a-z0-9-]+)\\.`).exec(one)?.[1] ?? []);
  return [...new Set([...labNames(), ...named])].sort();
}

/**
 * Removes everything of a lab, however far it got and whatever became of it: the command that is at work on it, its processes (by
 * namespace and by the mark in their environment), namespaces, mounts, control groups, its folder. Nothing else is touched. To be
 * called again as often as one likes.
 */
export async function cleanUp(name: string): Promise<void> {
  const { owner = null } = load(name) ?? {};
  if (owner && owner.pid !== process.pid && runs(owner)) {
    signalAll([owner.pid], 'SIGTERM');
    const ended = () => (runs(owner) ? null : true);
    await until('the command at work on it ends', OWNERS_TIME, ended).catch(() =>
      signalAll([owner.pid], 'SIGKILL'),
    );
  }
  removeAll(name);
}

/** The same at once, without asking anybody. */
export function removeAll(name: string): void {
  killMarked(prefixOf(name));
  const namespaces = existsSync(NAMESPACES) ? readdirSync(NAMESPACES) : [];
  for (const one of namespaces) if (one.startsWith(`${prefixOf(name)}.`)) removeNamespace(one);
  // What the first had started in the meantime.
  killMarked(prefixOf(name));
  unmountBelow(labFolder(name));
  removeGroups(name);
  rmSync(labFolder(name), { recursive: true, force: true, maxRetries: 5 });
  try {
    rmdirSync(LABS);
  } catch {
    // There are others.
  }
}

function killMarked(prefix: string): void {
  const spared = ancestors();
  for (let tries = 0; tries < 50; tries++) {
    const pids = markedWith(`${MARK}=${prefix}`).filter((pid) => !spared.has(pid));
    if (pids.length === 0) return;
    signalAll(pids, 'SIGKILL');
  }
}

/** The innermost first. */
function unmountBelow(folder: string): void {
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(`${folder}/`));
  for (const point of points.reverse()) tryRun('umount', ['-l', point]);
}

/** Control groups that dockerd made for the lab, in every hierarchy. */
function removeGroups(name: string): void {
  const group = groupOf(name);
  const hierarchies = existsSync(CGROUPS) ? readdirSync(CGROUPS) : [];
  for (const folder of [CGROUPS, ...hierarchies.map((one) => join(CGROUPS, one))])
    if (existsSync(join(folder, group))) removeTree(join(folder, group));
}

function removeTree(folder: string): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) removeTree(join(folder, entry.name));
    rmdirSync(folder);
  } catch {
    // A process that ends this moment still holds it: an empty group is no burden.
  }
}

/** The control group below which containers of a lab run. */
export function groupOf(name: string): string {
  return `${PREFIX}-${name}`;
}
