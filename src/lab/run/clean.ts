import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MARK, removeNamespace } from '../netns.ts';
import { ancestors, isRunning, markedWith, runs, signalAll } from '../processes.ts';
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
function removeAll(name: string): void {
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

/** Kills until nothing is left: what dies takes a moment, and may have started one more. */
function killMarked(prefix: string): void {
  const spared = ancestors();
  let killed: readonly number[] = [];
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const pids = markedWith(`${MARK}=${prefix}`).filter((pid) => !spared.has(pid));
    signalAll(pids, 'SIGKILL');
    killed = [...killed, ...pids].filter(isRunning);
    if (killed.length === 0) return;
    rest(BETWEEN);
  }
}

const MOST_TRIES = 200;
/** Milliseconds between two looks. */
const BETWEEN = 25;

/** Waits without letting anything else happen: a signal must not cut this short. */
function rest(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
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
  const roots = [CGROUPS, ...hierarchies.map((one) => join(CGROUPS, one))].map((one) => join(one, group));
  const left = () => roots.filter(existsSync);
  // A process that ends this moment still holds its group.
  for (let tries = 0; tries < MOST_TRIES && left().length > 0; tries++) {
    if (tries > 0) rest(BETWEEN);
    for (const root of left()) removeTree(root);
  }
}

function removeTree(folder: string): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) removeTree(join(folder, entry.name));
    rmdirSync(folder);
  } catch {
    // Not yet empty.
  }
}

/** The control group below which containers of a lab run. */
export function groupOf(name: string): string {
  return `${PREFIX}-${name}`;
}
