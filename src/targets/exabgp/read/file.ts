import { type Draft, newDraft, type Setting } from './draft.ts';
import { type FinishedNeighbor, finishNeighbor } from './finish.ts';
import { readAnnounce, readStatic } from './neighbor-routes.ts';
import { readApi, readCapability, readFamilies, readNextHops } from './neighbor-sections.ts';
import { neighborWords, readSetting } from './neighbor-words.ts';
import type { Reading } from './reading.ts';
import { type Change, sayRest } from './routes.ts';
import type { Command, Outline, Section } from './sections.ts';
import type { Word } from './tokens.ts';
import { Words } from './words.ts';

/** What has been read of a file so far. */
export interface FileState {
  readonly processes: Map<string, Section>;
  readonly templates: Map<string, Draft>;
  readonly neighbors: FinishedNeighbor[];
  readonly apiNames: Set<string>;
  readonly reading: Reading;
}

const rootSections = ['process', 'template', 'neighbor'];
const neighborSections = [
  'family',
  'capability',
  'add-path',
  'nexthop',
  'api',
  'static',
  'flow',
  'l2vpn',
  'operational',
  'announce',
];

/** Reads the sections of a file in their order: a template counts from where it stands. */
export function readFile({ children }: Outline, reading: Reading): FileState {
  const state: FileState = {
    processes: new Map(),
    templates: new Map(),
    neighbors: [],
    apiNames: new Set(),
    reading,
  };
  for (const child of children) {
    const name = child.words[0]?.text;
    if (child.kind === 'section' && name === 'process') readProcess(child, state);
    else if (child.kind === 'section' && name === 'template') readTemplates(child, state);
    else if (child.kind === 'section' && name === 'neighbor') readNeighbor(child, state);
    else if (name === 'group') oldGroup(child, reading);
    else reading.unknown(child.words[0], child.source, 'the file', rootSections);
  }
  return state;
}

function oldGroup({ source }: Command | Section, reading: Reading): void {
  const fix = 'Write template { neighbor NAME { ... } } and inherit NAME instead.';
  reading.refuse(source, 'group is a word of ExaBGP 3', fix, 'group');
}

const processWords = ['run', 'encoder', 'respawn'];

function readProcess(section: Section, { processes, reading }: FileState): void {
  const name = section.words[1]?.text ?? '';
  if (processes.has(name))
    reading.refuse(section.source, `there are two processes '${name}'`, 'Rename one of them.');
  const given = new Set(section.children.map(({ words }) => words[0]?.text ?? ''));
  for (const child of section.children) {
    const [command, value] = child.words;
    if (child.kind === 'section' || !command || !processWords.includes(command.text))
      reading.unknown(command, child.source, 'process', processWords);
    else if (command.text === 'encoder' && value?.text !== 'text' && value?.text !== 'json')
      reading.refuse(
        child.source,
        `encoder is text or json, not '${value?.text ?? ''}'`,
        'Correct the value.',
      );
  }
  for (const word of ['run', 'encoder'])
    if (!given.has(word)) reading.refuse(section.source, `process '${name}' has no ${word}`, `Add ${word}.`);
  processes.set(name, section);
}

function readTemplates(section: Section, state: FileState): void {
  for (const child of section.children) {
    const [kind, name] = child.words;
    if (child.kind === 'command' || kind?.text !== 'neighbor') {
      state.reading.unknown(kind, child.source, 'template', ['neighbor']);
      continue;
    }
    const text = name?.text ?? '';
    if (!/^[A-Za-z0-9._-]*$/.test(text) || state.templates.has(text)) {
      const why = state.templates.has(text)
        ? 'there are two'
        : 'letters, digits, dots, - and _ make a name, not';
      state.reading.refuse(child.source, `${why} templates '${text}'`, 'Choose another name.', text);
    }
    const draft = newDraft();
    const routes = readBody(child, draft, state);
    draft.routes = [...(draft.routes ?? []), ...routes];
    state.templates.set(text, draft);
  }
}

function readNeighbor(section: Section, state: FileState): void {
  const draft = newDraft();
  const [, ...rest] = section.words;
  const words = new Words(rest, section.source);
  take(draft.settings, 'peer-address', words, state.reading);
  state.reading.sixOf32 = null;
  sayRest(words, state.reading);
  const routes = readBody(section, draft, state);
  const neighbor = finishNeighbor(draft, routes, section, state);
  if (neighbor) state.neighbors.push(neighbor);
}

function take(settings: Map<string, Setting>, word: string, words: Words, reading: Reading): void {
  const setting = readSetting(words, word, neighborWords, reading);
  if (setting) settings.set(word, setting);
}

/** The routes of the body; everything else goes into the draft. */
function readBody(section: Section, draft: Draft, state: FileState): readonly Change[] {
  const routes: Change[] = [];
  for (const child of section.children) {
    if (child.kind === 'section') readNeighborSection(child, draft, routes, state);
    else readNeighborCommand(child, draft, state.reading);
  }
  return routes;
}

function readNeighborCommand({ words, source }: Command, draft: Draft, reading: Reading): void {
  const [command, ...rest] = words;
  const values = new Words(rest, source);
  if (command?.text === 'inherit') {
    const names = templateNames(rest);
    if (names) draft.inherit.push(...names);
    else reading.refuse(source, 'inherit is followed by a name, or by names in [ ]', 'Correct the list.');
  } else if (command && neighborWords.has(command.text)) {
    take(draft.settings, command.text, values, reading);
    sayRest(values, reading);
  } else
    reading.unknown(command, source, 'neighbor', ['inherit', ...neighborWords.keys(), ...neighborSections]);
}

function templateNames(words: readonly Word[]): readonly Word[] | null {
  if (words.length === 1) return words;
  if (words.length < 3 || words[0]?.text !== '[' || words.at(-1)?.text !== ']') return null;
  return words.slice(1, -1);
}

function readNeighborSection(section: Section, draft: Draft, routes: Change[], state: FileState): void {
  const { reading } = state;
  const [word] = section.words;
  switch (word?.text) {
    case 'family':
      draft.families = readFamilies(section, draft.families, reading);
      break;
    case 'add-path':
      draft.addPaths = readFamilies(section, draft.addPaths, reading);
      break;
    case 'nexthop':
      draft.nextHops = readNextHops(section, draft.nextHops, reading);
      break;
    case 'capability':
      draft.capability = readCapability(section, draft.capability, reading);
      break;
    case 'api':
      draft.apis ??= new Map();
      draft.apis.set(apiName(section, state), [...readApi(section, reading)]);
      break;
    case 'static':
      readStatic(section, routes, reading);
      break;
    case 'announce':
      readAnnounce(section, routes, reading);
      break;
    case 'flow':
    case 'l2vpn':
    case 'operational':
      reading.note(word.source, word.text, 'routes and messages of this kind are not simulated', false);
      break;
    default:
      reading.unknown(word, section.source, 'neighbor', neighborSections);
  }
}

/** Without a name ExaBGP makes one up; a name may stand only once in a file. */
function apiName({ words, source }: Section, { apiNames, reading }: FileState): string {
  const name = words[1]?.text ?? `unnamed ${source.line}:${source.column}`;
  if (apiNames.has(name))
    reading.refuse(source, `there are two api sections '${name}'`, 'Choose another name.', name);
  apiNames.add(name);
  return name;
}
