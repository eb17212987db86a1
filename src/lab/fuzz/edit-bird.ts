import {
  before,
  blocks,
  drop,
  type Edit,
  type Editor,
  instead,
  type Lines,
  otherNumber,
  perLine,
} from './edits.ts';
import type { Random } from './random.ts';
import { assignments, condition } from './random-bird.ts';
import { pool } from './random-policy.ts';

const FILE = 'bird.conf';

const loose =
  /^ {2}route |next hop (?:self|keep)|^ {2}(?:allow|interpret|disabled|rr client|med metric|path metric|igp metric|default bgp|enforce)|^ {4}(?:preference|import limit)/;

/** What may change in a bird.conf of the generator. */
export const editBird: Editor = (random, files) => {
  const lines = files[FILE] ?? [];
  const [, as = ''] = lines.map((line) => /^ {2}local as (\d+);/.exec(line)).find(Boolean) ?? [];
  return [
    perLine(files, FILE, (line) => (loose.test(line) ? drop : null)),
    perLine(files, FILE, (line) =>
      /bgp_(?:med|local_pref) = \d+/.test(line) ? instead(otherNumber(random, line)) : null,
    ),
    perLine(files, FILE, (line) => otherPolicy(random, line)),
    perLine(files, FILE, (line) => otherPolicy(random, line)),
    routes(random, files),
    perLine(files, FILE, (line) =>
      /^ {2}neighbor \S+ as \d+;$/.test(line) ? instead(line, `  ${option(random, line, as)}`) : null,
    ),
    perLine(files, FILE, (line) =>
      line.startsWith('    export ') ? instead(line, `    ${channelOption(random)}`) : null,
    ),
    perLine(files, FILE, (line) =>
      line.startsWith('filter ') ? instead(line, `  ${statement(random)}`) : null,
    ),
    blocks(files, FILE, /^protocol bgp /, { line: /^}$/, own: true }),
    perLine(files, FILE, (line) =>
      /^protocol (?:kernel|direct) /.test(line) ? otherSource(random, line) : null,
    ),
  ];
};

function otherPolicy(random: Random, line: string) {
  const [head] = /^ {4}(?:import|export) (?!limit)/.exec(line) ?? [];
  const words = ['all', 'filter f1', 'filter f2', 'none', 'where source = RTS_BGP'];
  const other = [...words, `where ${condition(random)}`];
  return head ? instead(`${head}${random.pick(other)};`) : null;
}

/** The channel of the static protocol is its first line. */
function routes(random: Random, files: Lines): readonly Edit[] {
  const lines = files[FILE] ?? [];
  return perLine(files, FILE, (_, at) => {
    if (lines[at - 2] !== 'protocol static {') return null;
    // Of two routes to one network in a protocol BIRD takes whichever it comes across last.
    const others = pool.filter((one) => !lines.some((line) => line.startsWith(`  route ${one} `)));
    if (others.length === 0) return null;
    const to = random.pick(['blackhole', 'unreachable']);
    const beside = random.chance(0.5) ? ` { ${random.pick(assignments(random))} }` : '';
    return before(`  route ${random.pick(others)} ${to}${beside};`);
  });
}

/** What the kernel is told, what the kernel's own networks are. */
function otherSource(random: Random, line: string) {
  if (line.startsWith('protocol direct')) return drop;
  const words = random.pick(['export all;', 'export none;', 'export where source = RTS_BGP;']);
  return instead(line.replace(/export [^;]*;/, words));
}

function option(random: Random, line: string, as: string): string {
  const internal = line.endsWith(` as ${as};`);
  return random.pick([
    'disabled;',
    'allow local as 1;',
    'interpret communities off;',
    internal ? 'rr client;' : 'allow bgp_local_pref;',
    internal ? 'rr client;' : 'enforce first as on;',
    'default bgp_med 30;',
    'default bgp_local_pref 140;',
  ]);
}

function channelOption(random: Random): string {
  return random.pick([
    'next hop self;',
    'next hop keep;',
    'next hop self ebgp;',
    `preference ${random.pick([90, 110, 150])};`,
    `import limit ${random.int(1, 6)} action block;`,
    'import keep filtered;',
  ]);
}

function statement(random: Random): string {
  const end = random.pick(['', '', ' accept;', ' reject;']);
  return `if ${condition(random)} then { ${random.pick(assignments(random))}${end} }`;
}

export function hastyBird(_: Random, files: Lines): Lines {
  const lines = (files[FILE] ?? []).flatMap((line) =>
    /^ {2}local as \d+;$/.test(line) ? [line, '  hold time 30;'] : [line],
  );
  return { ...files, [FILE]: lines };
}
