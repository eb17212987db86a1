import type { SourceRange } from '../../../base/source.ts';
import type { FamilyPair, Setting } from './draft.ts';
import { capabilityWords, readSetting } from './neighbor-words.ts';
import type { Reading } from './reading.ts';
import type { Command, Section } from './sections.ts';
import type { Word } from './tokens.ts';
import { boolean } from './values.ts';
import { Words } from './words.ts';

/** The commands of a section that has no sections of its own; others are refused. */
export function commandsOf(
  section: Section,
  where: string,
  known: Iterable<string>,
  reading: Reading,
): readonly Command[] {
  return section.children.flatMap((child) => {
    if (child.kind === 'command') return [child];
    reading.unknown(child.words[0], child.source, where, known);
    return [];
  });
}

/** Address families by their words (configuration/neighbor/family.py). */
export const familyWords: Readonly<Record<string, readonly string[]>> = {
  ipv4: ['unicast', 'multicast', 'nlri-mpls', 'mpls-vpn', 'flow', 'flow-vpn'],
  ipv6: ['unicast', 'nlri-mpls', 'mpls-vpn', 'flow', 'flow-vpn'],
  l2vpn: ['vpls', 'evpn'],
  'bgp-ls': ['bgp-ls', 'bgp-ls-vpn'],
};

/** `family { ipv4 unicast; ... }` and `add-path { ... }`. */
export function readFamilies(
  section: Section,
  into: Map<string, FamilyPair[]> | null,
  reading: Reading,
): Map<string, FamilyPair[]> {
  const found = into ?? new Map<string, FamilyPair[]>();
  const where = section.words[0]?.text ?? 'family';
  const seen = new Set<string>();
  for (const { words, source } of commandsOf(section, where, Object.keys(familyWords), reading)) {
    const [family, kind, ...rest] = words;
    if (!family || !Object.hasOwn(familyWords, family.text)) {
      reading.unknown(family, source, where, Object.keys(familyWords));
      continue;
    }
    const name = `${family.text} ${kind?.text.toLowerCase() ?? ''}`;
    if (!familyWords[family.text]?.includes(kind?.text.toLowerCase() ?? '')) {
      reading.unknown(kind, source, family.text, familyWords[family.text] ?? []);
    } else if (seen.has(name))
      reading.refuse(source, `${name} stands twice in ${where}`, 'Remove one of the two.');
    else {
      seen.add(name);
      const list = found.get(family.text);
      if (list) list.push({ name, source });
      else found.set(family.text, [{ name, source }]);
      sayRest(rest, reading);
    }
  }
  return found;
}

/** `nexthop { ipv4 unicast ipv6; }` (RFC 8950). */
export function readNextHops(
  section: Section,
  into: Map<string, FamilyPair[]> | null,
  reading: Reading,
): Map<string, FamilyPair[]> {
  const found = into ?? new Map<string, FamilyPair[]>();
  for (const { words, source } of commandsOf(section, 'nexthop', ['ipv4', 'ipv6'], reading)) {
    const name = words.map(({ text }) => text.toLowerCase()).join(' ');
    if (
      !/^(?:ipv4 \S+ ipv6|ipv6 \S+ ipv4)$/.test(name) ||
      !/ (?:unicast|multicast|nlri-mpls|mpls-vpn) /.test(name)
    ) {
      reading.unknown(words[0], source, 'nexthop', ['ipv4 unicast ipv6', 'ipv6 unicast ipv4']);
      continue;
    }
    const family = name.slice(0, 4);
    found.set(family, [...(found.get(family) ?? []), { name, source }]);
  }
  return found;
}

export function readCapability(
  section: Section,
  into: Map<string, Setting> | null,
  reading: Reading,
): Map<string, Setting> {
  const found = into ?? new Map<string, Setting>();
  for (const { words, source } of commandsOf(section, 'capability', capabilityWords.keys(), reading)) {
    const [command, ...rest] = words;
    if (!command || !capabilityWords.has(command.text)) {
      reading.unknown(command, source, 'capability', capabilityWords.keys());
      continue;
    }
    const setting = readSetting(new Words(rest, command.source), command.text, capabilityWords, reading);
    if (setting) found.set(command.text, { ...setting, source: command.source });
    sayRest(rest.slice(1), reading);
  }
  return found;
}

const apiWords = ['processes', 'neighbor-changes', 'negotiated', 'fsm', 'signal'];
const messageWords = [
  'parsed',
  'packets',
  'consolidate',
  'open',
  'update',
  'notification',
  'keepalive',
  'refresh',
  'operational',
];

/** `api NAME { processes [ ... ]; ... }`: the processes it connects to the neighbor. */
export function readApi(section: Section, reading: Reading): readonly Word[] {
  const processes: Word[] = [];
  for (const child of section.children) {
    const [command, ...rest] = child.words;
    if (child.kind === 'section') {
      if (command && ['send', 'receive'].includes(command.text)) readMessages(child, reading);
      else reading.unknown(command, child.source, 'api', ['send', 'receive']);
    } else if (command?.text === 'processes') {
      const list = rest[0]?.text === '[' ? new Words(rest, command.source).list() : null;
      if (list) processes.push(...list.filter(({ text }) => text !== ','));
      else
        reading.refuse(child.source, 'processes is a list, as [ name ]', 'Write the names between [ and ].');
    } else if (!command || !apiWords.includes(command.text)) {
      reading.unknown(command, child.source, 'api', [...apiWords, 'send', 'receive']);
    } else checkFlag(rest[0], command, reading);
  }
  return processes;
}

function readMessages(section: Section, reading: Reading): void {
  const where = section.words[0]?.text ?? '';
  for (const { words, source } of commandsOf(section, where, messageWords, reading)) {
    const [command, value] = words;
    if (!command || !messageWords.includes(command.text))
      reading.unknown(command, source, where, messageWords);
    else checkFlag(value, command, reading);
  }
}

function checkFlag(value: Word | undefined, command: Word, reading: Reading): void {
  if (boolean(value?.text ?? '', true) !== null) return;
  const place: SourceRange = value?.source ?? command.source;
  reading.refuse(
    place,
    `${command.text} is enable or disable, not '${value?.text}'`,
    'Correct the value.',
    value?.text,
  );
}

function sayRest(rest: readonly Word[], reading: Reading): void {
  const [first] = rest;
  if (!first) return;
  const text = rest.map((word) => word.text).join(' ');
  reading.note(first.source, text, 'exabgp does not look at what follows the value', false);
}
