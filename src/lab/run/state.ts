import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearestName } from '../../base/nearest.ts';
import type { KeptContainer } from '../containers/containers.ts';
import { LabError } from '../error.ts';
import { type Process, processOf, runs } from '../processes.ts';
import { LABS, labFolder } from './names.ts';

/** What a later command has to know of a lab; its hosts and files stand beside it. */
export interface LabState {
  readonly version: 1;
  readonly name: string;
  /** The command that is at work on it; null: nobody. */
  readonly owner: Process | null;
  readonly phase: 'starting' | 'up';
  /** The inventory or folder it was made from, as the user named it. */
  readonly source: string;
  readonly notes: readonly string[];
  /** Folder of the daemon of each host whose daemon runs. */
  readonly daemons: Readonly<Record<string, string>>;
  readonly containers: Readonly<Record<string, KeptContainer>>;
}

const FILE = 'state.json';

/** The folder in which the fabric stands: topology.yml, configs, lab.json. */
export function fabricFolder(name: string): string {
  return join(labFolder(name), 'fabric');
}

/** Folder of the daemons' own folders. */
export function daemonsFolder(name: string): string {
  return join(labFolder(name), 'd');
}

/** Takes the name: nobody else can have it from here on. Says so where somebody has. */
export function claim(name: string, source: string): LabState {
  const state: LabState = {
    version: 1,
    name,
    owner: processOf(process.pid),
    phase: 'starting',
    source,
    notes: [],
    daemons: {},
    containers: {},
  };
  mkdirSync(LABS, { recursive: true });
  try {
    mkdirSync(labFolder(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw taken(name);
  }
  save(state);
  return state;
}

function taken(name: string): LabError {
  return new LabError({
    rule: 'lab-name',
    severity: 'error',
    message: `a lab named ${name} is there already (${describe(name)})`,
    ranges: [],
    found: name,
    fix: `take it down with: fabricgen lab down --name ${name}; or give this one another --name`,
  });
}

function describe(name: string): string {
  const state = load(name);
  if (!state) return 'left behind';
  if (state.phase === 'up') return `up, from ${state.source}`;
  return atWork(state) ? 'it is being started' : 'left behind by a run that was killed';
}

function atWork({ owner }: LabState): boolean {
  return owner !== null && runs(owner);
}

/** A lab that nobody named and somebody else's command is at work on is not ours to take down. */
export function spare(name: string): void {
  const state = load(name);
  if (!state || !atWork(state)) return;
  throw new LabError({
    rule: 'lab-name',
    severity: 'error',
    message: `the lab ${name} is in use: process ${state.owner?.pid} is at work on it`,
    ranges: [],
    fix: `wait for it, or name the lab to take it down all the same: fabricgen lab down --name ${name}`,
  });
}

/** In one step, so that whoever reads finds the old or the new. */
export function save(state: LabState): void {
  const file = join(labFolder(state.name), FILE);
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** null: there is none, or what there is cannot be read. */
export function load(name: string): LabState | null {
  try {
    const state = JSON.parse(readFileSync(join(labFolder(name), FILE), 'utf8')) as LabState;
    return state.version === 1 && state.name === name ? state : null;
  } catch {
    return null;
  }
}

/** Names of the labs that have a folder. */
export function labNames(): readonly string[] {
  if (!existsSync(LABS)) return [];
  return readdirSync(LABS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Nobody can know which one is meant. */
export function severalLabs(names: readonly string[]): LabError {
  return new LabError({
    rule: 'lab-name',
    severity: 'error',
    message: `there are ${names.length} labs: ${names.join(', ')}`,
    ranges: [],
    fix: 'say which one with --name',
  });
}

/** The lab a command means: the one named, or the only one there is. It has to be up. */
export function openLab(name: string | undefined): LabState {
  const names = labNames();
  if (name === undefined && names.length > 1) throw severalLabs(names);
  const wanted = name ?? names[0];
  const state = wanted === undefined ? null : load(wanted);
  if (state?.phase === 'up') return state;
  const nearest = name === undefined ? null : nearestName(name, names);
  throw new LabError({
    rule: 'lab-name',
    severity: 'error',
    message: state
      ? `the lab ${state.name} is not up (${describe(state.name)})`
      : wanted === undefined
        ? 'no lab is up'
        : `there is no lab named ${wanted}`,
    ranges: [],
    ...(name === undefined ? {} : { found: name }),
    ...(nearest ? { nearest } : {}),
    fix: state
      ? `${atWork(state) ? 'wait for it, or ' : ''}take it down with: fabricgen lab down --name ${state.name}`
      : 'start one with: fabricgen lab up',
  });
}
