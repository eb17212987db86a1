import type { SourceRange } from '../../../base/source.ts';
import type { Change } from './routes.ts';
import type { Word } from './tokens.ts';

/** A value of a neighbor with its place; null: `auto` or `disable`, which ExaBGP keeps as nothing. */
export interface Setting {
  readonly value: string | number | boolean | null;
  readonly source: SourceRange;
}

/** An address family: `ipv4 unicast`. */
export interface FamilyPair {
  readonly name: string;
  readonly source: SourceRange;
}

/**
 * What a neighbor or template says, while it is read (configuration/core/scope.py). Parts are null until their section was
 * entered. Inheriting shares parts and does not copy them, so that what one neighbor adds to an inherited part is there for the
 * next one too; that is ExaBGP's doing.
 */
export interface Draft {
  readonly settings: Map<string, Setting>;
  capability: Map<string, Setting> | null;
  families: Map<string, FamilyPair[]> | null;
  addPaths: Map<string, FamilyPair[]> | null;
  nextHops: Map<string, FamilyPair[]> | null;
  /** Name of the api section → names of the processes. */
  apis: Map<string, Word[]> | null;
  /** Routes that come from templates. */
  routes: Change[] | null;
  readonly inherit: Word[];
}

export function newDraft(): Draft {
  return {
    settings: new Map(),
    capability: null,
    families: null,
    addPaths: null,
    nextHops: null,
    apis: null,
    routes: null,
    inherit: [],
  };
}

/** More would be an attack: a template inherited twice by one neighbor doubles its lists each time. */
const MOST = 200_000;

/**
 * Brings a template into a neighbor (scope.py, `transfer`): lists are joined, and where both have a value **the template's wins**.
 * Returns the setting that ExaBGP cannot bring together (nothing against something), or null.
 */
export function inherit(template: Draft, own: Draft): Setting | null {
  const clash = joinSettings(template.settings, own.settings);
  if (clash) return clash;
  if (own.capability === null) own.capability = template.capability;
  else if (template.capability) {
    const within = joinSettings(template.capability, own.capability);
    if (within) return within;
  }
  own.families = joinLists(template.families, own.families);
  own.addPaths = joinLists(template.addPaths, own.addPaths);
  own.nextHops = joinLists(template.nextHops, own.nextHops);
  own.apis = joinLists(template.apis, own.apis);
  if (own.routes === null) own.routes = template.routes;
  else join(template.routes ?? [], own.routes);
  return null;
}

function joinSettings(from: ReadonlyMap<string, Setting>, to: Map<string, Setting>): Setting | null {
  for (const [key, setting] of from) {
    if (to.has(key) && setting.value === null) return setting;
    to.set(key, setting);
  }
  return null;
}

function joinLists<T>(from: Map<string, T[]> | null, to: Map<string, T[]> | null): Map<string, T[]> | null {
  if (to === null || from === null) return to ?? from;
  for (const [key, list] of from) {
    const present = to.get(key);
    if (present) join(list, present);
    else to.set(key, list);
  }
  return to;
}

function join<T>(from: readonly T[], to: T[]): void {
  const count = Math.min(from.length, Math.max(0, MOST - to.length));
  for (let at = 0; at < count; at++) {
    const one = from[at];
    if (one !== undefined) to.push(one);
  }
}
