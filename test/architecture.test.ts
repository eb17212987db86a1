import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * The architecture as a test: which room may import which, which packages have their one home where, and who may touch files,
 * sockets, the clock, randomness and the environment. Each rule carries the sentence it fails with.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const src = join(root, 'src');

interface Import {
  readonly file: string;
  readonly target: string;
  readonly external: boolean;
}

/** Room → rooms it may import from. A room may always import from itself. */
const mayImport: Readonly<Record<string, { readonly rooms: readonly string[]; readonly why: string }>> = {
  base: { rooms: [], why: 'base holds leaf values: whatever it needs belongs in it' },
  model: { rooms: ['base'], why: 'the model is plain data that everything else reads' },
  inventory: {
    rooms: ['base', 'model'],
    why: 'the inventory makes the model and knows nothing of daemons or routes',
  },
  bgp: {
    rooms: ['base', 'model'],
    why: 'the router core is shared by simulator and speaker and knows neither',
  },
  targets: {
    rooms: ['base', 'model', 'bgp'],
    why: 'a target writes from the model and reads into router configurations',
  },
  simulator: {
    rooms: ['base', 'model', 'bgp'],
    why: 'the simulator runs router configurations, whoever read them',
  },
  speaker: {
    rooms: ['base', 'model', 'bgp'],
    why: 'the speaker runs one router configuration on real connections, whoever read it',
  },
  diff: {
    rooms: ['base', 'model', 'simulator'],
    why: 'a comparison is of two results or two folders of text, never of how they were made',
  },
  report: {
    rooms: ['base', 'model', 'inventory', 'simulator', 'speaker', 'diff', 'lab'],
    why: 'reports print results and compute none',
  },
  pipeline: {
    rooms: ['base', 'model', 'bgp', 'targets', 'simulator'],
    why: 'the pipeline goes from rendered text to a verdict and knows no command and no disk',
  },
  lab: {
    rooms: ['base', 'model', 'bgp', 'targets', 'simulator', 'pipeline'],
    why: 'the lab runs files on real daemons and holds them against the pipeline; it knows no command and prints nothing',
  },
  cli: { rooms: ['*'], why: 'the commands tie everything together' },
  'index.ts': { rooms: ['*'], why: 'the library exports what is public' },
};

/** Package → the room it lives in. */
const homes: Readonly<Record<string, readonly string[]>> = {
  yaml: ['base'],
  'jsonc-parser': ['base'],
  'toml-eslint-parser': ['base'],
  'ip-cidr': ['base'],
  'fastest-levenshtein': ['base'],
  ajv: ['inventory', 'speaker'],
  '@sinclair/typebox': ['inventory'],
  handlebars: ['targets'],
  diff: ['diff'],
  'string-width': ['report'],
  picocolors: ['report'],
  commander: ['cli'],
  pino: ['speaker'],
};

/** The only files outside `cli` that may import from Node, each for the reason beside it. */
const touchesNode: Readonly<Record<string, string>> = {
  'base/read-text.ts': 'reads a file of bounded length',
  'inventory/files.ts': 'reads the inventory from disk',
  'targets/template-files.ts': 'reads templates from disk',
  'targets/output-folder.ts': 'compares the output folder with what is rendered',
  'targets/output-staging.ts': 'writes the output folder',
  'targets/output-read.ts': 'reads the output folder',
  'targets/output-disk.ts': 'the system calls of the three',
  'speaker/node/tcp.ts': 'the sockets, timers and clock of a running speaker',
  'speaker/node/listeners.ts': 'the ports of a running speaker',
  'speaker/node/http.ts': 'the control API of a running speaker',
  'speaker/node/iproute.ts': 'the routes that a speaker puts into the kernel, through iproute2',
  'speaker/node/host.ts': 'interfaces and routes of the host a speaker runs on',
  'speaker/node/daemon.ts': 'a speaker on real sockets',
  'pipeline/topology/files.ts': 'reads topology.yml and the configurations that fabricgen did not write',
};

/** Rooms that are about the machine they run on: files, processes, the clock. */
const onTheMachine: ReadonlySet<string> = new Set(['cli', 'lab']);

const impure =
  /\b(?:Date\.now|new Date\(|Math\.random|process\.(?:env|exit|argv|cwd|std|hrtime|pid|platform|nextTick|on)\b|setTimeout|setInterval|performance\.now|globalThis\.fetch)\b/;

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

const files = sourceFiles(src).map((path) => relative(src, path));
const code = new Map(files.map((file) => [file, readFileSync(join(src, file), 'utf8')]));

const imports: Import[] = files.flatMap((file) =>
  [
    ...(code.get(file) ?? '').matchAll(
      /^(?:import|export)\s[^'";=]*?from\s+'([^']+)';$|^import '([^']+)';$/gm,
    ),
  ].map(([, from, bare]) => {
    const specifier = from ?? bare ?? '';
    const external = !specifier.startsWith('.');
    return { file, external, target: external ? specifier : posix.join(dirname(file), specifier) };
  }),
);

const roomOf = (file: string): string => file.split('/')[0] ?? '';
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

describe('architecture', () => {
  it('finds the sources it judges', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(imports.length).toBeGreaterThan(100);
  });

  it('every room is in the table', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in mayImport))).toEqual([]);
  });

  it.each(Object.entries(mayImport))('%s imports only from the rooms below it', (room, { rooms, why }) => {
    const wrong = imports
      .filter((i) => !i.external && roomOf(i.file) === room && roomOf(i.target) !== room)
      .filter((i) => !rooms.includes('*') && !rooms.includes(roomOf(i.target)))
      .map((i) => `${i.file} imports ${i.target}: ${why}`);
    expect(wrong).toEqual([]);
  });

  it('no target imports another target, except what stands beside them', () => {
    const folder = (path: string) => (path.split('/').length > 2 ? path.split('/')[1] : null);
    const wrong = imports
      .filter((i) => !i.external && roomOf(i.file) === 'targets' && roomOf(i.target) === 'targets')
      .filter(
        (i) => folder(i.file) !== null && folder(i.target) !== null && folder(i.file) !== folder(i.target),
      )
      .map((i) => `${i.file} imports ${i.target}: daemons share only what stands beside their folders`);
    expect(wrong).toEqual([]);
  });

  it('the writer and the reader of a target share no code', () => {
    const half = (file: string): 'writer' | 'reader' | null => {
      const name = file.split('/').slice(2).join('/');
      if (/^(?:write|writer|limits|context|files)/.test(name)) return 'writer';
      return /^(?:read|reader|parse|interpret|decision)/.test(name) ? 'reader' : null;
    };
    const wrong = imports
      .filter((i) => !i.external && roomOf(i.file) === 'targets' && roomOf(i.target) === 'targets')
      .filter((i) => half(i.file) !== null && half(i.target) !== null && half(i.file) !== half(i.target))
      .map((i) => `${i.file} imports ${i.target}: a mistake made in both would pass the round trip`);
    expect(wrong).toEqual([]);
  });

  it('every package has one home', () => {
    const wrong = imports
      .filter((i) => i.external && !i.target.startsWith('node:'))
      .filter((i) => !homes[packageOf(i.target)]?.includes(roomOf(i.file)))
      .map(
        (i) =>
          `${i.file} imports ${i.target}: its home is ${homes[packageOf(i.target)]?.join(', ') ?? 'not decided'}`,
      );
    expect(wrong).toEqual([]);
  });

  it('only the command line, the lab and the named files touch Node', () => {
    const wrong = imports
      .filter(
        (i) => i.target.startsWith('node:') && !onTheMachine.has(roomOf(i.file)) && !(i.file in touchesNode),
      )
      .map((i) => `${i.file} imports ${i.target}: everything from base to report also runs in a browser`);
    expect(wrong).toEqual([]);
    expect(Object.keys(touchesNode).filter((file) => !files.includes(file))).toEqual([]);
  });

  it('no clock, randomness or environment outside the command line and the lab', () => {
    const wrong = files
      .filter((file) => !onTheMachine.has(roomOf(file)) && !(file in touchesNode))
      .filter((file) => impure.test(withoutComments(code.get(file) ?? '')))
      .map((file) => `${file}: the same input must give the same bytes`);
    expect(wrong).toEqual([]);
  });

  it('the core does not ask which daemon it is', () => {
    const wrong = files
      .filter((file) => ['bgp', 'simulator'].includes(roomOf(file)))
      .filter((file) => /(?:===|!==|case)\s*'(?:frr|quagga|gobgp|bird|exabgp)/.test(code.get(file) ?? ''))
      .map((file) => `${file}: daemons differ as data, in their profile`);
    expect(wrong).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
