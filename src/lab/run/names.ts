import { join } from 'node:path';
import { LabError } from '../error.ts';

/** Where labs that run keep what they are; it is gone after a reboot, as they are. */
export const LABS = '/run/fabricgen-lab';
/** What the namespaces of every lab begin with. */
export const PREFIX = 'fglab';

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/;

/** Folder of the lab of this name. */
export function labFolder(name: string): string {
  return join(LABS, name);
}

/** What its namespaces begin with, up to the dot before the host's name; a lab's name has no dot, so one is never part of another. */
export function prefixOf(name: string): string {
  return `${PREFIX}.${name}`;
}

/** A usable name: it is part of the names of namespaces and folders. */
export function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw new LabError({
    rule: 'lab-name',
    severity: 'error',
    message: `${JSON.stringify(name)} cannot be the name of a lab`,
    ranges: [],
    found: name,
    expected: 'up to 24 lower-case letters, digits and hyphens',
    fix: 'give another one with --name',
  });
}

/** The name for a lab of this inventory or folder where none is given. */
export function nameFor(path: string): string {
  const last = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  const name = last
    .toLowerCase()
    .replace(/\.[a-z]+$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 24)
    .replace(/-+$/, '');
  return name === '' ? 'lab' : name;
}
