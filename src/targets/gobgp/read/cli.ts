import { familyOf } from '../../../base/family.ts';
import { type Address, type Prefix, parseAddress, parsePrefix } from '../../../base/ip.ts';
import { nearestName } from '../../../base/nearest.ts';
import type { SourceRange } from '../../../base/source.ts';
import { parseLargeCommunity } from '../../../bgp/communities.ts';
import type { AnnouncedAttributes, Origination } from '../../../bgp/origination-config.ts';
import type { ConfigFile } from '../../target.ts';
import { announcedPath } from './announced-path.ts';
import { readCommunity } from './community.ts';
import type { Table } from './decode.ts';
import { commandCommunities } from './extended.ts';
import { Asked, neighborCommand } from './neighbor-commands.ts';
import { PolicyCommands } from './policy-commands.ts';
import type { Reading } from './reading.ts';
import { spelledOut } from './spelled.ts';
import { type Word, withoutFlags, words } from './words.ts';

export type Announcement = Extract<Origination, { kind: 'announce' }>;

/** What a command of gobgp's can be about (cmd/gobgp/root.go). */
const nouns: ReadonlySet<string> = new Set([
  ...[
    'global',
    'neighbor',
    'vrf',
    'policy',
    'monitor',
    'mrt',
    'rpki',
    'bmp',
    'log-level',
    'completion',
    'help',
  ],
]);

/** What makes a command change something. */
const changing: ReadonlySet<string> = new Set([
  ...['add', 'del', 'set', 'update', 'replace', 'inject'],
  ...['enable', 'disable'],
]);

/** What stands behind `gobgp global rib`; anything else is taken for a network. */
const ribWords = new Set(['add', 'del', 'summary', 'help', 'policy']);

/** What can stand behind `gobgp global`; anything else asks a daemon that runs to start BGP. */
const globalWords = new Set(['rib', 'policy', 'del', 'help']);

/** What can stand behind the network that `gobgp global rib` is to show. */
const filters = new Set(['longer-prefixes', 'shorter-prefixes']);

/** Beside `ipv4` and `ipv6` (cmd/gobgp/common.go `checkAddressFamily`). */
const otherFamilies =
  /^(?:(?:vpnv|vpn-ipv|flow|flowvpn|mup-ipv)[46]|ipv[46]-(?:l3vpn|label?led|mpls|encap|flow|flowspec|l3vpn-flowspec|mup)|ipv[46]vpn-flowspec|l2vpn-flowspec|evpn|encap|rtc|opaque|ls|linkstate|bgpls)$/;

/** What the commands leave behind once all of them ran. */
export interface Commanded {
  /** A later command for the same prefix replaces or withdraws an earlier one. */
  readonly announced: ReadonlyMap<string, Announced>;
  /** gobgp.toml as if it said what the commands did. */
  readonly file: Table;
  /** gobgp.toml as it is. */
  readonly written: Table;
  readonly asked: Asked;
}

export interface Announced {
  readonly announcement: Announcement;
  /** The file at that time: its import policies were asked of the route, later ones are not. */
  readonly file: Table;
}

interface State {
  readonly announced: Map<string, Announced>;
  readonly policies: PolicyCommands;
  readonly asked: Asked;
}

/** gobgp-cli.txt over gobgp.toml. */
export function readCommands(file: ConfigFile, config: Table, reading: Reading): Commanded {
  const announced = new Map<string, Announced>();
  const asked = new Asked();
  const state: State = { announced, policies: new PolicyCommands(config, reading), asked };
  for (const [index, text] of file.text.split('\n').entries()) {
    const found = words(text, file.path, index + 1);
    const [first] = found;
    if (!first) continue;
    // Each line is a command of gobgp's; that it begins with its name goes without saying.
    const bare = nouns.has(first.text);
    if (first.text !== 'gobgp' && !bare) {
      reading.unrecognised(first.source, text.trim(), 'only gobgp commands are expected in this file');
      continue;
    }
    readCommand(bare ? found : found.slice(1), text.trim(), state, reading);
  }
  return { announced, file: state.policies.file, written: config, asked };
}

function readCommand(found: readonly Word[], text: string, state: State, reading: Reading): void {
  const { announced } = state;
  const { family, rest: given } = withoutFlags(found);
  const rest = spelledOut(given);
  const [noun, table, verb, ...args] = rest;
  const place = found[0]?.source;
  if (!place) return;
  if (noun && !nouns.has(noun.text)) {
    const nearest = nearestName(noun.text, nouns);
    const fix = nearest ? `Write ${nearest}.` : `Begin with one of ${[...nouns].join(', ')}.`;
    reading.refuse(noun.source, `gobgp has no command ${noun.text}`, fix, noun.text);
    return;
  }
  const isAsked = noun?.text === 'neighbor' && state.asked.note(state.policies.file, rest.slice(1), reading);
  if (configures(rest, state.policies, reading) || isAsked) return;
  if (noun?.text === 'global' && table && !globalWords.has(table.text)) {
    const nearest = nearestName(table.text, globalWords);
    const fix = nearest ? `Write ${nearest}.` : 'Write rib, policy or del behind global.';
    reading.refuse(table.source, `gobgp refuses the command over '${table.text}'`, fix, table.text);
    return;
  }
  const isRib = noun?.text === 'global' && table?.text === 'rib';
  if (isRib && verb && !ribWords.has(verb.text) && !parseAddress(verb.text.split('/', 1)[0] ?? '')) {
    const nearest = nearestName(verb.text, ribWords);
    const hint = nearest ? `; did you mean ${nearest}?` : '';
    const effect = `gobgp takes ${verb.text} for a network to show, and announces nothing${hint}`;
    reading.unrecognised(verb.source, text, effect);
    return;
  }
  const strange = isRib && verb && !ribWords.has(verb.text) && args.find((word) => !filters.has(word.text));
  if (strange) {
    const fix = 'To announce a network write `gobgp global rib add`.';
    refuseWord(strange, `${verb.text} is only shown, and that is no filter for it`, reading, fix);
    return;
  }
  if (!isRib || (verb?.text !== 'add' && verb?.text !== 'del')) {
    const matters = rest.some((word) => changing.has(word.text));
    const effect = matters
      ? 'of what changes something only `gobgp global rib add` and `del`, neighbors and what is added to policies are simulated'
      : 'this command shows, or asks for what is said already';
    reading.note(place, text, effect, matters);
    return;
  }
  const ip = ['', 'ipv4', 'v4', '4'].includes(family) ? 4 : ['ipv6', 'v6', '6'].includes(family) ? 6 : null;
  if (ip === null && !otherFamilies.test(family)) {
    const fix = 'Write -a ipv4 or -a ipv6.';
    reading.refuse(place, `gobgp refuses the command: it has no address family '${family}'`, fix, family);
    return;
  }
  if (ip === null) {
    reading.note(place, text, `routes of the address family ${family} are not simulated`, false);
    return;
  }
  if (verb.text === 'del' && args[0]?.text === 'all') {
    announced.clear();
    return;
  }
  const prefixWord = takeAttributes(args, verb, reading);
  if (!prefixWord) return;
  const prefix = readPrefix(prefixWord.prefix, ip, reading);
  if (!prefix) return;
  const key = `${prefix.text} ${prefixWord.identifier}`;
  announced.delete(key);
  if (verb.text === 'add') {
    const { attributes } = prefixWord;
    const source = prefixWord.prefix.source;
    const family = familyOf(prefix.family);
    announced.set(key, {
      announcement: { kind: 'announce', family, prefix, attributes, source },
      file: state.policies.file,
    });
  }
}

/** Commands about policies and neighbors; false: it is about something else, or not followed. */
function configures([noun, ...rest]: readonly Word[], policies: PolicyCommands, reading: Reading): boolean {
  const [table, ...words] = rest;
  if (noun?.text === 'policy') return policies.policy(rest);
  if (noun?.text === 'global' && table?.text === 'policy') return policies.assign(words);
  if (noun?.text === 'neighbor' && table && words[0]?.text === 'policy')
    return policies.assignTo(table, words.slice(1));
  const changed = noun?.text === 'neighbor' ? neighborCommand(policies.file, rest, reading) : null;
  if (changed) policies.file = changed;
  return changed !== null;
}

function readPrefix(word: Word, ip: 4 | 6, reading: Reading): Prefix | null {
  const prefix = parsePrefix(word.text);
  if (prefix?.family === ip) return prefix;
  const fix = prefix ? `Add '-a ipv${prefix.family}'.` : 'Write it as 10.0.0.0/24.';
  reading.refuse(word.source, `gobgp refuses '${word.text}': it is not an IPv${ip} network`, fix, word.text);
  return null;
}

/** Paths of one prefix with other identifiers stand beside each other. */
interface AnnouncedPath {
  readonly prefix: Word;
  readonly identifier: number;
  readonly attributes: AnnouncedAttributes;
}

/**
 * Keyword and value pairs may stand anywhere; of the words that are left the first is the prefix, and behind it come a path identifier
 * and extended communities (cmd/gobgp/global.go, parsePath). null: gobgp refuses the command, which was said.
 */
function takeAttributes(args: readonly Word[], verb: Word, reading: Reading): AnnouncedPath | null {
  const rest = [...args];
  const take = (keyword: string): Word | null => {
    const at = rest.findIndex(({ text }) => text === keyword);
    if (at < 0 || at === rest.length - 1) return null;
    return rest.splice(at, 2)[1] ?? null;
  };
  const attributes = readAttributes(take, reading);
  const aggregator = take('aggregator');
  if (aggregator)
    reading.note(aggregator.source, 'aggregator', 'is not simulated, and no decision asks it', false);
  const aigp = takeAigp(rest, reading);
  const [prefix, ...behind] = rest;
  if (!prefix) {
    const fix = 'Give a network, as 10.0.0.0/24.';
    reading.refuse(verb.source, 'gobgp refuses the command: it names no prefix', fix);
    return null;
  }
  const given = behind[0]?.text === 'identifier' ? behind[1] : undefined;
  if (given) behind.splice(0, 2);
  const identifier = given ? number32(given, 'identifier', reading) : 0;
  if (identifier === null) return null;
  const extendedCommunities = commandCommunities(behind, reading);
  if (!extendedCommunities) return null;
  return {
    prefix,
    identifier,
    attributes: {
      ...attributes,
      ...(aigp === null ? {} : { aigp }),
      ...(extendedCommunities.length === 0 ? {} : { extendedCommunities }),
    },
  };
}

/** `aigp metric N`: one keyword with two words behind it. */
function takeAigp(rest: Word[], reading: Reading): number | null {
  const at = rest.findIndex(({ text }) => text === 'aigp');
  if (at < 0) return null;
  const [keyword, kind, value] = rest.splice(at, 3);
  if (kind?.text === 'metric' && value && /^\d{1,15}$/.test(value.text)) return Number(value.text);
  return keyword ? refuseWord(value ?? keyword, 'aigp is followed by metric and a number', reading) : null;
}

const origins: Readonly<Record<string, 0 | 1 | 2>> = { igp: 0, egp: 1, incomplete: 2 };

function readAttributes(take: (keyword: string) => Word | null, reading: Reading): AnnouncedAttributes {
  const number = (keyword: string): number | null => {
    const word = take(keyword);
    return word && number32(word, keyword, reading);
  };
  const list = (keyword: string, parse: (text: string) => string | null): string[] => {
    const word = take(keyword);
    const texts = word ? word.text.split(',').map(parse) : [];
    if (word && texts.includes(null)) refuseWord(word, `${keyword} holds what is not one`, reading);
    return texts.filter((text) => text !== null);
  };
  const origin = take('origin');
  if (origin && !Object.hasOwn(origins, origin.text))
    refuseWord(origin, 'origin is igp, egp or incomplete', reading);
  return {
    origin: origins[origin?.text ?? ''] ?? 2,
    ...announcedPath(take('aspath'), reading),
    med: number('med'),
    localPref: number('local-pref'),
    inOrder: true,
    communities: list('community', readCommunity),
    largeCommunities: list('large-community', parseLargeCommunity),
    nextHop: nextHop(take('nexthop'), reading),
  };
}

function number32(word: Word, keyword: string, reading: Reading): number | null {
  const value = /^\d{1,10}$/.test(word.text) ? Number(word.text) : Number.NaN;
  return value <= 0xffffffff ? value : refuseWord(word, `${keyword} is not a number of 32 bits`, reading);
}

/** The unspecified address stands for "own". */
function nextHop(word: Word | null, reading: Reading): Address | null {
  if (!word) return null;
  const address = parseAddress(word.text);
  if (!address) return refuseWord(word, 'nexthop is not an address', reading);
  return address.value === 0n ? null : address;
}

function refuseWord(word: Word, why: string, reading: Reading, fix = 'Correct the value.'): null {
  const source: SourceRange = word.source;
  reading.refuse(source, `gobgp refuses '${word.text}': ${why}`, fix, word.text);
  return null;
}
