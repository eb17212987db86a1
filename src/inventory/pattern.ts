import type { Diagnostic } from '../base/diagnostic.ts';
import { nearestName } from '../base/nearest.ts';
import { nameTest } from './name-test.ts';
import { isHostText } from './ranges.ts';

/** What a pattern chooses from. */
export interface Choice {
  readonly hosts: ReadonlyMap<string, unknown>;
  readonly groups: ReadonlyMap<
    string,
    { readonly hosts: Iterable<string>; readonly children: Iterable<string> }
  >;
}

export interface Selection {
  /** Names without repeats, in the order in which the pattern's parts find them. */
  readonly hosts: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The hosts that a pattern of `--limit` selects, as Ansible reads it: names, groups, `all`, wildcards, `~regex`,
 * several joined by `,` or `:`, `&` for "also in", `!` for "not in", and `[0]`, `[0:2]`, `[1:]` behind a group or
 * wildcard. Where Ansible warns and goes on (a name that matches nothing), this is an error with the nearest name.
 */
export function selectHosts(inventory: Choice, pattern: string): Selection {
  const diagnostics: Diagnostic[] = [];
  const parts = inOrder(splitPattern(pattern));
  let hosts = new Set<string>();
  for (const part of parts) {
    if (inventory.hosts.has(part)) {
      hosts.add(part);
      continue;
    }
    const found = matchOne(inventory, part.replace(/^[&!]/, ''), pattern, diagnostics);
    if (part.startsWith('!')) for (const host of found) hosts.delete(host);
    else if (part.startsWith('&')) hosts = new Set([...hosts].filter((host) => found.includes(host)));
    else for (const host of found) hosts.add(host);
  }
  if (hosts.size === 0 && diagnostics.length === 0 && inventory.hosts.size > 0) {
    diagnostics.push(
      fault(
        `The pattern ${pattern} leaves no host`,
        'Check the parts with & and !: together they take away every host.',
      ),
    );
  }
  return { hosts: [...hosts], diagnostics };
}

/** With a comma, commas separate; else colons do, where the text is not itself a name with range, port or IPv6. */
function splitPattern(pattern: string): string[] {
  const parts = pattern.includes(',')
    ? pattern.split(',')
    : isHostText(pattern)
      ? [pattern]
      : (pattern.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? []);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** What adds hosts comes first, then `&`, then `!`; with nothing that adds, all hosts are the start. */
function inOrder(parts: readonly string[]): string[] {
  const adding = parts.filter((part) => !/^[&!]/.test(part));
  const within = parts.filter((part) => part.startsWith('&'));
  const without = parts.filter((part) => part.startsWith('!'));
  return [...(adding.length > 0 ? adding : ['all']), ...within, ...without];
}

function matchOne(
  inventory: Choice,
  part: string,
  whole: string,
  diagnostics: Diagnostic[],
): readonly string[] {
  const subscript = part.startsWith('~')
    ? null
    : /^(.+)\[(?:(-?\d{1,9})|(\d{1,9})[:-](\d{0,9}))\]$/.exec(part);
  const name = subscript?.[1] ?? part;
  const test = nameTest(name);
  if (typeof test === 'string') {
    diagnostics.push(
      fault(
        `The host pattern ${part} cannot be read: ${test}`,
        'Write a name, a group, a wildcard (web*) or a regular expression after ~.',
      ),
    );
    return [];
  }
  const groups = [...inventory.groups.keys()].filter(test);
  const hosts = groups.flatMap((group) => hostsIn(inventory, group));
  if (groups.length === 0 || name.startsWith('~') || /[.?*[]/.test(name)) {
    for (const host of inventory.hosts.keys()) if (test(host)) hosts.push(host);
  }
  if (hosts.length === 0 && groups.length === 0) {
    diagnostics.push(unknown(inventory, name, whole));
    return [];
  }
  if (!subscript) return hosts;
  const chosen = atSubscript(hosts, subscript);
  if (chosen.length === 0) {
    diagnostics.push(
      fault(
        `The subscript of ${part} is outside: ${name} has ${hosts.length} hosts`,
        'Count from 0, or from the end with -1.',
      ),
    );
  }
  return chosen;
}

/** `[2]`, `[-1]`, `[0:2]` (both ends count) and `[1:]`. */
function atSubscript(hosts: readonly string[], subscript: RegExpExecArray): readonly string[] {
  const [, , index, start, end] = subscript;
  // Ansible takes an end of 0 for no end at all; [0:0] is the first host either way.
  const single = index ?? (end !== '' && Number(end) === 0 ? start : undefined);
  if (single !== undefined) {
    const host = hosts.at(Number(single));
    return host === undefined ? [] : [host];
  }
  return hosts.slice(Number(start), end === '' ? undefined : Number(end) + 1);
}

/** A group's own hosts, then those of its children, level by level. */
function hostsIn(inventory: Choice, name: string): string[] {
  const hosts = new Set<string>();
  const below = new Set([name]);
  for (const group of below) {
    const { hosts: own, children } = inventory.groups.get(group) ?? { hosts: [], children: [] };
    for (const host of own) hosts.add(host);
    for (const child of children) below.add(child);
  }
  return [...hosts];
}

function unknown(inventory: Choice, name: string, whole: string): Diagnostic {
  if (name.startsWith('@')) {
    return fault(
      `The host pattern ${name} names a file, which is not supported here`,
      'Give the names themselves, separated by commas.',
    );
  }
  const nearest = nearestName(name, [...inventory.groups.keys(), ...inventory.hosts.keys()]);
  const message = `The host pattern ${name}${whole === name ? '' : ` in ${whole}`} matches no host and no group`;
  if (nearest === null) return fault(message, 'Give a host, a group or a wildcard; "all" is every host.');
  return { ...fault(message, `Write ${nearest} if that is meant.`), nearest };
}

function fault(message: string, fix: string): Diagnostic {
  return { rule: 'host-pattern', severity: 'error', message, ranges: [], fix };
}
