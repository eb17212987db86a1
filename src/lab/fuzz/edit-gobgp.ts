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
import { pool } from './random-policy.ts';

const FILE = 'gobgp.toml';
const COMMANDS = 'gobgp-cli.txt';

/** What may change in a gobgp.toml of the generator, and in the commands beside. */
export const editGobgp: Editor = (random, files) => {
  const lines = files[FILE] ?? [];
  const policies = lines.flatMap((line, at) =>
    lines[at - 1] === '[[policy-definitions]]' ? (/"(.*)"/.exec(line)?.[1] ?? []) : [],
  );
  return [
    perLine(files, FILE, (line) =>
      /set-local-pref = \d|set-med = "[+-]?\d|repeat-n = \d/.test(line)
        ? instead(smallNumber(random, line))
        : null,
    ),
    perLine(files, FILE, (line) => otherWord(random, line)),
    perLine(files, FILE, (line) => otherList(random, line, policies)),
    perLine(files, FILE, (line) =>
      /^ {4}ip-prefix = /.test(line) ? instead(`    ip-prefix = "${random.pick(pool)}"`) : null,
    ).filter((edit) => !lines[edit.at + 1]?.includes('masklength-range')),
    perLine(files, FILE, (line) =>
      /^ {4}peer-as = /.test(line) ? instead(line, '    description = "other end"') : null,
    ),
    perLine(files, FILE, (line) =>
      /^ {4}(?:allow-own-as|replace-peer-as|remove-private-as|route-reflector-client) = /.test(line)
        ? drop
        : null,
    ),
    commands(random, files),
    commands(random, files),
    blocks(files, FILE, /^\[\[neighbors\]\]$/, { line: /^\[\[/, own: false }),
  ];
};

/** A hop is prepended a few times, not a hundred. */
function smallNumber(random: Random, line: string): string {
  return line.includes('repeat-n')
    ? line.replace(/\d+/, String(random.int(1, 4)))
    : otherNumber(random, line);
}

const words: readonly (readonly [key: string, values: readonly string[]])[] = [
  ['route-disposition', ['accept-route', 'reject-route', 'none']],
  ['match-set-options', ['any', 'invert']],
  ['default-import-policy', ['accept-route', 'reject-route']],
  ['default-export-policy', ['accept-route', 'reject-route']],
];

function otherWord(random: Random, line: string) {
  const [, head = '', key = '', value = ''] = /^( *([a-z-]+) = )"([a-z-]+)"$/.exec(line) ?? [];
  const [, values = []] = words.find(([name]) => name === key) ?? [];
  const others = values.filter((one) => one !== value);
  return others.length === 0 ? null : instead(`${head}"${random.pick(others)}"`);
}

/** Other policies in the list of a direction. */
function otherList(random: Random, line: string, policies: readonly string[]) {
  const [, head] = /^( *(?:import|export)-policy-list = )/.exec(line) ?? [];
  if (head === undefined || policies.length === 0) return null;
  const names = random.some(policies, 0.5).map((name) => `"${name}"`);
  const other = `${head}[${names.join(', ')}]`;
  return other === line ? null : instead(other);
}

/** Commands are run when a host loads its files: routes come and go by what stands there. */
function commands(random: Random, files: Lines): readonly Edit[] {
  const at = (files[COMMANDS] ?? []).filter((line) => line !== '').length;
  const prefix = random.pick(pool);
  const beside = random.pick(['', ' med 9', ' local-pref 150', ' community 65000:1']);
  const come = random.chance(0.7)
    ? `gobgp global rib add -a ipv4 ${prefix} origin igp${beside}`
    : `gobgp global rib del -a ipv4 ${prefix}`;
  return [{ file: COMMANDS, at, ...before(come) }];
}

export function hastyGobgp(_: Random, files: Lines): Lines {
  const lines = (files[FILE] ?? []).flatMap((line) =>
    /^ {4}connect-retry = /.test(line) ? [line, '    hold-time = 30', '    keepalive-interval = 10'] : [line],
  );
  return { ...files, [FILE]: lines };
}
