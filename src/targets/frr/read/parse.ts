import type { ConfigFile } from '../../target.ts';
import { noteCarried } from './carried.ts';
import { type Arguments, match } from './grammar.ts';
import { climb, type GrammarName, grammarsOf, modeOf } from './grammars.ts';
import { knownLine, noteKnown } from './known-lines.ts';
import { leaveConfiguration, noteLeft, readLeft } from './left.ts';
import type { DaemonName, FamilyCommand, Mode, Reading } from './reading.ts';
import { noteUnknown } from './unknown.ts';

const leaveAddressFamily = /^exit-a/;
const leaves = new Set(['exit', 'quit', 'exit-route-map', 'exit-vrf', 'exit-bfd-profile']);
const parentOf: Readonly<Record<Mode, Mode>> = {
  top: 'top',
  interface: 'top',
  router: 'top',
  'ipv4-unicast': 'router',
  'ipv6-unicast': 'router',
  'route-map': 'top',
  skipped: 'top',
  left: 'left',
};

/**
 * Reads one file into the draft, line by line, as the daemon does: the first word that is not blank decides about comments,
 * indentation means nothing, and a line that the present node does not know is tried in the nodes above it.
 */
export function parseFile(reading: Reading, file: ConfigFile, daemon: DaemonName | null): void {
  reading.mode = 'top';
  reading.daemon = daemon;
  reading.skipped = null;
  reading.file = file.path;
  reading.line = 0;
  const { text: all } = file;
  for (let start = 0; start <= all.length; ) {
    const newline = all.indexOf('\n', start);
    const end = newline < 0 ? all.length : newline;
    let from = start;
    while (from < end && all.charCodeAt(from) === SPACE) from++;
    let to = end;
    while (to > from && all.charCodeAt(to - 1) <= SPACE) to--;
    reading.line++;
    reading.column = from - start + 1;
    start = end + 1;
    if (from < to) readText(reading, all.slice(from, to));
  }
  noteLeft(reading);
  reading.transactions.end();
}

const SPACE = 32;

/** `raw`: the line without the spaces around it; other blanks may still be there. */
function readText(reading: Reading, raw: string): void {
  const text = raw.trim();
  if (text === '' || text.startsWith('!') || text.startsWith('#')) return;
  reading.column += raw.length - raw.trimStart().length;
  reading.text = text;
  if (isPiped(reading, text)) return;
  if (reading.daemon === null && reading.dropped.has(reading.line)) {
    reading.mode = 'top';
    reading.nodeIsKnown = false;
    return;
  }
  if (runKnown(reading, text)) return;
  readLine(reading, text.split(/\s+/));
}

/** Through vtysh, which reads the integrated file, bgpd and zebra take `| ` for the filter of an answer (handle_pipe_action) and drop the line. */
function isPiped(reading: Reading, text: string): boolean {
  if (!reading.throughVtysh || !text.includes('| ')) return false;
  reading.refuse(
    'the daemon takes `| ` for a filter of what it answers, and drops the line',
    'Write the line without a space behind the bar.',
  );
  return true;
}

function readLine(reading: Reading, words: string[]): void {
  const first = words[0] ?? '';
  if (words.length === 1 && first === 'end') {
    // vtysh passes over it (vtysh_config_from_file).
    if (!reading.throughVtysh) leaveConfiguration(reading);
    return;
  }
  if (reading.mode === 'left') {
    readLeft(reading, words);
    return;
  }
  if (reading.mode === 'skipped') {
    if (leaveSkipped(reading, words)) return;
    if (reading.mode === 'skipped') return;
  }
  if (words.length === 1 && leave(reading, first)) return;
  const negated = first === 'no' && words.length > 1;
  const positive = negated ? words.slice(1) : words;
  // Not all that the daemon knows in a node is known here: what is written in full somewhere goes first.
  if (!run(reading, positive, negated) && !run(reading, positive, negated, true)) noteUnknown(reading, words);
}

function leave(reading: Reading, word: string): boolean {
  if (leaveAddressFamily.test(word) && 'exit-address-family'.startsWith(word)) {
    if (reading.mode !== 'ipv4-unicast' && reading.mode !== 'ipv6-unicast') return noteClimbed(reading);
    reading.mode = 'router';
    return true;
  }
  if (!leaves.has(word)) return false;
  reading.transactions.end();
  if (reading.mode === 'top' && reading.nodeIsKnown && (word === 'exit' || word === 'quit'))
    leaveConfiguration(reading);
  else reading.mode = parentOf[reading.mode];
  return true;
}

/** Nothing is left to be ended; true: and why has been said. */
function noteClimbed(reading: Reading): boolean {
  const { climbedAt } = reading;
  if (!climbedAt) return false;
  reading.climbedAt = null;
  reading.unrecognised(
    `the daemon would refuse this line: \`${climbedAt.text.trim()}\` in line ${climbedAt.line} is no line of the address family, but one of \`router bgp\`, and has ended it`,
  );
  return true;
}

/** True where the line belongs to the skipped block or ends it; a line that opens a block of the top ends it too. */
function leaveSkipped(reading: Reading, words: readonly string[]): boolean {
  const block = reading.skipped;
  if (!block) {
    reading.mode = 'top';
    return false;
  }
  const first = words[0] ?? '';
  if (words.length === 1 && block.ends.includes(first)) {
    // There may have been nodes within it that are left first.
    reading.nodeIsKnown = false;
    reading.mode = block.returnsTo;
    return true;
  }
  const opens =
    ['router', 'route-map', 'vrf', 'line'].includes(first) || (first === 'interface' && words.length === 2);
  const family = block.returnsTo === 'router' && first === 'address-family';
  if (opens || family) {
    reading.mode = family ? 'router' : 'top';
    return false;
  }
  const carried = noteCarried(reading, words);
  if (!block.silent) reading.unmodelled(block.effect, block.matters, carried);
  return true;
}

/** Runs the command these words are in the nearest node that knows them. */
function run(reading: Reading, words: readonly string[], negated: boolean, cutShort = false): boolean {
  const grammars = grammarsOf(reading.dialect);
  for (const name of climb[reading.mode]) {
    const found = match(grammars[name], words, negated, cutShort);
    if (!found) continue;
    if (!negated) noteKnown(reading, words, name, found);
    runCommand(reading, name, found.command, found.args, negated);
    return true;
  }
  return false;
}

function runCommand(
  reading: Reading,
  name: GrammarName,
  command: FamilyCommand,
  args: Arguments,
  negated: boolean,
): void {
  if (reading.daemon !== null && command.daemons && !command.daemons.includes(reading.daemon)) {
    misplaced(reading, command.daemons);
    return;
  }
  noteTransaction(reading, name, command);
  const mode = modeOf[name];
  if (mode !== null && reading.mode !== 'top') {
    if (mode !== reading.mode) reading.climbedAt = { line: reading.line, text: reading.text };
    reading.mode = mode;
  }
  reading.nodeIsKnown = true;
  command.run(reading, args, negated);
  if (reading.mode !== 'router') reading.climbedAt = null;
}

/** Lines of other daemons do not matter to bgpd's transaction. */
function noteTransaction({ transactions, line }: Reading, name: GrammarName, command: FamilyCommand): void {
  if (command.transaction === 'within' || name === 'route-map') transactions.take(line);
  else if (command.transaction === 'aside' || name === 'interface') return;
  else if (command.daemons?.includes('bgpd') ?? true) transactions.end();
}

/** Runs a line that says of another neighbor what was said before; false: it has to be looked up. */
function runKnown(reading: Reading, text: string): boolean {
  const found = knownLine(reading, text);
  if (found === null) return false;
  runCommand(reading, found.grammar, found.command, found.args, false);
  return true;
}

function misplaced(reading: Reading, daemons: readonly DaemonName[]): void {
  const home = daemons.map((daemon) => `${daemon}.conf`).join(' or ');
  reading.unrecognised(`${reading.daemon} does not know this line; it belongs in ${home}`);
  reading.diagnostics.push({
    rule: 'config-misplaced',
    severity: 'error',
    message: `${reading.host}: ${reading.daemon} does not know \`${reading.text}\``,
    ranges: [reading.source],
    host: reading.host,
    found: reading.text,
    expected: `in ${home}`,
    fix: `Move the line to ${home}.`,
  });
}
